"""Pages become articles: fields, hints, parts, addresses, and what is no article."""

# ruff: noqa: E501 - test pages stand on one line each

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from extraction.newspage import SENTENCES, URL, html, page
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Moment
from crawler.errors import ExtractionError, NotAnArticle
from crawler.extraction import canonical_in, extract, next_part, redirect_in
from crawler.extraction.clean import text_of
from crawler.page import Hints
from crawler.recipes.model import Recipe


def test_an_article_is_read_whole() -> None:
    article = extract([page(html())])
    assert article.title == "Harbour bridge reopens after repairs"
    assert article.authors == ("Maria Gonzalez",)
    assert str(article.published) == "2024-05-21T09:30:00+02:00"
    assert article.date_from == "page"
    assert str(article.updated) == "2024-05-21T11:00:00+02:00"
    assert article.language == "en-GB"
    assert article.description == "The bridge is open again."
    assert article.image is not None
    assert article.image.url == "https://www.example.com/img/bridge-1200x630.jpg"
    assert article.url == URL
    text = text_of(article.body)
    assert all(sentence in text for sentence in SENTENCES)
    assert "Another story" not in text
    assert "All rights reserved" not in text
    assert {"title", "authors", "published", "image", "body", "description"} <= article.provenance.keys()


def test_the_same_bytes_give_the_same_article() -> None:
    assert extract([page(html())]) == extract([page(html())])


def test_parts_are_joined_and_fields_are_the_first_ones() -> None:
    first, second = "".join(f"<p>{text}</p>" for text in SENTENCES[:4]), "".join(f"<p>{text} Later.</p>" for text in SENTENCES[2:])
    article = extract([page(html(first)), page(html(second), URL + "?page=2")])
    text = text_of(article.body)
    assert text.index(SENTENCES[0]) < text.index(SENTENCES[5] + " Later.")
    assert article.url == URL


def test_a_chinese_page_without_any_metadata() -> None:
    paragraphs = "".join(f"　　{text}<br><br>" for text in ("据市政府消息，海港大桥经过十一个月的维修，于周二重新开放，市民可以通行。", "工程师更换了四十根钢缆，这些钢缆的锈蚀速度超出了所有人的预期，路面也重新铺设。", "负责人表示，交通量预计会缓慢增长，因为四条车道中有两条要到夏末才会开放。") * 2)  # fmt: skip
    source = f"<html><head><meta charset=gbk><title>海港大桥重新开放_示例网</title></head><body><div id=nav><a href=/>首页</a> <a href=/news>新闻</a></div><h1>海港大桥重新开放</h1><div class=info>2024-05-21 09:30 来源：示例网 作者：王小明</div><div id=content>{paragraphs}</div><div class=footer>版权所有 示例网</div></body></html>"
    article = extract(
        [page(source.encode("gb18030"), "http://www.example.cn/news/20240521/4711.htm")],
        Recipe(id="example", url="http://www.example.cn/", zone="Asia/Shanghai"),
    )
    assert article.title == "海港大桥重新开放"
    assert str(article.published) == "2024-05-21T09:30+08:00"
    assert article.language == "zh"
    assert "钢缆的锈蚀速度" in article.body
    assert "版权所有" not in article.body


def test_what_the_listing_said_fills_what_is_missing() -> None:
    bare = "<html lang=en><body>" + "".join(f"<p>{text}</p>" for text in SENTENCES) + "</body></html>"
    hints = Hints(
        title="From the feed",
        published=Moment(datetime(2024, 5, 20, tzinfo=UTC)),
        authors=("Feed Author",),
        summary="In short",
        tags=("bridges",),
        image="https://www.example.com/f.jpg",
    )
    article = extract([page(bare, "https://www.example.com/a", hints=hints)])
    assert (article.title, article.authors, article.date_from) == ("From the feed", ("Feed Author",), "listing")
    assert (article.description, article.tags) == ("In short", ("bridges",))
    assert article.image is not None
    page_wins = extract([page(html(), hints=hints)])
    assert page_wins.title == "Harbour bridge reopens after repairs"
    assert page_wins.date_from == "page"


def test_a_feeds_full_text_counts_where_the_pages_is_shorter() -> None:
    full = "".join(f"<p>{text}</p>" for text in SENTENCES)
    article = extract([page(html(f"<p>{SENTENCES[0]}</p>"), hints=Hints(body=full + "<script>x</script>"))])
    assert SENTENCES[5] in article.body
    assert "script" not in article.body
    assert article.provenance["body"] == "listing"


