from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from scrapy.http import Response

from crawler.errors import FetchRefused
from crawler.fetching.answers import failure_from, failure_of, headers_of, redirect_target, seconds_in, validators_of


def answer(status: int = 200, body: bytes = b"x", **headers: str) -> Response:
    return Response(
        "http://e.example/a/b", status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@pytest.mark.parametrize(
    ("status", "again"),
    [(500, "next run"), (503, "soon"), (429, "soon"), (408, "soon"), (404, "later"), (410, "later"), (403, "next run"), (301, "next run")],
)
def test_a_status_says_when_to_ask_again(status: int, again: str) -> None:
    failure = failure_of(answer(status))
    assert failure is not None
    assert failure.again == again
    assert str(status) in failure.reason


def test_a_whole_page_is_no_failure_and_an_empty_one_is() -> None:
    assert failure_of(answer()) is None
    empty = failure_of(answer(body=b""))
    assert empty is not None
    assert empty.reason == "the answer is empty"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/c", "http://e.example/c"),
        ("c?d=1#e", "http://e.example/a/c?d=1"),
        ("//f.example/", "http://f.example/"),
        ("javascript:x", ""),
        ("", ""),
    ],
)
def test_redirect_target_is_absolute(location: str, target: str) -> None:
    assert redirect_target(answer(302, Location=location)) == target
    assert redirect_target(answer(200, Location=location)) == ""


def test_retry_after_is_seconds_or_a_date() -> None:
    assert seconds_in(b"120") == 120.0
    assert seconds_in(b"soon") is None
    assert seconds_in(None) is None
    assert seconds_in(formatdate(time.time() + 60, usegmt=True).encode()) == pytest.approx(60, abs=3)
    assert seconds_in(formatdate(time.time() - 60, usegmt=True).encode()) == 0.0
    assert failure_of(answer(503, Retry_After="7")).retry_after == 7.0  # type: ignore[union-attr]


def test_headers_are_lower_case_and_validators_are_read() -> None:
    response = answer(ETag='"a"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT")
    assert headers_of(response)["etag"] == '"a"'
    assert validators_of(response).etag == '"a"'
    assert validators_of(response).last_modified == "Mon, 02 Mar 2026 10:00:00 GMT"


def test_errors_are_told_in_plain_words() -> None:
    assert failure_from(FetchRefused("http://10.0.0.1/", "is private")).reason == "is private"
    assert failure_from(TimeoutError()).reason == "no answer in time"
    assert "\n" not in failure_from(RuntimeError("a\nb")).reason


@pytest.mark.parametrize("status", [201, 202, 204, 205, 206, 226, 304])
def test_only_a_whole_page_is_a_page(status: int) -> None:
    failure = failure_of(answer(status))
    assert failure is not None
    assert str(status) in failure.reason


def test_too_many_requests_is_a_pause_even_without_a_number() -> None:
    assert failure_of(answer(429)).retry_after == 10.0  # type: ignore[union-attr]
    assert failure_of(answer(404, Retry_After="7")).retry_after is None  # type: ignore[union-attr]


@pytest.mark.parametrize("value", ["²", "9" * 5000, "-3", "1e9", "Mon, 99 Mar 2026 10:00:00 GMT", "Wed, 01 Jan 9999 00:00:00 GMT"])
def test_a_pause_is_a_day_at_most_and_nonsense_is_none(value: str) -> None:
    assert (seconds_in(value.encode("utf-8")) or 0) <= 86_400


def test_validators_of_any_length_or_kind_are_not_sent_back() -> None:
    assert validators_of(answer(ETag='"' + "x" * 5000 + '"')).etag == ""
    assert validators_of(answer(ETag='"\x07"')).etag == ""


def test_cookies_are_not_kept() -> None:
    assert "set-cookie" not in headers_of(answer(Set_Cookie="session=1", X_Other="x"))
