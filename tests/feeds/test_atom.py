from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
from feeds.entries import CHANNEL, GATHERED, SHOWN, entry
from lxml import etree

from crawler.feeds.atom import write_atom
from crawler.feeds.checks import atom_faults
from crawler.feeds.feed import Feed, Picture, feed_id
from crawler.feeds.item import FeedEntry, prepare
from crawler.feeds.rss import FH, MEDIA

GOLDEN = Path(__file__).parent / "golden"
FULL = Feed(GATHERED, (prepare(SHOWN), prepare(FeedEntry(entry(0), ("City",), SHOWN.origin))))
A = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def root(feed: Feed) -> Any:
    return etree.fromstring(write_atom(feed))


def test_the_golden_pair() -> None:
    assert write_atom(FULL).decode() == (GOLDEN / "full.atom").read_text(encoding="utf-8")
    assert not list(atom_faults(write_atom(FULL)))


def test_ids_and_updated_of_the_feed() -> None:
    tree = root(FULL)
    assert tree.findtext(f"{A}id") == feed_id("all")
    assert tree.findtext(f"{A}updated") == "2024-05-02T01:00:00Z"


def test_the_order_of_entries_is_kept() -> None:
    items = tuple(prepare(FeedEntry(entry(n))) for n in (3, 1, 2))
    assert [e.findtext(f"{A}id") for e in root(Feed(CHANNEL, items)).iter(f"{A}entry")] == [item.guid for item in items]


def test_links_keep_rel_type_and_length() -> None:
    item = replace(FULL.items[0], image=Picture("https://x.example/a.jpg", "image/jpeg", 4711))
    links = root(Feed(GATHERED, (item,))).findall(f"{A}entry/{A}link")
    assert [dict(link.attrib) for link in links] == [
        {"rel": "alternate", "href": item.url, "type": "text/html"},
        {"rel": "enclosure", "href": "https://x.example/a.jpg", "type": "image/jpeg", "length": "4711"},
    ]


def test_archive_mark_and_links() -> None:
    archived = replace(GATHERED, archive=2, previous=1)
    tree = root(Feed(archived, FULL.items))
    assert tree.find(f"{{{FH}}}archive") is not None
    assert [link.get("rel") for link in tree.findall(f"{A}link")] == ["alternate", "self", "hub", "prev-archive", "current"]


def test_every_entry_has_an_author_its_own_its_sources_or_the_feeds() -> None:
    tree = root(FULL)
    first, second = tree.findall(f"{A}entry")
    assert [name.text for name in first.findall(f"{A}author/{A}name")] == ["Ann Lee", "鲍勃"]
    assert second.find(f"{A}author") is None
    assert second.findtext(f"{A}source/{A}author/{A}name") == "Demo"
    assert tree.findtext(f"{A}author/{A}name") == "Broadsheet"


def test_source_names_the_feed_an_entry_comes_from() -> None:
    source = root(FULL).find(f"{A}entry/{A}source")
    assert source.findtext(f"{A}id") == feed_id("demo")
    assert source.findtext(f"{A}title") == "Demo"
    assert source.findtext(f"{A}updated") == "2024-05-02T01:00:00Z"
    assert [(link.get("rel"), link.get("href")) for link in source.findall(f"{A}link")] == [
        ("alternate", "http://demo.broadsheet.example/"),
        ("self", "https://news.example/paper/feeds/demo.atom"),
    ]
    assert all(e.find(f"{A}source") is None for e in root(Feed(CHANNEL, (replace(FULL.items[0], origin=None),))).iter(f"{A}entry"))


def test_content_is_html_and_summary_is_text() -> None:
    first = root(FULL).find(f"{A}entry")
    assert (first.find(f"{A}content").get("type"), first.findtext(f"{A}content")) == ("html", FULL.items[0].content)
    assert (first.find(f"{A}summary").get("type"), first.findtext(f"{A}summary")) == ("text", "A < B, and C & D.")


def test_an_entry_without_text_is_still_an_entry() -> None:
    bare = prepare(FeedEntry(entry(1, title="", body="")))
    tree = root(Feed(CHANNEL, (bare,))).find(f"{A}entry")
    assert tree.findtext(f"{A}title") == bare.url
    assert tree.find(f"{A}content") is None
    assert not list(atom_faults(write_atom(Feed(CHANNEL, (bare,)))))


def test_languages() -> None:
    tree = root(Feed(CHANNEL, FULL.items))
    assert [e.get(LANG) for e in (tree, *tree.iter(f"{A}entry"))] == ["en", "zh-CN", None]


def test_feedparser_reads_back_what_was_written() -> None:
    parsed = feedparser.parse(write_atom(FULL))
    assert not parsed.bozo
    assert parsed.version == "atom10"
    first, shown = parsed.entries[0], FULL.items[0]
    assert (first.id, first.link, first.title_detail.type) == (shown.guid, shown.url, "text/plain")
    assert (first.published, first.updated) == ("2024-05-01T08:37:35Z", "2024-05-02T01:00:00Z")
    assert first.title == shown.title
    assert first.summary == shown.summary
    assert [author.name for author in first.authors] == list(shown.authors)
    assert first.source.id == feed_id("demo")
    assert first.media_content[0]["url"] == parsed.entries[0].media_thumbnail[0]["url"]


def test_media_rss_stands_in_its_namespace() -> None:
    assert root(FULL).find(f"{A}entry/{{{MEDIA}}}thumbnail") is not None
