"""What a site may send to keep a parser busy: each is read in part or refused, in little time."""

# ruff: noqa: E501 - attacks stand on one line each

from __future__ import annotations

import gzip
import time
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings.pages import SITE, read

from crawler.bounds import MOST_DEEP, MOST_TAGS, TooLarge, bounded, bounded_body, gunzip, in_bounds, is_deep
from crawler.errors import BroadsheetError
from crawler.extraction import cleaned, extract
from crawler.extraction.clean import clean_html
from crawler.listings.opml import read_opml
from crawler.page import Page

SECONDS = 12.0
"""Of the processor; on a quiet machine each takes three at most. Without bounds these take minutes."""
WORDS = b"<p>The harbour office said on Monday that the quay would be open to everyone again by spring.</p>" * 8
HEAD = b"<!doctype html><html lang=en><head><title>A story</title></head><body><article><h1>A story</h1>"
RSS = b"<rss><channel>%s</channel></rss>"
ITEM = b"<item><link>https://news.example/1</link>%s</item>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
ATTRIBUTE_BOMB = f'<!DOCTYPE %s [<!ENTITY a "{"a" * 100_000}">]><%s x="{"&a;" * 5000}"/>'
LISTS: dict[str, tuple[str, bytes]] = {
    "billion laughs": ("feed", f"<!DOCTYPE rss [{LAUGHS}]>".encode() + RSS % (ITEM % b"<title>&l9;</title>")),
    "billion laughs in UTF-16": ("feed", f'<?xml version="1.0"?><!DOCTYPE rss [{LAUGHS}]><rss>&l9;</rss>'.encode("utf-16")),
    "laughs behind the root": ("feed", b"<rss>" + f"<!DOCTYPE rss [{LAUGHS}]>".encode() + (ITEM % b"<title>&l9;</title>") + b"</rss>"),
    "an external entity": ("feed", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RSS % (ITEM % b"<title>&x;</title>")),
    "an external document type": ("feed", b'<!DOCTYPE rss SYSTEM "file:///etc/passwd">' + RSS % (ITEM % b"")),
    "a feed nested a million deep": ("feed", b"<rss><channel>" + b"<a>" * 1_000_000),
    "items within items": ("feed", b"<rss><channel>" + b"<item>" * 100_000),
    "55,000 items": ("feed", RSS % (b"<item><link>https://news.example/1</link></item>" * 55_000)),
    "a tag of 100,000 attributes": ("feed", b"<rss " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"><channel></channel></rss>"),
    "a summary nested deeply": ("feed", RSS % (ITEM % (b"<description>" + b"&lt;div&gt;" * 60_000 + b"</description>"))),
    "a name without end": ("feed", RSS % (ITEM % (b"<author>" + b"a." * 200_000 + b"@" + b"a." * 100_000 + b"</author>"))),
    "JSON nested deeply": ("feed", b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 500_000),
    "a long JSON feed": (
        "feed",
        b'{"version":"https://jsonfeed.org/version/1.1","items":[' + b",".join(b'{"url":"https://a.example/%d"}' % n for n in range(60_000)) + b"]}",
    ),
    "laughs in a sitemap": ("sitemap", f"<!DOCTYPE urlset [{LAUGHS}]><urlset><url><loc>&l9;</loc></url></urlset>".encode()),
    "a sitemap nested deeply": ("sitemap", b"<urlset>" + b"<url>" * 500_000),
    "an attribute that grows": ("sitemap", (ATTRIBUTE_BOMB % ("urlset", "urlset")).encode()),
    "a sitemap of 100,000": ("sitemap", b"<urlset>" + b"<url><loc>https://news.example/a</loc></url>" * 100_000 + b"</urlset>"),
    "an index of 100,000": ("sitemap", b"<sitemapindex>" + b"<sitemap><loc>/a.xml</loc></sitemap>" * 100_000 + b"</sitemapindex>"),
    "a gzip bomb": ("sitemap", gzip.compress(b"<urlset>" + b" " * 60_000_000)),
    "gzip of empty members": ("sitemap", gzip.compress(b"") * 200_000),
    "elements nested deeply": ("list", b"<html><body>" + b"<div>" * 600_000 + b"<a href=/1>x</a>"),
    "quotations nested deeply": ("list", b"<html><body>" + b"<blockquote>" * 200_000 + b"<a href=/1>x</a>"),
    "links in links": ("list", b"<svg><a href=/1>" * 200_000),
    "190,000 links": ("list", b"".join(b"<a href=/%d>x</a>" % n for n in range(190_000))),
    "an address of megabytes": ("list", b"<a href=/" + b"x" * 2_000_000 + b">x</a>"),
}  # fmt: skip
PAGES: dict[str, bytes] = {
    **{f"nested {name.decode()}": HEAD + b"<%s>" % name * 200_000 + WORDS for name in (b"div", b"b", b"blockquote", b"ul><li", b"table><tr><td", b"svg><g", b"math><mi", b"a href=x><p", b"font><p", b"template")},
    "attributes": HEAD + b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">" + WORDS,
    "brackets": HEAD + b"<" * 2_000_000 + WORDS,
    "JSON-LD nested deeply": HEAD + b'<script type="application/ld+json">' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000 + b"</script>" + WORDS,
    "pictures": HEAD + b"<img src=/a.jpg>" * 150_000 + WORDS,
    "a picture of many sizes": HEAD + b'<img srcset="' + b"a 1w, " * 300_000 + b'">' + WORDS,
    "breaks": HEAD + b"<p>" + b"x<br>" * 400_000 + b"</p>" + WORDS,
    "a word of megabytes": HEAD + b"<p>" + b"x" * 2_900_000 + b"</p>" + WORDS,
}  # fmt: skip


