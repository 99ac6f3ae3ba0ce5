"""One row a host: delay, budget and Crawl-delay together, over all sources, with a clock that may be put back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frontier.queues import Clock, frontier_of, put_articles, settle, taken

from crawler.errors import HostRests
from crawler.frontier import Frontier, Wait
from crawler.frontier.pace import DAY, asked, put_right
from crawler.store import HostRow, Store

NOW = 1_000_000.0
ROW = HostRow("e.example")


@pytest.mark.parametrize(
    ("row", "delay", "next_at"),
    [
        (ROW, 2.0, NOW + 2),
        (replace(ROW, crawl_delay=5.0), 2.0, NOW + 5),
        (replace(ROW, crawl_delay=1.0), 2.0, NOW + 2),
        (replace(ROW, asked=4, asked_from=NOW - 10), 2.0, NOW - 10 + DAY),
        (replace(ROW, asked=9, asked_from=NOW - 10), 2.0, NOW - 10 + DAY),
        (replace(ROW, asked=3, asked_from=NOW - 10), 2.0, NOW + 2),
        (replace(ROW, asked=4, asked_from=NOW - DAY), 2.0, NOW + 2),
        (replace(ROW, asked=4, asked_from=NOW + 50), 2.0, NOW + 2),
    ],
    ids=["delay", "crawl-delay", "longer-delay", "budget-spent", "budget-long-spent", "budget-left", "new-day", "day-in-the-future"],
)
def test_when_the_next_request_is_due(row: HostRow, delay: float, next_at: float) -> None:
    assert asked(row, NOW, delay, budget=5).next_at == next_at


def test_without_a_budget_any_number_is_asked() -> None:
    row = ROW
    for number in range(10_000):
        row = asked(row, NOW + number, 0.0, budget=0)
    assert row.next_at == NOW + 9_999
    assert row.asked == 10_000


def test_a_clock_that_was_put_back_makes_nobody_wait_longer() -> None:
    set_then = replace(ROW, next_at=NOW + 30, set_at=NOW, asked=3, asked_from=NOW - 60)
    assert put_right(set_then, NOW) == set_then
    back = put_right(set_then, NOW - 86_400)
    assert (back.next_at, back.set_at) == (NOW - 86_400 + 30, NOW - 86_400)
    assert asked(back, back.next_at, 0.0, budget=4).asked == 4


def run_of(store: Store, clock: Clock, number: int = 1, **changes: object) -> Frontier:
    frontier = frontier_of(store, clock, run=number, **changes)
    for lease in taken_leases(frontier):
        settle(store, frontier, lease)
    return frontier


def taken_leases(frontier: Frontier) -> list[int]:
    found = frontier.lease(10)
    return [lease.page_id for lease in found] if isinstance(found, list) else []


def test_a_spent_budget_ends_the_run_and_the_rest_waits(store: Store) -> None:
    clock = Clock()
    frontier = run_of(store, clock, budget=4)  # two lists
    put_articles(store, 9)
    assert len(taken(frontier.lease(10))) == 2
    with pytest.raises(HostRests, match="24 hours"):
        frontier.turn("demo", "http://e.example/part")
    for page_id in list(frontier.in_hand):
        settle(store, frontier, page_id)
    assert frontier.lease(10) == Wait(float("inf"), finished=True)
    assert frontier.resting == {"demo": {"e.example": 1_000.0 + DAY}}
    clock.now += DAY
    later = run_of(store, clock, number=2, budget=4)
    assert len(taken(later.lease(10))) == 2


def test_the_budget_is_the_hosts_whoever_asks(store: Store) -> None:
    clock = Clock()
    first, second = frontier_of(store, clock, budget=3), frontier_of(store, clock, budget=3)
    assert [frontier.turn("demo", "http://other.example/x") for frontier in (first, second, first)] == [0.0, 0.0, 0.0]
    with pytest.raises(HostRests):
        second.turn("demo", "http://other.example/x")


def test_a_request_that_is_late_keeps_its_distance_from_another_process_s(store: Store) -> None:
    """Seen on a busy machine: one was sent 0.36 seconds after its turn, and the other one 0.14 after it."""
    clock = Clock()
    clock.now = NOW
    first, second = frontier_of(store, clock, delay=0.5), frontier_of(store, clock, delay=0.5)
    url = "http://other.example/x"
    assert first.turn("demo", url) == 0
    clock.now += 0.36
    assert first.moment("demo", url) == (NOW + 0.36, 0)
    clock.now = NOW + 0.5
    assert second.turn("demo", url) == 0
    moment, seconds = second.moment("demo", url)
    assert (moment, seconds) == (pytest.approx(NOW + 0.86), pytest.approx(0.36))
    clock.now = moment + 0.2  # it did not wake in time
    missed = clock.now
    assert second.moment("demo", url, moment) == (missed, 0)
    assert first.moment("demo", url) == (pytest.approx(missed + 0.5), pytest.approx(0.5))
    clock.now += 1
    assert second.moment("demo", url, missed)[0] == pytest.approx(missed + 1.0)  # the first has the one in between


def test_moments_that_were_taken_before_the_clock_was_put_back_make_nobody_wait(store: Store) -> None:
    clock = Clock()
    clock.now = NOW
    frontier = frontier_of(store, clock, delay=0.5)
    url = "http://other.example/x"
    assert (frontier.turn("demo", url), frontier.moment("demo", url)) == (0, (NOW, 0))
    clock.now -= 365 * DAY
    assert frontier.moment("demo", url)[1] <= 0.5


def test_a_clock_that_jumps_back_in_a_run_stalls_nothing(store: Store) -> None:
    clock = Clock()
    clock.now = NOW
    frontier = run_of(store, clock, delay=0.0)
    put_articles(store, 3)
    with store.begin() as transaction:
        for row in transaction.pages.queued("demo", "article", clock.now, 9):
            transaction.pages.change(row.id, next_try=NOW + 5)
        transaction.hosts.wait_until("e.example", NOW + 5, NOW)
    clock.now -= 365 * DAY  # further than any time was meant
    assert frontier.lease(10) == Wait(5.0, finished=False)
    clock.now += 5
    assert len(taken(frontier.lease(10))) == 3
