"""Sitemaps: urlset, news, index, text, gzip."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings.pages import SITE, read, refused, urls

from crawler.errors import ListingError
from crawler.outcome import Listing

MAP = SITE + "sitemap.xml"
XMLNS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="x.xsl"?><urlset {XMLNS}>{inside}</urlset>'


def entry(url: str, inside: str = "") -> str:
    return f"<url><loc>{url}</loc>{inside}</url>"


def sitemap(body: str | bytes, *, pattern: str = "", content_type: str = "") -> Listing:
    return read("sitemap", body, MAP, url=MAP, pattern=pattern, content_type=content_type)


def told(body: str | bytes, *, pattern: str = "") -> str:
    return refused("sitemap", body, MAP, url=MAP, pattern=pattern)


NEWS = entry(
    "\n https://news.example/1 \n",
    """<lastmod>2026-03-31T12:00:00Z</lastmod><image:image><image:loc>https://cdn.example/1.jpg</image:loc><image:title>x</image:title></image:image>
<news:news><news:publication><news:name>N</news:name><news:language>zh-cn</news:language></news:publication>
<news:publication_date>2026-03-31T09:15:00+08:00</news:publication_date>
<news:title>甲 &amp;amp; 乙</news:title><news:keywords>a, b，c</news:keywords></news:news>""",
)


def test_news_sitemap_says_title_time_language_tags_and_picture() -> None:
    (link,) = sitemap(urlset(NEWS)).links
    found = link.hints
    assert link.url == SITE + "1"
    assert (found.title, found.language, found.tags, found.image) == ("甲 & 乙", "zh-CN", ("a", "b", "c"), "https://cdn.example/1.jpg")
    assert (str(found.published), str(found.updated)) == ("2026-03-31T09:15:00+08:00", "2026-03-31T12:00:00+00:00")


def test_lastmod_is_a_time_of_change_never_of_publication() -> None:
    (link,) = sitemap(urlset(entry(SITE + "1", "<lastmod>2026-03-31</lastmod>"))).links
    assert (link.hints.published, str(link.hints.updated)) == (None, "2026-03-31")


def test_index_leads_to_its_sitemaps() -> None:
    text = f"""<sitemapindex {XMLNS}><sitemap><loc>{SITE}a.xml.gz</loc><lastmod>2026-01-01</lastmod></sitemap>
<sitemap><loc>/b.xml</loc></sitemap><sitemap><loc>{SITE}a.xml.gz</loc></sitemap><sitemap><loc>javascript:x</loc></sitemap></sitemapindex>"""
    assert sitemap(text) == Listing((), (SITE + "a.xml.gz", SITE + "b.xml"))


def test_pattern_filters() -> None:
    text = urlset(entry(SITE + "news/1") + entry(SITE + "tag/1"))
    assert urls(sitemap(text, pattern="^/news/")) == [SITE + "news/1"]
    assert "of its 2 addresses 2 don't match article.url" in told(text, pattern="^/x/")


def test_other_sites_files_and_the_root_are_left_out() -> None:
    text = urlset("".join(map(entry, ["https://example.org/1", SITE, SITE + "a.pdf", "mailto:x", "", SITE + "1", SITE + "1#x"])))
    assert urls(sitemap(text)) == [SITE + "1"]


@pytest.mark.parametrize("content_type", ["application/x-gzip", "text/xml", ""])
def test_gzip_is_known_by_its_content(content_type: str) -> None:
    body = gzip.compress(urlset(entry(SITE + "1")).encode()[:60]) + gzip.compress(urlset(entry(SITE + "1")).encode()[60:])
    assert urls(sitemap(body, content_type=content_type)) == [SITE + "1"]


def test_text_sitemap() -> None:
    assert urls(sitemap(f"\ufeff{SITE}1\r\n\r\n{SITE}2\r\n")) == [SITE + "1", SITE + "2"]


@pytest.mark.parametrize("name", ["urlset", "{http://www.google.com/schemas/sitemap/0.84}urlset", "ns:urlset"])
def test_namespaces_do_not_matter(name: str) -> None:
    text = {
        "urlset": f"<urlset><url><loc>{SITE}1</loc></url></urlset>",
        "ns:urlset": f'<s:urlset xmlns:s="http://x.example/"><s:url><s:loc><![CDATA[{SITE}1]]></s:loc></s:url></s:urlset>',
    }.get(name, f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84"><url><loc>{SITE}1</loc></url></urlset>')
    assert urls(sitemap(text)) == [SITE + "1"]


@pytest.mark.parametrize("sign", ["&", "&amp;"])
def test_ampersand_in_an_address_need_not_be_escaped(sign: str) -> None:
    assert urls(sitemap(urlset(entry(f"{SITE}read?a=1{sign}id=2")))) == [SITE + "read?a=1&id=2"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "gb18030"])
def test_charsets(charset: str) -> None:
    inside = "<news:news><news:title>新的新闻和世界</news:title></news:news>"
    text = urlset(entry(SITE + "1", inside)).replace("UTF-8", {"gb18030": "gb2312"}.get(charset, charset))
    assert sitemap(text.encode(charset)).links[0].hints.title == "新的新闻和世界"


def test_empty_sitemap_is_no_error() -> None:
    assert sitemap(urlset("")) == Listing(())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "the page is empty"),
        ("<!DOCTYPE html><title>Not found</title>", "is an HTML page ('Not found'), not a sitemap; a list page is written as list:"),
        ("<rss><channel/></rss>", "is a feed, not a sitemap; write it as feed:"),
        (urlset(entry(SITE + "1"))[:-3], "is broken XML"),
        (urlset("<url><loc>x</url>"), "is broken XML"),
        (gzip.compress(b"<urlset/>")[:-4], "is a gzip file that is cut off"),
        (b"\x1f\x8b\x08garbage", "is a broken gzip file"),
        ("not found", "is plain text, not a sitemap"),
        (b"%PDF-1.4", "is a PDF"),
        ('<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', "declares entities"),
        (urlset(entry("https://example.org/1")), "of its 1 addresses 1 lead to other sites"),
        (urlset("<url><lastmod>x</lastmod></url>"), "of its 1 addresses none can be read"),
    ],
)
def test_what_is_no_sitemap_is_told(body: str | bytes, said: str) -> None:
    assert said in told(body)


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    began = time.monotonic()
    assert "more than 16 MiB when uncompressed" in told(bomb)
    assert time.monotonic() - began < 10


def test_no_more_than_fifty_thousand_addresses_are_taken() -> None:
    assert len(sitemap(urlset("".join(entry(f"{SITE}{number}") for number in range(50_010)))).links) == 50_000


@pytest.mark.parametrize("text", ["<urlset>" + "<url>" * 100_000, urlset("<url>" + "<loc>" * 300), urlset(entry(SITE + "x" * 11_000_000))])
def test_nasty_sitemaps_end_in_time(text: str) -> None:
    began = time.monotonic()
    try:
        sitemap(text)
    except ListingError:
        pass
    assert time.monotonic() - began < 30


PIECES = st.lists(
    st.sampled_from(
        [
            "<url>",
            "</url>",
            "<loc>",
            "</loc>",
            SITE,
            "1",
            "<lastmod>",
            "2026-01-01",
            "</lastmod>",
            "<news:news>",
            "</news:news>",
            "&",
            "<!--",
        ]
    )
    | st.text(max_size=4)
).map("".join)


@given(PIECES)
def test_any_sitemap_is_links_or_an_error(inside: str) -> None:
    try:
        listing = sitemap(urlset(inside))
    except ListingError:
        return
    assert all(link.url.startswith(SITE) for link in listing.links)
