"""Patterns that a person gives."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.errors import BroadsheetError, PatternError
from crawler.filters import check_replacement, compile_pattern


def test_named_group_is_found() -> None:
    match = compile_pattern(r"/(?P<id>\d{4}_\d+)(_s)?\.shtml").search("/WangWen/2019_516891_s.shtml?s=x")
    assert match is not None
    assert (match.group("id"), match.group(0), match.group(2)) == ("2019_516891", "/2019_516891_s.shtml", "_s")
    assert match.groups() == ("2019_516891", "_s")
    assert match.groupdict() == {"id": "2019_516891"}


def test_group_that_took_no_part_is_none() -> None:
    match = compile_pattern("(?P<a>x)|(?P<b>y)").search("y")
    assert match is not None
    assert match.group("a") is None


def test_unknown_group_is_an_index_error() -> None:
    match = compile_pattern("x").search("x")
    assert match is not None
    with pytest.raises(IndexError):
        match.group("id")


def test_no_match_is_none() -> None:
    assert compile_pattern("a").search("b") is None


@pytest.mark.parametrize(("sensitive", "found"), [(True, False), (False, True)])
def test_case(sensitive: bool, found: bool) -> None:
    assert (compile_pattern("élan", case_sensitive=sensitive).search("ÉLAN") is not None) is found


def test_places_count_characters() -> None:
    match = compile_pattern("新闻").search("观察者网新闻")
    assert match is not None
    assert match.span == (4, 6)


def test_all_places() -> None:
    assert [match.group() for match in compile_pattern(r"\d+").find_all("1 a 22 b 333")] == ["1", "22", "333"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"(?P<id>\d+", "missing )"),
        ("a[b", "missing ] at [b"),
        ("x**", "bad repetition operator at **"),
        ("(?=a)b", "looking ahead, (?=…, is not part of RE2"),
        ("(?<!a)b", "looking behind"),
        (r"(a)\1", r"a back reference, \1, is not part of RE2"),
        ("a{2000}", "invalid repetition size"),
        (r"\p{Klingon}", "invalid character class range"),
        ("a\ud800", "half a character"),
    ],
)
def test_mistake_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(text)
    assert said in caught.value.problem
    assert isinstance(caught.value, BroadsheetError)


def test_no_pattern_can_hang() -> None:
    began = time.monotonic()
    assert compile_pattern("(a+)+$").search("a" * 50_000 + "b") is None
    assert time.monotonic() - began < 5


def mistake_in(pattern: str) -> str:
    try:
        compile_pattern(pattern)
    except PatternError as error:
        return error.problem
    return ""


@given(st.text(), st.text())
def test_any_text_is_searched(pattern: str, text: str) -> None:
    assume(not mistake_in(pattern))
    match = compile_pattern(pattern).search(text)
    assert match is None or 0 <= match.span[0] <= match.span[1] <= len(text)


@given(st.text(st.characters(codec=None)))
def test_half_characters_in_a_text_do_no_harm(text: str) -> None:
    assert compile_pattern("z").search(text + "z") is not None


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "made"),
    [
        (r"\.shtml$", "_s.shtml", "/a/1.shtml", "/a/1_s.shtml"),
        (r"(\d)\.shtml$", r"\1_s.shtml", "/a/1.shtml", "/a/1_s.shtml"),
        (r"(?P<n>\d)", r"<\g<n>>", "a1", "a<1>"),
        ("x", r"a\\b", "x", r"a\b"),
        ("no", "yes", "/a", "/a"),
    ],
)
def test_replacing(pattern: str, replacement: str, text: str, made: str) -> None:
    assert compile_pattern(pattern).sub(replacement, text) == made


@pytest.mark.parametrize("replacement", [r"\1", r"\g<x>", r"\g<2>", r"\q", "\\"])
def test_replacement_with_an_unknown_group_is_refused(replacement: str) -> None:
    with pytest.raises(PatternError):
        check_replacement(compile_pattern("a"), replacement)


def test_pattern_travels_to_another_process() -> None:
    pattern = pickle.loads(pickle.dumps(compile_pattern("a", case_sensitive=False)))
    assert pattern.search("A") is not None
