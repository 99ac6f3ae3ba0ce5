"""Where feeds are put together and written: each live feed, its archives, its page, the list of all; and what was done is noted."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from crawler.feeds import opml, pages
from crawler.feeds.archives import Places, archives_to_write, in_no_archive, newest_archive
from crawler.feeds.build import FORMATS, Built, build
from crawler.feeds.feed import ALL, Channel, Problem
from crawler.feeds.plans import FeedSettings, Plan
from crawler.feeds.query import admits
from crawler.feeds.shelf import Found, Shelf
from crawler.files import delete_durably, holds, write_all_durably

OPML = "feeds.opml"
LOOK_BACK = 2000
"""Articles of each part among which a feed of one's own looks for its own."""


class Membership(Protocol):
    """Which documents a feed holds. The store knows."""

    def last(self, sources: Sequence[str], section: str | None, limit: int) -> list[str]:
        """Paths of the last documents by (first_seen, published, guid), the last first; of one section, or of whole sources."""


@dataclass(frozen=True, slots=True)
class PagesAt:
    """Where the pages for people are written."""

    root: Path
    """The output: `index.html` and `assets/` go there, the pages of feeds beside the feeds, which lie under it."""
    documents: Path
    """The documents; pages link to them where they lie under `root`."""


class Desk:
    """One publication."""

    def __init__(
        self,
        folder: Path,
        settings: FeedSettings,
        planned: Mapping[str, Plan],
        membership: Membership,
        shelf: Shelf,
        pages_at: PagesAt | None = None,
        withheld: frozenset[str] = frozenset(),
    ) -> None:
        self.planned = planned
        self.folder = folder
        self.settings = settings
        self.membership = membership
        self.shelf = shelf
        self.pages_at = pages_at if pages_at and folder.is_relative_to(pages_at.root) else None
        self.withheld = withheld
        self.on_front: list[Found] = []
        self.topics: list[str] = []
        self.written: list[Path] = []
        self.deleted: list[Path] = []
        self.problems: list[Problem] = []
        self.unchanged = 0

    def live(self, plan: Plan) -> None:
        """A feed as it is subscribed to, and its page."""
        shown = self.build(plan)
        if plan.channel.path == ALL:
            self.on_front = shown
        if shown and self.pages_at:
            self.feed_page(plan.channel, shown, self.pages_at)

    def build(self, plan: Plan) -> list[Found]:
        """Writes a live feed's files; gives what it shows."""
        channel = plan.channel
        problems = len(self.problems)
        if plan.custom:
            limit = plan.custom.limit
            found = list(islice(self.looked_for(plan), limit))
        else:
            paths = self.last(plan.sources, plan.section, self.settings.limit)
            paths += [path for path in plan.unarchived if path not in paths]
            limit = len(paths)
            found = list(self.shelf.take(plan, paths, self.problems))
        needed = {one.item.guid for one in found if one.path in plan.unarchived}
        empty = not found and len(self.problems) == problems
        built = build(channel, [one.item for one in found], limit=limit, max_bytes=self.settings.max_bytes, needed=needed)
        if self.put(built, channel) and channel.address:
            self.topics += [f"{channel.address}.{suffix}" for suffix in built.documents]
        if empty:  # all its articles were taken down; where some can't be read, the last good feed stays
            self.delete(channel)
        by_guid = {one.item.guid: one for one in reversed(found)}  # of two with one guid the first is shown
        return [replace(by_guid[item.guid], item=item) for item in built.items] if built.documents else []

    def looked_for(self, plan: Plan) -> Iterator[Found]:
        """The articles that a feed of one's own asks for, the last to arrive first."""
        assert plan.custom
        candidates = [self.last(sources, section, LOOK_BACK) for sources, section in plan.parts]
        for found in self.shelf.merged(plan, candidates, self.problems):
            if admits(plan.custom.query, found.item, None):
                yield found

    def last(self, sources: Sequence[str], section: str | None, limit: int) -> list[str]:
        """Paths of the last documents that may be shown."""
        paths = self.membership.last(sources, section, limit + len(self.withheld))
        return [path for path in paths if path not in self.withheld][:limit]

    def archives(self, plan: Plan, places: Places, changed: Collection[str], *, everything: bool) -> Plan:
        """Writes what archives are due; gives the plan whose live feed names the newest and shows what is in none."""
        size = self.settings.archive
        places.give(plan.channel.path, plan.sources, plan.section)
        for channel, paths in archives_to_write(plan, places, size, changed=changed, exists=self.has, everything=everything):
            if not paths:
                self.delete(channel)
            items = [found.item for found in self.shelf.take(plan, paths, self.problems)]
            self.put(build(channel, items, limit=size, max_bytes=self.settings.max_bytes), channel)
        channel = replace(plan.channel, previous=newest_archive(plan, places, size))
        return replace(plan, channel=channel, unarchived=tuple(in_no_archive(plan, places, size)))

    def overviews(self) -> None:
        """What tells of all feeds: their list as OPML, and the front page."""
        there = [plan.channel for plan in self.planned.values() if self.has(plan.channel)]
        if self.settings.base_url:
            self.write({self.folder / OPML: opml.write_opml(self.settings.title, there)})
        elif delete_durably(self.folder / OPML):  # its addresses are no longer ours
            self.deleted.append(self.folder / OPML)
        if self.pages_at and there:
            self.front_page(self.pages_at, there)

    def front_page(self, at: PagesAt, there: Sequence[Channel]) -> None:
        front = next((channel for channel in there if channel.path == ALL), None)
        if not front:
            return
        address = self.settings.address(OPML) if self.settings.base_url else ""
        shelf = [self.mark(channel, at) for channel in sorted(there, key=lambda channel: channel.path != ALL)]
        content = pages.write_front_page(self.settings.title, shelf, self.stories(self.on_front, at), address)
        self.write({at.root / pages.STYLE: pages.style(), at.root / pages.FRONT: content})

    def feed_page(self, channel: Channel, shown: Sequence[Found], at: PagesAt) -> None:
        """The page of a feed. It names only what changes with the feed itself: its source above it, its sections below."""
        source, slash, _ = channel.path.partition("/")
        about = self.shelf.sources.get(source)
        below = [self.planned[f"{source}/{section.id}"].channel for section in about.sections] if about and not slash else []
        near = [self.planned[source].channel, *([channel] if slash else [below for below in below if self.has(below)])]
        content = pages.write_feed_page(
            self.settings.title, self.mark(channel, at), [self.mark(one, at) for one in near], self.stories(shown, at)
        )
        self.write({at.root / self.mark(channel, at).page: content})

    def mark(self, channel: Channel, at: PagesAt) -> pages.Shelfmark:
        return pages.Shelfmark(channel, f"{self.folder.relative_to(at.root).as_posix()}/{channel.path}.html")

    def stories(self, shown: Sequence[Found], at: PagesAt) -> list[pages.Story]:
        documents = at.documents.relative_to(at.root).as_posix() if at.documents.is_relative_to(at.root) else ""
        told = []
        for found in shown:
            about = self.shelf.sources.get(found.source)
            document = posixpath.normpath(f"{documents}/{found.path}") if documents else ""
            title, zone = (about.title, about.zone) if about else (found.source, "")
            told.append(pages.Story(found.item, title, zone, found.precision, document))
        return told

    def has(self, channel: Channel) -> bool:
        return all((self.folder / f"{channel.file}.{suffix}").is_file() for suffix in FORMATS)

    def put(self, built: Built, channel: Channel) -> int:
        """Writes a feed in all its formats; gives how many files have new bytes."""
        self.problems += built.problems
        return self.write({self.folder / f"{channel.file}.{suffix}": content for suffix, content in built.documents.items()})

    def delete(self, channel: Channel) -> None:
        gone = [self.folder / f"{channel.file}.{suffix}" for suffix in (*FORMATS, "html")]
        self.deleted += [path for path in gone if delete_durably(path)]

    def write(self, files: Mapping[Path, bytes]) -> int:
        new = [(path, content) for path, content in files.items() if not holds(path, content)]
        write_all_durably(new)
        self.written += [path for path, _ in new]
        self.unchanged += len(files) - len(new)
        return len(new)
