"""Asking a site for one thing more than the leased page: its robots.txt, a part of an article, an old address. Each takes its turn."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errors import FetchRefused, HostRests
from crawler.fetching.answers import MOST_HOPS, failure_from, failure_of, headers_of, redirect_target
from crawler.fetching.guard import is_own
from crawler.fetching.handler import OWN_SITE
from crawler.fetching.robots import FRESH, Robots, read_robots
from crawler.frontier import LONGEST_WAIT, Frontier
from crawler.outcome import Failure
from crawler.page import NO_HINTS, Hints, Page
from crawler.recipes.model import Recipe
from crawler.urls import address_key, host_of

T = TypeVar("T")
SOURCE = "source"  # in request.meta: for whom it is asked
NO_ROBOTS = "broadsheet_no_robots"  # in request.meta: robots.txt itself
ROBOTS_TRIES = 3  # a robots.txt that is not reached closes its whole host for this run: one fault is not enough for that
ROBOTS_HOPS = 5  # RFC 9309, 2.3.1.2: at least five redirects are followed
LATE = 0.02  # of the delay, and seconds: a request that would leave so much after its moment takes another one
MOMENTS = 5  # for one request, at most: on a machine that is never in time it is sent all the same
BACKOFF = 2.0  # seconds before the second try, doubled for the third


class Stopped(Exception):
    """The run is stopping: nothing more is asked."""


@dataclass(slots=True)
class Asker:
    """Asks for what is not leased, in the host's turn."""

    crawler: Crawler
    frontier: Frontier
    in_store: Callable[[Callable[[], Any]], Awaitable[Any]]
    """Runs a function in the store's thread."""
    user_agent: str
    started: float = field(default_factory=time.time)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _robots: dict[str, tuple[Robots, float]] = field(default_factory=dict)
    """Host → its robots.txt, and when that was asked, seconds since 1970."""
    chance: random.Random = field(default_factory=random.Random)
    _asking: dict[str, asyncio.Future[tuple[Robots, bool]]] = field(default_factory=dict)

    async def turn(self, source: str, url: str) -> None:
        """Waits until the host may be asked once more. Raises Stopped where the run ends first, HostRests where that takes too long."""
        while wait := await self.in_store(lambda: self.frontier.turn(source, url)):
            await self.pause(wait)
        if self.stopping.is_set():
            raise Stopped

    async def pause(self, seconds: float) -> None:
        """Waits. Raises Stopped where the run ends meanwhile."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped

    async def rest(self, url: str, seconds: float) -> None:
        """The host asks to be left alone for so long: by all sources, in all runs."""
        await self.in_store(lambda: self.frontier.rest(url, seconds))

    async def pace(self, source: str, url: str, *, first: bool = False) -> None:
        """Keeps the distance between two requests where it counts, at the moment of sending, over all processes.

        Whoever misses the moment that it took takes another one: by now somebody else may have the next.
        `first`: it asks for robots.txt, from which the next one may learn of a delay.
        """
        known = self.known_robots(url)
        delay = max(self.frontier.plans[source].delay, known.crawl_delay(self.user_agent) if known else 0.0)
        missed = 0.0

        def moment() -> tuple[float, float]:
            at, seconds = self.frontier.moment(source, url, missed)
            return at, time.monotonic() + seconds

        for _ in range(MOMENTS if delay or first else 0):
            missed, due = await self.in_store(moment)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() - due <= max(LATE, LATE * delay):
                break

    async def fetch(self, recipe: Recipe, url: str, *, hints: Hints = NO_HINTS, known: Collection[str] = ()) -> Page | Failure:
        """One page beside the leased one, redirects followed, each request in its turn.

        A redirect to an address whose key is `known` is not followed: the page given then has that address and no body.
        """
        asked = url
        for _ in range(MOST_HOPS):
            try:
                await self.turn(recipe.id, url)
                response = await self.crawler.engine.download_async(request_for(recipe, url))
            except Stopped:
                raise
            except Exception as error:
                return failure_from(error)
            target = redirect_target(response)
            if not target:
                failure = failure_of(response)
                if failure and failure.retry_after:
                    await self.rest(url, failure.retry_after)
                return failure or page_of(response, asked, hints)
            if address_key(target) in known:
                return replace(page_of(response, asked), url=target, body=b"")
            url = target
        return Failure(f"more than {MOST_HOPS} redirects", "next run")

    async def robots(self, recipe: Recipe, url: str) -> Robots:
        """The robots.txt of an address's host, asked at most once a day (RFC 9309, 2.4), shared by all sources and processes.

        Whoever comes here has taken the host's turn already. Where robots.txt has to be asked first, that turn is used for it, and the
        host's next turn is waited for.
        """
        host = host_of(url)
        known = self._robots.get(host)
        if known and 0 <= time.time() - known[1] < FRESH:
            return known[0]
        if host not in self._asking:
            self._asking[host] = asyncio.ensure_future(self._read_robots(recipe, url, host))
            self._asking[host].add_done_callback(lambda _: self._asking.pop(host, None))
        robots, asked = await asyncio.shield(self._asking[host])
        if asked:
            await self.turn(recipe.id, url)
        return robots

    def known_robots(self, url: str) -> Robots | None:
        """What an address's host said in its robots.txt, where it was read already."""
        known = self._robots.get(host_of(url))
        return known[0] if known else None

    async def _read_robots(self, recipe: Recipe, url: str, host: str) -> tuple[Robots, bool]:
        """What robots.txt says, and whether the host was asked for it."""

        def known() -> Any:
            with self.frontier.store.begin() as transaction:
                return transaction.hosts.get(host)

        row = await self.in_store(known)
        robots, at = Robots(row.robots_status, row.robots), row.robots_at
        # one that was not reached is asked again in each run, and not twice in one
        asked = not (at and 0 <= time.time() - at < FRESH and (not robots.unreachable or at >= self.started))
        if asked:
            robots, at = await self._ask_robots(recipe, url), time.time()

            def keep() -> None:
                with self.frontier.store.begin() as transaction:
                    delay = robots.crawl_delay(self.user_agent)
                    transaction.hosts.robots_read(host, robots.text, robots.status, at, delay)

            await self.in_store(keep)
        self._robots[host] = robots, at
        return robots, asked

    async def _ask_robots(self, recipe: Recipe, url: str) -> Robots:
        """robots.txt as the host has it; a fault is given a second and a third try. Raises HostRests, Stopped."""
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        for tries in range(ROBOTS_TRIES):
            if tries:
                await self.turn(recipe.id, address)
            robots, failure = await self._ask_robots_once(recipe, address)
            if failure is None or failure.again != "soon" or tries + 1 == ROBOTS_TRIES:
                break
            if (failure.retry_after or 0.0) > LONGEST_WAIT:
                break
            await self.pause(max(failure.retry_after or 0.0, BACKOFF * 2**tries * self.chance.uniform(0.75, 1.25)))
        return robots

    async def _ask_robots_once(self, recipe: Recipe, address: str) -> tuple[Robots, Failure | None]:
        first = address
        for hop in range(ROBOTS_HOPS + 1):
            try:
                if hop:
                    await self.turn(recipe.id, address)
                request = request_for(recipe, address)
                request.meta[NO_ROBOTS] = True
                response = await self.crawler.engine.download_async(request)
            except (Stopped, HostRests):
                raise
            except FetchRefused:
                if address == first:
                    raise
                return Robots(0, reason="its robots.txt redirects to where nothing may be asked"), None
            except Exception as error:
                fault = failure_from(error)
                return Robots(0, reason=fault.reason), fault
            target = redirect_target(response)
            if not target:
                failure = failure_of(response) if response.status >= 400 else None
                if failure and failure.retry_after:
                    await self.rest(address, failure.retry_after)
                return read_robots(response.status, response.body), failure
            address = target
        return Robots(404), None  # RFC 9309: more redirects count as unavailable


def request_for(recipe: Recipe, url: str, **meta: Any) -> Request:
    """A request on behalf of a source; its answer comes back whatever its status."""
    own = recipe.allow_private and is_own(url, recipe.addresses())
    told = {SOURCE: recipe.id, OWN_SITE: own, "handle_httpstatus_all": True}
    return Request(url, dont_filter=True, meta=told | meta)


def page_of(response: Response, asked: str, hints: Hints = NO_HINTS) -> Page:
    """An answer as a page."""
    return Page(
        body=response.body,
        url=response.url,
        requested_url="" if asked == response.url else asked,
        status=response.status,
        headers=headers_of(response),
        fetched_at=datetime.now(UTC),
        hints=hints,
    )
