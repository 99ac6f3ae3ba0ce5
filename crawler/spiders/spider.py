"""The one spider: it leases pages from the frontier, has them read, and yields one outcome for each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from crawler.clock import run_start
from crawler.fetching.answers import failure_from, failure_of, redirect_target, validators_of
from crawler.fetching.asking import Asker, Stopped, page_of, request_for
from crawler.frontier import Wait
from crawler.outcome import Failure, Lease, Outcome
from crawler.page import Page
from crawler.pipelines.run import Run, open_run
from crawler.recipes import Catalogue, Recipe, SourceRef, find_sources
from crawler.recipes.environment import check_environment
from crawler.spiders.gathering import gather, single_page
from crawler.spiders.reading import ListJob
from crawler.spiders.workers import Workers, most_workers
from crawler.urls import path_and_query
from crawler.workspace import open_workspace

logger = logging.getLogger(__name__)
IN_HAND = 32  # leases at a time, at most
NAP = 0.05  # seconds between two looks for what is due while pages are in hand
LONG_NAP = 60.0  # … while there are none
LONGEST_STOP = 15.0  # seconds for the pages in hand when the run is stopped


class NewsSpider(Spider):
    """Crawls the sources of its run. `scrapy crawl guancha` is a subclass with one source; `broadsheet crawl` brings a run of many."""

    name = "broadsheet"
    source_id = ""
    """Of the one source that `scrapy crawl` names."""
    run: Run
    refs: Mapping[str, SourceRef]
    asker: Asker
    workers: Workers
    ended = False
    routes: dict[str, str]
    """Host → proxy that answers for it: how the demo newspaper keeps an address that doesn't change."""

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *args: Any, run: Run | None = None, catalogue: Catalogue | None = None, **kwargs: Any
    ) -> NewsSpider:
        spider: NewsSpider = super().from_crawler(crawler, *args, **kwargs)
        if run is None:
            workspace = open_workspace(Path(crawler.settings.get("BROADSHEET_WORKSPACE") or "."))
            from crawler.spiders.inferring import infer_missing

            inferred = infer_missing(workspace, [cls.source_id], run_start())
            catalogue = find_sources(workspace.sources)
            limit = crawler.settings.getint("BROADSHEET_LIMIT") or None
            recipe = catalogue.get(cls.source_id).recipe
            check_environment(recipe)
            run = open_run(workspace, {cls.source_id: recipe}, run_start(), limit=limit)
            for one in inferred:
                run.tell_inferred(one.source, one.told, failed=one.failed)
        assert catalogue is not None
        spider.run = run
        sources = [catalogue.get(name) for name in run.plans]
        spider.refs = {source.recipe.id: source.ref for source in sources}
        spider.routes = {}
        spider.asker = Asker(crawler, run.frontier, run.in_store, crawler.settings.get("USER_AGENT"))
        wanted = run.workspace.settings.workers
        count = crawler.settings.getint("BROADSHEET_WORKERS", most_workers() if wanted is None else wanted)
        spider.workers = Workers(count, [source.loaded() for source in sources], run.summary.notes.append)
        run.on_broken = spider.stop_early
        crawler.signals.connect(spider.on_closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Leases pages while there are any: lists first, each host in its turn."""
        try:
            while leases := await self.leases():
                for lease in leases:
                    yield self.asked_for(lease)
        except asyncio.CancelledError:  # the engine stops: SIGTERM, SIGINT
            self.stop_early()
            raise

    async def leases(self) -> list[Lease]:
        """The next pages whose turn it is, as soon as there are any; none when all is done or the run ends."""
        frontier = self.run.frontier
        while not self.asker.stopping.is_set():
            self.run.settled.clear()
            free = IN_HAND - len(frontier.in_hand)
            try:
                found = await self.run.in_store(partial(frontier.lease, free)) if free > 0 else Wait(NAP, finished=False)
            except Exception as error:  # whatever it is: a run that can't lease must not end as if all were done
                self.run.fail(error)
                break
            if not isinstance(found, Wait):
                return found
            if found.finished:
                break
            await self.nap(rest(found, len(frontier.in_hand)))
        return []

    async def nap(self, seconds: float) -> None:
        """Waits so long, or until the run is to stop or something was settled since the last look: it may have brought further pages."""
        try:
            await asyncio.wait_for(self.run.settled.wait(), seconds)
        except TimeoutError:
            return

    def asked_for(self, lease: Lease) -> Request | Outcome:
        """The page's request; its failure where none can be made."""
        try:
            return self.request(lease)
        except Exception as error:
            logger.exception("%s: no request can be made", lease.url)
            return Outcome(lease.source, lease.url, lease, failure=Failure(f"internal error ({type(error).__name__}: {error})", "next run"))

    def request(self, lease: Lease) -> Request:
        """The request for a leased page; a list is asked conditionally (RFC 9110, 13)."""
        recipe = self.run.recipes[lease.source]
        request = request_for(recipe, single_page(lease.url, recipe) if lease.kind == "article" else lease.url)
        if lease.validators.etag:
            request.headers["If-None-Match"] = lease.validators.etag
        if lease.validators.last_modified:
            request.headers["If-Modified-Since"] = lease.validators.last_modified
        request.callback, request.errback = partial(self.answered, lease), partial(self.unanswered, lease)
        return request

    async def answered(self, lease: Lease, response: Response) -> AsyncIterator[Outcome]:
        """One outcome for one answer, whatever happens."""
        try:
            yield await self.outcome(lease, response)
        except Stopped:
            yield Outcome(lease.source, lease.url, lease, failure=Failure("the run was stopped", "soon"))
        except Exception as error:
            logger.exception("%s: reading it failed", lease.url)
            yield Outcome(lease.source, lease.url, lease, failure=Failure(f"internal error ({type(error).__name__}: {error})", "next run"))

    async def unanswered(self, lease: Lease, failure: TwistedFailure) -> AsyncIterator[Outcome]:
        """No answer came: why not is the outcome."""
        error = failure.value or RuntimeError(str(failure))
        reason = Failure("the run was stopped", "soon") if isinstance(error, Stopped) else failure_from(error)
        yield Outcome(lease.source, failure.request.url if hasattr(failure, "request") else lease.url, lease, failure=reason)

    async def outcome(self, lease: Lease, response: Response) -> Outcome:
        recipe = self.run.recipes[lease.source]
        plain = Outcome(lease.source, response.url, lease, validators=validators_of(response))
        if response.status == 304 and (lease.validators.etag or lease.validators.last_modified):
            return replace(plain, unchanged=True, validators=lease.validators)
        target = redirect_target(response)
        single = lease.kind == "article" and response.url != lease.url
        if single and (response.status in (404, 410) or (target and path_and_query(target) != path_and_query(response.url))):
            return await self.plain_form(lease, recipe)
        if target:
            return replace(plain, moved_to=target)
        if failure := failure_of(response):
            return replace(plain, failure=failure)
        page = page_of(response, lease.url, lease.hints)
        if lease.kind == "list":
            reading = await self.workers.read(ListJob(self.refs[lease.source], page, lease.ways))
            return replace(plain, listings=reading.listings, failure=reading.failure)
        outcome = await self.article(plain, recipe, page)
        return await self.plain_form(lease, recipe) if single and outcome.failure else outcome

    async def plain_form(self, lease: Lease, recipe: Recipe) -> Outcome:
        """The form with all parts on one page isn't there: the plain page, then its parts."""
        page = await self.asker.fetch(recipe, lease.url, hints=lease.hints)
        plain = Outcome(lease.source, lease.url, lease)
        return replace(plain, failure=page) if isinstance(page, Failure) else await self.article(plain, recipe, page)

    async def article(self, plain: Outcome, recipe: Recipe, page: Page) -> Outcome:
        """An article of its page, after its further parts have been fetched one by one."""
        found = await gather(self.refs[plain.source], page, self.workers.read, partial(self.asker.fetch, recipe))
        reading = found.reading
        return replace(
            plain, article=reading.article, failure=reading.failure, moved_to=reading.moved_to, pages=found.pages if reading.article else ()
        )

    def stop_early(self) -> None:
        """Nothing more is asked; the downloads under way are finished and settled, unless they take too long."""
        if not self.asker.stopping.is_set():
            asyncio.get_running_loop().call_later(LONGEST_STOP, self.give_up)
        self.ask_nothing_more()

    def ask_nothing_more(self) -> None:
        self.run.settler.stopping = True
        self.asker.stopping.set()
        self.run.settled.set()

    def give_up(self) -> None:
        """The run ends with pages in hand: their leases are void in the next one."""
        if not self.ended:
            asyncio.ensure_future(self.on_closed()).add_done_callback(stop_reactor)

    async def on_closed(self) -> None:
        if self.ended:
            return
        self.ended = True
        stopped = self.asker.stopping.is_set()
        self.ask_nothing_more()
        stats = self.crawler.stats
        for name, summary in self.run.summary.sources.items():
            summary.requests = stats.get_value(f"broadsheet/{name}/requests", 0)
            summary.bytes = stats.get_value(f"broadsheet/{name}/bytes", 0)
        if stopped and not self.run.summary.stopped:
            self.run.summary.stopped = "the run was stopped"
        self.workers.close()
        await self.run.close()


def rest(found: Wait, in_hand: int) -> float:
    """Seconds until the next look for what is due.

    Where all that is left was in hand it may have been settled since: then the next look tells whether the run is at its end.
    """
    short = in_hand or found.seconds == float("inf")
    return min(found.seconds, NAP if short else LONG_NAP)


def stop_reactor(_: object) -> None:
    from twisted.internet import reactor

    running: Any = reactor
    if running.running:
        running.stop()
