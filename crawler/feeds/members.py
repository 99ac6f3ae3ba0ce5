"""Which entries a feed holds, and in which order it shows them (FORMATS, "Feeds"). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from crawler.entry import Entry
from crawler.feeds.feed import Item

LIMIT = 50


def members(entries: Iterable[Entry], limit: int = LIMIT) -> list[Entry]:
    """The last `limit` entries by (first_seen, published, guid), the last first.

    By the time of being seen, so that an article found late is not lost behind newer ones.
    """
    return sorted(entries, key=arrival, reverse=True)[:limit]


def arrival(entry: Entry) -> tuple[datetime, datetime, str]:
    """Where an entry stands in the order that cuts feeds and archives."""
    return seconds(entry.first_seen), seconds(entry.published.at), entry.guid


def in_shown_order(items: Iterable[Item]) -> list[Item]:
    """Newest first by published; those of one second by guid."""
    return sorted(sorted(items, key=lambda item: item.guid), key=lambda item: item.published, reverse=True)


def seconds(at: datetime) -> datetime:
    """An aware time in UTC, cut to seconds as documents hold it."""
    return at.astimezone(UTC).replace(microsecond=0)
