"""JSON Feeds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings.pages import SITE, read, refused, urls

from crawler.errors import ListingError

FEED = SITE + "feed.json"
ITEM = {
    "id": "1", "url": "https://news.example/1", "title": "A &amp; B", "content_html": "<p>x</p>", "summary": "S", "image": "/i.jpg",
    "tags": ["a", "a", 3],
    "date_published": "2026-03-31T09:15:00+08:00",
    "date_modified": "2026-03-31T09:30:00+08:00", "authors": [{"name": "A"}, {"url": "x"}],
}  # fmt: skip


def feed(*items: Any, **values: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": list(items), **values})


def test_item_says_all_of_its_article() -> None:
    (link,) = read("feed", feed(ITEM, language="en-us"), FEED, url=FEED).links
    found = link.hints
    assert link.url == SITE + "1"
    assert (found.title, found.body, found.summary, found.image) == ("A & B", "<p>x</p>", "S", SITE + "i.jpg")
    assert (found.tags, found.authors, found.language) == (("a",), ("A",), "en-US")
    assert (str(found.published), str(found.updated)) == ("2026-03-31T09:15:00+08:00", "2026-03-31T09:30:00+08:00")


def test_version_1_has_one_author() -> None:
    text = feed({"url": "https://news.example/1", "author": {"name": "B"}})
    assert read("feed", text, FEED, url=FEED).links[0].hints.authors == ("B",)


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ({"external_url": "https://example.org/2"}, ["https://example.org/2"]),
        ({"id": "https://news.example/3"}, [SITE + "3"]),
        ({"url": "/4"}, [SITE + "4"]),
        ({"id": 5, "url": None}, []),
        ("text", []),
    ],
)
def test_where_an_item_leads(item: Any, found: list[str]) -> None:
    assert urls(read("feed", feed({"url": "https://news.example/1"}, item), FEED, url=FEED)) == [SITE + "1", *found]


def test_half_characters_are_left_out() -> None:
    text = feed({"url": "https://news.example/1", "title": "a\ud800b\x01", "content_html": "<p>\udfff</p>", "tags": ["\ud800"]})
    assert "\\ud800" in text
    found = read("feed", text, FEED, url=FEED).links[0].hints
    assert (found.title, found.body, found.tags) == ("ab", "<p></p>", ())


def test_empty_feed_is_no_error() -> None:
    assert read("feed", feed(), FEED, url=FEED).links == ()


@pytest.mark.parametrize(
    "text", ['{"items": []}', "[1]", '{"version": "https://jsonfeed.org/version/1", "items": {}}', "[" * 100_000, '{"a": NaN']
)
def test_other_json_is_told(text: str) -> None:
    assert "JSON" in refused("feed", text, FEED, url=FEED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "https://news.example/1", "2026-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ITEM, "name", "author", "url"]), inner, max_size=5),
)


@given(JSON)
def test_any_item_is_a_link_or_an_error(item: Any) -> None:
    try:
        listing = read("feed", feed(item, item), FEED, url=FEED)
    except ListingError:
        return
    assert len(listing.links) <= 1
