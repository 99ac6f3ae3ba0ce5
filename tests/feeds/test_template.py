"""Pieces of pages: filled as Markup.format fills them, what is put in escaped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from crawler.feeds.feed import Problem
from crawler.feeds.pages.template import Template

TEXTS = ["", "plain {{}}", "<a>{}</a>{}", "{1}{0}{1}", "<b {name}>{other}</b>{name}", "{0.reason}: {0.feed} {{", "{name} {}"]
VALUES = st.text() | st.text().map(Markup) | st.integers()


@given(st.sampled_from(TEXTS), VALUES, VALUES, VALUES, VALUES)
def test_it_is_filled_as_markup_is(text: str, first: object, second: object, name: object, other: object) -> None:
    given = (Problem("<f>", "", "a & b"), second) if "reason" in text else (first, second)
    filled = Template(text).format(*given, name=name, other=other)
    assert isinstance(filled, Markup)
    assert filled == Markup(text).format(*given, name=name, other=other)


def test_what_is_put_in_is_escaped_unless_it_is_markup() -> None:
    assert Template("<p>{}{}</p>").format("<script>", Markup("<br>")) == "<p>&lt;script&gt;<br></p>"


def test_a_value_that_is_missing_is_no_empty_one() -> None:
    with pytest.raises(KeyError, match="title"):
        Template("{title}").format()
    with pytest.raises(IndexError):
        Template("{}").format()
