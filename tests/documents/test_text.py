"""Strings on one line, without what a header can't hold."""

from __future__ import annotations

import pytest
from documents.strategies import wild
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from crawler.documents.text import (
    BREAKS,
    FORBIDDEN,
    attribute_safe,
    attribute_url,
    no_object_name,
    one_line,
    shortened,
    typographic,
    without_markup,
    without_tags,
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\r\nc\rd\te\vf\fg", "a b c d e f g"),
        ("a\u2028b\u2029c\x85d\x1ee", "a b c d e"),
        ("nul\x00 bell\x07 del\x7f c1\x9f", "nul bell del c1"),
        ("\ufeffa\ud83db\ufffe\uffff", "ab"),
        ("  a  b ", "a  b"),
        ("\u3000全角", "\u3000全角"),
        ("😀👩\u200d👧", "😀👩\u200d👧"),
    ],
)
def test_text_stands_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<b>Bold</b> claim", "Bold claim"),
        ('<a href="x">Link</a> and <br/>break', "Link and break"),
        ("<SCRIPT>alert(1)</SCRIPT>", "alert(1)"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("vector<int> and Map<String>", "vector<int> and Map<String>"),
        ("<i></i>", "<i></i>"),
        ("a <b", "a <b"),
    ],
)
def test_tags_of_html_go_and_other_angle_brackets_stay(title: str, shown: str) -> None:
    assert without_tags(title) == shown


@given(wild)
def test_nothing_that_html_reads_is_left_and_it_is_stable(text: str) -> None:
    shown = typographic(one_line(text))
    assert not set("<>\"'") & set(shown)
    assert typographic(shown) == shown


@given(wild)
def test_address_can_stand_anywhere(url: str) -> None:
    shown = attribute_url(url)
    assert not set(" \"'{}<>\\\\`|^") & set(shown)
    assert not any(character.isspace() for character in shown)
    assert attribute_url(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Plain text, 3.5 percent - and "quotes" (here); -5 degrees', None),
        ("AT&T & co; R&D", None),
        ("<script>", "\\<script\\>"),
        ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
        ("*a* _b_ `c` ~~d~~ e\\", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ e\\\\"),
        ("&lt;b&gt; &copy &#60;", "\\&lt;b\\&gt; \\&copy \\&#60;"),
        ("# x", "\\# x"),
        ("12. x", "12\\. x"),
        ("- x", "\\- x"),
        ("---", "\\---"),
    ],
)
def test_markdown_shows_the_text(text: str, shown: str | None) -> None:
    assert without_markup(text) == (shown or text)


@given(wild)
def test_markdown_of_any_text_has_its_letters_and_nothing_alive(text: str) -> None:
    line = one_line(text)
    html = MarkdownIt("commonmark").render(without_markup(line))
    tree = LexborHTMLParser(html)
    assert "".join((tree.body.text() if tree.body else "").split()) == "".join(line.split())
    assert {node.tag for node in tree.css("body *")} <= {"p"}


def test_long_name_is_cut_between_graphemes() -> None:
    assert shortened("a" * 120, 120) == "a" * 120
    assert shortened("标题" * 100, 120) == "标题" * 19 + "标…"
    assert shortened("👩\u200d👩\u200d👧" * 9, 60) == "👩\u200d👩\u200d👧" * 3 + "…"


def test_names_that_every_object_has_are_spelled_otherwise() -> None:
    assert [no_object_name(name) for name in ("constructor", "__proto__", "toString", "Construct", "_x")] == [
        *["Constructor", "Proto", "ToString", "Construct", "_x"]
    ]


def test_author_can_stand_in_an_attribute() -> None:
    assert attribute_safe('B "Bee" O\'Hara <b>') == "B “Bee” O'Hara ＜b＞"


@given(st.text(st.sampled_from("a字 \t\n\xa0\u3000\x00\x1c\x85\ud800\ufffe\u200b") | st.characters(codec=None)))
def test_visible_letters_are_known_to_be_one_line(text: str) -> None:
    assert one_line(text) == FORBIDDEN.sub("", BREAKS.sub(" ", text)).strip(" ")
