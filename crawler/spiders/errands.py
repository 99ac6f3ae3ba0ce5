"""Articles and lists that a person asks for by name: fetched as a crawl does, each request in its host's turn, but settled nowhere."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.errors import BroadsheetError
from crawler.fetching.asking import Asker
from crawler.frontier import Frontier, Plan
from crawler.outcome import Failure, Link, Listing, Way
from crawler.page import NO_HINTS, Hints, Page
from crawler.pipelines.starting import plan_for
from crawler.recipes import Recipe, Source, first_addresses
from crawler.spiders.gathering import Gathered, bring
from crawler.spiders.reading import ArticleJob, Reading, read, read_section
from crawler.store import Store
from crawler.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Errand:
    """What is wanted of a source: articles by their addresses; without any, its lists and the first articles on them."""

    source: Source
    urls: tuple[str, ...] = ()
    articles: int = 3
    """How many of those that the lists show, where no address is given."""
    others: Callable[[Gathered], Sequence[str]] = lambda found: ()
    """Addresses of what else is wanted beside an article (style sheets, pictures)."""


@dataclass(frozen=True, slots=True)
class FetchedList:
    """A list page, and what it gave."""

    section: str
    way: Way
    page: Page
    listing: Listing


@dataclass(slots=True)
class Brought:
    """What came of an errand."""

    lists: list[FetchedList] = field(default_factory=list)
    articles: list[tuple[str, Gathered]] = field(default_factory=list)
    """Each address with the pages it led to and the article that they make."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Addresses that gave nothing, and why."""
    refused: dict[str, Page] = field(default_factory=dict)
    """Pages that are no article, by the address that was asked for."""
    others: dict[str, Page] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrandRun:
    """What a crawl's extensions and middlewares ask of a run."""

    plans: Mapping[str, Plan]
    recipes: Mapping[str, Recipe]


class ErrandSpider(Spider):
    """Does errands one after the other."""

    name = "errands"

    def __init__(self, errands: Sequence[Errand], run: ErrandRun, store: Store, brought: list[Brought], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.errands, self.run, self.store, self.brought = errands, run, store, brought
        self.routes: dict[str, str] = {}
        self.thread = ThreadPoolExecutor(1)
        self.failed: BaseException | None = None
        self.finished = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ErrandSpider:
        spider: ErrandSpider = super().from_crawler(crawler, *args, **kwargs)
        frontier = Frontier(spider.store, spider.run.plans, 0)
        spider.asker = Asker(crawler, frontier, spider.in_store, crawler.settings.get("USER_AGENT"))
        return spider

    asker: Asker

    async def in_store(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)

    async def start(self) -> AsyncIterator[Any]:
        try:
            for errand in self.errands:
                brought = Brought()
                self.brought.append(brought)
                await self.do(errand, brought)
            self.finished = True
        except Exception as error:
            self.failed = error
        return
        yield

    async def do(self, errand: Errand, brought: Brought) -> None:
        wanted = [Link(url) for url in errand.urls]
        if not wanted:
            await self.read_lists(errand.source, brought)
            wanted = alternating([one.listing.links for one in brought.lists])
        for link in wanted:
            if not errand.urls and len(brought.articles) >= errand.articles:
                break
            found = await self.article(errand.source, link.url, link.hints)
            if found.reading.article is None:
                brought.failures.append((link.url, found.reading.failure.reason if found.reading.failure else "leads nowhere"))
                if found.pages:
                    brought.refused[link.url] = found.pages[0]
                if not errand.urls and len(brought.failures) > errand.articles + 3:
                    break
                continue
            brought.articles.append((link.url, found))
            for url in errand.others(found):
                page = await self.fetch(errand.source.recipe, url)
                if isinstance(page, Page):
                    brought.others[url] = page

    async def read_lists(self, source: Source, brought: Brought) -> None:
        recipe = source.recipe
        asked: set[tuple[Way, str]] = set()
        for section in recipe.sections:
            for way, url in first_addresses(section):
                if (way, section.id) in asked:
                    continue  # its first page is enough
                asked.add((way, section.id))
                page = await self.fetch(recipe, url)
                if isinstance(page, Failure):
                    brought.failures.append((url, page.reason))
                    continue
                found = read_section(source, page, section.id, way)
                if found.listing is None:
                    brought.failures.append((url, found.problem))
                else:
                    brought.lists.append(FetchedList(section.id, way, page, found.listing))

    async def article(self, source: Source, url: str, hints: Hints = NO_HINTS) -> Gathered:
        async def read_here(job: ArticleJob) -> Reading:
            return read(job, source)

        fetch: Callable[..., Awaitable[Page | Failure]] = partial(self.fetch, source.recipe)
        return await bring(source, url, hints, read_here, fetch)

    async def fetch(self, recipe: Recipe, url: str, hints: Hints = NO_HINTS) -> Page | Failure:
        return await self.asker.fetch(recipe, url, hints=hints)


def alternating(lists: Sequence[Sequence[Link]]) -> list[Link]:
    """Links in turn from each list, each address once."""
    found: dict[str, Link] = {}
    for place in range(max(map(len, lists), default=0)):
        for links in lists:
            if place < len(links):
                found.setdefault(links[place].url, links[place])
    return list(found.values())


def do_errands(place: Workspace, errands: Sequence[Errand]) -> list[Brought]:
    """What came of each. One call a process: Twisted's reactor starts once. Raises BroadsheetError where nothing can be asked."""
    recipes = {errand.source.recipe.id: errand.source.recipe for errand in errands}
    run = ErrandRun({name: plan_for(place, recipe) for name, recipe in recipes.items()}, recipes)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({"LOG_LEVEL": "ERROR", "USER_AGENT": place.sent_as, "ADDONS": {}}, priority="cmdline")
    brought: list[Brought] = []
    with store_of(place) as store:
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(ErrandSpider)
        process.crawl(crawler, errands=errands, run=run, store=store, brought=brought)
        process.start()
        spider = crawler.spider
    failed = getattr(spider, "failed", None)
    if isinstance(failed, BaseException):
        raise failed
    if not getattr(spider, "finished", False):
        raise BroadsheetError("", "stopped before all was fetched")
    return brought


@contextmanager
def store_of(place: Workspace) -> Any:
    """The workspace's store, for its hosts' turns; where there is none yet, one that is thrown away."""
    if place.settings.store or (place.own / "store.sqlite").exists():
        store = Store(place.store_url)
        try:
            yield store
        finally:
            store.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        try:
            yield store
        finally:
            store.close()
