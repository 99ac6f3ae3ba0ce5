"""A body that is told to stay as it is comes unchanged out of the cleaner, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from crawler.article import Image
from crawler.extraction.clean import clean_html
from crawler.feeds.asis import paragraphs, sources, stays, without_classes
from crawler.feeds.bearable import bearable
from crawler.feeds.item import KeptPicture, body_text, full_text, full_text_as_it_is, joined, readable

PAGE = "https://a.example/city/1.html"
PICTURE = '<img src="https://a.example/b.jpg?w=1&amp;h=2" alt="It\'s one" class="wide" width="640" referrerpolicy="no-referrer">'
GAPS = ["&nbsp;", " ", "  ", "\u3000", "\xa0", "\u200b", "\n"]
WORDS = ["word", "zwei Wörter", "三", "É", "a &lt; b", "&amp;amp;", 'x="y"', "&copy;", "'", "]]>", "&"]
IMAGES = [
    PICTURE,
    '<img src="https://a.example/b.jpg" referrerpolicy="no-referrer">',
    '<img src="/b.jpg" referrerpolicy="no-referrer">',
    '<img src="https://a.example/blank.gif" referrerpolicy="no-referrer">',
    '<img src="https://a.example/b.jpg" width="1" referrerpolicy="no-referrer">',
    '<img src="https://a.example/b.jpg" height="007" alt="" referrerpolicy="no-referrer">',
    '<img src="https://a.example/b.jpg" onerror="x()">',
]
LINKS = ['a href="https://a.example/?a=1&amp;b=2"', 'a href="/x"']
NAMES = ["em", "strong", "b", "i", "u", "sub", "q", "code", "span", "script", "p", "ruby", "rt", *LINKS]
LEAVES = ["p", "p", "h2", "h6", 'p dir="rtl"', "li", "figcaption", "pre", "div"]
BOXES = ["ul", "ol", "blockquote", "figure", "table"]


def element(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name.partition(' ')[0]}>"


LINE = st.recursive(
    st.sampled_from([*WORDS, *WORDS[:5], *GAPS, *IMAGES, "<br>"]) | st.text(max_size=3),
    lambda inner: st.builds(element, st.sampled_from(NAMES), inner) | st.lists(inner, min_size=1, max_size=4).map("".join),
    max_leaves=8,
)
LEAF = st.builds(element, st.sampled_from(LEAVES), LINE)
ITEMS = st.lists(st.builds(element, st.just("li"), LINE), min_size=1, max_size=3).map("\n".join)
SHOWN = st.sampled_from([*IMAGES, element(LINKS[0], PICTURE)])
FIGURE = st.builds("{}\n<figcaption>{}</figcaption>".format, SHOWN, LINE)
BOX = st.builds(lambda name, inside: element(name, f"\n{inside}\n"), st.sampled_from(BOXES), LEAF | ITEMS | FIGURE)
BLOCK = LEAF | BOX | st.builds(element, st.just("figure"), st.sampled_from(IMAGES)) | LINE
BODY = st.lists(BLOCK, min_size=1, max_size=3).map("\n".join)
TEXT = "<p>One <em>two <b>three</b></em>.</p>"
STAYING = f"{TEXT}\n<figure>\n{PICTURE}\n<figcaption>Under it</figcaption>\n</figure>\n<ul>\n<li>1</li>\n</ul>"
HOSTILE = ["<script>x()</script>", '<p onclick="x()">a</p>', '<p><a href="javascript:x()">a</a></p>', "<p>a", "<!-- -->"]


@settings(max_examples=400, deadline=None)
@given(BODY)
@example(STAYING)
@example("<p>a</p>\n\n<p>b</p>")
@example("<ul>\n<li>a<br>b</li>\n</ul>")
@example("<h2>a<br>b</h2>")
@example("<p>a<b> </b>b</p>")
@example("<p>a <b>b </b></p>")
@example("<p><b> a</b></p>")
@example("<p><em>a<em>b</em></em></p>")
@example("<p><b><em><b>a</b></em></b></p>")
@example('<p><a href="https://a.example/"><em><a href="https://a.example/">a</a></em></a></p>')
@example("<figure>\n<p>a</p>\n</figure>")
@example("<blockquote>\n</blockquote>")
def test_what_stays_comes_unchanged_out_of_the_cleaner(body: str) -> None:
    if stays(body):
        event("stays")
        assert clean_html(body, PAGE) == body
        assert readable(body) == bearable(body) == body
        for image in (None, Image("https://a.example/lead.jpg", 640, None, "The lead"), Image("https://a.example/b.jpg")):
            assert full_text_as_it_is(body, PAGE, image) == full_text(body, PAGE, image)
        assert (joined(paragraphs(body)) or body_text(body)) == body_text(body)


@settings(max_examples=100, deadline=None)
@given(BODY.map(lambda html: clean_html(html, PAGE)))
def test_of_what_the_cleaner_wrote_most_stays(body: str) -> None:
    event("stays" if stays(body) else "is cleaned again")
    if stays(body):
        assert full_text_as_it_is(body, PAGE) == full_text(body, PAGE)


@pytest.mark.parametrize(
    "hostile", ["<script>x()</script>", '<p onclick="x()">a</p>', '<p><a href="javascript:x()">a</a></p>', "<p>a", "<!-- -->"]
)
def test_what_somebody_wrote_into_a_document_does_not_stay(hostile: str) -> None:
    assert stays(STAYING)
    assert not stays(hostile)
    assert not stays(f"{STAYING}\n{hostile}")


@pytest.mark.parametrize(
    "body",
    [
        "<ul>\n<li>a</li>",
        "<blockquote>\n<p>a</p>",
        "<p>a  b</p>",
        "<p>a &nbsp;b</p>",
        '<figure><img src="https://www.google-analytics.com/collect?v=1" referrerpolicy="no-referrer"></figure>',
        '<figure><img src="/b.jpg" referrerpolicy="no-referrer"></figure>',
    ],
)
def test_what_the_cleaner_changes_does_not_stay(body: str) -> None:
    assert clean_html(body, PAGE) != body
    assert not stays(body)


def test_pictures_that_come_from_us_are_put_in() -> None:
    (source,) = sources(STAYING)
    kept = {source: KeptPicture("https://news.example/assets/b.jpg", "image/jpeg", 9)}
    assert full_text_as_it_is(STAYING, PAGE, None, kept) == full_text(STAYING, PAGE, None, kept)
    assert "https://news.example/assets/b.jpg" in full_text_as_it_is(STAYING, PAGE, None, kept)
    assert "class" not in without_classes(STAYING)
