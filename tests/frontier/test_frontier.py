from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from frontier.queues import RECIPE, Clock, frontier_of, put_articles, settle, taken

from crawler.frontier import Frontier, Wait
from crawler.frontier.queueing import Placed, queue_articles
from crawler.outcome import Lease, Link
from crawler.page import Hints
from crawler.store import Store
from crawler.urls import address_key


def test_lists_come_before_articles(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock)
    put_articles(store, 2)
    lists = frontier.lease(10)
    assert taken(lists) == ["http://e.example/city/", "http://e.example/world/"]
    assert isinstance(frontier.lease(10), Wait)
    for lease in lists:  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id)
    assert taken(frontier.lease(10)) == ["http://e.example/a/0", "http://e.example/a/1"]


def test_a_page_that_leaves_the_hand_while_the_queue_is_looked_at_does_not_end_the_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontier = frontier_of(store, Clock(), concurrency=1)
    (first,) = frontier.lease(10)  # type: ignore[misc]
    with store.begin() as transaction:
        transaction.pages.change(first.page_id, state="done")
    under_way = Frontier._under_way

    def settled_meanwhile(frontier: Frontier, host: str) -> int:
        count = under_way(frontier, host)
        if frontier.in_hand:
            frontier.settled(first.page_id)  # by the event loop: the store's thread has seen it under way
        return count

    monkeypatch.setattr(Frontier, "_under_way", settled_meanwhile)
    assert frontier.lease(10) == Wait(float("inf"), finished=False)
    assert taken(frontier.lease(10)) == ["http://e.example/world/"]


def test_a_host_is_asked_once_a_delay_by_all_sources_together(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock, delay=2.0)
    assert len(taken(frontier.lease(10))) == 1
    assert frontier.lease(10) == Wait(2.0, finished=False)
    assert frontier.turn("demo", "http://e.example/part") == 2.0
    clock.now += 2.0
    assert frontier.turn("demo", "http://e.example/part") == 0.0
    assert frontier.lease(10) == Wait(2.0, finished=False)
    clock.now += 2.0
    assert len(taken(frontier.lease(10))) == 1


def test_crawl_delay_of_robots_is_kept(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock, delay=0.5)
    with store.begin() as transaction:
        transaction.hosts.robots_read("e.example", "", 200, 1.0, crawl_delay=5.0)
    frontier.lease(1)
    assert frontier.lease(1) == Wait(5.0, finished=False)


def test_no_more_than_the_recipes_concurrency_at_once(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock, concurrency=3)
    for lease in frontier.lease(10):  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id)
    put_articles(store, 10)
    assert len(taken(frontier.lease(10))) == 3
    assert isinstance(frontier.lease(10), Wait)


def test_the_limit_is_kept_exactly_and_failures_give_their_place_back(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock, limit=3)
    for lease in frontier.lease(10):  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id)
    put_articles(store, 10)
    first = frontier.lease(10)
    assert len(taken(first)) == 3
    for lease in first[:2]:  # type: ignore[index]
        settle(store, frontier, lease.page_id)
        frontier.written += 1
    settle(store, frontier, first[2].page_id, state="failed")  # type: ignore[index]
    again = frontier.lease(10)
    assert taken(again) == ["http://e.example/a/3"]
    frontier.settled(again[0].page_id, wrote=True)  # type: ignore[index]
    assert frontier.lease(10) == Wait(float("inf"), finished=True)


def test_leases_of_a_dead_run_are_void_and_failed_pages_are_tried_again(store: Store) -> None:
    clock = Clock()
    dead = frontier_of(store, clock)
    for lease in dead.lease(10):  # type: ignore[union-attr]
        settle(store, dead, lease.page_id)
    put_articles(store, 3)
    leases = dead.lease(2)
    settle(store, dead, leases[0].page_id, state="failed", next_try=clock.now + 50, fingerprint="f1")  # type: ignore[index]
    frontier = frontier_of(store, clock, run=2)
    for lease in frontier.lease(10):  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id)
    assert taken(frontier.lease(10)) == ["http://e.example/a/1", "http://e.example/a/2"]
    clock.now += 60
    later = frontier_of(store, clock, run=3)
    for lease in later.lease(10):  # type: ignore[union-attr]
        settle(store, later, lease.page_id)
    assert taken(later.lease(10))[0] == "http://e.example/a/0"


