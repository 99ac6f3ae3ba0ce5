"""Pictures are kept as they are, named by what they hold, asked once; what is no picture stays where it is."""

from __future__ import annotations

import json
import struct
import time
import zlib
from io import BytesIO
from pathlib import Path

import feedparser
import frontmatter
import pytest
from conftest import Broadsheet, tree, write_recipe
from local_site import Answer, Site, listing, recipe
from PIL import Image

from crawler.pipelines.images import EXTENSIONS, PictureRefused, asset_name, opened


def picture(kind: str, size: tuple[int, int] = (40, 30), colour: str = "navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """The head of a PNG that claims to be large."""
    content = picture("PNG")
    place = content.index(b"IHDR") + 4
    head = struct.pack(">II", width, height) + content[place + 8 : place + 13]
    return content[:place] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + content[place + 17 :]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "avif")])
def test_type_is_what_the_bytes_are(kind: str, extension: str) -> None:
    assert EXTENSIONS[opened(picture(kind)).format] == extension


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"",
        b"<html>not found</html>",
        b"\x89PNG\r\n\x1a\n",
        picture("BMP"),
        picture("TIFF"),
        b"GIF89a",
        huge_png(10_000, 10_000),
        huge_png(100_000, 100_000),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefused):
        opened(content)


def test_name_is_that_of_the_content() -> None:
    assert asset_name(b"x", "png") == "2d/2d711642b726b044.png"


def story(title: str, lead: str, *body: str) -> bytes:
    shown = "".join(f'<p><img src="{source}" alt="{source}" width="600" height="400"></p>' for source in body)
    words = "".join(
        f"<p>Paragraph {number} of {title}: the harbour office said on Monday that the quay would be open to everyone again by spring, "
        "and that nobody who had a boat there before would have to look for another place.</p>"
        for number in range(6)
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">'
        f'<meta property="og:image" content="{lead}"><meta property="article:published_time" content="2026-03-01T10:00:00+00:00"></head>'
        f"<body><article><h1>{title}</h1>{words}{shown}</article></body></html>"
    ).encode()


def site() -> Site:
    png = Answer(picture("PNG"), headers={"Content-Type": "image/png"})
    return Site(
        {
            "/": Answer(listing("/news/1.html", "/news/2.html").encode()),
            "/robots.txt": Answer(b"User-agent: *\nDisallow: /secret/\n"),
            "/news/1.html": Answer(
                story(
                    "One", "/lead.jpg", "/wrong-name.gif", "/moved.png", "/gone.png", "/evil.svg", "/secret/a.png", "/huge.png", "/copy.png"
                )
            ),
            "/news/2.html": Answer(story("Two", "/lead.jpg", "/wrong-name.gif")),
            "/lead.jpg": Answer(picture("JPEG", (1200, 800)), headers={"Content-Type": "image/jpeg"}),
            "/wrong-name.gif": png,
            "/copy.png": png,
            "/moved.png": Answer(status=302, headers={"Location": "/there.webp"}),
            "/there.webp": Answer(picture("WEBP")),
            "/gone.png": Answer(b"no", status=404),
            "/evil.svg": Answer(SVG, headers={"Content-Type": "image/png"}),
            "/secret/a.png": png,
            "/huge.png": Answer(huge_png(60_000, 60_000)),
        }
    )


def documents(folder: Path) -> dict[str, frontmatter.Post]:
    found = [frontmatter.load(str(path)) for path in (folder / "output").rglob("*.md")]
    return {str(document["title"]): document for document in found}


def test_a_crawl_keeps_pictures(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("base_url: https://example.org/news/\n", "utf-8")
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served, extra="images: keep\n"))
        summary = json.loads(broadsheet("crawl", "--json").stdout)["sources"]["quay"]
        asked = served.paths()
        assert summary["new"] == 2
        assert summary["images"] == 4 + 2
        assert {one["url"].removeprefix(served.address): one["reason"].split(",")[0] for one in summary["images_failed"]} == {
            "/gone.png": "HTTP 404 Not Found",
            "/evil.svg": "it is no JPEG",
            "/secret/a.png": "its robots.txt forbids it",
            "/huge.png": "it has more than 50",
        }
        one, address = documents(tmp_path)["One"], served.address
        kept = one["image_files"]
        png, jpg = asset_name(picture("PNG"), "png"), asset_name(picture("JPEG", (1200, 800)), "jpg")
        webp = asset_name(picture("WEBP"), "webp")
        assert kept == {f"{address}/{name}": file for name, file in
                        (("copy.png", png), ("lead.jpg", jpg), ("moved.png", webp), ("wrong-name.gif", png))}  # fmt: skip
        assert one["headimg"] == f"/assets/{jpg}"
        assert f'src="/assets/{webp}"' in one.content
        assert f'src="{address}/gone.png"' in one.content
        assert set(tree(tmp_path / "output" / "assets")) >= {png, jpg, webp}
        assert (tmp_path / "output" / "assets" / jpg).read_bytes() == picture("JPEG", (1200, 800))
        assert not any(name.endswith(".svg") for name in tree(tmp_path / "output" / "assets"))
        for once in ("/lead.jpg", "/wrong-name.gif", "/there.webp", "/gone.png"):
            assert asked.count(once) == 1, once
        assert "/secret/a.png" not in asked
        before = tree(tmp_path / "output")
        broadsheet("crawl", "-q", BROADSHEET_NOW="2026-04-02T06:00:00Z")
        assert served.paths()[len(asked) :] == ["/"]
        assert tree(tmp_path / "output") == before


def test_without_the_setting_nothing_is_downloaded(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served))
        broadsheet("crawl", "-q")
        assert not any(path.endswith((".jpg", ".png", ".gif")) for path in served.paths())
        assert documents(tmp_path)["One"]["headimg"] == f"{served.address}/lead.jpg"


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ("profile: hugo\n", "/assets/"),
        ("profile: plain\n", "assets/"),
        ("assets: blog/a\nassets_url: https://cdn.example/a\n", "https://cdn.example/a/"),
    ],
)
def test_documents_refer_to_copies_as_their_consumer_needs(broadsheet: Broadsheet, tmp_path: Path, settings: str, shown: str) -> None:
    (tmp_path / "broadsheet.yaml").write_text(settings + "images: keep\n", "utf-8")
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served))
        broadsheet("crawl", "-q")
        two, jpg = documents(tmp_path)["Two"], asset_name(picture("JPEG", (1200, 800)), "jpg")
        assert f'src="{shown}{asset_name(picture("PNG"), "png")}"' in two.content
        assert shown + jpg in str(two.metadata)
        assert (tmp_path / ("blog/a" if "blog" in settings else "output/assets") / jpg).is_file()


def test_a_removed_articles_pictures_go_with_it_but_for_shared_ones(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served, extra="images: keep\n"))
        broadsheet("crawl", "-q")
        webp, jpg = asset_name(picture("WEBP"), "webp"), asset_name(picture("JPEG", (1200, 800)), "jpg")
        broadsheet("remove", f"{served.address}/news/1.html")
        left = tree(tmp_path / "output" / "assets")
        assert webp not in left
        assert jpg in left
        broadsheet("remove", f"{served.address}/news/2.html")
        assert jpg not in tree(tmp_path / "output" / "assets")


@pytest.mark.parametrize("conditional", [True, False])
def test_a_picture_that_failed_is_tried_again_in_its_run_and_at_each_look(
    broadsheet: Broadsheet, tmp_path: Path, conditional: bool
) -> None:
    """`/soon.png` answers at the third time, `/late.png` after the first run, `/never.png` never."""

    def page(times: int) -> Answer:
        again = conditional and times
        return Answer(b"", 304) if again else Answer(story("One", "/soon.png", "/late.png", "/never.png"), headers={"ETag": '"a"'})

    def soon(times: int) -> Answer:
        return Answer(picture("PNG")) if times == 2 else Answer(b"busy", 503)

    with Site({"/": listing("/news/1.html"), "/news/1.html": page, "/soon.png": soon, "/late.png": Answer(b"busy", 503)}) as served:
        write_recipe(tmp_path, "quay", recipe(served, extra='images: keep\nlook_again: ["1s"]\n'))
        first = json.loads(broadsheet("crawl", "--json").stdout)["sources"]["quay"]
        assert [(first["images"], len(first["images_failed"]))] == [(1, 2)]
        before = documents(tmp_path)["One"]
        assert before["headimg"] == f"/assets/{asset_name(picture('PNG'), 'png')}"
        assert f'src="{served.address}/late.png"' in before.content
        assert [served.paths().count(name) for name in ("/soon.png", "/late.png", "/never.png")] == [3, 3, 1]
        time.sleep(1.1)
        served.pages["/late.png"] = Answer(picture("JPEG"))
        asked = len(served.asked)
        second = json.loads(broadsheet("crawl", "--json", BROADSHEET_NOW="2026-04-01T09:00:00Z").stdout)["sources"]["quay"]
        assert sorted(served.paths()[asked:]) == ["/", "/late.png", "/never.png", "/news/1.html"]
    after = documents(tmp_path)["One"]
    assert (second["changed"], second["conflicts"], [one["reason"] for one in second["images_failed"]]) == (0, [], ["HTTP 404 Not Found"])
    assert sorted(after["image_files"]) == [f"{served.address}/late.png", f"{served.address}/soon.png"]  # type: ignore[call-overload]
    assert f'src="/assets/{asset_name(picture("JPEG"), "jpg")}"' in after.content
    assert (after["updated_at"], after["guid"]) == (before["updated_at"], before["guid"])
    assert list((tmp_path / ".broadsheet" / "revisions").rglob("*.md")) == []
    index = next((tmp_path / "output" / "index").rglob("*.ndjson")).read_text("utf-8")
    assert json.loads(index)["content_hash"] == after["content_hash"]


def test_a_removed_articles_earlier_pictures_go_too(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served, extra='images: keep\nlook_again: ["1s"]\n'))
        broadsheet("crawl", "-q")
        time.sleep(1.1)
        served.pages["/news/2.html"] = Answer(story("Two", "/other.jpg"))
        served.pages["/other.jpg"] = Answer(picture("JPEG", (900, 600), "red"))
        broadsheet("crawl", "-q", BROADSHEET_NOW="2026-04-01T08:00:00Z")
        assert documents(tmp_path)["Two"]["image_files"] == {
            f"{served.address}/other.jpg": asset_name(picture("JPEG", (900, 600), "red"), "jpg")
        }
        broadsheet("remove", f"{served.address}/news/1.html")
        first = asset_name(picture("JPEG", (1200, 800)), "jpg")
        assert first not in tree(tmp_path / "output" / "assets"), "only an earlier revision shows it"
        broadsheet("remove", f"{served.address}/news/2.html")
    assert [name for name in tree(tmp_path / "output" / "assets") if not name.endswith(".css")] == []
    assert list((tmp_path / ".broadsheet" / "revisions").rglob("*.md")) == []


def test_a_store_made_again_asks_no_picture_again(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served, extra="images: keep\n"))
        broadsheet("crawl", "-q")
        (tmp_path / ".broadsheet" / "store.sqlite").unlink()
        broadsheet("rebuild")
        asked = len(served.asked)
        served.pages["/"] = Answer(listing("/news/1.html", "/news/2.html", "/news/3.html").encode())
        served.pages["/news/3.html"] = Answer(story("Three", "/lead.jpg"))
        broadsheet("crawl", "-q")
        assert "/news/3.html" in served.paths()[asked:]
        assert "/lead.jpg" not in served.paths()[asked:]


def test_feeds_are_read_with_kept_pictures(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("base_url: https://example.org/news/\nimages: keep\n", "utf-8")
    with site() as served:
        write_recipe(tmp_path, "quay", recipe(served))
        broadsheet("crawl", "-q")
    jpg = asset_name(picture("JPEG", (1200, 800)), "jpg")
    entries = feedparser.parse(str(tmp_path / "output" / "feeds" / "all.rss")).entries
    enclosures = [link for entry in entries for link in entry.links if link.rel == "enclosure"]
    assert [(link.href, link.type, link.length) for link in enclosures] == [
        (f"https://example.org/news/assets/{jpg}", "image/jpeg", str(len(picture("JPEG", (1200, 800)))))
    ] * 2
