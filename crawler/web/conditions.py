"""Whether a reader has this answer already (RFC 9110, 13). Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

# etagc of RFC 9110, 8.8.3: a comma may stand inside a tag, so the list is not split at commas
ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
SETTLED = 2
"""Seconds after which no further change can carry the same time of change: RFC 9110, 8.8.2.2, counts whole seconds."""


def unchanged(etag: str, modified: int | None, if_none_match: str | None, if_modified_since: str | None, now: float) -> bool:
    """Whether 304 is the answer to a GET or HEAD for what has this strong tag and time of change (seconds since 1970; None: not told).

    If-None-Match compares weakly and, where it is there, decides alone (13.1.2, 13.2.2). A date that can't be read, or that lies in the
    future, counts as none (13.1.3).
    """
    if if_none_match is not None:
        return if_none_match.strip() == "*" or etag in ENTITY_TAG.findall(if_none_match)
    if if_modified_since is None or modified is None:
        return False
    since = seconds_of(if_modified_since)
    return since is not None and modified <= since <= now


def seconds_of(http_date: str) -> float | None:
    """Seconds since 1970 of a date in one of HTTP's three forms (5.6.7); None for anything else."""
    text = http_date.strip()
    try:
        if text.endswith("GMT"):
            return parsedate_to_datetime(text).replace(tzinfo=UTC).timestamp()
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC).timestamp()  # asctime, as ANSI C writes it
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def http_date(seconds: int) -> str:
    """`Tue, 22 Mar 2022 08:37:35 GMT`."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def told_time(modified: float, now: float) -> int | None:
    """The Last-Modified of what changed then; None while another change could still bear the same second (8.8.2.1, 8.8.2.2)."""
    second = int(modified)
    return second if 0 <= second <= now - SETTLED else None
