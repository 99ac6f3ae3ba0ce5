from __future__ import annotations

from datetime import timedelta

from feeds.entries import START, entry
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Moment
from crawler.feeds.item import FeedEntry, prepare
from crawler.feeds.members import arrival, in_shown_order, members


def test_an_article_dated_days_ago_and_found_now_enters_a_full_feed() -> None:
    full = [entry(n, seen=START + timedelta(days=10)) for n in range(100, 150)]
    late = entry(1, seen=START + timedelta(days=11))
    assert late.published.at < min(other.published.at for other in full)
    assert members([*full, late])[0] == late
    assert len(members([*full, late])) == 50


def test_of_one_run_the_earlier_published_leave_first() -> None:
    assert [e.guid for e in members([entry(n) for n in (3, 1, 2)], limit=2)] == [entry(3).guid, entry(2).guid]


def test_fractions_of_a_second_do_not_count() -> None:
    later = entry(1, guid="urn:uuid:a", published=Moment(START + timedelta(microseconds=900_000)))
    earlier = entry(1, guid="urn:uuid:b", published=Moment(START))
    assert members([later, earlier], limit=1) == [earlier]  # by guid then


@settings(deadline=None)
@given(st.permutations(range(12)), st.integers(0, 15))
def test_the_order_of_arrival_in_memory_is_of_no_account(order: list[int], limit: int) -> None:
    entries = [entry(n // 3, guid=f"urn:uuid:{n}", seen=START + timedelta(days=40 + n // 6)) for n in range(12)]
    shuffled = members([entries[n] for n in order], limit)
    assert shuffled == members(entries, limit)
    assert shuffled == sorted(entries, key=arrival, reverse=True)[:limit]


def test_shown_newest_first_and_by_guid_within_a_second() -> None:
    shown = in_shown_order(prepare(FeedEntry(entry(n, guid=f"urn:uuid:{g}"))) for n, g in ((1, "c"), (2, "b"), (2, "a")))
    assert [item.guid for item in shown] == ["urn:uuid:a", "urn:uuid:b", "urn:uuid:c"]
