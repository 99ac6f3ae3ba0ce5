"""Dates as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.times import read_time

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CASES = [
    ("2022-03-22T16:37:35+08:00", "", "2022-03-22T16:37:35+08:00"),
    ("2022-03-22T08:37:35Z", "", "2022-03-22T08:37:35+00:00"),
    ("2022-03-22T08:37:35.123456-0500", "", "2022-03-22T08:37:35-05:00"),
    ("2022-03-22 16:37:35", "", "2022-03-22T16:37:35+08:00"),
    ("2022-03-22", "", "2022-03-22"),
    ("Tue, 22 Mar 2022 16:37:35 GMT", "", "2022-03-22T16:37:35+00:00"),
    ("发布时间：2022年3月22日 16:37", "zh", "2022-03-22T16:37+08:00"),
    ("2022年03月22日 下午4:37", "zh", "2022-03-22T16:37+08:00"),
    ("2022/03/22 10:00", "zh", "2022-03-22T10:00+08:00"),
    ("20220322", "", "2022-03-22"),
    ("Published: Jan. 3, 2014 10:30 a.m.", "en", "2014-01-03T10:30+08:00"),
    ("March 5th, 2021", "en", "2021-03-05"),
    ("5 mars 2021 à 10h30", "fr", "2021-03-05T10:30+08:00"),
    ("5. März 2021, 14:05 Uhr", "de", "2021-03-05T14:05+08:00"),
    ("1 de mayo de 2020", "es", "2020-05-01"),
    ("1 августа 2012 г. 10:22", "ru", "2012-08-01T10:22+08:00"),
    ("12 Ιουλίου 2012", "el", "2012-07-12"),
    ("7 lipca 2012", "pl", "2012-07-07"),
    ("31.12.2020 14:00", "de", "2020-12-31T14:00+08:00"),
    ("Posted 10:15 PM, 12/31/2020", "en", "2020-12-31"),
]


@pytest.mark.parametrize(("text", "language", "expected"), CASES)
def test_reading(text: str, language: str, expected: str) -> None:
    assert str(read_time(text, SHANGHAI, NOW, language=language)) == expected


def test_numbers_are_read_in_the_pages_order() -> None:
    assert str(read_time("3/4/2020", UTC, NOW, month_first=True)) == "2020-03-04"
    assert str(read_time("3/4/2020", UTC, NOW)) == "2020-04-03"
    assert str(read_time("12/31/2020 5:04 PM EST", UTC, NOW)) == "2020-12-31T17:04-05:00"


@pytest.mark.parametrize("text", ["", "no date", "2022-13-40", "31.02.2020", "1970-01-01", "2031-01-01", "call 555-1234", "version 3.2.1"])
def test_what_is_no_date_or_lies_in_the_future_is_none(text: str) -> None:
    assert read_time(text, UTC, NOW) is None


def test_a_clock_a_little_ahead_is_cut_back_to_the_fetch() -> None:
    moment = read_time("2024-06-01 20:00:00", UTC, NOW)
    assert moment is not None
    assert moment.at == NOW


@given(st.text(max_size=80))
def test_any_text_gives_a_moment_or_none(text: str) -> None:
    moment = read_time(text, SHANGHAI, NOW)
    assert moment is None or moment.at.tzinfo is not None


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2024, 5, 30)))  # noqa: DTZ001
def test_iso_times_are_read_back(at: datetime) -> None:
    at = at.replace(microsecond=0, tzinfo=SHANGHAI, fold=0)
    moment = read_time(at.isoformat(), UTC, NOW)
    assert moment is not None
    assert moment.at == at
