"""RSS, Atom and RDF feeds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings.pages import SITE, read, refused, urls

from crawler.errors import ListingError
from crawler.extraction.clean import clean_html
from crawler.outcome import Listing
from crawler.page import Hints

FEED = SITE + "feed.xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(items: str, channel: str = "") -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {NAMESPACES}><channel><title>News</title>'
    return f"{head}{channel}{items}</channel></rss>"


def item(inside: str, link: str = "https://news.example/1") -> str:
    return rss(f"<item><link>{link}</link>{inside}</item>")


def feed(body: str | bytes, **values: str) -> Listing:
    return read("feed", body, FEED, url=FEED, **values)


def hints(body: str | bytes, **values: str) -> Hints:
    (link,) = feed(body, **values).links
    return link.hints


FULL = rss(
    """<item><title>Ministers agree &amp;amp; leave</title><link>https://news.example/1</link><guid isPermaLink="false">x</guid>
<pubDate>Tue, 31 Mar 2026 09:15:00 +0800</pubDate><dc:creator>A. Smith</dc:creator><dc:creator>B. Jones</dc:creator>
<category>World</category><category>Ministers</category><description>&lt;p&gt;They &lt;b&gt;agree&lt;/b&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>They agree.</p><img src="/i/1.jpg">]]></content:encoded>
<enclosure url="https://news.example/i/lead.jpg" type="image/jpeg" length="1"/></item>""",
    "<link>https://news.example/</link><language>en-gb</language>",
)


def test_item_says_all_of_its_article() -> None:
    found = hints(FULL)
    assert found.title == "Ministers agree & leave"
    assert str(found.published) == "2026-03-31T09:15:00+08:00"
    assert found.updated is None
    assert found.authors == ("A. Smith", "B. Jones")
    assert found.tags == ("World", "Ministers")
    assert found.summary == "They agree."
    assert '<img src="https://news.example/i/1.jpg"' in found.body
    assert found.image == "https://news.example/i/lead.jpg"
    assert found.language == "en-GB"


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-cn" xml:base="https://news.example/world/"><title>x</title>
<entry>
<title type="html">A &lt;i&gt;b&lt;/i&gt; &amp;lt; c</title>
<link rel="self" href="https://news.example/atom/1"/><link href="1.html"/>
<published>2026-03-31T09:15:00+08:00</published><updated>2026-03-31T10:00:00Z</updated><author><name>张三</name></author>
<category term="t" label="标签"/><summary>S</summary>
<content type="html">&lt;p&gt;&lt;a href="2.html"&gt;x&lt;/a&gt;&lt;/p&gt;</content></entry></feed>"""


def test_atom() -> None:
    (link,) = feed(ATOM).links
    found = link.hints
    assert link.url == "https://news.example/world/1.html"
    assert (found.title, found.authors, found.tags, found.summary, found.language) == ("A b < c", ("张三",), ("标签",), "S", "zh-CN")
    assert (str(found.published), str(found.updated)) == ("2026-03-31T09:15:00+08:00", "2026-03-31T10:00:00+00:00")
    assert 'href="https://news.example/world/2.html"' in found.body


def test_atom_with_updated_alone_was_published_then() -> None:
    text = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/><updated>2026-03-31T10:00:00+02:00</updated></entry></feed>'
    assert (str(hints(text).published), hints(text).updated) == ("2026-03-31T10:00:00+02:00", None)


def test_rdf() -> None:
    text = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>x</title></channel><item rdf:about="https://news.example/1"><title>T</title><link>https://news.example/1</link>
