from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from feeds.entries import CHANNEL, GATHERED, SHOWN, entry

from crawler.feeds.checks import json_faults
from crawler.feeds.feed import Feed, Picture, feed_id
from crawler.feeds.item import FeedEntry, prepare
from crawler.feeds.jsonfeed import write_json

GOLDEN = Path(__file__).parent / "golden"
FULL = Feed(GATHERED, (prepare(SHOWN), prepare(FeedEntry(entry(0), ("City",), SHOWN.origin))))


def written(feed: Feed) -> Any:
    return json.loads(write_json(feed))


def test_the_golden_pair() -> None:
    assert write_json(FULL).decode() == (GOLDEN / "full.json").read_text(encoding="utf-8")
    assert not list(json_faults(write_json(FULL)))


def test_the_channel() -> None:
    document = written(FULL)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert (document["home_page_url"], document["feed_url"]) == (GATHERED.link, "https://news.example/paper/feeds/all.json")
    assert document["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert "feed_url" not in written(Feed(CHANNEL, FULL.items))
    assert "hubs" not in written(Feed(replace(CHANNEL, hubs=GATHERED.hubs), FULL.items))


def test_an_item_names_its_origin_only_where_feeds_are_gathered() -> None:
    item = written(FULL)["items"][0]
    assert item["external_url"] == item["url"] == FULL.items[0].url
    assert item["_source"]["id"] == feed_id("demo")
    own = written(Feed(CHANNEL, (replace(FULL.items[0], origin=None),)))["items"][0]
    assert "_source" not in own
    assert "external_url" not in own


def test_authors_are_the_articles_else_the_sources() -> None:
    first, second = written(FULL)["items"]
    assert first["authors"] == [{"name": "Ann Lee"}, {"name": "鲍勃"}]
    assert second["authors"] == [{"name": "Demo"}]


def test_without_html_there_is_text() -> None:
    bare = prepare(FeedEntry(entry(1, title="", body="")))
    item = written(Feed(CHANNEL, (bare,)))["items"][0]
    assert "content_html" not in item
    assert item["content_text"] == bare.title


def test_date_modified_only_where_it_differs() -> None:
    first, second = written(FULL)["items"]
    assert (first["date_published"], first["date_modified"]) == ("2024-05-01T08:37:35Z", "2024-05-02T01:00:00Z")
    assert "date_modified" not in second


def test_an_attachment_only_with_type_and_length() -> None:
    item = replace(FULL.items[0], image=Picture("https://x.example/a.jpg", "image/jpeg", 4711))
    assert written(Feed(CHANNEL, (item,)))["items"][0]["attachments"] == [
        {"url": "https://x.example/a.jpg", "mime_type": "image/jpeg", "size_in_bytes": 4711}
    ]
    assert "attachments" not in written(FULL)["items"][0]


def test_an_archives_next_url_is_the_older_one() -> None:
    archived = replace(GATHERED, previous=1)
    assert written(Feed(archived, FULL.items))["next_url"] == "https://news.example/paper/feeds/all/archive/1.json"
