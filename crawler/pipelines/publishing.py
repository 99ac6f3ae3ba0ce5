"""The feeds at the end of a run: those that the store marks stale, then the marks go. A kill in between leaves the marks."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from crawler.documents import Documents
from crawler.feeds import ALL, FeedSettings, PagesAt, Part, PreparedAt, PublishReport, paths_of, publish
from crawler.feeds.hubs import queue_topics, tell_hubs
from crawler.frontier import is_held
from crawler.pipelines.flooding import Floods, look_for_floods
from crawler.pipelines.pictures import kept_pictures, served_pictures
from crawler.pipelines.remembering import SETTINGS, KnownSources, as_text, delete_feeds_that_are_no_more, own_feeds, told_of
from crawler.recipes import Recipe
from crawler.store import Store
from crawler.workspace import Workspace

LISTS = ("", "")
"""The mark of what lists all feeds: no source has an empty id."""


def publish_feeds(
    store: Store,
    documents: Documents,
    workspace: Workspace,
    recipes: Mapping[str, Recipe] | None = None,
    *,
    everything: bool = False,
    force: bool = False,
    ours: Collection[str] = (),
) -> PublishReport:
    """Builds the feeds that are stale (or, with `everything`, all of them) and writes those that changed.

    All are built again when the settings or the writer's code changed since they were made; those of a source when its recipe says
    something else of it. A source whose known articles come back under new ids is held back until `force` lets it through; one that
    another run is crawling waits for that run's end. `recipes`: of sources that no catalogue knows (a foreign Scrapy project's).
    `ours`: sources that this process's own run holds. Raises OSError where the folder can't be written.
    """
    report = write_feeds(store, documents, workspace, recipes or {}, everything=everything, force=force, ours=ours)
    settings = workspace.settings
    told = tell_hubs(workspace.hub_queue, settings.hubs, workspace.sent_as, allow_private=settings.allow_private)
    return replace(report, problems=(*report.problems, *told))


def write_feeds(
    store: Store,
    documents: Documents,
    workspace: Workspace,
    recipes: Mapping[str, Recipe],
    *,
    everything: bool,
    force: bool,
    ours: Collection[str],
) -> PublishReport:
    """The feeds alone; what hubs have to be told is noted before the marks go."""
    with alone(workspace.locks):
        with store.begin() as transaction:
            stale = transaction.entries.stale()
            newest = transaction.publications.newest_change()
            names = {name for name, _ in stale - {LISTS}} | (set(transaction.entries.sources()) if everything else set())
            came = transaction.entries.with_articles(names)
        lists_due = LISTS in stale
        sources = KnownSources(store, workspace, recipes, came, names - came)
        settings = feed_settings(workspace)
        said, before = told_of(workspace, settings), sources.row(SETTINGS)
        everything = everything or said != (before or said)
        everything = everything or bool(before and not any(workspace.feeds.glob("*")))  # they were deleted as a whole
        if not (stale or everything or sources.changed or force):
            return PublishReport(problems=tuple(own_feeds(workspace, sources.sections)[1]))
        read = lru_cache(256)(documents.read)
        floods = look_for_floods(
            store,
            read,
            names,
            force=force,
            whole=names if everything else sources.new,
            under_way=lambda name: name not in ours and is_held(workspace.locks, name),
            noted=documents.noted.find,
        )
        stale = {(name, section) for name, section in stale - {LISTS} if name not in floods.under_way}
        gathering = sources.gathered()
        own, problems = own_feeds(workspace, sources.sections)
        afresh = paths_of(parts_of(sources, {*sources.changed, *floods.released}), gathering, own)
        if sources.gathering_changed():
            afresh += [ALL, *(feed.id for feed in own if not feed.sources and not feed.sections)]
        report = publish(
            None if everything else [*paths_of(sorted(stale), gathering, own), *afresh, ALL],
            sources=sources,
            membership=StoreMembership(store),
            read_document=read,
            folder=workspace.feeds,
            settings=settings,
            custom=own,
            places=StorePlaces(store, newest, frozenset(floods.under_way)),
            afresh=afresh,
            kept=kept_pictures(workspace),
            pages=PagesAt(workspace.output, workspace.documents),
            held=floods.held,
            prepared=prepared_at(workspace, said),
            overviews=lists_due or sources.others,
            on_other_feeds=lambda: mark_lists(store),
        )
        deleted = delete_feeds_that_are_no_more(workspace, sources)
        queue_topics(workspace.hub_queue, settings.hubs, report.topics)
        settle(store, stale, newest, floods, {SETTINGS: said} | sources.to_remember(), sources.went)
    return replace(
        report,
        deleted=(*report.deleted, *deleted),
        problems=(*problems, *report.problems, *floods.problems),
        waiting=tuple(sorted(floods.under_way)),
    )


def settle(
    store: Store,
    stale: Iterable[tuple[str, str]],
    newest: int,
    floods: Floods,
    made: Mapping[str, str],
    went: Collection[str],
) -> None:
    """The feeds are built: their marks go, but for those of sources that are held back, or that another run wrote to meanwhile."""
    with store.begin() as transaction:
        transaction.publications.published(newest, {*floods.held, *floods.under_way})
        open_still = transaction.publications.changed_sources()
        built = [(source, section) for source, section in stale if source not in floods.held and source not in open_still]
        transaction.entries.built([*built, LISTS])
        transaction.publications.remember(made, went)


def parts_of(sources: KnownSources, names: Iterable[str]) -> list[tuple[str, str]]:
    """Sources and their sections, as pairs."""
    abouts = [about for name in sorted(names) if (about := sources.about(name))]
    return [(about.id, section) for about in abouts for section in ("", *(one.id for one in about.sections))]


def mark_lists(store: Store) -> None:
    """What lists all feeds has to be written again."""
    with store.begin() as transaction:
        transaction.entries.mark_stale("", ())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process publishes at a time: of two, the one that looked first could write last. The lock dies with its process."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "feeds.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class StoreMembership:
    """Which documents a feed holds, as the store knows it."""

    store: Store

    def last(self, part: Part, limit: int) -> list[str]:
        with self.store.begin() as transaction:
            return transaction.publications.last(limit, *part)


@dataclass(frozen=True, slots=True)
class StorePlaces:
    """The archives' places as the store gives them, each answer in a transaction of its own."""

    store: Store
    newest: int = 0
    """The number of the last change that is published."""
    waiting: frozenset[str] = frozenset()
    """Sources whose changes are not."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many places were given; nobody else gives any meanwhile (see `alone`)."""

    def give(self, feed: str, part: Part, *, whole: bool) -> None:
        with self.store.begin() as transaction:
            transaction.places.give(feed, *part, whole=whole)
        self.counts.pop(feed, None)

    def count(self, feed: str) -> int:
        if feed not in self.counts:
            with self.store.begin() as transaction:
                self.counts[feed] = transaction.places.count(feed)
        return self.counts[feed]

    def between(self, feed: str, first: int, last: int) -> list[str]:
        with self.store.begin() as transaction:
            return transaction.places.between(feed, first, last)

    def touched(self, feed: str, part: Part, size: int) -> set[int]:
        without = self.waiting if part.without is None else self.waiting | {*part.without}
        among = part.sources if part.without is None else None
        with self.store.begin() as transaction:
            return transaction.places.touched(feed, self.newest, size, among, without)

    def arrival(self, feed: str, number: int) -> tuple[str, str, str]:
        with self.store.begin() as transaction:
            return transaction.places.arrival(feed, number)


def feed_settings(workspace: Workspace) -> FeedSettings:
    """What the workspace says of its feeds."""
    settings = workspace.settings
    return FeedSettings(
        title=settings.title,
        base_url=settings.base_url,
        feeds_at=settings.feeds_at or feeds_at(workspace),
        limit=settings.feed_limit,
        max_bytes=settings.feed_bytes,
        refresh=settings.refresh,
        hubs=settings.hubs,
    )


def prepared_at(workspace: Workspace, said: str) -> PreparedAt:
    """Where articles as feeds show them are kept. `said`: of the settings and the code; the pictures' addresses are in them, too."""
    key = as_text([said, served_pictures(workspace), str(workspace.documents), str(workspace.assets)])
    return PreparedAt(workspace.prepared, workspace.documents, workspace.assets, key)


def feeds_at(workspace: Workspace) -> str:
    """Where the feeds lie under the output, and so under `base_url`."""
    return workspace.feeds.relative_to(workspace.output).as_posix() if workspace.feeds.is_relative_to(workspace.output) else "feeds"
