from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from feeds.entries import CHANNEL, GATHERED, ORIGIN, entry

from crawler.feeds.feed import Feed, Problem, feed_id
from crawler.feeds.item import FeedEntry, prepare


def test_a_feeds_id_is_made_of_its_path_alone() -> None:
    assert feed_id("demo/city") == f"urn:uuid:{uuid5(NAMESPACE_URL, 'broadsheet:feed:demo/city')}" == CHANNEL.id
    assert len({feed_id(path) for path in ("all", "demo", "demo/city")}) == 3


def test_without_base_url_there_is_no_link_of_ours() -> None:
    assert CHANNEL.links("rss") == []


def test_links_carry_the_formats_suffix_and_type() -> None:
    assert [(link.rel, link.href, link.type) for link in GATHERED.links("atom")] == [
        ("self", "https://news.example/paper/feeds/all.atom", "application/atom+xml"),
        ("hub", "https://hub.example/", ""),
    ]


def test_updated_is_the_newest_items_and_a_sources_that_of_its_own() -> None:
    items = [prepare(FeedEntry(entry(n), origin=ORIGIN if n < 3 else None)) for n in (1, 2, 3)]
    feed = Feed(GATHERED, tuple(items))
    assert feed.updated == items[2].updated
    assert feed.updated_of(ORIGIN) == items[1].updated == feed.updated - timedelta(hours=1)


def test_an_empty_feed_has_no_time() -> None:
    with pytest.raises(ValueError, match="empty"):
        _ = Feed(CHANNEL, ()).updated


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("all", "demo/x.md", "left out: it has no guid")) == "feed all: demo/x.md: left out: it has no guid"
    assert str(Problem("all", "", "not published")) == "feed all: not published"
