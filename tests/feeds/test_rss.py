from __future__ import annotations

import locale
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from feeds.entries import CHANNEL, GATHERED, SHOWN, entry
from lxml import etree

from crawler.feeds.checks import rss_faults
from crawler.feeds.feed import Feed, Picture
from crawler.feeds.item import FeedEntry, prepare
from crawler.feeds.rss import ATOM, DC, FH, MEDIA, SY, rfc822, write_rss

GOLDEN = Path(__file__).parent / "golden"
FULL = Feed(GATHERED, (prepare(SHOWN), prepare(FeedEntry(entry(0), ("City",), SHOWN.origin))))
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def channel(feed: Feed) -> Any:
    return etree.fromstring(write_rss(feed)).find("channel")


def test_the_golden_pair() -> None:
    assert write_rss(FULL).decode() == (GOLDEN / "full.rss").read_text(encoding="utf-8")
    assert not list(rss_faults(write_rss(FULL)))


def test_the_order_of_items_is_kept() -> None:
    items = tuple(prepare(FeedEntry(entry(n))) for n in (3, 1, 2))
    assert [item.findtext("guid") for item in channel(Feed(CHANNEL, items)).iter("item")] == [item.guid for item in items]


def test_the_channels_link_is_the_site_though_other_links_follow() -> None:
    assert channel(FULL).findtext("link") == GATHERED.link


def test_self_hub_and_archive_links_reach_the_channel() -> None:
    archived = replace(GATHERED, archive=2, previous=1)
    tree = channel(Feed(archived, FULL.items))
    assert [(link.get("rel"), link.get("href")) for link in tree.findall(f"{{{ATOM}}}link")] == [
        ("self", "https://news.example/paper/feeds/all/archive/2.rss"),
        ("hub", "https://hub.example/"),
        ("prev-archive", "https://news.example/paper/feeds/all/archive/1.rss"),
        ("current", "https://news.example/paper/feeds/all.rss"),
    ]
    assert tree.find(f"{{{FH}}}archive") is not None


@pytest.mark.parametrize(("refresh", "times"), [(15, "4"), (20, "3"), (30, "2"), (60, "1")])
def test_ttl_and_syndication_say_the_same(refresh: int, times: str) -> None:
    tree = channel(Feed(replace(CHANNEL, refresh=refresh), FULL.items))
    assert tree.findtext("ttl") == str(refresh)
    assert (tree.findtext(f"{{{SY}}}updatePeriod"), tree.findtext(f"{{{SY}}}updateFrequency")) == ("hourly", times)


def test_last_build_date_is_the_newest_items_not_now() -> None:
    assert channel(FULL).findtext("lastBuildDate") == "Thu, 02 May 2024 01:00:00 GMT"


def test_authors_need_no_address() -> None:
    item = channel(FULL).find("item")
    assert [name.text for name in item.findall(f"{{{DC}}}creator")] == ["Ann Lee", "鲍勃"]
    assert item.find("author") is None


def test_summary_is_text_for_html_and_full_text_stands_beside_it() -> None:
    item = channel(FULL).find("item")
    assert item.findtext("description") == "A &lt; B, and C &amp; D."
    assert item.findtext(CONTENT) == FULL.items[0].content


def test_without_a_summary_the_title_describes_and_the_full_text_stays_full_text() -> None:
    item = replace(FULL.items[0], summary="", title="A & B")
    tree = channel(Feed(CHANNEL, (item,))).find("item")
    assert tree.findtext("description") == "A &amp; B"
    assert tree.findtext(CONTENT) == item.content


def test_an_enclosure_only_with_type_and_length() -> None:
    def item(picture: Picture) -> Any:
        return channel(Feed(CHANNEL, (replace(FULL.items[0], image=picture),))).find("item")

    unknown = item(Picture("https://x.example/a.jpg", "image/jpeg"))
    assert unknown.find("enclosure") is None
    assert unknown.find(f"{{{MEDIA}}}content").get("url") == "https://x.example/a.jpg"
    assert unknown.find(f"{{{MEDIA}}}thumbnail").get("url") == "https://x.example/a.jpg"
    kept = item(Picture("https://x.example/a.jpg", "image/jpeg", 0))
    assert dict(kept.find("enclosure").attrib) == {"url": "https://x.example/a.jpg", "length": "0", "type": "image/jpeg"}


def test_a_source_without_base_url_is_named_by_its_site() -> None:
    assert SHOWN.origin
    item = replace(FULL.items[0], origin=replace(SHOWN.origin, address=""))
    assert channel(Feed(CHANNEL, (item,))).find("item/source").get("url") == SHOWN.origin.link


def test_an_items_language_is_named_where_it_is_not_the_channels() -> None:
    tree = channel(Feed(CHANNEL, FULL.items))
    assert [item.findtext(f"{{{DC}}}language") for item in tree.iter("item")] == ["zh-CN", None]


def test_the_processes_locale_is_never_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> str:
        raise AssertionError("setlocale is not thread-safe")

    monkeypatch.setattr(locale, "setlocale", touched)
    assert write_rss(FULL)


def test_early_years_have_four_digits() -> None:
    assert rfc822(datetime(869, 1, 2, 3, 4, 5, tzinfo=UTC)) == "Wed, 02 Jan 0869 03:04:05 GMT"


def test_feedparser_reads_back_what_was_written() -> None:
    parsed = feedparser.parse(write_rss(FULL))
    assert not parsed.bozo
    assert parsed.version == "rss20"
    first = parsed.entries[0]
    shown = FULL.items[0]
    assert (first.id, first.guidislink, first.link, first.published) == (shown.guid, False, shown.url, "Wed, 01 May 2024 08:37:35 GMT")
    assert first.updated == "2024-05-02T01:00:00Z"
    assert [tag.term for tag in first.tags] == list(shown.categories)
    assert first.source.title == "Demo"
    assert first.summary == "A &lt; B, and C &amp; D."
    assert first.media_thumbnail[0]["url"] == "http://demo.broadsheet.example/pictures/bridge.jpg"
