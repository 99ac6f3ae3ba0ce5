from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest
from shared import SHARED, needs_shared

from crawler.discovery.anchors import anchors_of, soup_of
from crawler.discovery.embedded import anchors_in
from crawler.discovery.ranking import rank
from crawler.urls import address_key
from tools.labelled import Count, Labelled, with_pages

WANTED = 0.97
"""Precision and recall on each half of the labelled sites."""


def page(*entries: str) -> str:
    """A front page as many sites build it, with these entries."""
    nav = "".join(f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("world", "business", "sport", "culture", "opinion"))
    return (
        f'<!doctype html><html><body><header><nav class="menu"><ul>{nav}</ul></nav></header>'
        f'<main><ul class="stories">{"".join(entries)}</ul></main>'
        '<footer><a href="/about-us">About us</a><a href="/privacy">Privacy</a><a href="/contact">Contact</a></footer></body></html>'
    )


def entry(path: str, title: str, more: str = "") -> str:
    return (
        f'<li class="story"><h3><a href="{path}">{title}</a></h3><p>By <a rel="author" href="/author/jane-doe">Jane Doe</a></p>{more}</li>'
    )


TITLES = (
    "The harbour opens again in spring",
    "Night ferry stays for another year",
    "Fog signal falls silent after a century",
    "Crane nest found on the tower",
)


def taken(html: str, url: str = "https://www.example.com/") -> list[str]:
    return [one.url.removeprefix("https://www.example.com") for one in rank(anchors_of(soup_of(html), url), url) if one.is_article]


def test_headlines_are_taken_and_navigation_bylines_and_footers_are_not() -> None:
    paths = [f"/world/{title.lower().replace(' ', '-')}-{10001 + place}" for place, title in enumerate(TITLES)]
    assert taken(page(*map(entry, paths, TITLES))) == paths


def test_chinese_headlines_without_slugs_are_taken() -> None:
    titles = ("港口明年春天重新开放", "夜间渡轮再开一年", "百年雾笛今天停用", "塔吊上发现鸟巢引来市民")
    paths = [f"/c/2026-03-0{place + 1}/doc-ihn{place}prhz123456{place}.shtml" for place in range(4)]
    assert taken(page(*map(entry, paths, titles))) == paths


def test_films_that_the_page_marks_among_articles_of_the_same_form_are_left_out() -> None:
    paths = [f"/news/2026-03-0{place + 1}/story-of-the-day-{place}/1000{place}77" for place in range(4)]
    film = (
        '<li class="story doctype-video"><h3><a href="/news/2026-03-05/a-walk-along-the-quay/10005099">A walk along the quay</a></h3></li>'
    )
    assert taken(page(*map(entry, paths, TITLES), film)) == paths


def test_short_headlines_of_a_blog_are_taken_where_nothing_else_is() -> None:
    entries = [
        f'<article class="post"><header class="post-header"><h2><a href="/posts/{number}/">{title}</a></h2>'
        f"<time>2026-01-0{at + 1}</time></header></article>"
        for at, (number, title) in enumerate(
            ((20532901, "Docker at home"), (85155619, "CTF Writeup"), (63298845, "Linux"), (17561168, "Rust and I"))
        )
    ]
    assert taken(page(*entries)) == ["/posts/20532901/", "/posts/85155619/", "/posts/63298845/", "/posts/17561168/"]


def test_a_page_without_articles_gives_none() -> None:
    assert taken(page()) == []


def test_twenty_thousand_links_take_seconds() -> None:
    paths = [f"/world/harbour-story-of-the-day-{number}" for number in range(20_000)]
    html = page(*(f'<li><a href="{path}">The harbour story number {path[-5:]} of this year</a></li>' for path in paths))
    began = time.monotonic()
    found = taken(html)
    assert len(found) > 19_000
    assert time.monotonic() - began < 60


@cache
def labelled() -> tuple[Labelled, ...]:
    assert SHARED is not None
    return tuple(with_pages(SHARED / "replay"))


@needs_shared
@pytest.mark.parametrize("half", ["building", "measuring"])
def test_labelled_links_are_told_on_each_half_of_the_sites(half: str) -> None:
    whole = Count()
    for one in labelled():
        if one.half == half:
            whole.add({address_key(link.url): link.is_article for link in rank(anchors_in(one.text, one.url), one.url)}, one)
    assert whole.right > 400
    assert whole.precision >= WANTED
    assert whole.recall >= WANTED


@needs_shared
def test_every_labelled_page_has_at_most_two_hundred_labels() -> None:
    assert SHARED is not None
    assert {one.site for one in labelled()} >= {"163", "abc", "arstechnica", "cbc", "guancha", "qq", "thestar", "vice"}
    assert all(len(one.articles) + len(one.others) <= 200 for one in labelled())


@needs_shared
def test_the_saved_article_is_taken_on_every_list_page() -> None:
    import gzip
    import json

    from crawler.charset import decode

    assert SHARED is not None
    replay: Path = SHARED / "replay"
    checked = 0
    for saved in json.loads((replay / "manifest.json").read_text("utf-8")):
        links = saved.get("links_saved")
        if saved["kind"] != "listing" or not isinstance(links, list) or saved["domain"] in ("zhaoqi.vip", "miaohancheng.com"):
            continue
        body = (replay / saved["file"]).read_bytes()
        text = decode(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body, saved["content_type"])[0]
        found = {
            address_key(one.url).partition("?")[0] if "?" not in links[0] else address_key(one.url)
            for one in rank(anchors_in(text, saved["url"]), saved["url"])
            if one.is_article
        }
        assert {address_key(link) for link in links} <= found, saved["url"]
        checked += 1
    assert checked >= 14
