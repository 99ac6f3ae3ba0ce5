"""Paths into JSON."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import PatternError
from crawler.recipes.paths import parse_path, values_at

DATA = {"a": [{"b": 1, "c": [{"d": "x"}, {"d": "y"}]}, {"b": 2}, {"b": None}], "o": {"k 1": 3, "k.2": {"z": 4}}, "@type": "T"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a[0].b", [1]),
        (".a[0].b", [1]),
        ("a[-2].b", [2]),
        ("a[].b", [1, 2]),
        ("a.b", [1, 2]),
        ("a[].c[].d", ["x", "y"]),
        ("a.c.d", ["x", "y"]),
        ("a[7].b", []),
        ("o[]", [3, {"z": 4}]),
        ('o["k 1"]', [3]),
        ("o['k.2'].z", [4]),
        ("@type", ["T"]),
        (".", [DATA]),
        ("nothing.at.all", []),
    ],
)
def test_what_a_path_leads_to(path: str, found: list[Any]) -> None:
    assert values_at(DATA, parse_path(path)) == found


def test_a_top_level_list_is_stepped_into() -> None:
    assert values_at([{"t": 1}, {"t": 2}], parse_path("[1].t")) == [2]
    assert values_at([{"t": 1}, {"t": 2}], parse_path("[].t")) == [1, 2]


@pytest.mark.parametrize("text", ["", "a..b", "a.", "a.[0]", "a b", "a[x]", 'a["b]', "[", "a[0", "..", "a]"])
def test_what_is_no_path_is_told(text: str) -> None:
    with pytest.raises(PatternError, match="a path is expected"):
        parse_path(text)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.text(max_size=30), JSON)
def test_any_path_over_any_json_ends(text: str, value: Any) -> None:
    try:
        steps = parse_path(text)
    except PatternError:
        return
    assert isinstance(values_at(value, steps), list)
