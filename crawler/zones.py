"""A source's time zone: which day an instant belongs to there."""

from __future__ import annotations

from datetime import UTC, date, tzinfo
from zoneinfo import ZoneInfo

from crawler.article import Moment, in_utc


def zone_named(name: str) -> tzinfo:
    """The zone of this IANA name; UTC where a source names none."""
    return ZoneInfo(name) if name else UTC


def day_in(moment: Moment, zone: str) -> date:
    """The day of a moment in the source's zone (rule 8 of the design)."""
    return in_utc(moment.at).astimezone(zone_named(zone)).date()