<dc:date>2026-03-31T09:15+09:00</dc:date><dc:creator>C</dc:creator><dc:subject>S</dc:subject></item></rdf:RDF>"""
    found = hints(text)
    assert (found.title, str(found.published), found.authors, found.tags) == ("T", "2026-03-31T09:15+09:00", ("C",), ("S",))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("<![CDATA[<em>x</em> y]]>", "x y"),
        ("<![CDATA[“x”&nbsp;&#8211; y]]>", "“x” – y"),
        ("1 &lt; 2", "1 < 2"),
        ("if a&lt;b then c", "if a<b then c"),
        ("Q&amp;A: R&amp;D", "Q&A: R&D"),
        ("  two\n lines ", "two lines"),
        ("", ""),
        ("<![CDATA[index.html]]>", "index.html"),
    ],
)
def test_titles_become_plain_text(title: str, shown: str) -> None:
    assert hints(item(f"<title>{title}</title>")).title == shown


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Tue, 31 Mar 2026 09:15:00 +0800", "2026-03-31T09:15:00+08:00"),
        ("Tue, 31 Mar 2026 09:15:00 GMT", "2026-03-31T09:15:00+00:00"),
        ("Tue, 31 Mar 2026 09:15:00 EST", "2026-03-31T09:15:00-05:00"),
        ("31 Mar 2026 09:15 +0100", "2026-03-31T09:15+01:00"),
        ("2026-03-31T09:15:00+08:00", "2026-03-31T09:15:00+08:00"),
        ("2026-03-31 09:15:00", "2026-03-31T09:15:00+08:00"),
        ("2026-03-31", "2026-03-31"),
        ("Tue Mar 31 09:15:00 2026", "2026-03-31T09:15:00+08:00"),
        ("2026年3月31日 09:15", "2026-03-31T09:15+08:00"),
        ("31 มีนาคม 2026 09:15", "2026-03-31T09:15+08:00"),
        ("yesterday", "None"),
        ("Tue, 31 Mar 2099 09:15:00 GMT", "None"),
        ("", "None"),
    ],
)
def test_times_keep_their_offset_else_take_the_sources_zone(written: str, read_as: str) -> None:
    found = hints(item(f"<pubDate>{written}</pubDate>"), zone="Asia/Shanghai", language="th" if "มี" in written else "en")
    assert str(found.published) == read_as


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("<author>desk@news.example (A. Smith)</author>", ("A. Smith",)),
        ("<author>desk@news.example</author>", ()),
        ("<author>a@news.online (A), b@news.example (B)</author>", ("A", "B")),
        ("<author>A. Smith &lt;a@news.example&gt;</author>", ("A. Smith",)),
        ("<author>Joe (Editor)</author>", ("Joe (Editor)",)),
        ("<dc:creator>https://news.example/a</dc:creator>", ()),
        ("<dc:creator><![CDATA[ <b>A</b> ]]></dc:creator>", ("A",)),
    ],
)
def test_authors_are_names(author: str, names: tuple[str, ...]) -> None:
    assert hints(item(author)).authors == names


@pytest.mark.parametrize(
    ("inside", "image"),
    [
        (
            '<media:content url="/a.jpg" medium="image" width="100"/><media:content url="/b.jpg" medium="image" width="900"/>',
            SITE + "b.jpg",
        ),
        ('<media:group><media:content url="/a.jpg" type="image/jpeg"/></media:group>', SITE + "a.jpg"),
        ('<media:content url="/a.mp4" type="video/mp4"/><media:thumbnail url="/t.jpg"/>', SITE + "t.jpg"),
        ('<enclosure url="/a.mp3" type="audio/mpeg" length="1"/>', ""),
        ('<enclosure url="/a.png" length="1"/>', SITE + "a.png"),
        ('<enclosure url="javascript:x" type="image/png"/>', ""),
    ],
)
def test_pictures(inside: str, image: str) -> None:
    assert hints(item(inside)).image == image


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>/world/1</link>", SITE + "world/1"),
        ("<link> https://news.example/1 \n</link>", SITE + "1"),
        ('<guid isPermaLink="true">https://news.example/2</guid>', SITE + "2"),
        ("<guid>https://news.example/2</guid>", SITE + "2"),
        (
            "<link>https://feeds.example.com/~r/x</link><feedburner:origLink>https://news.example/3</feedburner:origLink>",
            SITE + "3",
        ),
        ("<link>https://example.org/4</link>", "https://example.org/4"),
    ],
)
def test_where_an_item_leads(inside: str, url: str) -> None:
    assert urls(feed(rss(f"<item><title>x</title>{inside}</item>"))) == [url]


@pytest.mark.parametrize("inside", ['<guid isPermaLink="false">https://news.example/2</guid>', "<link>javascript:x</link>", ""])
def test_item_that_leads_nowhere_is_left_out(inside: str) -> None:
    text = rss(f"<item><title>x</title>{inside}</item><item><link>https://news.example/1</link></item>")
    assert urls(feed(text)) == [SITE + "1"]


def test_pattern_counts_for_feeds_too() -> None:
    text = rss("<item><link>https://news.example/video/1</link></item><item><link>https://news.example/news/1</link></item>")
    assert urls(feed(text, pattern="^/news/")) == [SITE + "news/1"]
    assert "of its 2 items' links 2 don't match article.url" in refused("feed", text, FEED, url=FEED, pattern="^/x/")


@pytest.mark.parametrize(
    "tail",
    [
        "<item><title>Ministers",
        "<item><title>a & b</title><link>https://news.example/2</link></item></channel></rss>",
        "\x0b</channel></rss>",
    ],
)
def test_feed_that_is_not_well_formed_gives_what_can_be_read(tail: str) -> None:
    text = rss("<item><title>One</title><link>https://news.example/1</link></item>").replace("</channel></rss>", tail)
    links = feed(text).links
    assert (links[0].url, links[0].hints.title) == (SITE + "1", "One")


def test_empty_feed_is_no_error() -> None:
    assert feed(rss("")).links == ()


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("shift_jis", "Shift_JIS", "text/xml"),
        ("euc-jp", "EUC-JP", "text/xml"),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "", "application/xml; charset=utf-8"),
        ("utf-16", "utf-16", ""),
        ("gb18030", "gb2312", ""),
        ("euc-jp", "", "text/xml; charset=euc-jp"),
    ],
)
def test_charsets(charset: str, declared: str, header: str) -> None:
    title = "日本語のニュース" if "j" in charset.lower() else "新的新闻和世界"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = (
        f"{declaration}<rss version='2.0'><channel><item><title>{title}</title><link>https://news.example/1</link></item></channel></rss>"
    )
    assert hints(text.encode(charset), content_type=header).title == title


LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)) + "]>"


@pytest.mark.parametrize(
    "doctype",
    [
        LAUGHS,
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!doctype rss [\n<!-- ]> --><!ENTITY x 'y'>]>",
        "<!DOCTYPE rss PUBLIC \"]>\" 'x' [<!ENTITY x 'y'>]>",
    ],
)
def test_entities_of_its_own_are_refused(doctype: str) -> None:
    text = doctype + "<rss version='2.0'><channel><title>&l9;&x;</title><item><link>https://news.example/1</link></item></channel></rss>"
    assert "declares entities" in refused("feed", text, FEED, url=FEED)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
        '<!DOCTYPE rdf:RDF [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "lat1.ent"> %HTMLlat1;]>',
    ],
)
def test_other_document_types_are_left_out(doctype: str) -> None:
    text = f"<?xml version='1.0'?>{doctype}<rss version='0.91'><channel><item><title>x</title><link>https://news.example/1</link></item></channel></rss>"
    assert urls(feed(text)) == [SITE + "1"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "the page is empty"),
        (
            "<!DOCTYPE html><html><head><title> Sign\n in </title></head></html>",
            "is an HTML page ('Sign in'), not a feed; a list page is written as list:",
        ),
        ("<html><form><input name=p type='password'></form></html>", "is a login page, not a feed"),
        ("<?xml version='1.0'?><urlset></urlset>", "is a sitemap, not a feed; write it as sitemap:"),
        ("<?xml version='1.0'?><opml></opml>", "is some other XML, not a feed"),
        ('{"error": "not found"}', "is JSON, but no JSON Feed"),
        ("{broken", "is broken JSON"),
        ("404 page not found", "is plain text, not a feed"),
        (b"%PDF-1.4", "is a PDF"),
        ("<rss version='2.0'><channel", "is broken XML ("),
        (rss("<item><title>x</title></item>"), "no link to an article: its items have none"),
    ],
)
def test_what_is_no_feed_is_told(body: str | bytes, said: str) -> None:
    assert said in refused("feed", body, FEED, url=FEED)


def test_script_in_a_feed_comes_out_as_it_is_and_the_cleaner_takes_it() -> None:
    found = hints(item("<content:encoded><![CDATA[<p onclick=x()>a</p><script>x()</script>]]></content:encoded>"))
    assert "script" in found.body
    assert "script" not in clean_html(found.body)
    assert "onclick" not in clean_html(found.body)


@pytest.mark.parametrize(
    "text",
    [
        rss("<item><description>" + "&lt;" * 200_000 + "</description></item>"),
        "<rss>" + "<a>" * 30_000,
        rss("<item><title>" + "<b>" * 5_000 + "</title></item>"),
        "<!DOCTYPE rss [" + "<!--" * 50_000,
        "<!-- " * 100_000,
    ],
)
def test_nasty_feeds_end_in_time(text: str) -> None:
    began = time.monotonic()
    try:
        feed(text)
    except ListingError:
        pass
    assert time.monotonic() - began < 30


TAGS = ("item", "title", "pubDate", "description", "entry", "guid", "author", "content:encoded", "category")
OTHERS = ("<link>https://news.example/1</link>", "<![CDATA[", "]]>", "&lt;b>", "&", "<", "<media:content/>", "2026-01-01", "\x00")
PIECES = st.lists(st.sampled_from([*OTHERS, *(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS)]) | st.text(max_size=4)).map(
    "".join
)


@given(PIECES)
def test_any_feed_is_links_or_an_error(inside: str) -> None:
    try:
        listing = feed(rss(inside))
    except ListingError:
        return
    assert all(link.url.startswith("http") for link in listing.links)
