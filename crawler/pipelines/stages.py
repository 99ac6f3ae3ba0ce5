"""The pipelines as Scrapy components, in the order in which an outcome passes them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scrapy.crawler import Crawler

from crawler.article import Article
from crawler.errors import BroadsheetError, DocumentError
from crawler.extraction import cleaned, extract
from crawler.fetching.asking import Asker, Stopped
from crawler.outcome import Failure, Outcome
from crawler.page import Page
from crawler.pipelines.contract import breach
from crawler.pipelines.filtering import left_out_by
from crawler.pipelines.foreign import run_of
from crawler.pipelines.identify import leads_to, sighting
from crawler.pipelines.pictures import keeps_images, wanted
from crawler.pipelines.run import Run
from crawler.pipelines.verdict import Verdict
from crawler.recipes import Recipe, Section
from crawler.urls import address_key

logger = logging.getLogger(__name__)


class Stage:
    """What all stages share: the run, found when the spider opens."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: Run | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        return cls(crawler)

    def open_spider(self) -> None:
        self.run = run_of(self.crawler)

    async def process_item(self, item: Any) -> Any:
        verdict = self.verdict_of(item)
        if verdict is None or self.run is None:
            return item
        try:
            return await self.judge(self.run, verdict)
        except Stopped:
            return replace(verdict, refused=Failure("the run was stopped", "soon"))
        except Exception as error:  # a stage that raised would keep all later ones from settling the lease
            logger.exception("%s: %s failed", verdict.outcome.url, type(self).__name__)
            return replace(verdict, refused=Failure(f"internal error ({type(error).__name__}: {error})", "next run"))

    def verdict_of(self, item: Any) -> Verdict | None:
        """An item as a verdict; None for items that are none of ours. A foreign spider yields pages and articles."""
        if isinstance(item, Verdict):
            return item
        if isinstance(item, Outcome):
            return Verdict(item)
        source = next(iter(self.run.recipes)) if self.run else ""  # a foreign project's run has one source: its spider
        if isinstance(item, Article):
            return Verdict(Outcome(source, item.url, article=cleaned(item)))
        if isinstance(item, Page):
            try:
                recipe = self.run.recipes[source] if self.run else None
                return Verdict(Outcome(source, item.url, article=extract([item], recipe), pages=(item,)))
            except BroadsheetError as error:
                return Verdict(Outcome(source, item.url, failure=Failure(error.problem, "later")))
        return None

    async def judge(self, run: Run, verdict: Verdict) -> Verdict:
        raise NotImplementedError


class IdentityStage(Stage):
    """Which article is it? What looks like a known one under a new address has the old address asked once."""

    async def judge(self, run: Run, verdict: Verdict) -> Verdict:
        if verdict.failure or verdict.outcome.article is None:
            return verdict
        recipe = run.recipes[verdict.outcome.source]
        seen = sighting(verdict.outcome, recipe)
        known, alike = await run.look(seen)
        if known is not None:
            return replace(verdict, guid=known.guid)
        asker: Asker | None = getattr(self.crawler.spider, "asker", None)
        if asker is None:
            return verdict
        for old in alike:
            page = await asker.fetch(recipe, old.url, known=seen.keys)
            if isinstance(page, Page) and leads_to(page, seen):
                return replace(verdict, guid=old.guid)
        return verdict


class ContractStage(Stage):
    """Does the article hold what the recipe expects, and is it wanted? One that has a document already stays."""

    async def judge(self, run: Run, verdict: Verdict) -> Verdict:
        article = verdict.outcome.article
        if verdict.failure or article is None:
            return verdict
        recipe = run.recipes[verdict.outcome.source]
        refused = breach(article, recipe)
        if refused is None and not verdict.guid and (reason := left_out_by(article, sections_of(verdict, recipe), recipe, run.started)):
            refused = Failure(reason, "new recipe")
        return replace(verdict, refused=refused)


def sections_of(verdict: Verdict, recipe: Recipe) -> list[Section]:
    """The sections whose lists show the article."""
    lease = verdict.outcome.lease
    return [section for name in (lease.sections if lease else ()) if (section := recipe.section(name))]


class ImageStage(Stage):
    """Its pictures are kept, where recipe or workspace want it."""

    def open_spider(self) -> None:
        super().open_spider()
        self.kept: Any = None

    async def judge(self, run: Run, verdict: Verdict) -> Verdict:
        if verdict.failure or not keeps_images(run.workspace, run.recipes[verdict.outcome.source]):
            return verdict
        pictures = await self.pictures(run, verdict)
        if not pictures:
            return verdict
        if self.kept is None:
            from crawler.pipelines.images import KeptImages  # Pillow is loaded only where pictures are kept

            self.kept = KeptImages(run, self.crawler, getattr(self.crawler.spider, "asker", None))
        judged: Verdict = await self.kept.process_item(replace(verdict, pictures=tuple(pictures)))
        return judged

    async def pictures(self, run: Run, verdict: Verdict) -> list[str]:
        """Those of the article; of one that was looked at again and is unchanged, those that could not be had earlier."""
        outcome = verdict.outcome
        if outcome.article is not None:
            return wanted(outcome.article)
        if outcome.unchanged and outcome.lease is not None and outcome.lease.kind == "article":
            addresses = [address_key(outcome.lease.url)]
            return await run.in_store(lambda: missing(run, outcome.source, addresses))
        return []


def missing(run: Run, source: str, keys: Sequence[str]) -> list[str]:
    """Pictures of a known article's document that are not kept."""
    with run.store.begin() as transaction:
        guid = transaction.entries.guid_at(source, keys)
        known = transaction.entries.by_guid(guid) if guid else None
    if known is None or not known.written:
        return []
    try:
        entry = run.documents.read(known.path)
    except DocumentError:
        return []
    return [address for address in wanted(entry.article) if address not in entry.image_files]


class SettleStage(Stage):
    """The last one: document durable, page done. Nothing passes it."""

    async def judge(self, run: Run, verdict: Verdict) -> Verdict:
        settled = await run.settle(verdict)
        if settled.kind == "failed" and verdict.outcome.lease is None:
            logger.warning("%s: %s", settled.url, settled.reason)
        return verdict


STAGES: dict[type[Stage], int] = {IdentityStage: 300, ContractStage: 400, ImageStage: 500, SettleStage: 900}
