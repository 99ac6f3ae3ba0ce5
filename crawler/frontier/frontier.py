"""What a run fetches, and in which order: lists before articles, each host in its turn, no more than the limit."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from crawler.errors import HostRests
from crawler.frontier.pace import asked, in_words, put_right, sent
from crawler.frontier.queueing import queue_lists
from crawler.outcome import Lease, PageKind, Validators, Way
from crawler.recipes.model import Recipe
from crawler.store import HostRow, PageRow, Store, Transaction, joined
from crawler.store.hosts import LONGEST_REST
from crawler.urls import host_of

LONGEST_WAIT = 60.0  # seconds that a run waits for a host beyond its pace; one that wants more is left to the next run
MOST_UNANSWERED = 10  # requests in a row; then a host is left to the next run: each may take half a minute, three times over
RESUME = 3600.0  # seconds; a run that was cut off within them is gone on with: what its lists held counts as read
MOST_ATTEMPTS = 24  # over all runs; a page that failed so often is left alone until recipe or extractor change


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes about a source."""

    recipe: Recipe
    fingerprint: str
    """Of recipe and extractor; what was read under another one is read again."""
    starts: tuple[tuple[str, Way, str], ...]
    """Section, way in, address: where the source's articles are listed, in the recipe's order."""
    delay: float
    """Seconds between two requests to a host."""
    concurrency: int
    """Requests under way to one host."""
    budget: int = 0
    """Requests to a host in 24 hours, by all sources; 0: any number."""
    looks: tuple[float, ...] = ()
    """After how many seconds a young article is looked at again, each counted from when it was first read."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is due now."""

    seconds: float
    """Until something is; for ever where all is done or in hand."""
    finished: bool
    """Nothing waits and nothing is in hand."""


@dataclass(slots=True)
class Turns:
    """What one look at the queue changes, written at once: which pages are leased, and which hosts had their turn."""

    transaction: Transaction
    hosts: dict[str, HostRow] = field(default_factory=dict)
    pages: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    _as_read: dict[str, HostRow] = field(default_factory=dict)

    def host(self, name: str) -> HostRow:
        if name not in self.hosts:
            self.hosts[name] = self._as_read[name] = self.transaction.hosts.get(name)
        return self.hosts[name]

    def save_pages(self) -> None:
        self.transaction.pages.change_all(self.pages)
        self.pages.clear()

    def save(self) -> None:
        self.save_pages()
        for name, row in self.hosts.items():
            if row != self._as_read[name]:
                self.transaction.hosts.save(row)


