"""The sample's article in guancha's markup: recipe selectors give its fields exactly."""

# ruff: noqa: E501 - test pages stand on one line each

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extraction import extract, next_part
from crawler.page import Page
from crawler.recipes.model import Recipe

PICTURE = "https://i.guancha.cn/news/official/2022/03/22/20220322163055717.png"
RECIPE = Recipe.model_validate(
    {
        "id": "guancha",
        "url": "https://www.guancha.cn/",
        "zone": "Asia/Shanghai",
        "language": "zh-CN",
        "article": {
            "next_page": "div.module-page a.next",
            "title": ["li.left-main > h3", "meta:og:title"],
            "published": ["div.time.fix > span:first-child", "url"],
            "authors": [".author-intro p a"],
            "body": ["div.content.all-txt", "auto"],
            "remove": [".share"],
        },
    }
)
PAGE = f"""<!DOCTYPE html><html lang="zh-cmn-Hans"><head><meta charset="utf-8"><title>钉钉</title><meta name="author" content="name, email@gmail.com">
<link rel="alternate" media="only screen and(max-width: 640px)" href="https://m.guancha.cn/economy/2022_03_22_631306.shtml"></head><body>
<ul class="two-coloum fix"><li class="left left-main"><h3>软通动力副总裁刘雅：钉钉</h3>
<div class="time fix"> <span>2022-03-22 16:37:35</span> <span>字号：<a>A-</a><a>A+</a></span> <span>来源：观察者网</span></div>
<div class="content all-txt"><p>\n\t3月22日，在钉钉生态大会“科技向实”分论坛上。\n</p>
<p>\n\t<img src="{PICTURE}" title="点击查看大图" class="bigimg" width="530" />\n</p><div class="share">分享</div><p>谢谢大家。</p></div>
<div class="module-page"><span class="active">1</span><a class="next" href="javascript:" onclick="javascript:location.href='/economy/2022_03_22_631306_2.shtml'">下一页</a></div>
</li></ul><div class="right"><p>别的新闻，别的新闻，别的新闻。</p></div></body></html>"""


def page() -> Page:
    return Page(PAGE.encode(), "https://www.guancha.cn/economy/2022_03_22_631306.shtml", fetched_at=datetime(2022, 3, 23, tzinfo=UTC))


def test_selectors_give_title_image_body_and_the_pages_own_time() -> None:
    article = extract([page()], RECIPE)
    assert article.title == "软通动力副总裁刘雅：钉钉"
    assert str(article.published) == "2022-03-22T16:37:35+08:00"
    assert article.image is not None
    assert article.image.url == PICTURE
    assert article.body.split("\n") == [
        "<p>3月22日，在钉钉生态大会“科技向实”分论坛上。</p>",
        f'<p><img src="{PICTURE}" title="点击查看大图" class="bigimg" width="530" referrerpolicy="no-referrer"></p>',
        "<p>谢谢大家。</p>",
    ]
    assert article.authors == ()
    assert article.language == "zh-CN"
    assert article.url == "https://www.guancha.cn/economy/2022_03_22_631306.shtml"


def test_the_next_part_hides_in_a_script_attribute() -> None:
    assert next_part(page(), RECIPE) == "https://www.guancha.cn/economy/2022_03_22_631306_2.shtml"
