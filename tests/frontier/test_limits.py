"""What keeps one site from filling the queue, and a host that asks for a pause from holding up a run."""

from __future__ import annotations

import pytest

from crawler.errors import HostRests
from crawler.frontier import Frontier, Plan, Wait, in_words, queueing
from crawler.frontier.queueing import Placed, queue_articles, queue_further, queue_lists
from crawler.outcome import Lease, Link, Listing, SectionListing
from crawler.recipes import Recipe
from crawler.store import Store
from crawler.store.hosts import LONGEST_REST
from crawler.urls import address_key

SITE = "https://news.example/"
RECIPE = Recipe.model_validate({"id": "demo", "url": SITE, "sections": [{"id": "map", "sitemap": SITE + "map.xml"}]})


def placed(name: str, rank: int = 0) -> Placed:
    return Placed(Link(SITE + name), address_key(SITE + name), ("map",), rank)


def frontier_of(store: Store, now: list[float], **plan: float) -> Frontier:
    made = Plan(RECIPE, "f", (("map", "sitemap", SITE + "map.xml"),), plan.get("delay", 0.0), 4)
    return Frontier(store, {"demo": made}, 1, clock=lambda: now[0])


def test_no_more_articles_wait_than_can_be_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "MOST_WAITING", 3)
    with store.begin() as transaction:
        assert queue_articles(transaction, "demo", [placed("a"), placed("b")], RECIPE, 1) == 0
        assert queue_articles(transaction, "demo", [placed("b"), placed("c"), placed("d"), placed("e")], RECIPE, 1) == 2
        assert transaction.pages.waiting_articles("demo") == 3


def test_no_more_lists_are_read_in_a_run_than_is_sane(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "MOST_LISTS", 5)
    lease = Lease(1, "demo", "list", SITE + "map.xml", ways=(("map", "sitemap"),))
    with store.begin() as transaction:
        queue_lists(transaction, "demo", [("map", "sitemap", SITE + "map.xml")], 1)
        children = SectionListing("map", "sitemap", Listing((), tuple(f"{SITE}{n}.xml" for n in range(9))))
        queue_further(transaction, lease, RECIPE, [children], 1)
        queue_further(transaction, lease, RECIPE, [children], 1)
        assert transaction.pages.lists_in("demo", 1) == 5


def test_a_run_does_not_wait_for_a_host_that_wants_an_hour(store: Store) -> None:
    now = [1e9]
    frontier = frontier_of(store, now)
    frontier.open()
    frontier.rest(SITE, 3600)
    found = frontier.lease(9)
    assert isinstance(found, Wait)
    assert found.finished
    assert frontier.resting == {"demo": {"news.example": 1e9 + 3600}}
    with pytest.raises(HostRests, match=r"news\.example is to be left alone for another 60 minutes"):
        frontier.turn("demo", SITE + "robots.txt")
    now[0] += 3600
    assert not isinstance(frontier.lease(9), Wait)


def test_a_run_waits_for_a_host_that_wants_a_minute_or_has_a_long_delay(store: Store) -> None:
    now = [1e9]
    frontier = frontier_of(store, now, delay=600.0)
    frontier.open()
    frontier.rest(SITE, 500)
    found = frontier.lease(9)
    assert isinstance(found, Wait)
    assert (found.finished, found.seconds) == (False, 500)
    assert frontier.turn("demo", SITE) == 500


def test_nobody_rests_for_more_than_a_day(store: Store) -> None:
    now = [1e9]
    frontier = frontier_of(store, now)
    frontier.rest(SITE, 1e9)
    with store.begin() as transaction:
        assert transaction.hosts.get("news.example").next_at == 1e9 + LONGEST_REST


def test_a_pause_from_before_the_clock_was_put_back_counts_from_now_on(store: Store) -> None:
    now = [2e9]
    frontier = frontier_of(store, now)
    frontier.open()
    frontier.rest(SITE, 3600)
    now[0] = 1e9
    with pytest.raises(HostRests, match="60 minutes"):
        frontier.turn("demo", SITE)
    now[0] += 3600
    assert frontier.turn("demo", SITE) == 0


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 minute"), (90, "2 minutes"), (3600, "60 minutes"), (7200, "2 hours"), (86400, "24 hours")]
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_host_that_does_not_answer_is_left_to_the_next_run(store: Store) -> None:
    now = [1e9]
    frontier = frontier_of(store, now)
    frontier.open()
    for _ in range(9):
        frontier.heard("news.example", silent=True)
    frontier.heard("news.example", silent=False)
    for _ in range(9):
        frontier.heard("news.example", silent=True)
    assert not isinstance(frontier.lease(1), Wait)
    frontier.in_hand.clear()
    frontier.open()
    frontier.heard("news.example", silent=True)
    found = frontier.lease(1)
    assert isinstance(found, Wait)
    assert found.finished
    assert frontier.resting == {"demo": {"news.example": 0.0}}
    with pytest.raises(HostRests, match="10 requests in a row"):
        frontier.turn("demo", SITE)