def seconds_of(work: object) -> float:
    started = time.process_time()
    try:
        work()  # type: ignore[operator]
    except BroadsheetError:
        pass
    return time.process_time() - started


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_in_part_or_refused(name: str) -> None:
    way, body = LISTS[name]
    found = []

    def work() -> None:
        found.append(read(way, body, SITE + "list", url=SITE + "list"))

    assert seconds_of(work) < SECONDS
    for listing in found:
        assert len(listing.links) <= 50_000
        assert len(listing.further) <= 50_000
        assert "lol" not in str(listing.links)[:100_000]
        assert "root:" not in str(listing.links)[:100_000]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_in_part_or_refused(name: str) -> None:
    page = Page(body=PAGES[name], url=SITE + "1", fetched_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert seconds_of(lambda: extract([page])) < SECONDS


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE opml [{LAUGHS}]><opml><body><outline text="&l9;" xmlUrl="http://a.example/"/></body></opml>'.encode(),
        (ATTRIBUTE_BOMB % ("opml", "opml")).encode(),
        ('<?xml version="1.0" encoding="utf-16"?>' + ATTRIBUTE_BOMB % ("opml", "opml")).encode("utf-16"),
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="http://a.example/"/></body></opml>',
        b"<opml><body>" + b'<outline text="x">' * 300_000,
        b"<opml><body>" + b'<outline xmlUrl="http://a.example/"/>' * 11_000 + b"</body></opml>",
    ],
    ids=["laughs", "attribute", "attribute in UTF-16", "external", "nested", "many"],
)
def test_a_list_of_subscriptions_is_refused(body: bytes) -> None:
    def work() -> None:
        with pytest.raises(BroadsheetError):
            read_opml(body, "list")

    assert seconds_of(work) < SECONDS


def test_pages_as_they_are_stay_whole() -> None:
    page = HEAD + WORDS * 500
    assert bounded_body(page) is page
    long = b"<ul>" + b"<li><h2><a href=/1>x</a></h2></li>" * 30_000 + b"</ul>"
    assert bounded_body(long) is long


def test_unclosed_paragraphs_and_items_are_no_depth() -> None:
    assert not is_deep("<p>a<li>b<td>c<br>" * 5000)
    assert is_deep("<font>a" * 1001)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
def test_depth_and_number_are_bounded_in_every_charset(encoding: str) -> None:
    width = 2 if encoding.startswith("utf-16") else 1
    assert bounded_body(("<div>" * 20_000).encode(encoding)) == ("<div>" * MOST_DEEP).encode(encoding)
    assert len(bounded_body(("<p>" * 2 * MOST_TAGS).encode(encoding))) == 3 * width * MOST_TAGS


@given(st.text(alphabet="<>/abp \0é", max_size=60))
def test_short_text_is_never_cut(text: str) -> None:
    assert bounded(text) is text
    page = Page(body=text.encode(), url=SITE, fetched_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert in_bounds(page) is page


def test_an_article_of_other_code_is_bounded_before_it_is_cleaned() -> None:
    from crawler.article import Article

    deep = Article(url=SITE + "1", title="Deep", body="<blockquote>" * 100_000 + "x")
    assert seconds_of(lambda: cleaned(deep)) < SECONDS
    assert clean_html(cleaned(deep).body) == cleaned(deep).body


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5), st.binary(max_size=5))
def test_gzip_of_several_members_is_read_whole(parts: list[bytes], behind: bytes) -> None:
    body = b"".join(map(gzip.compress, parts))
    if not behind.startswith(b"\x1f\x8b"):
        assert gunzip(body + behind, 2000) == b"".join(parts)
    with pytest.raises(EOFError):
        gunzip(body[:-1], 2000)


def test_gzip_has_its_limits() -> None:
    with pytest.raises(TooLarge):
        gunzip(gzip.compress(b"\0" * 1001), 1000)
    with pytest.raises(zlib.error):
        gunzip(b"no gzip", 1000)
    with pytest.raises(zlib.error, match="too many"):
        gunzip(gzip.compress(b"") * 2000, 1000)
