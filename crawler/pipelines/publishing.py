"""The feeds at the end of a run: those that the store marks stale, then the marks go. A kill in between leaves the marks."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from crawler.documents import Documents
from crawler.feeds import ALL, FeedSettings, PagesAt, PublishReport, SourceInfo, paths_of, publish
from crawler.feeds.hubs import queue_topics, tell_hubs
from crawler.pipelines.flooding import look_for_floods
from crawler.pipelines.pictures import kept_pictures
from crawler.pipelines.remembering import archive_of, known_recipes, known_sources, own_feeds, remembered, told_of, without_feeds
from crawler.recipes import Recipe
from crawler.store import Change, Store
from crawler.workspace import Workspace

__all__ = ["feed_settings", "known_recipes", "publish_feeds", "sources_in_all"]
DEMO = "demo"
ARCHIVE = 50  # articles; FORMATS, "Feeds"


def publish_feeds(
    store: Store,
    documents: Documents,
    workspace: Workspace,
    recipes: Mapping[str, Recipe] | None = None,
    *,
    everything: bool = False,
    force: bool = False,
) -> PublishReport:
    """Builds the feeds that are stale (or, with `everything`, all of them) and writes those that changed.

    All are built again when the settings or the writer's code changed since they were made; those of a source when its recipe says
    something else of it. A source whose known articles come back under new ids is held back until `force` lets it through.
    `recipes`: of sources that no catalogue knows (a foreign Scrapy project's). Raises OSError where the folder can't be written.
    """
    report = write_feeds(store, documents, workspace, recipes or {}, everything=everything, force=force)
    settings = workspace.settings
    told = tell_hubs(workspace.hub_queue, settings.hubs, workspace.sent_as, allow_private=settings.allow_private)
    return replace(report, problems=(*report.problems, *told))


def write_feeds(
    store: Store, documents: Documents, workspace: Workspace, recipes: Mapping[str, Recipe], *, everything: bool, force: bool
) -> PublishReport:
    """The feeds alone; what hubs have to be told is noted before the marks go."""
    with alone(workspace.locks):
        with store.begin() as transaction:
            stale = transaction.entries.stale()
            with_entries = transaction.entries.sources()
            changes = transaction.publications.changes()
            made = transaction.publications.made()
        everything = everything or bool(made and not any(workspace.feeds.glob("*")))  # they were deleted as a whole
        settings = feed_settings(workspace, made)
        said = told_of(workspace, settings)
        changed_recipes = [name for name, recipe in recipes.items() if name in made and remembered(SourceInfo.of(recipe)) != made[name]]
        if not stale and not everything and said == made.get("", said) and not changed_recipes and not force:
            return PublishReport()
        names = sorted({*with_entries, *(source for source, _ in stale)})  # one whose articles were all taken down loses its feeds
        sources, known = known_sources(workspace, names, recipes, made)
        own, problems = own_feeds(workspace, known)
        in_all = sources_in_all(with_entries or names)
        everything = everything or said != made.get("", said)
        read = lru_cache(256)(documents.read)
        floods = look_for_floods(store, read, sorted({source for source, _ in stale}), force=force)
        with store.begin() as transaction:
            withheld = transaction.publications.held()
        afresh = [one for one in sources if one.id in floods.released or made.get(one.id, remembered(one)) != remembered(one)]
        parts = {(source.id, section) for source in afresh for section in ("", *(one.id for one in source.sections))}
        report = publish(
            None if everything else paths_of(sorted(stale | parts), in_all, own) + moved_out(stale, in_all),
            sources=sources,
            membership=store,
            read_document=read,
            folder=workspace.feeds,
            settings=settings,
            in_all=in_all,
            custom=own,
            places=StorePlaces(store, withheld),
            changed=[change.path for change in changes],
            afresh=paths_of(parts, in_all, own),
            kept=kept_pictures(workspace),
            pages=PagesAt(workspace.output, workspace.documents),
            held=floods.held,
            withheld=withheld,
        )
        deleted = without_feeds(workspace, made, known)
        queue_topics(workspace.hub_queue, settings.hubs, report.topics)
        settle(store, stale, changes, floods.held, {"": said, **{source.id: remembered(source) for source in sources}})
    return replace(report, deleted=(*report.deleted, *deleted), problems=(*problems, *report.problems, *floods.problems))


def settle(
    store: Store, stale: Iterable[tuple[str, str]], changes: Sequence[Change], held: Collection[str], made: Mapping[str, str]
) -> None:
    """The feeds are built: their marks go, but for those of sources that are held back, or that another run wrote to meanwhile."""
    done = [change for change in changes if change.source not in held]
    with store.begin() as transaction:
        transaction.publications.published(done)
        open_still = {change.source for change in transaction.publications.changes()}
        transaction.entries.built([(source, section) for source, section in stale if source not in held and source not in open_still])
        transaction.publications.remember(made)


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
class StorePlaces:
    """The archives' places as the store gives them, each answer in a transaction of its own."""

    store: Store
    withheld: Collection[str]

    def give(self, feed: str, sources: Sequence[str], section: str | None) -> None:
        with self.store.begin() as transaction:
            transaction.places.give(feed, sources, section, self.withheld)

    def count(self, feed: str) -> int:
        with self.store.begin() as transaction:
            return transaction.places.count(feed)

    def between(self, feed: str, first: int, last: int) -> list[str]:
        with self.store.begin() as transaction:
            return transaction.places.between(feed, first, last)

    def places(self, feed: str, paths: Collection[str]) -> list[int]:
        with self.store.begin() as transaction:
            return transaction.places.places(feed, paths)


def feed_settings(workspace: Workspace, made: Mapping[str, str] | None = None) -> FeedSettings:
    """What the workspace says of its feeds. `made`: what the store remembers of how they were made last."""
    settings = workspace.settings
    return FeedSettings(
        title=settings.title,
        base_url=settings.base_url,
        feeds_at=settings.feeds_at or feeds_at(workspace),
        limit=settings.feed_limit,
        archive=archive_size(made or {}, settings.feed_limit),
        max_bytes=settings.feed_bytes,
        refresh=settings.refresh,
        hubs=settings.hubs,
    )


def feeds_at(workspace: Workspace) -> str:
    """Where the feeds lie under the output, and so under `base_url`."""
    return workspace.feeds.relative_to(workspace.output).as_posix() if workspace.feeds.is_relative_to(workspace.output) else "feeds"


def archive_size(made: Mapping[str, str], limit: int) -> int:
    """How many articles an archive holds: chosen once, with the first feeds, since no archive's members ever change."""
    return archive_of(made.get("", "")) or min(ARCHIVE, limit)


def sources_in_all(with_entries: Sequence[str]) -> list[str]:
    """Whose articles make up the feed `all`: the demo newspaper's only where there is nothing else."""
    return [name for name in with_entries if name != DEMO] or list(with_entries)


def moved_out(stale: Iterable[tuple[str, str]], in_all: Sequence[str]) -> list[str]:
    """`all` is built again too when a source comes whose articles push the demo newspaper's out of it."""
    return [ALL] if any(source not in in_all for source, _ in stale) and in_all else []
