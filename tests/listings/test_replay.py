"""Saved lists, feeds and sitemaps of real sites: every one is read, or told to be none. Skips where they are not here."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from shared import SHARED, needs_shared

from crawler.errors import ListingError
from crawler.listings import read_listing
from crawler.outcome import Listing, Way
from crawler.page import Page
from crawler.recipes import Recipe, find_sources, first_addresses, parse_recipe
from crawler.urls import address_key

pytestmark = needs_shared

ZHAOQI = r"""
url: https://zhaoqi.vip/
sections:
  - {id: posts, list: {url: https://zhaoqi.vip/, link: a.post-title-link, next: a.next, pages: 30}}
article: {url: '^/posts/(?P<id>\w+)/'}
"""
MIAO = r"""
url: https://miaohancheng.com/
sections:
  - {id: posts, list: https://miaohancheng.com/}
article: {url: '^/20\d\d/.'}
"""
ALL_WAYS = r"""
url: https://zhaoqi.vip/
sections:
  - {id: feed, feed: https://zhaoqi.vip/atom.xml}
  - {id: map, sitemap: https://zhaoqi.vip/sitemap.xml}
article: {url: '^/posts/(?P<id>\w+)/'}
"""


@cache
def manifest() -> tuple[dict[str, Any], ...]:
    assert SHARED is not None
    return tuple(json.loads((SHARED / "replay" / "manifest.json").read_text("utf-8")))


def bodies(*kinds: str) -> list[dict[str, Any]]:
    return [one for one in manifest() if one["kind"] in kinds and one.get("file")]


def page_of(one: dict[str, Any]) -> Page:
    assert SHARED is not None
    raw = (SHARED / "replay" / one["file"]).read_bytes()
    charset = f"; charset={one['charset']}" if one["charset"] else ""
    return Page(
        gzip.decompress(raw) if one["file"].endswith(".gz") else raw,
        one["url"],
        headers={"content-type": one["content_type"] + charset},
        fetched_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def saved(one: dict[str, Any]) -> set[str]:
    """Keys of the saved articles that a listing is known to link to."""
    links = one.get("links_saved")
    return {address_key(url) for url in links} if isinstance(links, list) else set()


def keys(listing: Listing) -> set[str]:
    return {address_key(link.url) for link in listing.links}


def read(one: dict[str, Any], way: Way, recipe: Recipe | None = None, section: str = "") -> Listing:
    made = recipe or Recipe.model_validate({"url": one["url"], "sections": [{"id": "all", way: one["url"]}]})
    chosen = (made.section(section) if section else None) or made.sections[0]
    return read_listing(page_of(one), made, chosen, way)


def test_every_list_page_is_read() -> None:
    unread, lost, links = [], set(), 0
    for one in bodies("listing"):
        try:
            listing = read(one, "list")
        except ListingError as error:
            unread.append(str(error))
            continue
        links += len(listing.links)
        lost |= {
            key for key in saved(one) - keys(listing) if key.partition("?")[0] not in {found.partition("?")[0] for found in keys(listing)}
        }
    assert links > 5_000
    assert lost == set()
    (only,) = unread
    assert only.startswith("https://www.thestar.com/?redirect=true: the page holds no link at all")  # they are in JSON inside a script


def test_every_feed_is_read_with_titles() -> None:
    found = 0
    for one in bodies("feed"):
        listing = read(one, "feed")
        assert listing.links, one["url"]
        titled = sum(bool(link.hints.title) for link in listing.links)
        assert titled >= len(listing.links) - 1, one["url"]
        assert saved(one) <= keys(listing), one["url"]
        found += len(listing.links)
    assert found > 1_000


@pytest.mark.parametrize(
    ("host", "title"),
    [
        ("amefoot.net", "宇都宮ブレイカーズ"),
        ("arclamp.jp", "あなたには選択権がある（フリーランスのススメ2）"),
        ("aviaport.ru", "Найдены тела двух погибших в авиакатастрофе под Харьковом"),
        ("bold.dk", "OB er uskarpe - Esbjerg er effektive"),
        ("coolloud.org.tw", "1226檔下點交之後 不見棺材不走人 進輪自救會長期抗戰"),
        ("intertat.ru", "В этом году в Чистополе выпустят 10-миллионный водосчетчик"),
        ("feeds.jn.pt", "Mãe de utente é a nova presidente da Raríssimas"),
        ("lalalu.com", "サンプルブロガー募集！"),
        ("mimizun.com", "楽天祭り開催中"),
        ("nanet.co.jp", "さだまさし"),
        ("scienceshumaines.com", "Perturbateurs endocriniens : quels effets sur le cerveau ?"),
        ("stadtfeuerwehr-weiz.at", "[19.08.2018 - 07:08 Uhr] Brandmeldeanlagenalarm"),
    ],
)
def test_feeds_in_other_charsets(host: str, title: str) -> None:
    (one,) = [one for one in bodies("feed") if host in one["url"]]
    assert read(one, "feed").links[0].hints.title == title


def test_every_sitemap_is_read_or_told_to_lead_elsewhere() -> None:
    found, elsewhere = 0, []
    for one in bodies("sitemap"):
        try:
            listing = read(one, "sitemap")
        except ListingError as error:
            elsewhere.append((one["url"].partition("://")[2], one["snapshot"], "lead to other sites" in str(error)))
            continue
        assert listing.links or listing.further, one["url"]
        assert saved(one) <= keys(listing), one["url"]
        found += len(listing.links)
    assert found > 300
    # the first snapshot's sitemaps name the site by another host
    assert elsewhere == [
        (f"miaohancheng.com/{name}.xml", 0, True)
        for name in ("category-sitemap", "google-news-sitemap", "page-sitemap", "post-sitemap", "tag-sitemap")
    ]


def walk(recipe: Recipe, pages: dict[str, dict[str, Any]]) -> Iterator[Listing]:
    """A section's list with all its further pages."""
    todo = [url for _, url in first_addresses(recipe.sections[0])]
    seen: set[str] = set()
    while todo:
        url = todo.pop(0)
        if url not in seen:
            seen.add(url)
            listing = read(pages[url], "list", recipe)
            todo += listing.further
            yield listing


@pytest.mark.parametrize(
    ("text", "snapshot", "lists", "articles"), [(ZHAOQI, 0, 10, 46), (ZHAOQI, 1, 10, 47), (MIAO, 0, 1, 5), (MIAO, 1, 1, 8)]
)
def test_a_few_lines_find_a_whole_site(text: str, snapshot: int, lists: int, articles: int) -> None:
    recipe = parse_recipe(text, "recipe")
    site = [one for one in bodies("listing", "article") if one["url"].startswith(recipe.url) and one["snapshot"] == snapshot]
    listings = list(walk(recipe, {one["url"]: one for one in site if one["kind"] == "listing"}))
    found = set().union(*map(keys, listings))
    assert found == {address_key(one["url"]) for one in site if one["kind"] == "article"}
    assert (len(listings), len(found)) == (lists, articles)
    assert all(link.hints.title for listing in listings for link in listing.links)


@pytest.mark.parametrize(("text", "pages"), [(ZHAOQI, 176), (MIAO, 62)])
def test_every_list_of_the_site_gives_exactly_its_saved_articles(text: str, pages: int) -> None:
    recipe = parse_recipe(text, "recipe")
    lists = [one for one in bodies("listing") if one["url"].startswith(recipe.url)]
    assert [one["url"] for one in lists if keys(read(one, "list", recipe)) != saved(one)] == []
    assert len(lists) == pages


def test_feed_and_sitemap_of_a_whole_site() -> None:
    recipe = parse_recipe(ALL_WAYS, "recipe")
    site = {one["url"]: one for one in bodies("feed", "sitemap") if one["url"].startswith(recipe.url) and one["snapshot"] == 1}
    assert len(read(site["https://zhaoqi.vip/atom.xml"], "feed", recipe, "feed").links) == 20
    index = read(site["https://zhaoqi.vip/sitemap.xml"], "sitemap", recipe, "map")
    post = next(url for url in index.further if "post-sitemap" in url)
    assert len(read(site[post], "sitemap", recipe, "map").links) == 47


@pytest.mark.parametrize(("link", "found"), [("ul.img-List h4.module-title a", 55), ("h4.module-title a", 175)])
def test_guanchas_front_page_is_read_as_a_browser_reads_it(link: str, found: int) -> None:
    """libxml2 finds 1 of the 55."""
    from selectolax.lexbor import LexborHTMLParser

    from crawler.listings.html import select

    (one,) = [one for one in bodies("listing") if one["url"] == "https://www.guancha.cn/"]
    assert len(select(LexborHTMLParser(page_of(one).body.decode()), link)) == found


def test_guanchas_recipe_finds_the_front_pages_articles() -> None:
    recipe = find_sources(SHARED / "none").shipped["guancha"].recipe if SHARED else None
    assert recipe is not None
    (one,) = [one for one in bodies("listing") if one["url"] == recipe.url]
    links = read(one, "list", recipe, "home").links
    assert len(links) == 116
    assert all(link.hints.title for link in links)
    assert links[0].hints.title == "英国威胁停止向香港派遣法官"