def test_a_changed_recipe_voids_validators_and_waiting_failures(store: Store) -> None:
    clock = Clock()
    first = frontier_of(store, clock)
    for lease in first.lease(10):  # type: ignore[union-attr]
        settle(store, first, lease.page_id, etag='"x"', fingerprint="f1")
    put_articles(store, 1)
    article = first.lease(1)
    settle(store, first, article[0].page_id, state="failed", next_try=clock.now + 9999, fingerprint="f1")  # type: ignore[index]
    same = frontier_of(store, clock, run=2)
    assert [lease.validators.etag for lease in same.lease(10)] == ['"x"', '"x"']  # type: ignore[union-attr]
    other = frontier_of(store, clock, run=3, fingerprint="f2")
    lists = other.lease(10)
    assert [lease.validators.etag for lease in lists] == ["", ""]  # type: ignore[union-attr]
    for lease in lists:  # type: ignore[union-attr]
        settle(store, other, lease.page_id)
    assert taken(other.lease(10)) == ["http://e.example/a/0"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_listings_say_does_not_depend_on_which_is_read_first(store: Store, order: tuple[int, int]) -> None:
    url = "http://e.example/a/1"
    places = [
        Placed(Link(url, Hints(summary="of the first")), address_key(url), ("city",), 5),
        Placed(Link(url, Hints(title="Of the second", summary="of the second")), address_key(url), ("world",), 9),
    ]
    clock = Clock()
    frontier = frontier_of(store, clock)
    for lease in frontier.lease(10):  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id)
    with store.begin() as transaction:
        for place in order:
            queue_articles(transaction, "demo", [places[place]], RECIPE, run=1)
    (lease,) = frontier.lease(10)  # type: ignore[misc]
    assert lease.sections == ("city", "world")
    assert lease.hints == Hints(title="Of the second", summary="of the first")
    assert lease.rank == 5


def test_one_address_that_two_sections_read_is_asked_once(store: Store) -> None:
    clock = Clock()
    home = (("city", "list", "http://e.example/"), ("world", "list", "http://e.example/"))
    frontier = frontier_of(store, clock, starts=home)
    (lease,) = frontier.lease(10)  # type: ignore[misc]
    assert lease.ways == (("city", "list"), ("world", "list"))


def begin(store: Store, clock: Clock) -> int:
    with store.begin() as transaction:
        return transaction.runs.begin(["demo"], "2026-01-01T00:00:00Z", clock.now)


def end(store: Store, run: int, *, finished: bool = True) -> None:
    with store.begin() as transaction:
        transaction.runs.end(run, "2026-01-01T00:00:01Z", {}, finished=finished)


@pytest.mark.parametrize("stopped", [False, True], ids=["killed", "stopped"])
def test_a_run_that_was_cut_off_is_gone_on_with_its_lists_are_not_asked_again(store: Store, stopped: bool) -> None:
    clock = Clock()
    cut_off = begin(store, clock)
    frontier = frontier_of(store, clock, run=cut_off)
    city, _world = frontier.lease(10)  # type: ignore[misc]
    settle(store, frontier, city.page_id, fingerprint="f1")
    put_articles(store, 1)
    if stopped:
        end(store, cut_off, finished=False)
    clock.now += 600
    second = begin(store, clock)
    goes_on = frontier_of(store, clock, run=second)
    assert taken(goes_on.lease(10)) == ["http://e.example/world/"]
    with store.begin() as transaction:
        assert [row.url for row in transaction.pages.lists("demo", second)] == ["http://e.example/city/", "http://e.example/world/"]
        assert transaction.pages.lists_read("demo", second) == 1


@pytest.mark.parametrize(("after", "finished", "reader"), [(7200, False, "f1"), (60, True, "f1"), (60, False, "f2")])
def test_lists_are_read_anew_after_a_while_after_a_run_that_ended_and_by_another_recipe(
    store: Store, after: float, finished: bool, reader: str
) -> None:
    clock = Clock()
    first = begin(store, clock)
    frontier = frontier_of(store, clock, run=first)
    for lease in frontier.lease(10):  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id, fingerprint="f1")
    if finished:
        end(store, first)
    clock.now += after
    again = frontier_of(store, clock, run=begin(store, clock), fingerprint=reader)
    assert len(taken(again.lease(10))) == 2


def test_a_list_that_could_not_be_read_is_asked_again_by_the_run_that_goes_on(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock, run=begin(store, clock))
    city, world = frontier.lease(10)  # type: ignore[misc]
    settle(store, frontier, city.page_id, state="failed", fingerprint="f1", reason="HTTP 500", next_try=clock.now + 9e4)
    settle(store, frontier, world.page_id, fingerprint="f1", reason="world: no link is there")
    again = frontier_of(store, clock, run=begin(store, clock))
    assert len(taken(again.lease(10))) == 2


def test_a_kill_is_no_attempt_and_nothing_is_kept_in_memory_of_what_is_settled(store: Store) -> None:
    clock = Clock()
    frontier = frontier_of(store, clock)
    for lease in frontier.lease(10):  # type: ignore[union-attr]
        settle(store, frontier, lease.page_id)
    put_articles(store, 1)
    assert frontier.tries == {}
    frontier.lease(1)
    for run in range(2, 30):
        killed = frontier_of(store, clock, run=run)
        for lease in killed.lease(10):  # type: ignore[union-attr]
            settle(store, killed, lease.page_id)
        (lease,) = killed.lease(1)  # type: ignore[misc]
        assert lease.attempts == 0


def test_pages_leave_the_hand_in_one_thread_while_another_counts_them(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    frontier = frontier_of(store, Clock(), limit=100_000)
    many = {number: Lease(number, "demo", "article", "http://e.example/a", 0) for number in range(1000, 3000)}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            frontier.in_hand.update(many)
            leaving = threading.Thread(target=lambda: [frontier.settled(number) for number in many])
            leaving.start()
            while leaving.is_alive():
                frontier._under_way("e.example")
                frontier._room("article", 5)
    finally:
        sys.setswitchinterval(interval)
        store.close()
    assert not frontier.in_hand
