"""Asking a site for one thing more than the leased page: its robots.txt, a part of an article, an old address. Each takes its turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errors import FetchRefused
from crawler.fetching.answers import MOST_HOPS, failure_from, failure_of, headers_of, redirect_target
from crawler.fetching.robots import FRESH, MOST_BYTES, Robots
from crawler.frontier import Frontier
from crawler.outcome import Failure
from crawler.page import NO_HINTS, Hints, Page
from crawler.recipes.environment import sent_headers
from crawler.recipes.model import Recipe
from crawler.urls import address_key, host_of

T = TypeVar("T")
SOURCE = "source"  # in request.meta: for whom it is asked
NO_ROBOTS = "broadsheet_no_robots"  # in request.meta: robots.txt itself
PAGE_TIMEOUT = 30.0  # seconds


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
    _sent: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, Robots] = field(default_factory=dict)
    _asking: dict[str, asyncio.Future[tuple[Robots, bool]]] = field(default_factory=dict)

    async def turn(self, source: str, url: str) -> None:
        """Waits until the host may be asked once more. Raises Stopped where the run ends first."""
        while wait := await self.in_store(lambda: self.frontier.turn(source, url)):
            try:
                await asyncio.wait_for(self.stopping.wait(), wait)
            except TimeoutError:
                continue
            raise Stopped
        if self.stopping.is_set():
            raise Stopped

    async def pace(self, source: str, url: str) -> None:
        """Keeps the distance between two requests where it counts, at the moment of sending: between a lease and its request lies work."""
        host = host_of(url)
        robots = self._robots.get(host)
        delay = max(self.frontier.plans[source].delay, robots.crawl_delay(self.user_agent) if robots else 0.0)
        now = time.monotonic()
        at = max(now, self._sent.get(host, now - delay) + delay)
        self._sent[host] = at
        if at > now:
            await asyncio.sleep(at - now)

    async def fetch(self, recipe: Recipe, url: str, *, hints: Hints = NO_HINTS, known: Collection[str] = ()) -> Page | Failure:
        """One page beside the leased one, redirects followed, each request in its turn.

        A redirect to an address whose key is `known` is not followed: the page given then has that address and no body.
        """
        asked = url
        for _ in range(MOST_HOPS):
            await self.turn(recipe.id, url)
            try:
                response = await self.crawler.engine.download_async(request_for(recipe, url))
            except Stopped:
                raise
            except Exception as error:
                return failure_from(error)
            target = redirect_target(response)
            if not target:
                return failure_of(response) or page_of(response, asked, hints)
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
        if host in self._robots:
            return self._robots[host]
        if host not in self._asking:
            self._asking[host] = asyncio.ensure_future(self._read_robots(recipe, url, host))
        robots, asked = await asyncio.shield(self._asking[host])
        if asked:
            await self.turn(recipe.id, url)
        return robots

    def known_robots(self, url: str) -> Robots | None:
        """What an address's host said in its robots.txt, where it was read already."""
        return self._robots.get(host_of(url))

    async def _read_robots(self, recipe: Recipe, url: str, host: str) -> tuple[Robots, bool]:
        """What robots.txt says, and whether the host was asked for it."""

        def known() -> Any:
            with self.frontier.store.begin() as transaction:
                return transaction.hosts.get(host)

        row = await self.in_store(known)
        robots = Robots(row.robots_status, row.robots)
        age = time.time() - row.robots_at
        asked = not (row.robots_at and 0 <= age < FRESH and (not robots.unreachable or row.robots_at >= self.started))
        if asked:
            robots = await self._ask_robots(recipe, url)

            def keep() -> None:
                with self.frontier.store.begin() as transaction:
                    delay = robots.crawl_delay(self.user_agent)
                    transaction.hosts.robots_read(host, robots.text, robots.status, time.time(), delay)

            await self.in_store(keep)
        self._robots[host] = robots
        return robots, asked

    async def _ask_robots(self, recipe: Recipe, url: str) -> Robots:
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        for hop in range(6):  # RFC 9309, 2.3.1.2: at least five redirects are followed
            if hop:
                await self.turn(recipe.id, address)
            request = request_for(recipe, address)
            request.meta[NO_ROBOTS] = True
            try:
                response = await self.crawler.engine.download_async(request)
            except FetchRefused:
                raise
            except Exception:
                return Robots(0)
            target = redirect_target(response)
            if not target:
                return Robots(response.status, response.body[:MOST_BYTES].decode("utf-8", "replace"))
            address = target
        return Robots(404)  # RFC 9309: more redirects count as unavailable


def request_for(recipe: Recipe, url: str, **meta: Any) -> Request:
    """A request on behalf of a source; its answer comes back whatever its status."""
    from crawler.fetching.handler import ALLOW_PRIVATE

    own = {SOURCE: recipe.id, ALLOW_PRIVATE: recipe.allow_private, "handle_httpstatus_all": True, "download_timeout": PAGE_TIMEOUT}
    request = Request(url, dont_filter=True, meta=own | meta)
    if (recipe.headers or recipe.cookies) and host_of(url) in hosts_named(recipe):  # they may be secrets: they go to no other host
        for name, value in sent_headers(recipe).items():
            request.headers[name] = value
    return request


def hosts_named(recipe: Recipe) -> set[str]:
    """The hosts that a recipe itself names: its site's, and those of its lists."""
    urls = [recipe.url]
    for section in recipe.sections:
        urls += [section.feed, section.sitemap, *(block.url for block in (*section.lists, *section.jsons))]
    return {host_of(url) for url in urls if url}


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
