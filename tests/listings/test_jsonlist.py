"""Lists in JSON: an API's answers, and what pages hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings.pages import SITE, page, read, recipe, refused, urls

from crawler.errors import ListingError
from crawler.listings import read_listing

ITEMS = {"items": [{"url": "/1", "title": "One &amp; <b>all</b>"}, {"url": "https://news.example/2#c"}, {"url": "https://other.example/3"}]}


def rules(**values: Any) -> dict[str, Any]:
    return {"url": SITE, "items": "items", **values}


def test_items_become_links_in_order_each_once() -> None:
    doubled = {"items": [*ITEMS["items"], {"url": "/1?utm_source=x"}]}
    listing = read("json", json.dumps(doubled), rules(title="title"))
    assert urls(listing) == [SITE + "1", SITE + "2"]
    assert listing.links[0].hints.title == "One & all"


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ('[{"url": "/1"}]', {"items": ""}),
        ('[{"url": "/1"}]', {"items": "."}),
        ('["/1"]', {"items": "", "link": "."}),
        ('{"a": {"x": {"url": "/1"}}}', {"items": "a[]"}),
        ('{"pages": [[{"url": "/1"}], []]}', {"items": "pages[]"}),
        ('/**/ load({"items": [{"url": "/1"}]});', {}),
        ('\ufeff{"items": [{"url": "/1"}]}', {}),
        ('{"items": [{"id": 1}]}', {"link": {"select": "id", "prefix": "/"}}),
        ('{"items": [{"id": 1.0}]}', {"link": {"select": "id", "prefix": "/"}}),
        ('{"items": [{"links": [{"u": null}, {"u": "/1"}]}]}', {"link": ["none", "links.u"]}),
        ('{"items": [null, 3, {"url": "/1"}]}', {}),
    ],
)
def test_shapes(body: str, values: dict[str, Any]) -> None:
    assert urls(read("json", body, rules(**values))) == [SITE + "1"]


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ('<script type="application/json" id="d">{"items": [{"url": "/1"}]}</script>', "script#d"),
        ('<script id="d">window.__STATE__ = {"items": [{"url": "/1"}]}; go()</script>', "script#d"),
        ('<script id="d">window.S = JSON.parse("{\\"items\\": [{\\"url\\": \\"/1\\"}]}")</script>', "script#d"),
        ('<div data-list=\'{"items": [{"url": "/1"}]}\'></div>', "div::attr(data-list)"),
        ('<script>load("x"); var list = {"items": [{"url": "/1"}], "t": "</scr"}</script>', r"regex:var list\s*=\s*"),
        ('<script>var list = {"items": [{"url": "/1"}]};</script>', r"regex:list = (\{.*\});"),
        ('<script id=a>1</script><script id="d">{"items": [{"url": "/1"}]}</script>', ["#none", "script#d"]),
    ],
)
def test_json_in_a_page(html: str, place: Any) -> None:
    assert urls(read("json", f"<!doctype html><html><body>{html}</body></html>", rules(**{"in": place}))) == [SITE + "1"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-03-30T10:00:00Z", "2026-03-30T10:00:00+00:00"),
        (1774864800, "2026-03-30T10:00:00+00:00"),
        ("1774864800", "2026-03-30T10:00:00+00:00"),
        (1774864800123, "2026-03-30T10:00:00+00:00"),
        (1774864800.5, "2026-03-30T10:00:00+00:00"),
        ("2026-03-30", "2026-03-30"),
        (20260330, "2026-03-30"),
        (None, "None"),
        (True, "None"),
        ("soon", "None"),
    ],
)
def test_times(value: Any, found: str) -> None:
    listing = read("json", json.dumps({"items": [{"url": "/1", "at": value}]}), rules(published="at"))
    assert str(listing.links[0].hints.published) == found


def test_a_change_counts_only_after_the_publication() -> None:
    items = [{"url": "/1", "p": "2026-03-30", "u": "2026-03-31"}, {"url": "/2", "p": "2026-03-30", "u": "2026-03-29"}]
    links = read("json", json.dumps(items), {"url": SITE, "published": "p", "updated": "u"}).links
    assert [str(link.hints.updated) for link in links] == ["2026-03-31", "None"]


@pytest.mark.parametrize(
    ("values", "further"),
    [
        ({"next": "next", "pages": 3}, (SITE + "?p=2",)),
        ({"next": {"select": "mark", "prefix": "/api?after="}, "pages": 3}, (SITE + "api?after=7",)),
        ({"next": "away", "pages": 3}, ()),
        ({"next": "none", "pages": 3}, ()),
        ({}, ()),
    ],
)
def test_the_next_page(values: dict[str, Any], further: tuple[str, ...]) -> None:
    body = json.dumps(ITEMS | {"next": "?p=2", "mark": 7, "away": "https://other.example/"})
    assert read("json", body, rules(**values)).further == further


def test_a_later_page_without_items_is_the_end() -> None:
    numbered = rules(url=SITE + "api/{page}", pages=9)
    assert read("json", '{"items": []}', numbered, url=SITE + "api/7").links == ()
    assert "finds no items" in refused("json", '{"items": []}', numbered, url=SITE + "api/1")


@pytest.mark.parametrize(
    ("body", "values", "said"),
    [
        ("", {}, "the page is empty"),
        ('{"data": {"list": []}, "code": 0}', {}, "items: 'items' finds no items; at the top there are data, code"),
        ('{"data": 1}', {"items": ""}, "the answer is no list; say where it lies with items:; at the top there are data"),
        ('{"items": [{"uri": "/1", "id": 3}]}', {}, "link: 'url' finds nothing in its 1 items; an item has uri, id"),
        ('{"items": [{"url": "https://other.example/"}]}', {}, "of what 'url' finds, 1 lead to other sites"),
        ('{"items": [', {}, "is broken JSON"),
        ("plain", {}, "is plain text, not JSON"),
        ("<rss><channel/></rss>", {}, "is a feed, not JSON; write it as feed:"),
        ("<html><title>Log in</title><input type=password></html>", {}, "is a login page, not JSON"),
        ("<html><title>Home</title></html>", {}, "is an HTML page ('Home'), not JSON"),
        ('<html><script type="application/json" id="d">{}</script>', {}, "it holds JSON: name where with in:, as script#d"),
        ("<html><body></body></html>", {"in": "script#d"}, "in: 'script#d' leads to no JSON"),
        (b"%PDF-1.7\n", {}, "is a PDF"),
    ],
)
def test_what_is_no_list_is_told(body: str | bytes, values: dict[str, Any], said: str) -> None:
    assert said in refused("json", body, rules(**values))


def test_links_of_the_apis_and_the_recipes_site_are_kept() -> None:
    body = '{"items": [{"url": "https://news.example/1"}, {"url": "https://api.example.org/2"}]}'
    made = rules(url="https://api.example.org/list")
    assert len(read("json", body, made, url="https://api.example.org/list").links) == 2


def test_a_block_that_ended_reads_what_was_fetched_before() -> None:
    body = '{"old": [{"url": "/1"}], "new": [{"url": "/2"}]}'
    for until, found in (("2026-04-02", "1"), ("2026-04-01", "2")):
        dated = [{"url": SITE, "items": "old", "until": until}, {"url": SITE, "items": "new"}]
        made = recipe("json", dated)
        assert urls(read_listing(page(body), made, made.sections[0], "json")) == [SITE + found]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["/1", "url", "2026-01-01", "<b>"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "url", "title", "at"]), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_links_or_an_error(value: Any) -> None:
    try:
        listing = read("json", json.dumps(value), rules(title="title", published="at", next="url", pages=2))
    except ListingError:
        return
    assert listing.links