def test_recipe_selectors_come_before_everything() -> None:
    rules = {
        "title": "meta:og:site_name",
        "published": "jsonld:dateModified",
        "authors": "xpath://p[@class='byline']/a",
        "body": "div.article-body",
        "remove": "p:first-child",
        "image": "regex:(/img/[a-z]+)-1200",
        "description": "h1",
        "tags": ["nav li a"],
    }
    recipe = Recipe.model_validate({"id": "example", "url": "https://www.example.com/", "article": {**rules, "remove": [rules["remove"]]}})
    article = extract([page(html())], recipe)
    assert article.title == "The Example Times"
    assert str(article.published) == "2024-05-21T11:00:00+02:00"
    assert article.authors == ("Maria Gonzalez",)
    assert text_of(article.body) == "\n".join(SENTENCES[1:])
    assert article.image is not None
    assert article.image.url == "https://www.example.com/img/bridge"
    assert article.tags[:2] == ("Home", "Politics")


def test_a_wall_clock_without_a_zone_is_marked() -> None:
    bare = html(head="<title>Harbour bridge reopens after repairs</title>").replace("2024-05-21T09:30:00+02:00", "2024-05-21 09:30:00")
    article = extract([page(bare)])
    assert str(article.published) == "2024-05-21T09:30:00+00:00"
    assert article.provenance["published"]["zone"] == "unknown"


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://m.example.com/news/harbour-bridge-reopens-4711.html", "https://m.example.com/news/harbour-bridge-reopens-4711.html"),
        ("https://other.example.org/x/1", URL),
        ("https://www.example.com/", URL),
        ("/news/", URL),
        (URL + "?utm_source=rss", URL),
    ],
)  # fmt: skip
def test_which_canonical_is_believed(canonical: str, expected: str) -> None:
    source = html().replace("/news/harbour-bridge-reopens-4711.html", canonical)
    article = extract([page(source, URL + "?utm_medium=feed")])
    assert article.url == expected
    assert ("canonical" in article.provenance) == (expected == URL and "utm" not in canonical)


def test_addresses_in_a_page() -> None:
    assert canonical_in(page(html())) == URL
    assert canonical_in(page('<meta property="og:url" content="https://www.example.com/b">')) == "https://www.example.com/b"
    assert canonical_in(page("<p>x")) == ""
    assert redirect_in(page('<meta http-equiv="Refresh" content="0; url=/new.html">')) == "https://www.example.com/new.html"
    assert (
        redirect_in(page("""<script>window.location.href="https://user.example.com/content?id=7";</script>"""))
        == "https://user.example.com/content?id=7"
    )
    assert redirect_in(page('<meta http-equiv="refresh" content="300">')) == ""
    assert redirect_in(page('<meta http-equiv="refresh" content="60; url=/new.html">')) == ""
    assert redirect_in(page(html() + "<script>function f(){location.href='/x'}</script>")) == ""
    assert next_part(page('<a class=next href="?page=2">more</a>'), None) == ""
    paged = Recipe.model_validate({"id": "example", "url": "https://www.example.com/", "article": {"next_page": "a.next"}})
    assert next_part(page('<a class=next href="?page=2">more</a>'), paged) == URL + "?page=2"
    assert next_part(page('<a class=next href="https://elsewhere.org/2">more</a>'), paged) == ""


NOT_ARTICLES = {
    "error": "<title>404 Not Found</title><h1>Page not found</h1><p>The page you are looking for does not exist.</p>",
    "login": "<title>Log in</title><h1>Log in</h1><form><p>E-mail</p><p>Password</p></form><p>Forgotten?</p>",
    "consent": "<title>Before you continue</title><h1>We value your privacy</h1><p>We and our partners store cookies on your device.</p><p>Accept all</p>",
    "paywall": html(f"<p>{SENTENCES[0]}</p><div class=paywall>Subscribe now to continue reading this article.</div>").replace('"headline"', '"isAccessibleForFree":false,"headline"'),
    "list": "<title>News</title><h1>Latest news</h1>" + "".join(f'<div class=teaser><h2><a href="/news/story-{n}.html">Story number {n} of today</a></h2><p>A short summary of story {n}.</p></div>' for n in range(30)),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOT_ARTICLES)
def test_what_is_no_article_is_told(kind: str) -> None:
    url = "https://www.example.com/news/" if kind == "list" else URL
    with pytest.raises(NotAnArticle) as told:
        extract([page(NOT_ARTICLES[kind], url)])
    assert told.value.subject == url
    assert "no article" in told.value.problem


def test_a_status_of_error_is_no_article() -> None:
    with pytest.raises(NotAnArticle):
        extract([replace(page(html()), status=503)])


@pytest.mark.parametrize("body", [b"", b"   ", b"<html></html>", b"<script>x</script>"])
def test_an_empty_page_is_an_error(body: bytes) -> None:
    with pytest.raises(ExtractionError):
        extract([page(body)])


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "<p>", "<div class=article>", '<script type="application/ld+json">', "<meta property=og:title content="]),
)
def test_no_bytes_raise_anything_else(body: bytes, before: str) -> None:
    with suppress(ExtractionError):
        extract([page(before.encode() + body)])
