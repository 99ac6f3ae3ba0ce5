from __future__ import annotations

import pytest

from crawler.feeds.pictures import same_picture, type_of

X = "https://x.example"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{X}/up/2022/05/photo.jpg", f"{X}/up/2022/05/photo-300x200.jpg"),  # WordPress
        (f"{X}/up/photo-scaled.jpg", f"{X}/up/photo-1024x768.jpg"),
        (f"{X}/files/chair_640x.jpg?v=1", f"{X}/files/chair_1280x.jpg?v=1"),  # Shopify
        (f"{X}/a/photo.jpg!w640", f"{X}/a/photo.jpg!w1280"),  # Weibo, qpic
        (f"{X}/a/photo.jpg@640w_1l", f"{X}/a/photo.jpg"),  # Aliyun
        (f"{X}/a/photo.jpg?imageView2/2/w/640", f"{X}/a/photo.jpg"),  # Qiniu
        (f"{X}/a/photo@2x.png", f"{X}/a/photo.png"),
        (f"{X}/news/480/cpsprodpb/1234/production/photo.jpg", f"{X}/news/1024/cpsprodpb/1234/production/photo.jpg"),  # BBC
        (f"{X}/wikipedia/commons/a/ab/River.jpg", f"{X}/wikipedia/commons/thumb/a/ab/River.jpg/640px-River.jpg"),
        (f"{X}/_next/image?url=%2Fa%2Fphoto.jpg&w=640&q=75", f"{X}/a/photo.jpg"),
        (f"https://i0.wp.com/{X[8:]}/2022/05/20220322163055717.jpg?w=300", f"{X}/2022/05/20220322163055717.jpg"),
        (f"{X}/cdn-cgi/image/width=640/https://y.example/a/photo.jpg", "https://y.example/a/photo.jpg"),
        (f"{X}/image/upload/w_640,c_fill/v1/photo.jpg", f"{X}/image/upload/w_1280,c_fill/v1/photo.jpg"),  # Cloudinary
        (f"{X}/a/photo.jpg", f"{X}/a/photo.webp"),
        (f"{X}/media/EabcdefgHIJ12.jpg:large", f"{X}/media/EabcdefgHIJ12.jpg"),
    ],
)
def test_one_picture_in_two_sizes(a: str, b: str) -> None:
    assert same_picture(a, b)
    assert same_picture(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{X}/a/one.jpg", f"{X}/a/two.jpg"),
        (f"{X}/a/IMG_0123.jpg", f"{X}/a/IMG_0124.jpg"),  # a sequence, no size
        (f"{X}/2022/05/1.jpg", f"{X}/2021/05/1.jpg"),  # a year is no size
        (f"{X}/a/1.jpg", f"{X}/b/1.jpg"),
        (f"{X}/image.php?id=1", f"{X}/image.php?id=2"),
        (f"{X}/a/logo.png", f"{X}/b/logo.png"),
        ("", f"{X}/a/one.jpg"),
    ],
)
def test_two_pictures(a: str, b: str) -> None:
    assert not same_picture(a, b)


def test_the_type_is_read_off_the_name_alone() -> None:
    assert type_of(f"{X}/a/B.JPEG?x=1.png") == "image/jpeg"
    assert type_of(f"{X}/a/photo") == type_of(f"{X}/a/page.html") == ""
