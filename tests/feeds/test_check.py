from __future__ import annotations

import re

import pytest
from feeds.entries import CHANNEL, entry

from crawler.feeds.build import FORMATS
from crawler.feeds.check import faults, is_rfc822, is_rfc3339
from crawler.feeds.feed import Feed
from crawler.feeds.item import FeedEntry, prepare

FEED = Feed(CHANNEL, tuple(prepare(FeedEntry(entry(n, guid=f"urn:uuid:{n}"))) for n in (2, 1)))
GOOD = {suffix: write(FEED).decode() for suffix, write in FORMATS.items()}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_good_feed_has_no_faults(suffix: str) -> None:
    assert faults(suffix, GOOD[suffix].encode()) == []


@pytest.mark.parametrize(
    ("suffix", "pattern", "replacement", "told"),
    [
        ("rss", "</channel>", "", "not well-formed"),
        ("rss", "Headline 1", "Headline \x01", "not well-formed"),
        ("rss", "<rss ", "<!DOCTYPE rss><rss ", "document type"),
        ("rss", "channel", "other", "no channel"),
        ("rss", "<title>Headline 2</title>", "", "item urn:uuid:2 without title"),
        ("rss", "<title>Demo · City</title>", "<title> </title>", "channel without title"),
        ("rss", "urn:uuid:2", "urn:uuid:1", "id urn:uuid:1 stands in it 2 times"),
        ("rss", 'isPermaLink="false"', 'isPermaLink="true"', "isPermaLink"),
        ("rss", "<pubDate>[^<]*", "<pubDate>yesterday", "RFC 822"),
        ("rss", "<link>http://demo.broadsheet.example/city/2.html", "<link>/city/2.html", "no absolute address"),
        ("atom", "</feed>", "", "not well-formed"),
        ("atom", "http://www.w3.org/2005/Atom", "http://www.w3.org/2005/Other", "not atom:feed"),
        ("atom", "<id>urn:uuid:2</id>", "", "entry without id"),
        ("atom", "urn:uuid:2", "urn:uuid:1", "stands in it 2 times"),
        ("atom", "<published>[^<]*", "<published>2024-05-01", "RFC 3339"),
        ("atom", 'href="http://demo.broadsheet.example/city/2.html"', 'href="2.html"', "no absolute address"),
        ("json", "}\n$", "", "no JSON"),
        ("json", "version/1.1", "version/2", "version"),
        ("json", '"title": "Demo · City"', '"title": ""', "feed without title"),
        ("json", '"items": .*', '"items": 1}', "items is no list"),
        ("json", '"id": "urn:uuid:2"', '"id": 2', "without id"),
        ("json", "urn:uuid:2", "urn:uuid:1", "stands in it 2 times"),
        ("json", '"content_html": "[^"]*"', '"content_html": ""', "neither content_html nor content_text"),
        ("json", '"date_published": "[^"]*"', '"date_published": "2024"', "RFC 3339"),
        ("json", '"url": "[^"]*"', '"url": "/x"', "no absolute address"),
        ("json", "Headline 1", r"Headline \\u0001", "forbidden character"),
    ],
)
def test_each_fault_is_told(suffix: str, pattern: str, replacement: str, told: str) -> None:
    broken, times = re.subn(pattern, replacement, GOOD[suffix], flags=re.DOTALL)
    assert times
    assert any(told in fault for fault in faults(suffix, broken.encode())), faults(suffix, broken.encode())


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_byte_order_mark_is_a_fault(suffix: str) -> None:
    assert faults(suffix, b"\xef\xbb\xbf" + GOOD[suffix].encode())


def test_dates() -> None:
    assert is_rfc822("Tue, 22 Mar 2022 08:37:35 GMT")
    assert not is_rfc822("Tue, 22 Mar 2022 08:37:35 -0000")
    assert is_rfc3339("2022-03-22T08:37:35Z")
    assert not is_rfc3339("2022-03-22T08:37:35")
