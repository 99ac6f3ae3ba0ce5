"""HTML list pages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings.pages import SITE, read, refused, urls

from crawler.errors import ListingError
from crawler.page import Hints

LIST = """<html><body><nav><a href="/">Home</a><a href="/about.html">About</a></nav>
<ul class="stories">
<li><a class="thumb" href="/a/1.html"><img src="/blank.gif" data-src="/i/1.jpg"></a><h2><a href="/a/1.html">The&nbsp;first
 <b>story</b></a></h2><time datetime="2026-03-31T16:00:00+08:00">yesterday</time></li>
<li><h2><a href="/a/2.html?utm_source=list#top">The second</a></h2><p class="when">2026年3月30日 09:30</p></li>
<li><h2><a href="https://elsewhere.example/a/3.html">Elsewhere</a></h2></li>
</ul><a class="next" href="?page=2">more</a></body></html>"""


def test_links_come_in_order_each_once() -> None:
    assert urls(read("list", LIST, {"url": SITE, "link": "h2 a"})) == [SITE + "a/1.html", SITE + "a/2.html?utm_source=list"]


def test_title_is_the_links_text() -> None:
    titles = [link.hints.title for link in read("list", LIST, {"url": SITE, "link": "h2 a"}).links]
    assert titles == ["The first story", "The second"]


def test_link_in_a_heading_names_an_article_whichever_comes_first() -> None:
    html = '<a href="/1">128</a><a href="/1"><img></a><h3><a href="/1">Headline</a></h3><a href="/1">Read more</a>'
    assert read("list", html).links[0].hints.title == "Headline"


def test_without_heading_the_first_text_names_it() -> None:
    assert read("list", '<a href="/1"><img></a><a href="/1">Story</a><a href="/1">more</a>').links[0].hints.title == "Story"


def test_teaser_in_a_link_is_no_title() -> None:
    assert read("list", f'<a href="/1">{"long " * 100}</a>').links[0].hints.title == ""


def test_card_that_is_one_link_is_named_by_its_heading() -> None:
    assert read("list", '<a href="/1"><span>12:30</span><h3>Headline</h3><p>Teaser</p></a>').links[0].hints.title == "Headline"


def test_sections_language_is_what_the_list_says_of_its_articles() -> None:
    from listings.pages import page

    from crawler.listings import read_listing
    from crawler.recipes import Recipe

    made = Recipe.model_validate({"url": SITE, "sections": [{"id": "a", "list": SITE, "language": "fr"}]})
    assert read_listing(page('<a href="/1">x</a>'), made, made.sections[0], "list").links[0].hints.language == "fr"


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert read("list", '<a href="/1">a&#1;b\x0bc&#xD800;</a>').links[0].hints.title == "abc\ufffd"


def test_entry_gives_title_time_and_picture() -> None:
    rules = {"url": SITE, "item": "ul.stories > li", "link": "h2 a", "title": "h2", "published": "time, .when", "image": ".thumb img"}
    first, second = read("list", LIST, rules, zone="Asia/Shanghai").links
    assert first.hints.title == "The first story"
    assert str(first.hints.published) == "2026-03-31T16:00:00+08:00"
    assert first.hints.image == SITE + "i/1.jpg"
    assert str(second.hints.published) == "2026-03-30T09:30+08:00"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("2026-03-30", "2026-03-30"),
        ("2026-03-30 09:30", "2026-03-30T09:30+08:00"),
        ("发布：2026年3月30日", "2026-03-30"),
        ("Mon, 30 Mar 2026 09:30:00 GMT", "2026-03-30T09:30:00+00:00"),
        ("3小时前", "None"),
        ("5 minutes ago", "None"),
        ("2126-01-01", "None"),
        ("", "None"),
    ],
)
def test_times(shown: str, expected: str) -> None:
    html = f'<li><a href="/1">x</a><i>{shown}</i></li>'
    listing = read("list", html, {"url": SITE, "item": "li", "published": "i"}, zone="Asia/Shanghai")
    assert str(listing.links[0].hints.published) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ('<img src="/a.jpg">', SITE + "a.jpg"),
        ('<img src="data:image/gif;base64,AAAA" data-original="/b.jpg">', SITE + "b.jpg"),
        ('<img data-src="//cdn.example/c.jpg">', "https://cdn.example/c.jpg"),
        ("<img alt=x>", ""),
    ],
)
def test_lazy_picture_wins_over_its_placeholder(image: str, expected: str) -> None:
    html = f'<li><a href="/1">x</a>{image}</li>'
    assert read("list", html, {"url": SITE, "item": "li", "image": "img"}).links[0].hints.image == expected


def test_srcset_gives_its_first_address() -> None:
    html = '<li><a href="/1">x</a><img srcset="/s.jpg 1x, /l.jpg 2x"></li>'
    assert read("list", html, {"url": SITE, "item": "li", "image": "img::attr(srcset)"}).links[0].hints.image == SITE + "s.jpg"


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<h3 class=t><a href="/1">x</a></h3>', ".t"),
        ('<a href="/1"><b class=t>x</b></a>', ".t"),
        ('<div class=t data-href="/1">x</div>', ".t::attr(data-href)"),
        ('<a class=t href="/1">x</a>', ".t"),
    ],
)
def test_selected_element_need_not_be_the_link(html: str, link: str) -> None:
    assert urls(read("list", html, {"url": SITE, "link": link})) == [SITE + "1"]


def test_entry_takes_its_first_link_that_leads_to_an_article() -> None:
    html = '<li><a href="/tag/x">Tag</a><a href="/news/1">Story</a><a href="/news/2">Related</a></li>'
    listing = read("list", html, {"url": SITE, "item": "li"}, pattern=r"^/news/\d+")
    assert [(link.url, link.hints.title) for link in listing.links] == [(SITE + "news/1", "Story")]


def test_odd_nesting_is_read_as_a_browser_reads_it() -> None:
    """libxml2 closes the list at the inner li (measured on a real front page: 1 of 55 found)."""
    html = '<ul class="list"><li><h4><a href="/1">1</a></h4><li><div><li><h4><a href="/2">2</a></h4></ul>'
    assert urls(read("list", html, {"url": SITE, "link": "ul.list h4 a"})) == [SITE + "1", SITE + "2"]


def test_base_element_counts() -> None:
    html = '<head><base href="/world/"></head><a href="1.html">x</a>'
    assert urls(read("list", html)) == [SITE + "world/1.html"]


def test_pattern_looks_at_path_and_query() -> None:
    html = '<a href="/main/content?id=12">x</a><a href="/main/content?tag=12">y</a>'
    assert urls(read("list", html, pattern=r"^/main/content\?id=(?P<id>\d+)$")) == [SITE + "main/content?id=12"]


@pytest.mark.parametrize(
    "href",
    [
        "https://elsewhere.example/1", "mailto:a@news.example", "javascript:void(0)", "tel:1", "#top", "", "/", "https://news.example/#x",
        "/i/1.JPG", "/paper.pdf", "/feed.xml", "data:text/html,x", "http://[::1", "/style.css?v=1",
    ],
)  # fmt: skip
def test_what_is_certainly_no_article_is_left_out(href: str) -> None:
    html = f'<a href="{href}">x</a><a href="/story">Story</a>'
    assert urls(read("list", html)) == [SITE + "story"]


def test_subdomains_and_the_recipes_own_site_are_kept() -> None:
    html = '<a href="https://user.example.org/1">x</a><a href="https://news.example/2">y</a><a href="https://example.net/3">z</a>'
    listing = read("list", html, "https://list.example.org/", url="https://list.example.org/")
    assert urls(listing) == ["https://user.example.org/1", "https://news.example/2"]


def test_one_address_in_several_spellings_is_one_article() -> None:
    html = '<a href="/1">a</a><a href="http://NEWS.example:80/1#c">b</a><a href="/1?utm_source=x">c</a>'
    assert urls(read("list", html)) == [SITE + "1"]


@pytest.mark.parametrize(
    ("href", "further"),
    [("?page=2", (SITE + "?page=2",)), ("/", ()), ("https://elsewhere.example/2", ()), ("javascript:void(0)", ())],
)
def test_next_page(href: str, further: tuple[str, ...]) -> None:
    html = f'<a href="/1">x</a><a class="next" href="{href}">more</a>'
    assert read("list", html, {"url": SITE, "link": "a:not(.next)", "next": "a.next", "pages": 9}).further == further


def test_later_page_without_links_is_the_end() -> None:
    rules = {"url": SITE + "list_{page}.html", "pages": 9, "link": "h2 a"}
    assert read("list", "<p>nothing more</p>", rules, url=SITE + "list_7.html").links == ()
    assert "finds nothing" in refused("list", "<a href=/1>x</a>", rules, url=SITE + "list_1.html")


@pytest.mark.parametrize(
    ("body", "rules", "said"),
    [
        ("", {}, "the page is empty"),
        (" \r\n", {}, "the page is empty"),
        ("<p>no link</p>", {}, "the page holds no link at all: a script may make its list"),
        ("<p><a href=/1>x</a></p>", {"link": "h2 a"}, "the selector link: 'h2 a' finds nothing; has the page changed?"),
        ("<p><a href=/1>x</a></p>", {"item": "li"}, "the selector item: 'li' finds nothing; has the page changed?"),
        ("<li><a href=/1>x</a></li>", {"item": "li", "link": "h2 a"}, "link: 'h2 a' finds nothing within 'li'"),
        ("<a href=/1>x</a><i class=t>x</i>", {"link": "i.t"}, "link: 'i.t' finds leads nowhere"),
        ("<a href='https://b.example/'>x</a><a href=/>y</a>", {}, "of what 'a[href]' finds, 1 are the list itself, 1 lead to other sites"),
        ("<a href=/x>x</a><a href=/y>y</a>", {"pattern": r"^/\d"}, "2 don't match article.url"),
        ("<form><input type=password></form><a href=#>x</a>", {}, "a login page"),
        ("<rss><channel><item/></channel></rss>", {}, "is a feed, not an HTML list page; write it as feed:"),
        ("<?xml version='1.0'?><urlset><url/></urlset>", {}, "is a sitemap, not an HTML list page; write it as sitemap:"),
        ('{"items": []}', {}, "is JSON, not an HTML list page"),
        ("just words", {}, "is plain text"),
        (b"%PDF-1.7\n", {}, "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", {}, "is a picture"),
        (b"\x00\x01\x02\x03" * 50, {}, "is a binary file"),
    ],
)
def test_what_is_no_list_is_told(body: str | bytes, rules: dict[str, Any], said: str) -> None:
    pattern = rules.pop("pattern", "")
    assert said in refused("list", body, {"url": SITE, **rules}, pattern=pattern)


@pytest.mark.parametrize(
    ("charset", "header"),
    [("gbk", "text/html; charset=gb2312"), ("gbk", ""), ("utf-8", ""), ("utf-16-le", ""), ("big5", "text/html; charset=big5")],
)
def test_charsets(charset: str, header: str) -> None:
    declared = {"gbk": "gb2312", "utf-16-le": "utf-16"}.get(charset, charset)
    html = f'<html><head><meta charset="{declared}"></head><a href="/1">臺灣的新聞與世界的新聞</a></html>'
    body = (b"\xff\xfe" if charset == "utf-16-le" else b"") + html.encode("gb18030" if charset == "gbk" else charset)
    assert read("list", body, content_type=header).links[0].hints.title == "臺灣的新聞與世界的新聞"


@pytest.mark.parametrize(
    "html", ["<div>" * 20_000 + "<a href=/1>x</a>", "<a href=/1>x</a>" + "<b>" * 20_000, "<li>" * 20_000 + "<a href=/1>x"]
)
@pytest.mark.parametrize("item", ["", "li, div, b"])
def test_deep_and_wide_pages_end_in_time(html: str, item: str) -> None:
    began = time.monotonic()
    try:
        read("list", html, {"url": SITE, "item": item} if item else {"url": SITE})
    except ListingError:
        pass
    assert time.monotonic() - began < 30


def test_twenty_thousand_links_are_read() -> None:
    html = "".join(f'<li><h3><a href="/{number}">Story {number}</a></h3></li>' for number in range(20_000))
    assert len(read("list", html).links) == 20_000


def test_a_section_of_another_way_in_is_told() -> None:
    from listings.pages import page, recipe

    from crawler.listings.html import read_html

    made = recipe("feed")
    with pytest.raises(ListingError, match="has no list"):
        read_html(page("<a href=/1>x</a>"), made, made.sections[0])


FRAGMENTS = st.lists(
    st.sampled_from(
        ['<a href="/1">', "<a href=//x>", "</a>", "<h2>", "</h2>", "<li>", "<ul>", "text", "<base href='/b/'>", "&amp;", "<!--", "\x00"]
    )
    | st.text(max_size=5)
).map("".join)


@given(FRAGMENTS)
def test_any_page_is_links_or_an_error(html: str) -> None:
    try:
        listing = read("list", html, {"url": SITE, "next": "a", "pages": 2})
    except ListingError:
        return
    assert listing.links
    for link in listing.links:
        assert link.url.startswith(("https://news.example/", "http://x/"))
        assert isinstance(link.hints, Hints)


ENTRY = """<ul><li data-id="7" onclick="go('/n/7')"><h3><a href="/n/7">Seven</a></h3><p class="by">By Ann Lee and Bo Chen</p>
<span class="when">31.03.2026</span><b>Sea</b><b>Land</b><img srcset="/p.jpg 1x"><em></em></li></ul>"""


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"item": ["div.none", "li"], "link": ["h2 a", "h3 a"]}, Hints(title="Seven")),
        ({"item": "li", "title": ["em", "xpath:.//h3"]}, Hints(title="Seven")),
        ({"item": "li", "title": {"select": "h3", "suffix": "!"}}, Hints(title="Seven!")),
        ({"item": "li", "title": "regex:<h3><a[^>]*>([^<]+)"}, Hints(title="Seven")),
        ({"item": "li", "authors": ".by"}, Hints(title="Seven", authors=("Ann Lee", "Bo Chen"))),
        ({"item": "li", "authors": ["em", "const:The Wire"]}, Hints(title="Seven", authors=("The Wire",))),
        ({"item": "li", "tags": "b"}, Hints(title="Seven", tags=("Sea", "Land"))),
        ({"item": "li", "description": "p"}, Hints(title="Seven", summary="By Ann Lee and Bo Chen")),
        ({"item": "li", "image": ["em::attr(src)", "img::attr(srcset)"]}, Hints(title="Seven", image=SITE + "p.jpg")),
        ({"item": "li", "image": {"select": "regex:(p)\\.jpg", "prefix": "/b/", "suffix": ".gif"}}, Hints("Seven", image=SITE + "b/p.gif")),
    ],
)  # fmt: skip
def test_fields_of_an_entry_have_fallbacks_and_transforms(rules: dict[str, Any], found: Hints) -> None:
    (link,) = read("list", ENTRY, {"url": SITE, **rules}).links
    assert (link.url, link.hints) == (SITE + "n/7", found)


@pytest.mark.parametrize(
    "link",
    [
        {"select": "li::attr(data-id)", "prefix": "/n/"},
        {"select": "li::attr(onclick)", "capture": r"go\('([^']+)'\)"},
        ["h1 a", {"select": "h3 a", "replace": {"^/x/": "/y/"}}],
    ],
)
def test_a_link_may_be_made_of_an_attribute(link: Any) -> None:
    assert urls(read("list", ENTRY, {"url": SITE, "link": link})) == [SITE + "n/7"]


def test_a_time_in_the_recipes_form() -> None:
    rules = {"url": SITE, "item": "li", "published": {"select": ".when", "date": "%d.%m.%Y"}}
    assert str(read("list", ENTRY, rules).links[0].hints.published) == "2026-03-31"


FOLLOWED = '<nav><a href="/t/1">One</a><a href="/t/2">Two</a><a href="https://b.example/">Away</a><a href="/">Home</a></nav>'


def test_the_first_page_leads_to_further_lists_and_needs_no_article_itself() -> None:
    rules = {"url": SITE, "link": "h2 a", "follow": ["aside a", "nav a"]}
    assert read("list", FOLLOWED, rules).lists == (SITE + "t/1", SITE + "t/2")
    assert read("list", FOLLOWED, rules, url=SITE + "t/1").lists == ()
    assert "finds nothing" in refused("list", "<nav></nav><a href=/x>x</a>", rules)


def test_numbers_of_pages_may_begin_and_grow_otherwise() -> None:
    from crawler.recipes import HtmlList

    assert HtmlList(url=SITE + "{page}", pages=3, first=0, step=20).addresses() == [SITE + "0", SITE + "20", SITE + "40"]
