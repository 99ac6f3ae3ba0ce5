"""A run: what it has open, what it has settled so far, and what it does at its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from crawler.article import zulu
from crawler.documents import DocumentOptions, Documents, profile_named
from crawler.errors import BroadsheetError, SourceBusy
from crawler.files import sweep
from crawler.frontier import Frontier, Plan, SourceLock
from crawler.pipelines.identify import Sighting, known_entries, lookalikes
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.missing import fetch_vanished
from crawler.pipelines.opening import open_store
from crawler.pipelines.pictures import assets_url
from crawler.pipelines.renaming import check_that_none_is_cut_off
from crawler.pipelines.settle import Settled, Settler
from crawler.pipelines.starting import check_writable, in_order, plan_for, written_for_others
from crawler.pipelines.summary import RunSummary, SourceSummary
from crawler.pipelines.taking_down import forget_all_of
from crawler.pipelines.together import Together
from crawler.pipelines.verdict import Verdict
from crawler.recipes import Recipe, find_sources
from crawler.store import KnownEntry, Store
from crawler.workspace import Workspace

logger = logging.getLogger(__name__)
T = TypeVar("T")
Looked: TypeAlias = tuple[KnownEntry | None, list[KnownEntry]]
GROUP = 32  # verdicts that are settled together, at most
PATIENCE = 0.05  # seconds that a verdict waits for others to be settled with: each group waits for the disk
GLANCE = 0.02  # … that an article waits for others to be looked up with


@dataclass(slots=True)
class Run:
    """One run over some sources of a workspace. Everything that touches store and disk goes through its one thread."""

    workspace: Workspace
    recipes: Mapping[str, Recipe]
    started: datetime
    store: Store
    documents: Documents
    number: int
    plans: dict[str, Plan]
    frontier: Frontier
    settler: Settler
    locks: list[SourceLock]
    summary: RunSummary
    began: float = field(default_factory=time.monotonic)
    on_settled: Callable[[Settled], None] | None = None
    broken: BaseException | None = None
    """What makes going on pointless: a full disk, a store that can't be written."""
    on_broken: Callable[[], None] | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a group was settled, and when the run is to end."""
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="store"))
    _looking: Together[Sighting, Looked] = field(init=False)
    _settling: Together[Verdict, Settled] = field(init=False)

    def __post_init__(self) -> None:
        self._looking = Together(self._look, GROUP, self._others_are_on_their_way, GLANCE)
        self._settling = Together(self._settle, GROUP, self._others_are_on_their_way, PATIENCE)

    async def in_store(self, work: Callable[[], T]) -> T:
        """Runs a blocking function in the run's store thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def look(self, seen: Sighting) -> Looked:
        """Which known article this is; where none, those that look like it."""
        return await self._looking(seen)

    async def _look(self, seen: Sequence[Sighting]) -> list[Looked]:
        def look() -> list[Looked]:
            with self.store.read() as transaction:
                known = known_entries(transaction, seen)
                alike = iter(lookalikes(transaction, [one for one, entry in zip(seen, known, strict=True) if entry is None]))
                return [(entry, [] if entry else next(alike)) for entry in known]

        return await self.in_store(look)

    async def settle(self, verdict: Verdict) -> Settled:
        """Settles one verdict, together with those that came while the group before was written."""
        return await self._settling(verdict)

    async def _settle(self, verdicts: Sequence[Verdict]) -> list[Settled]:
        try:
            done = await self.in_store(lambda: self.settler.settle(verdicts))
        except Exception as error:
            self.fail(error)
            done = [Settled(verdict.outcome.source, "again", verdict.outcome.url, str(error)) for verdict in verdicts]
        for verdict, settled in zip(verdicts, done, strict=True):
            self._count(verdict, settled)
        self.settled.set()
        return done

    def _others_are_on_their_way(self, waiting: int) -> bool:
        """Whether pages are in hand besides those that wait to be settled; in a foreign Scrapy project none is."""
        return waiting < len(self.frontier.in_hand) and not self.settler.stopping

    def fail(self, error: BaseException) -> None:
        """Nothing more can be kept: the run ends, and what it has in hand is void in the next one."""
        if self.broken is None:
            self.broken = error
            self.summary.stopped = told(error, self.workspace)
            logger.debug("the run can't go on", exc_info=error)
            if not isinstance(error, (OSError, BroadsheetError)):
                logger.error("settling failed", exc_info=error)
            if self.on_broken is not None:
                self.on_broken()

    def stop(self) -> None:
        """Asks the run to end: what it has in hand is finished."""
        if self.on_broken is not None:
            self.on_broken()

    def _count(self, verdict: Verdict, settled: Settled) -> None:
        lease = verdict.outcome.lease
        of_source = self.summary.sources[settled.source]
        if lease is not None:
            self.frontier.settled(lease.page_id, wrote=settled.kind == "new", again=settled.kind in ("again", "moved"))
        is_list = lease is not None and lease.kind == "list"
        if settled.kind == "new":
            of_source.new += 1
        elif settled.kind == "known":
            of_source.known += 1
        elif settled.kind == "changed":
            of_source.changed += 1
        elif settled.kind == "left out":
            of_source.left_out += 1
        elif settled.kind == "gone":
            of_source.gone.append(settled.url)
        elif settled.kind == "failed":
            (of_source.list_failures if is_list else of_source.failures).append((settled.url, settled.reason))
        elif settled.kind == "conflict":
            of_source.conflicts.append(settled.reason)
        elif settled.kind in ("list", "unchanged"):
            failed = settled.reason and all(read.listing is None for read in verdict.outcome.listings)
            of_source.lists_read += not failed
            if settled.reason:
                of_source.list_failures.append((settled.url, settled.reason))
        if self.on_settled is not None:
            self.on_settled(settled)

    def tell_inferred(self, source: str, told: str, *, failed: bool) -> None:
        """What was found out about a source whose recipe is only an address; where that failed it has no lists."""
        if failed and source in self.summary.sources:
            self.summary.sources[source].list_failures.append((self.recipes[source].url, told))
        elif not failed:
            self.summary.notes.append(f"{source}: {told}")

    def abandon(self) -> None:
        """Nothing of this run can be done: it holds no source."""
        self.summary.seconds = time.monotonic() - self.began
        self._thread.shutdown()
        for lock in self.locks:
            lock.release()
        self.store.close()

    async def close(self) -> None:
        """Ends the run: its feeds, its record, its locks."""
        try:
            await self.in_store(self._end)
        finally:
            self._thread.shutdown(wait=True)
            for lock in self.locks:
                lock.release()
            self.store.close()

    def _end(self) -> None:
        from crawler.pipelines.indexing import index_changes
        from crawler.pipelines.publishing import publish_feeds

        try:
            for source, hosts in self.frontier.resting.items():
                self.summary.sources[source].resting = {host: max(0.0, until - time.time()) for host, until in hosts.items()}
            if self.broken is None:
                self._count_listed()
                self.summary.problems += index_changes(self.store, self.documents, self.workspace, self.recipes).problems
                report = publish_feeds(self.store, self.documents, self.workspace, self.recipes, ours=self.plans)
                self.summary.feeds_written = len(report.written)
                self.summary.feed_problems = [str(problem) for problem in report.problems]
            self.summary.seconds = time.monotonic() - self.began
            with self.store.begin() as transaction:
                summaries = {name: source.as_json() for name, source in self.summary.sources.items()}
                transaction.runs.end(self.number, zulu(self.started), summaries, finished=not self.summary.stopped)
        except (OSError, BroadsheetError) as error:
            self.summary.stopped = self.summary.stopped or told(error, self.workspace)

    def _count_listed(self) -> None:
        with self.store.read() as transaction:
            for source in self.plans:
                keys = {key for row in transaction.pages.lists(source, self.number) for key in row.links[0]}
                self.summary.sources[source].listed = len(keys)
                self.summary.sources[source].waiting = transaction.pages.waiting_articles(source)


