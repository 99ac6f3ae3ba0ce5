from __future__ import annotations

import pytest

from crawler.discovery.anchors import anchors_of, soup_of
from crawler.discovery.site import Site, read_site

URL = "https://www.example.com/news/"


def site(head: str, body: str = "", url: str = URL, lang: str = "en") -> Site:
    soup = soup_of(f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>')
    return read_site(soup, url, anchors_of(soup, url))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="Example News"><title>Home</title>', "Example News"),
        ('<script type="application/ld+json">{"@type": "WebSite", "name": "The Example"}</script>', "The Example"),
        ('<script type="application/ld+json">{broken</script><title>Example | World, sport, weather</title>', "Example"),
        ("<title>Breaking news and more from all over the world - Example</title>", "Example"),
        ("<title>最新滚动新闻_例子新闻</title>", "最新滚动新闻"),
        ("<title></title>", ""),
    ],
)
def test_name_is_what_the_site_calls_itself(head: str, name: str) -> None:
    assert site(head).name == name


def test_language_and_region_come_from_the_page() -> None:
    assert (site("", lang="en-gb").language, site("", lang="en-gb").region) == ("en-GB", "GB")
    assert site('<meta property="og:locale" content="de_AT">', lang="").region == "AT"


def test_largest_touch_icon_stands_for_the_site() -> None:
    head = (
        '<link rel="icon" href="/favicon.ico"><link rel="apple-touch-icon" sizes="72x72" href="/72.png">'
        '<link rel="apple-touch-icon" sizes="180x180" href="/180.png"><link rel="mask-icon" href="/x.svg">'
    )
    assert site(head).icon == "https://www.example.com/180.png"


def test_feeds_are_those_the_head_names_then_links_that_look_like_some_and_never_comments() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="All" href="/all.rss">'
        '<link rel="alternate" type="application/rss+xml" title="Comments feed" href="/comments/feed/">'
        '<link rel="alternate" hreflang="de" href="/de/">'
    )
    body = (
        '<a href="/rss/index.html">RSS</a><a href="/world.xml?x=1">World</a><a href="/feeds/world.rss">World</a><a href="/story">Story</a>'
    )
    assert [(feed.url.removeprefix("https://www.example.com"), feed.found) for feed in site(head, body).feeds] == [
        ("/all.rss", "link tag"),
        ("/rss/index.html", "link"),
        ("/feeds/world.rss", "link"),
    ]


def test_wordpress_names_its_interface() -> None:
    assert site('<link rel="https://api.w.org/" href="https://www.example.com/wp-json/">').interface == "https://www.example.com/wp-json/"
