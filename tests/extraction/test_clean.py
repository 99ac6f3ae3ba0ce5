"""The cleaner: what stays, what goes, and that its output is its own fixed point."""

# ruff: noqa: E501 - test pages stand on one line each

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from shared import SHARED

from crawler.extraction.clean import clean_html, text_of

BASE = "https://www.example.com/news/1.html"
CASES = {
    "a paragraph a line": ("<div> <p> a\n b </p><p>c</p></div>", "<p>a b</p>\n<p>c</p>"),
    "loose text gets a paragraph": ("a<div>b</div>c", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
    "two breaks end a paragraph": ("<p>a<br>b<br><br>c</p>", "<p>a<br>b</p>\n<p>c</p>"),
    "a script goes with its content": ("a<script>b</script><style>c</style><!-- d -->", "<p>a</p>"),
    "a form leaves its text": ("<form><p>a</p><input value=b><button>c</button></form>", "<p>a</p>"),
    "inline elements stay": ("<p><b>a</b> <i>b</i> <code>c</code> <span>d</span></p>", "<p><b>a</b> <i>b</i> <code>c</code> d</p>"),
    "a block inside an inline element splits it": ("<b>a<p>b</p></b>", "<p><b>a</b></p>\n<p><b>b</b></p>"),
    "an empty element goes": ("<p></p><p><b> </b></p><p>a<i></i></p>", "<p>a</p>"),
    "a list": ("<ul><li>a<li>b</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    "a list in a list": ("<ul><li>a<ul><li>b</ul></ul>", "<ul>\n<li>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
    "an item without a list is a line": ("<li>a</li>", "<p>a</p>"),
    "a table": ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "<table>\n<tbody>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>"),
    "a table of one cell is a frame": ("<table><tr><td><p>a</p><p>b</p></table>", "<p>a</p>\n<p>b</p>"),
    "code keeps its lines": ("<pre>\na\n  b\n\nc\n</pre>", "<pre>a<br>  b<br><br>c</pre>"),
    "a link is absolute": ('<a href="../x?y#z">a</a>', '<p><a href="https://www.example.com/x?y#z">a</a></p>'),
    "a link that runs something loses it": ('<a href="java\x03script:alert(1)">a</a>', "<p>a</p>"),
    "a picture is absolute and sends no referrer": ('<img src="/a.jpg" onerror=x>', '<p><img src="https://www.example.com/a.jpg" referrerpolicy="no-referrer"></p>'),
    "a lazy picture gets its source": ('<img src="data:image/gif;base64,R0" data-src="b.jpg">', '<p><img src="https://www.example.com/news/b.jpg" referrerpolicy="no-referrer"></p>'),
    "data-original before a placeholder": ('<img src="/img/blank.gif" data-original="//cdn.example.com/c.jpg">', '<p><img src="https://cdn.example.com/c.jpg" referrerpolicy="no-referrer"></p>'),
    "the largest of a srcset": ('<img srcset="s.jpg 300w, l.jpg 1200w, xl.jpg 4000w">', '<p><img src="https://www.example.com/news/l.jpg" referrerpolicy="no-referrer"></p>'),
    "a pixel that counts readers goes": ('a<img src="/p.gif" width=1 height=1>', "<p>a</p>"),
    "a figure keeps its caption": ('<figure><img src="/a.jpg"><figcaption>b</figcaption></figure>', '<figure>\n<img src="https://www.example.com/a.jpg" referrerpolicy="no-referrer">\n<figcaption>b</figcaption>\n</figure>'),
    "a figure without a picture is its text": ("<figure><figcaption>b</figcaption></figure>", "<p>b</p>"),
    "a player becomes its poster and a link": ('<iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0"></iframe>', '<p><a href="https://www.youtube.com/watch?v=abcdefghijk"><img src="https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg" alt="YouTube" referrerpolicy="no-referrer"></a></p>'),
    "another frame goes": ('a<iframe src="https://ads.example.com/"></iframe>', "<p>a</p>"),
    "formulas stay, what leads back to HTML goes": ("<math><mi>x</mi><mtext><img src=x onerror=y></mtext></math>", "<p><math><mi>x</mi></math></p>"),
    "a line break alone is no code": ("<b><pre><div>\n", ""),
    "what XML can't hold is no code either": ("<b><pre>&nbsp;&#x3;", ""),
    "a formula keeps all its parts": ("<math><msup><mi>c</mi><mn>2</mn></msup><mfrac><mrow><mi>a</mi></mrow><msqrt><mn>2</mn></msqrt></mfrac></math>", "<p><math><msup><mi>c</mi><mn>2</mn></msup><mfrac><mrow><mi>a</mi></mrow><msqrt><mn>2</mn></msqrt></mfrac></math></p>"),
    "text beside a picture in a figure is one line with it": ("<figure>a<table><td><img src=/b.jpg></table>c</figure>", '<figure>a <img src="https://www.example.com/b.jpg" referrerpolicy="no-referrer"> c</figure>'),
    "white space of any kind is a space where the elements of a line went": ('a\x85b\u2003c<a href="/x"></a>', "<p>a b c</p>"),
    "characters XML cannot hold go": ("<p>a\x00b\x0bc\ufffe&#1;</p>", "<p>abc</p>"),
    "direction stays": ('<p dir="RTL">א</p>', '<p dir="rtl">א</p>'),
    "entities": ("<p>a &amp; b &lt;c&gt; &nbsp;d</p>", "<p>a &amp; b &lt;c&gt; d</p>"),
    "a line break between Han letters is none": ("<p>中\n  文</p>", "<p>中文</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_cleaning(name: str) -> None:
    html, expected = CASES[name]
    assert clean_html(html, BASE) == expected


@pytest.mark.parametrize("name", CASES)
def test_what_is_clean_stays_as_it_is(name: str) -> None:
    expected = CASES[name][1]
    assert clean_html(expected, BASE) == expected


TAGS = st.sampled_from(
    [
        "p",
        "div",
        "b",
        "i",
        "a",
        "span",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "caption",
        "pre",
        "blockquote",
        "h2",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "dd",
        "br",
        "img",
        "hr",
        "code",
        "math",
        "mi",
        "ruby",
        "rt",
        "center",
        "font",
        "section",
        "form",
    ]
)
PIECES = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        [
            '<a href="/x">',
            '<img src="/y.jpg" alt="q">',
            "&nbsp;",
            "&amp;",
            "\n",
            " ",
            "　",
            "中文",
            "word",
            "&#x3;",
            '<img data-src="z.png">',
            "<td colspan=2>",
            '<ol start="3">',
            "\xa0 \xa0",
        ]
    ),
    st.text(max_size=5),
)
SOUP = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_cleaning_twice_is_cleaning_once(html: str) -> None:
    once = clean_html(html, BASE)
    assert clean_html(once, BASE) == once


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_the_body_is_lines_without_edges(html: str) -> None:
    clean = clean_html(html, BASE)
    assert clean == clean.strip()
    assert all(line.strip() for line in clean.split("\n")) or clean == ""


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_nothing_that_runs_comes_through(text: str) -> None:
    clean = clean_html(
        f'<p onclick="{text}">{text}</p><a href="{text}">x</a><img src="{text}" onerror="{text}"><script>{text}</script><svg onload="{text}">',
        BASE,
    )
    for node in LexborHTMLParser(clean).root.traverse():  # type: ignore[union-attr]
        assert node.tag not in ("script", "svg", "style", "iframe", "form", "object")
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert not (name in ("href", "src") and (value or "").strip().lower().startswith(("javascript:", "data:", "vbscript:")))


@pytest.mark.parametrize(
    "html",
    ["<div>" * 20_000 + "x", "<b>" * 20_000 + "x", "<ul><li>" * 10_000 + "x", "<blockquote>" * 20_000 + "x", "<table><tr><td>" * 5_000 + "x", "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x"],
    ids=["div", "b", "ul", "blockquote", "table", "attributes"],
)  # fmt: skip
def test_deep_and_wide_input_takes_bounded_time(html: str) -> None:
    started = time.process_time()
    assert "x" in clean_html(html)
    assert time.process_time() - started < 3


def test_text_has_a_line_for_each_block() -> None:
    assert text_of(clean_html("<h2>a</h2><p>b <b>c</b><br>d &amp; e</p><ul><li>f<li>g</ul>")) == "a\nb c\nd & e\nf\ng"


@pytest.mark.skipif(SHARED is None, reason="../shared is not here")
def test_hostile_input_comes_out_harmless_and_stable() -> None:
    assert SHARED is not None
    for file in sorted((SHARED / "hostile").glob("*.json")):
        for html in json.loads(file.read_text(encoding="utf-8"))["inputs"]:
            once = clean_html(html, BASE)
            assert clean_html(once, BASE) == once
            assert "<script" not in once
            assert "javascript:" not in once.lower().replace("&amp;", "&") or "href" not in once