def open_run(
    workspace: Workspace, recipes: Mapping[str, Recipe], started: datetime, *, limit: int | None = None, leasing: bool = True
) -> Run:
    """Opens store, documents and locks, and queues the sources' lists.

    A source that another run holds is left out and marked busy. `leasing` is off in a foreign Scrapy project: it has its own queue.
    Raises StoreError, WorkspaceError (a folder that can't be written).
    """
    for folder in (workspace.documents, workspace.feeds, workspace.own):
        check_writable(folder)
    check_that_none_is_cut_off(workspace)
    recipes = {name: recipe.at(started) for name, recipe in recipes.items()}
    documents = documents_of(workspace)
    opened = open_store(workspace, documents)
    store = opened.store
    summary = RunSummary(sources={name: SourceSummary(name) for name in recipes}, notes=opened.notes, problems=opened.problems)
    locks = []
    for name in recipes:
        summary.sources[name].paused = name in workspace.settings.paused
        if summary.sources[name].paused:
            continue
        try:
            locks.append(SourceLock(workspace.locks, name, store))
        except SourceBusy:
            summary.sources[name].busy = True
    plans = {name: plan_for(workspace, recipe) for name, recipe in recipes.items() if summary.sources[name].asked}
    if others := written_for_others(documents, plans):
        there, present = ", ".join(others), workspace.settings.profile
        again = f"to write all again: broadsheet rebuild --profile {present}"
        summary.problems.append(f"the documents are written for {there}, new ones for {present}; {again}")
    with store.begin() as transaction:
        started = in_order(started, transaction.runs.last_started(), summary)
        number = transaction.runs.begin(list(plans), zulu(started), time.time())
        killed = [name for name in plans if transaction.runs.was_killed(name, number)]
    for name in killed:
        sweep(workspace.documents / name)
    frontier = Frontier(store, plans, number, limit)
    settler = Settler(store, documents, plans, number, started, workspace.own, frontier if leasing else None)
    settler.keeper, settler.keep_pages = Keeper(store, workspace.pages), workspace.settings.keep_pages
    settler.forget = partial(forget_all_of, store, documents, workspace)
    if leasing:
        for name, count in fetch_vanished(store, documents, plans).items():
            gone = workspace.shown(workspace.documents / name)
            summary.problems.append(f"{gone}: the folder is gone; its {count:,} articles are fetched again, under the same ids")
        frontier.open()
        with store.read() as transaction:
            for name in plans:
                summary.sources[name].lists_read = transaction.pages.lists_read(name, number)
    return Run(workspace, recipes, started, store, documents, number, plans, frontier, settler, locks, summary)


def documents_of(workspace: Workspace) -> Documents:
    """The workspace's documents in its profile. Raises WorkspaceError for a profile that there is not."""
    settings = workspace.settings
    zones = ZonesOfSources(workspace.sources)
    options = DocumentOptions(date_style=settings.date_style, blog_zone=settings.blog_zone, zones=zones, assets_url=assets_url(settings))
    return Documents(workspace.documents, profile_named(settings.profile, options, workspace.root), workspace.conflicts)


class ZonesOfSources(Mapping[str, str]):
    """Source → its IANA zone. The recipes are read when the first is asked for: some profiles write by it, none reads by it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def zones(self) -> dict[str, str]:
        return find_sources(self.folder).zones

    def __getitem__(self, source: str) -> str:
        return self.zones[source]

    def __iter__(self) -> Iterator[str]:
        return iter(self.zones)

    def __len__(self) -> int:
        return len(self.zones)


def told(error: BaseException, workspace: Workspace) -> str:
    """One line for a person about what ended a run early."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}; what was written before is whole, run again when it is mended"
    if isinstance(error, BroadsheetError):
        return str(error)
    return f"{type(error).__name__}: {error}"
