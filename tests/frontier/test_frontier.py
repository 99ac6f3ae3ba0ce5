from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.frontier import Frontier, Plan, Wait
from crawler.frontier.queueing import Placed, queue_articles
from crawler.outcome import Link
from crawler.page import Hints
from crawler.recipes.model import Recipe
from crawler.store import Store
from crawler.urls import address_key

RECIPE = Recipe.model_validate(
    {
        "id": "demo",
        "url": "http://e.example/",
        "sections": [
            {"id": "city", "list": {"url": "http://e.example/city/"}},
            {"id": "world", "list": {"url": "http://e.example/world/"}},
        ],
    }
)
STARTS = (("city", "list", "http://e.example/city/"), ("world", "list", "http://e.example/world/"))


class Clock:
    """Real time that tests can turn forward."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def frontier_of(store: Store, clock: Clock, *, run: int = 1, **changes: object) -> Frontier:
    limit = changes.pop("limit", None)
    plan = replace(Plan(RECIPE, "f1", STARTS, delay=0.0, concurrency=8), **changes)  # type: ignore[arg-type]
    frontier = Frontier(store, {"demo": plan}, run=run, limit=limit, clock=clock)  # type: ignore[arg-type]
    frontier.open()
    return frontier


def put_articles(store: Store, count: int, host: str = "e.example") -> None:
    with store.begin() as transaction:
        for number in range(count):
            url = f"http://{host}/a/{number}"
            queue_articles(transaction, "demo", [Placed(Link(url), address_key(url), ("city",), number)], RECIPE, run=1)


def settle(store: Store, frontier: Frontier, page_id: int, **values: object) -> None:
    with store.begin() as transaction:
        transaction.pages.change(page_id, **({"state": "done"} | values))
    frontier.settled(page_id)


def taken(found: object) -> list[str]:
    assert isinstance(found, list), found
    return [lease.url for lease in found]


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
