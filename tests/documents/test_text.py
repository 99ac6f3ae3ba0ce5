"""Strings on one line, without what a header can't hold."""

from __future__ import annotations

import pytest
from documents.strategies import wild
from hypothesis import given

from crawler.documents.text import attribute_url, one_line, typographic, without_tags


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
