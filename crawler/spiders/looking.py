"""Asks a site on behalf of discovery: each request in its host's turn, by the guard and robots.txt, and no more than the limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.discovery.asking import MOST_REQUESTS
from crawler.discovery.discover import discover
from crawler.discovery.found import Discovery
from crawler.errors import BroadsheetError, DiscoveryError
from crawler.fetching.answers import MOST_HOPS, failure_from, failure_of, redirect_target
from crawler.fetching.asking import Asker, Stopped, page_of, request_for
from crawler.frontier import Frontier, Plan
from crawler.outcome import Failure
from crawler.page import Page
from crawler.recipes import Recipe
from crawler.store import Store
from crawler.urls import host_of

USED_UP = "it was not asked: no more than {} requests are sent to look at a site"


@dataclass(slots=True)
class Looker:
    """`crawler.discovery.asking.Ask` over a crawl's own asker."""

    crawler: Crawler
    asker: Asker
    recipe: Recipe
    most: int = MOST_REQUESTS
    hosts: set[str] = field(default_factory=set)
    """Those whose robots.txt was asked for by now."""
    _before: int = field(init=False)

    def __post_init__(self) -> None:
        self._before = self._counted()

    @property
    def sent(self) -> int:
        return self._counted() - self._before

    def _counted(self) -> int:
        return int(self.crawler.stats.get_value(f"broadsheet/{self.recipe.id}/requests", 0))

    async def fetch(self, url: str) -> Page | Failure:
        """One page, redirects followed, each request in its turn."""
        asked = url
        for _ in range(MOST_HOPS):
            host = host_of(url)
            if self.sent + (host not in self.hosts) >= self.most:
                return Failure(USED_UP.format(self.most), "later")
            self.hosts.add(host)
            try:
                await self.asker.turn(self.recipe.id, url)
                response = await self.crawler.engine.download_async(request_for(self.recipe, url))
            except Stopped:
                return Failure("the run was stopped", "soon")
            except BroadsheetError as error:
                return Failure(error.problem, "next run")
            except Exception as error:
                return failure_from(error)
            target = redirect_target(response)
            if not target:
                return failure_of(response) or page_of(response, asked)
            url = target
        return Failure(f"more than {MOST_HOPS} redirects", "next run")

    def robots_text(self, url: str) -> str:
        robots = self.asker.known_robots(url)
        return robots.text if robots is not None and 200 <= robots.status < 300 else ""


class LookingSpider(Spider):
    """One look at one site, outside of any run: what `broadsheet add` starts."""

    name = "looking"

    def __init__(
        self,
        recipes: Sequence[Recipe],
        store: Store,
        now: datetime,
        delay: float,
        outcome: list[Discovery | BroadsheetError],
        *,
        name_id: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.name_id = name_id
        self.recipes, self.store, self.now, self.delay, self.outcome = recipes, store, now, delay, outcome
        self.routes: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Looks at the first address that answers; yields nothing."""
        plans = {recipe.id: Plan(recipe, "", (), self.delay, 1) for recipe in self.recipes}
        with ThreadPoolExecutor(1, thread_name_prefix="store") as thread:

            async def in_store(work: Callable[[], Any]) -> Any:
                return await asyncio.get_running_loop().run_in_executor(thread, work)

            found: Discovery | BroadsheetError | None = None
            for recipe in self.recipes:
                # what one address said of robots.txt must not hold for the next: http may answer where https doesn't
                self.asker = Asker(self.crawler, Frontier(self.store, plans, 0), in_store, self.settings.get("USER_AGENT"))
                try:
                    looker = Looker(self.crawler, self.asker, recipe)
                    found = await discover(recipe.url, looker, now=self.now, given=recipe, name_id=self.name_id)
                    break
                except BroadsheetError as error:
                    found = found or error
            if found is not None:
                self.outcome.append(found)
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item


def look_at(
    recipes: Sequence[Recipe],
    store: Store,
    now: datetime,
    *,
    user_agent: str,
    delay: float,
    name_id: bool = True,
    log_level: str = "ERROR",
) -> Discovery:
    """What discovery finds of the site that the first of these recipes names that answers.

    `delay`: seconds between two requests; `name_id`: whether the pattern may name what identifies an article. One call a process: Twisted's
    reactor starts once. Raises DiscoveryError: what is wrong with the first of them.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({"LOG_LEVEL": log_level, "USER_AGENT": user_agent, "ADDONS": {}}, priority="cmdline")
    outcome: list[Discovery | BroadsheetError] = []
    process = AsyncCrawlerProcess(settings)
    crawling = process.crawl(LookingSpider, recipes=recipes, store=store, now=now, delay=delay, outcome=outcome, name_id=name_id)
    process.start()
    if crawling.done() and not crawling.cancelled() and (error := crawling.exception()) is not None:
        raise error
    if not outcome:
        raise DiscoveryError(recipes[0].url, "the look at it was stopped; nothing was written")
    if isinstance(outcome[0], BroadsheetError):
        raise outcome[0]
    return outcome[0]
