"""What a recipe does with the texts that its selectors found."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import PatternError
from crawler.extraction.transforms import Surroundings, transformed
from crawler.recipes.choices import TimeChoice
from crawler.recipes.dates import parse_format

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
PAGE = Surroundings("https://www.example.com/news/", ZoneInfo("Asia/Shanghai"), NOW, "de")


def made(*texts: str, **values: Any) -> list[str]:
    return transformed(texts, TimeChoice.model_validate({"select": "x", **values}), PAGE)


@pytest.mark.parametrize(
    ("values", "text", "found"),
    [
        ({}, " as it  was ", [" as it  was "]),
        ({"capture": "来源：(.+)"}, "来源：中新网 ", ["中新网"]),
        ({"capture": "(?P<other>a)(?P<value>b)"}, "ab", ["b"]),
        ({"capture": "b+"}, "abbc", ["bb"]),
        ({"capture": "(z)?x"}, "x", []),
        ({"capture": "nowhere"}, "text", []),
        ({"replace": {"^By ": "", r"(\w+) (\w+)": r"\2, \1"}}, "By Ann Lee", ["Lee, Ann"]),
        ({"split": r"\s+and\s+|,\s*"}, "Ann Lee, Bo Chen and Cy", ["Ann Lee", "Bo Chen", "Cy"]),
        ({"split": ""}, "a b", ["a b"]),
        ({"split": "x*"}, "abc", ["abc"]),
        ({"prefix": "/n/", "suffix": ".html", "absolute": True}, "7", ["https://www.example.com/n/7.html"]),
        ({"absolute": True}, "javascript:alert(1)", []),
        ({"capture": "(.*)", "prefix": "x"}, "", []),
        ({"capture": "from (.*)", "split": "/", "prefix": "#"}, "news from sea/land", ["#sea", "#land"]),
    ],
)
def test_transforms(values: dict[str, Any], text: str, found: list[str]) -> None:
    assert made(text, **values) == found


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("%d.%m.%Y", "Stand: 31.3.2026, Berlin", "2026-03-31"),
        ("%d.%m.%Y %H:%M", "30.03.2026   09:05 Uhr", "2026-03-30T09:05+08:00"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-03-30T09:05:06+0100", "2026-03-30T09:05:06+01:00"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-03-30T09:05:06.123Z", "2026-03-30T09:05:06+00:00"),
        ("%m/%d/%Y %I:%M %p", "3/4/2026 1:05 p.m.", "2026-03-04T13:05+08:00"),
        ("%m/%d/%Y %I:%M %p", "3/4/2026 12:05 AM", "2026-03-04T00:05+08:00"),
        ("%Y/%m/%d %p%I:%M", "2026/03/04 下午1:05", "2026-03-04T13:05+08:00"),
        ("%d. %B %Y", "4. März 2026", "2026-03-04"),
        ("%d %b %y", "4 MAR 26", "2026-03-04"),
        ("%A, %d %B %Y %H:%M %Z", "Mittwoch, 4 März 2026 10:00 CET", "2026-03-04T10:00+01:00"),
        ("%Y年%m月%d日", "2026年3月4日", "2026-03-04"),
        ("%Y%m%d", "20260304", "2026-03-04"),
        ("%m-%d", "03-30", "2026-03-30"),
        ("%m-%d", "12-30", "2025-12-30"),
        ("%d.%m.", "29.02.", "2024-02-29"),
        ("unix", "1774947600", "2026-03-31T17:00:00+08:00"),
        ("unix_ms", "1774947600123", "2026-03-31T17:00:00+08:00"),
        ("unix", "1774947600.5", "2026-03-31T17:00:00+08:00"),
    ],
)
def test_date_formats(form: str, text: str, found: str) -> None:
    assert made(text, date=form) == [found]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d.%m.%Y", "no date"),
        ("%d.%m.%Y", "31.02.2026"),
        ("%d.%m.%Y", "31.12.2031"),
        ("%d %B %Y", "4 Quark 2026"),
        ("unix", "99999999999999"),
        ("unix", "soon"),
    ],
)
def test_what_is_no_time_gives_nothing(form: str, text: str) -> None:
    assert made(text, date=form) == []


def test_a_choice_that_gives_nothing_leaves_the_others() -> None:
    assert made("no", "31.03.2026", date="%d.%m.%Y") == ["2026-03-31"]


@given(st.text(alphabet="%YymdHMSpzZBbAafj- .:年x", max_size=14), st.text(max_size=40))
def test_any_form_is_read_or_told(form: str, text: str) -> None:
    try:
        parse_format(form)
    except PatternError:
        return
    assert len(made(text, date=form)) <= 1


def test_no_form_hangs() -> None:
    began = time.monotonic()
    made("1 " * 5_000 + "x" * 5_000, date="%A %a %B %d %H %M %S %Y %Z")
    made("2" * 10_000, date="%Y%m%d%H%M%S%f")
    assert time.monotonic() - began < 1
