from __future__ import annotations

import re

import pytest
from feeds.entries import CHANNEL, entry
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.feeds.build import FORMATS
from crawler.feeds.checks import faults
from crawler.feeds.checks.rules import SUSPICIOUS, is_harmless, is_rfc822, is_rfc3339
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
        ("rss", "<language>en", "<language>en_US!", "no language"),
        ("rss", "<ttl>15", "<ttl>0", "ttl"),
        ("rss", "<ttl>15", "<ttl>30", "do not agree"),
        ("rss", "hourly", "fortnightly", "updatePeriod"),
        ("rss", "<lastBuildDate>[^<]*", "<lastBuildDate>now", "lastBuildDate"),
        ("rss", "</channel>", "<docs>x</docs></channel>", "docs stands in it 2 times"),
        ("rss", "</channel>", "<copyright>x</copyright></channel>", "after the items"),
        ("rss", "<ttl>", "<updated>x</updated><ttl>", "no <updated>"),
        ("rss", "<pubDate>", '<enclosure url="http://x.example/a"/><pubDate>', "enclosure without length"),
        ("rss", "<pubDate>", "<source>x</source><pubDate>", "source: None"),
        ("rss", "<pubDate>", "<category> </category><pubDate>", "empty category"),
        ("rss", "<title>Headline 1", '<title lang="en">Headline 1', "attributes"),
        ("rss", "&lt;p&gt;What", "&lt;script&gt;What", "<script>"),
        ("rss", "&lt;p&gt;What", '&lt;p class="x"&gt;What', "<p>"),
        ("rss", "&lt;p&gt;What", '&lt;a href="/x"&gt;What', "not absolute"),
        ("rss", "urn:uuid:2", "12", "no urn"),
        ("rss", "urn:uuid:2", "urn:uuid:1", "id urn:uuid:1 stands in it 2 times"),
        ("rss", 'isPermaLink="false"', 'isPermaLink="true"', "isPermaLink"),
        ("rss", "<pubDate>[^<]*", "<pubDate>yesterday", "RFC 822"),
        ("rss", "<link>http://demo.broadsheet.example/city/2.html", "<link>/city/2.html", "no absolute address"),
        ("atom", "</feed>", "", "not well-formed"),
        ("atom", "http://www.w3.org/2005/Atom", "http://www.w3.org/2005/Other", "not atom:feed"),
        ("atom", "<id>urn:uuid:2</id>", "", "without id"),
        ("atom", "<author>.*?</author>", "", "no author"),
        ("atom", "<name>Demo</name>", "", "author without name"),
        ("atom", 'type="html"', 'type="CDATA"', "type"),
        ("atom", 'xml:lang="en"', 'xml:lang="en_"', "no language"),
        ("atom", "<generator>", "<generator>a</generator><generator>", "generator stands in it 2 times"),
        ("atom", "<published>", '<link href="http://x.example/" type="text/html"/><published>', "two alternate links"),
        ("atom", "<published>", "<category/><published>", "category without term"),
        ("atom", "urn:uuid:2", "12", "no urn"),
        ("atom", "urn:uuid:2", "urn:uuid:1", "stands in it 2 times"),
        ("atom", "<published>[^<]*", "<published>2024-05-01", "RFC 3339"),
        ("atom", 'href="http://demo.broadsheet.example/city/2.html"', 'href="2.html"', "no absolute address"),
        ("json", "}\n$", "", "no JSON"),
        ("json", "version/1.1", "version/2", "version"),
        ("json", '"title": "Demo · City"', '"title": ""', "feed without title"),
        ("json", '"items": .*', '"items": 1}', "items is no list"),
        ("json", '"id": "urn:uuid:2"', '"id": 2', "without id"),
        ("json", '"language": "en"', '"language": "en_US"', "no language"),
        ("json", '"summary": "[^"]*"', '"summary": 1', "is no str"),
        ("json", '"summary"', '"excerpt"', "no member"),
        ("json", '"summary": "[^"]*"', '"tags": "x"', "is no list"),
        ("json", '"summary": "[^"]*"', '"authors": ["x"]', "is no object"),
        ("json", '"summary": "[^"]*"', '"_x": 1', "is no object"),
        ("json", "<p>What", "<form>What", "<form>"),
        ("json", "urn:uuid:2", "urn:uuid:1", "stands in it 2 times"),
        ("json", '"content_html": "[^"]*"', '"content_html": ""', "neither content_html nor content_text"),
        ("json", '"date_published": "[^"]*"', '"date_published": "2024"', "RFC 3339"),
        ("json", '"url": "[^"]*"', '"url": "/x"', "no absolute address"),
        ("json", "Headline 1", r"Headline \\u0001", "forbidden character"),
        ("json", "Headline 1", r"Headline \\b", "forbidden character"),
        ("json", "Headline 1", "Headline \ufffe", "forbidden character"),
        ("json", "Headline 1", "Headline \x01", "no JSON"),
        ("rss", "urn:uuid:2", "", "item  without guid"),
        ("rss", "<link>[^<]*</link>(?=.*</item>)", "", "without link"),
        ("atom", "<title>Headline 2</title>", "<title> </title>", "without title"),
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


TAGS = ("script", "style", "iframe", "object", "embed", "form", "input", "svg", "link", "meta", "base", "p", "a")
NAMES = ("style", "class", "on", "onclick", "oné", "href", "src", "poster", "cite", "alt", "data-style", "_class", "o" * 30)
PIECES = (
    "<",
    "=",
    " =",
    "= ",
    " ",
    "\u2003",
    "\x1c",
    '"',
    "x",
    "é",
    "ſ",
    "İ",
    "ı",
    "\u212a",
    '="https://',
    '="HTTP://',
    '="mailto:',
    "='https://",
)
MARKUP = st.sampled_from([*TAGS, *NAMES, *map(str.upper, (*TAGS, *NAMES)), *PIECES]) | st.text(max_size=3)


@given(st.lists(MARKUP, max_size=12).map("".join))
@example("<\u017fcript")
@example("<l\u0130nk")
@example("on" + "x" * 40 + " =")
@example('<a href="https://a.example/?style=1">')
def test_a_text_that_needs_no_look_holds_nothing_suspicious(html: str) -> None:
    assert not (is_harmless(html) and SUSPICIOUS.search(html))


@pytest.mark.parametrize(
    "html",
    [
        '<p onclick="x()">a</p>',
        "<p ONERROR =x>a</p>",
        '<p style="top:0">a</p>',
        '<p\nclass="x">a</p>',
        "<a href='https://a.example/'>a</a>",
        '<img src="/b.jpg">',
        '<blockquote cite="x">a</blockquote>',
        "<SCRIPT>",
        "<p onclicſ=x>",
    ],
)
def test_a_suspicious_text_is_looked_at(html: str) -> None:
    assert SUSPICIOUS.search(html)
    assert not is_harmless(html)


def test_a_text_as_we_write_it_needs_no_look() -> None:
    figure = '<figure><img src="https://a.example/b.jpg?w=1&amp;h=2" alt="one" width="3" referrerpolicy="no-referrer"></figure>'
    text = '<p dir="rtl">E = mc² <a href="mailto:a@b.example" title="on the way">we</a> <time datetime="2026">x</time></p>'
    assert is_harmless(f"{figure}\n{text}")
