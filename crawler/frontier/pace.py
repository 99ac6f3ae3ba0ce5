"""When a host may be asked again: one row of the store for all sources and processes. Pure; times are seconds since 1970, real clock."""

from __future__ import annotations

from dataclasses import replace

from crawler.store import HostRow

DAY = 86400.0


def asked(row: HostRow, now: float, delay: float, budget: int) -> HostRow:
    """The host's row after one more request: its next one is due after the delay, or a day after the first of those that its budget allows.

    `delay`: seconds, the recipe's or the workspace's; robots.txt may ask for a longer one. `budget`: requests in 24 hours; 0: any number.
    """
    same_day = row.asked > 0 and row.asked_from <= now < row.asked_from + DAY
    count, since = (row.asked + 1, row.asked_from) if same_day else (1, now)
    next_at = now + max(delay, row.crawl_delay)
    if 0 < budget <= count:
        next_at = max(next_at, since + DAY)
    return replace(row, next_at=next_at, set_at=now, asked=count, asked_from=since)


def sent(row: HostRow, now: float, delay: float, missed: float = 0.0) -> HostRow:
    """The host's row after a request that had its turn takes its moment: at once, or `delay` seconds after the one that is sent before it.

    `missed`: the moment that it took before; where nobody took one since, this one takes its place.
    """
    if missed and row.sent_at == missed:
        return replace(row, sent_at=now)
    return replace(row, sent_at=max(now, row.sent_at + max(delay, row.crawl_delay)))


def put_right(row: HostRow, now: float) -> HostRow:
    """The row after the clock was put back: what had to be waited for then is waited for from now on."""
    if row.set_at <= now:
        return row
    return replace(
        row,
        next_at=now + max(0.0, row.next_at - row.set_at),
        set_at=now,
        sent_at=now + row.sent_at - row.set_at,
        asked_from=min(row.asked_from, now),
    )


def in_words(seconds: float) -> str:
    """A time as a person says it: `2 minutes`, `3 hours`."""
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'s' if minutes > 1 else ''}" if minutes < 120 else f"{round(minutes / 60)} hours"