@dataclass(slots=True)
class Frontier:
    """The queue of one run. Its methods block on the store: call them from one thread beside the event loop."""

    store: Store
    plans: Mapping[str, Plan]
    run: int
    limit: int | None = None
    """Articles in the whole run, at most."""
    clock: Callable[[], float] = time.time
    """Seconds since 1970: delays and leases take the real clock."""
    in_hand: dict[int, Lease] = field(default_factory=dict)
    written: int = 0
    """Articles that this run wrote."""
    tries: Counter[int] = field(default_factory=Counter)
    """How often this run tried a page that it has in hand or will ask again."""
    unanswered: Counter[str] = field(default_factory=Counter)
    """Host → how many requests in a row it left without any answer."""
    resting: dict[str, dict[str, float]] = field(default_factory=dict)
    """Source → host → until when it is left alone, seconds since 1970: hosts that want more than a run waits, or don't answer (0)."""
    _counting: Lock = field(default_factory=Lock)
    """Pages are leased in the store's thread and leave the hand in the event loop's: whoever counts or changes those in hand has this."""

    def open(self) -> None:
        """Begins: leases of dead runs are void, lists are queued, failed pages are tried again."""
        now = self.clock()
        with self.store.begin() as transaction:
            for source, plan in self.plans.items():
                transaction.pages.free_leases(source)
                transaction.pages.queue_again(source, now, plan.fingerprint, MOST_ATTEMPTS)
                if plan.looks:
                    transaction.pages.look_again(source, now)
                if cut_off := transaction.runs.cut_off(source, self.run, now - RESUME):
                    transaction.pages.take_over(source, cut_off, self.run, plan.fingerprint)
                queue_lists(transaction, source, plan.starts, self.run)

    def lease(self, most: int) -> list[Lease] | Wait:
        """Up to `most` pages whose turn it is, each now this run's alone; else how long nothing will be due."""
        now = self.clock()
        leases: list[Lease] = []
        wake: list[float] = []
        # asked before the look: pages that are in hand now may keep others waiting, and be settled while this looks
        idle = not self.in_hand
        with self.store.begin(lazily=True) as transaction:
            turns = Turns(transaction)
            for source, plan in self.plans.items():
                wake += self._lease_of(turns, source, plan, now, most, leases)
            turns.save()
        if leases:
            return leases
        return Wait(max(0.0, min(wake, default=float("inf")) - now), finished=idle and not wake)

    def turn(self, source: str, url: str) -> float:
        """Takes the host's turn for one more request (a part, robots.txt, an old address) where it is due now.

        Gives 0 then, else the seconds after which to ask again. Raises HostRests where they are more than a run waits.
        """
        now, host = self.clock(), host_of(url)
        if self._is_silent(source, host):
            raise HostRests(host, f"{host} left {MOST_UNANSWERED} requests in a row without an answer")
        with self.store.begin(lazily=True) as transaction:
            turns = Turns(transaction)
            due = self._turn(turns, source, host, now)
            turns.save()
        if due == float("inf"):
            wait = in_words(self.resting[source][host] - now)
            raise HostRests(host, f"{host} is to be left alone for another {wait}: it asks for that, or its budget is spent")
        return max(0.0, due - now)

    def _turn(self, turns: Turns, source: str, host: str, now: float) -> float:
        """Takes the host's turn and gives 0 where it is due; else when it will be, infinity where that is later than a run waits."""
        plan = self.plans[source]
        row = turns.host(host)
        right = put_right(row, now)
        if right.next_at <= now:
            turns.hosts[host] = asked(right, now, plan.delay, plan.budget)
            return 0.0
        turns.hosts[host] = right
        pace = max(right.crawl_delay, *(plan.delay for plan in self.plans.values()))
        if right.next_at - now <= max(pace, LONGEST_WAIT):
            return right.next_at
        self.resting.setdefault(source, {})[host] = right.next_at
        return float("inf")

    def moment(self, source: str, url: str, missed: float = 0.0) -> tuple[float, float]:
        """Takes the moment at which a request that had its turn is sent; gives it, and the seconds until then (below 0: it has passed).

        Between a turn and its request lies work, which on a busy machine takes longer than the delay; then another process had its turn.
        `missed`: the moment that this request took before, and could not keep.
        """
        with self.store.begin(lazily=True) as transaction:
            now = self.clock()
            row = sent(put_right(transaction.hosts.get(host_of(url)), now), now, self.plans[source].delay, missed)
            transaction.hosts.save(row)
        return row.sent_at, row.sent_at - max(now, self.clock())

    def rest(self, url: str, seconds: float) -> None:
        """The address's host asks to be left alone for so long (Retry-After): all sources, runs and processes do."""
        now = self.clock()
        with self.store.begin() as transaction:
            transaction.hosts.wait_until(host_of(url), now + min(seconds, LONGEST_REST), now)

    def heard(self, host: str, *, silent: bool) -> None:
        """A host answered a request, whatever it said, or did not."""
        self.unanswered[host] = self.unanswered[host] + 1 if silent else 0

    def settled(self, page_id: int, *, wrote: bool = False, again: bool = False) -> None:
        """The page is no longer in hand; `again`: this run asks it once more."""
        with self._counting:
            self.in_hand.pop(page_id, None)
            if not again:
                del self.tries[page_id]
            self.written += wrote

    def _lease_of(self, turns: Turns, source: str, plan: Plan, now: float, most: int, leases: list[Lease]) -> list[float]:
        """Leases what is due of one source; gives the times at which more of it will be."""
        transaction = turns.transaction
        kind: PageKind = "list" if transaction.pages.unsettled_lists(source) else "article"
        wake: list[float] = []
        blocked: set[str] = set()
        while (room := self._room(kind, most - len(leases))) > 0:
            rows = transaction.pages.queued(source, kind, now, room, blocked)
            if not rows:
                break
            for row in rows:
                if row.host in blocked:
                    continue
                if self._is_silent(source, row.host) or self._under_way(row.host) >= plan.concurrency:
                    blocked.add(row.host)
                elif due := self._turn(turns, source, row.host, now):
                    wake.append(due)
                    blocked.add(row.host)
                else:
                    leases.append(self._take(turns, row, plan))
            turns.save_pages()
            if len(rows) < room:
                break
        if leases:
            return wake
        later = transaction.pages.next_try(source, kind) if self._room(kind, 1) > 0 else None
        if later is not None and now < later <= now + LONGEST_WAIT:
            wake.append(later)
        return [at for at in wake if at < float("inf")]

    def _is_silent(self, source: str, host: str) -> bool:
        if self.unanswered[host] < MOST_UNANSWERED:
            return False
        self.resting.setdefault(source, {}).setdefault(host, 0.0)
        return True

    def _take(self, turns: Turns, row: PageRow, plan: Plan) -> Lease:
        turns.pages.append((row.id, {"state": "leased", "run": self.run, "attempts": row.attempts + 1}))
        fresh = row.fingerprint == plan.fingerprint
        lease = Lease(
            page_id=row.id,
            source=row.source,
            kind=row.kind,
            url=row.url,
            rank=row.rank,
            sections=row.sections if row.kind == "article" else (),
            ways=row.sections if row.kind == "list" else (),
            hints=joined(row.hints),
            attempts=row.attempts,
            hops=row.hops,
            looks=row.looks,
            same_reader=fresh,
            depth=row.depth,
            also=row.also,
            validators=Validators(row.etag, row.last_modified) if fresh else Validators(),
        )
        with self._counting:
            self.in_hand[row.id] = lease
            self.tries[row.id] += 1
        return lease

    def _under_way(self, host: str) -> int:
        with self._counting:
            return sum(host_of(lease.url) == host for lease in self.in_hand.values())

    def _room(self, kind: PageKind, most: int) -> int:
        """How many more pages may be leased: of articles no more than the limit still allows if all in hand succeed."""
        if kind == "list" or self.limit is None:
            return most
        with self._counting:
            articles_in_hand = sum(lease.kind == "article" and not lease.looks for lease in self.in_hand.values())
            return min(most, self.limit - self.written - articles_in_hand)
