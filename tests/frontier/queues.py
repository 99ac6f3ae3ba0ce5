"""A frontier over a store, a clock that tests turn, and what a spider does with the leases."""

from __future__ import annotations

from dataclasses import replace

from crawler.frontier import Frontier, Plan
from crawler.frontier.queueing import Placed, queue_articles
from crawler.outcome import Link
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
