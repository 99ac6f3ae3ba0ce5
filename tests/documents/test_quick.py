"""Documents read without the YAML parser hold what it reads in them, and it is asked where there is any doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from documents.shelf import entry
from documents.strategies import TRICKY, entries
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from crawler.documents import PROFILES, profile_named
from crawler.documents.body import folded, is_tidy, normal_body
from crawler.documents.header import Double, read_document, read_yaml, write_document
from crawler.documents.quick import read_quickly
from crawler.entry import Entry

Read = tuple[dict[str, Any], str]
EDITS = [
    *TRICKY,
    "\n",
    "\n\n",
    "---\n",
    "\n---\n",
    "key: \n",
    "key:\n",
    " - x\n",
    "  - x\n",
    " a: b\n",
    "|\n  x\n",
    "# x\n",
    "? a\n",
    "''",
    "\t",
    "\x85",
    "\u3000",
]
PLACES = ["guid: ", "title: ", " - ", "\nsections: \n", "---\n", "'\n", "<div>", "'", "content_hash"]


def outcome(read: Callable[[str], Read | None], text: str) -> Read | None:
    try:
        return read(text)
    except (ValueError, yaml.YAMLError):
        return None


@settings(deadline=None)
@given(entries, st.sampled_from(sorted(PROFILES)))
def test_a_document_of_ours_is_read_as_the_parser_reads_it(made: Entry, profile: str) -> None:
    text = profile_named(profile).write(made).decode()
    quick = read_quickly(text)
    event("quick" if quick else "parsed")
    assert quick in (None, read_yaml(text))


@pytest.mark.parametrize("profile", ["hexo", "hugo", "jekyll", "eleventy", "plain"])
def test_no_parser_is_asked_for_a_document_of_ours(profile: str) -> None:
    text = profile_named(profile).write(entry()).decode()
    assert read_quickly(text) == read_yaml(text)


@pytest.mark.parametrize("kind", [str, Double])
@pytest.mark.parametrize("title", ["It's", 'It\'s "so"', 'a "b"', "back\\slash", "it's \\ so"])
def test_quotation_marks_are_read_without_the_parser(kind: type[str], title: str) -> None:
    text = write_document({"title": kind(title)}, "<div>\n</div>")
    quick = read_quickly(text)
    assert quick is not None
    assert quick[0]["title"] == title
    assert quick == read_yaml(text)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(PROFILES)),
    st.sampled_from(EDITS) | st.text(max_size=3),
    st.sampled_from(PLACES),
    st.booleans(),
    st.integers(0, 9),
)
@example("hexo", "\n", "---\n", True, 0)
@example("hexo", "\n", " - ", True, 0)
def test_what_somebody_made_of_it_is_read_as_the_parser_reads_it(profile: str, edit: str, place: str, behind: bool, which: int) -> None:
    text = profile_named(profile).write(entry()).decode()
    pieces = text.split(place)
    assume(len(pieces) > 1)
    at = 1 + which % (len(pieces) - 1)
    edited = place.join(pieces[:at]) + (place + edit if behind else edit) + place.join(pieces[at:])
    quick = outcome(read_quickly, edited)
    event("quick" if quick else "parsed")
    if quick is not None:
        assert quick == outcome(read_yaml, edited)
    assert outcome(read_document, edited) == outcome(read_yaml, edited)


LINES = st.lists(
    st.sampled_from(["a", "<p>b</p>", " c", "d ", "", "\te", "f\t", "g  h", "\r", "\f", "\x03", "\x85", "\xa0", "i &#10; j", "<pre> k"]),
    max_size=5,
)


@given(LINES.map("\n".join) | st.text(alphabet="a \n\t\r\f\x03\xa0<>", max_size=8))
def test_a_tidy_body_is_its_own_normal_form(body: str) -> None:
    if is_tidy(body) and "&#" not in body:
        assert "".join(folded(body)) == normal_body(body) == body


def test_a_body_of_plain_paragraphs_is_tidy() -> None:
    assert is_tidy(normal_body("\r\n<p>One</p>\r\n  <p>two</p> "))
