from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.web.conditions import http_date, seconds_of, told_time, unchanged

TAG = '"abc"'
MODIFIED = 1_700_000_000
NOW = MODIFIED + 1000.0


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ('"x","abc" , W/"y"', True),
        ('"a,b", W/"abc"', True),
        ("*", True),
        (" * ", True),
        ('"ab"', False),
        ('"abcd"', False),
        ("abc", False),
        ('"x, abc"', False),
        ('"*"', False),
        ("", False),
        ('"abc', False),
    ],
)
def test_if_none_match(header: str, expected: bool) -> None:
    assert unchanged(TAG, MODIFIED, header, None, NOW) is expected


@pytest.mark.parametrize("header", ['"other"', "nonsense", ""])
def test_if_none_match_goes_before_if_modified_since(header: str) -> None:
    assert not unchanged(TAG, MODIFIED, header, http_date(MODIFIED), NOW)
    assert unchanged(TAG, MODIFIED, TAG, http_date(0), NOW)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Tue, 14 Nov 2023 22:13:20 GMT", True),
        ("Tue, 14 Nov 2023 22:13:21 GMT", True),
        ("Tue, 14 Nov 2023 22:13:19 GMT", False),
        ("Tuesday, 14-Nov-23 22:13:20 GMT", True),
        ("Tue Nov 14 22:13:20 2023", True),
        ("Tue Nov 14 22:13:19 2023", False),
        ("Tue, 14 Nov 2050 22:13:20 GMT", False),
        ("2023-11-14T22:13:20Z", False),
        ("yesterday GMT", False),
        ("0", False),
        ("", False),
    ],
)
def test_if_modified_since(header: str, expected: bool) -> None:
    assert unchanged(TAG, MODIFIED, None, header, NOW) is expected


def test_without_a_told_time_no_date_makes_304() -> None:
    assert not unchanged(TAG, None, None, http_date(MODIFIED), NOW)


@given(st.text(max_size=60))
def test_any_header_is_read_or_passed_over(header: str) -> None:
    unchanged(TAG, MODIFIED, header, None, NOW)
    unchanged(TAG, MODIFIED, None, header, NOW)


@given(st.integers(0, 4_000_000_000))
def test_a_date_is_read_back(seconds: int) -> None:
    assert seconds_of(http_date(seconds)) == seconds


@pytest.mark.parametrize(("age", "told"), [(0, False), (0.9, False), (1.5, False), (2.5, True), (-5, False)])
def test_a_time_is_told_when_no_further_change_can_bear_it(age: float, told: bool) -> None:
    now = MODIFIED + 0.5
    assert (told_time(now - age, now) is not None) is told
