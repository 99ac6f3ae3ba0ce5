"""How old something is, as a person says it."""

from __future__ import annotations

from datetime import datetime

from crawler.article import Moment

MINUTE, HOUR, DAY = 60, 3600, 86_400


def age_of(moment: Moment, now: datetime) -> str:
    """`12 min`, `3 h`, `2 days`; of what is to come `0 min`. A day alone is so many days old."""
    seconds = max(0.0, (now - moment.at).total_seconds())
    if moment.precision == "day" or seconds >= 2 * DAY:
        days = int(seconds // DAY)
        return "today" if not days else f"{days} day{'s' if days > 1 else ''}" if days < 730 else f"{days // 365} years"
    if seconds >= HOUR:
        return f"{int(seconds // HOUR)} h"
    return f"{int(seconds // MINUTE)} min"
