"""Where feeds are put together and written: each live feed, its archives, its page; and what was done is noted."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from crawler.feeds import pages
from crawler.feeds.archives import SIZE as ARCHIVE
from crawler.feeds.archives import Places, archives_to_write, held_before, in_no_archive, in_step, members_of, newest_archive
from crawler.feeds.beside import Archive, built_archives
from crawler.feeds.build import FORMATS, Built, build
from crawler.feeds.feed import ALL, Channel, Item, Problem
from crawler.feeds.plans import FeedSettings, Part, Plan, Planner
from crawler.feeds.prepared import Found
from crawler.feeds.query import admits
from crawler.feeds.shelf import Shelf
from crawler.files import delete_durably, holds, write_all_durably

LOOK_BACK = 2000
"""Articles of each part among which a feed of one's own looks for its own."""
BATCH = 32
"""Files that are written together, at most: the disk is waited for once."""


class Membership(Protocol):
    """Which documents a feed holds. The store knows."""

    def last(self, part: Part, limit: int) -> list[str]:
        """Paths of the last documents by (first_seen, published, guid), the last first, that feeds may show."""


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
        planner: Planner,
        membership: Membership,
        shelf: Shelf,
        pages_at: PagesAt | None = None,
        on_other_feeds: Callable[[], None] = lambda: None,
        *,
        looking: bool = False,
    ) -> None:
        """`on_other_feeds`: called before a feed comes or goes: what lists all feeds has to be written again, be this run killed or not.

        `looking`: what would be written or deleted is noted alone.
        """
        self.planner = planner
        self.settings: FeedSettings = planner.settings
        self.folder = folder
        self.membership = membership
        self.shelf = shelf
        self.pages_at = pages_at if pages_at and folder.is_relative_to(pages_at.root) else None
        self.on_other_feeds = on_other_feeds
        self.looking = looking
        self.other_feeds = False
        """Whether a feed came or went."""
        self.on_front: list[Found] = []
        self.topics: list[str] = []
        self.written: list[Path] = []
        self.deleted: list[Path] = []
        self.problems: list[Problem] = []
        self.unchanged = 0
        self._waiting: dict[Path, bytes] = {}

    def live(self, plan: Plan) -> None:
        """A feed as it is subscribed to, and its page."""
        self.shelf.prepared.open(plan.channel.path.partition("/")[0], plan.wants)
        refused: dict[str, list[str]] = {}
        shown = self.build(plan, refused)
        if plan.channel.path == ALL:
            self.on_front = shown
        if shown and self.pages_at:
            self.feed_page(plan.channel, shown, self.pages_at)
        if "/" not in plan.channel.path and (shown or refused):  # a section's articles are mostly its source's
            self.shelf.prepared.close(plan.channel.path, [found.path for found in shown], plan.wants, refused)

    def build(self, plan: Plan, refused: dict[str, list[str]]) -> list[Found]:
        """Writes a live feed's files; gives what it shows. `refused`: takes the documents that a feed of one's own does not want."""
        channel = plan.channel
        problems = len(self.problems)
        if plan.custom:
            limit = plan.custom.limit
            found = list(islice(self.looked_for(plan, refused), limit))
        else:
            limit = self.settings.limit
            paths = self.shown_by(plan, limit)
            self.shelf.sources.expect({path.partition("/")[0] for path in paths})
            found = list(self.shelf.take(plan, paths, self.problems))
        needed = {one.item.guid for one in found if one.path in plan.unarchived}
        empty = not found and len(self.problems) == problems
        built = build(channel, [one.item for one in found], limit=limit, max_bytes=self.settings.max_bytes, needed=needed)
        if built.documents and not self.has(channel):
            self.feeds_change()
        if self.put(built, channel) and channel.address:
            self.topics += [f"{channel.address}.{suffix}" for suffix in built.documents]
        if empty:  # all its articles were taken down; where some can't be read, the last good feed stays
            self.delete(channel)
        by_guid = {one.item.guid: one for one in reversed(found)}  # of two with one guid the first is shown
        return [shown_as(by_guid[item.guid], item) for item in built.items] if built.documents else []

    def shown_by(self, plan: Plan, limit: int) -> list[str]:
        """The documents of a live feed: the last to arrive, and among them all that no archive holds yet.

        One that joined its section late is the last to arrive there, however long it is known.
        """
        last = self.membership.last(plan.part, limit)
        late = [path for path in plan.unarchived if path not in last]
        return [*last[: max(limit - len(late), 0)], *late] if limit >= ARCHIVE else last

    def looked_for(self, plan: Plan, refused: dict[str, list[str]]) -> Iterator[Found]:
        """The articles that a feed of one's own asks for, the last to arrive first."""
        assert plan.custom
        candidates = [self.may_be_wanted(plan, self.membership.last(part, LOOK_BACK), refused) for part in plan.parts]
        for found in self.shelf.merged(plan, candidates, self.problems):
            if admits(plan.custom.query, found.item, None):
                yield found
            else:
                refused[found.path] = self.shelf.said(found.source, found.sections)

    def may_be_wanted(self, plan: Plan, paths: Sequence[str], refused: dict[str, list[str]]) -> Iterator[str]:
        """The documents that were not looked at and refused before."""
        for path in paths:
            if self.shelf.prepared.was_refused(plan.channel.path, path, self.shelf.said):
                refused[path] = []
            else:
                yield path

    def due_archives(self, plan: Plan, places: Places, *, everything: bool) -> list[int]:
        """Gives the places that are due; numbers of the archives that are."""
        places.give(plan.channel.path, plan.part, whole=everything)
        return archives_to_write(plan, places, exists=self.has, everything=everything)

    def archives(self, due: Sequence[tuple[Plan, Sequence[int]]], places: Places) -> None:
        """Writes the archives that are due of several feeds."""
        self.shelf.in_passing = True
        archives = (self.archive(plan, places, number) for plan, number in in_step(due, places))
        for archive, built in built_archives(archives, sum(len(numbers) for _, numbers in due)):
            if archive.empty:
                self.delete(archive.channel)
            self.put(built, archive.channel)
        self.shelf.in_passing = False

    def archive(self, plan: Plan, places: Places, number: int) -> Archive:
        """An archive as it is to be built."""
        channel = replace(plan.channel, archive=number, previous=held_before(plan, places, number))
        paths = members_of(plan, places, number)
        items = tuple(found.item for found in self.shelf.take(plan, paths, self.problems))
        return Archive(channel, items, self.settings.max_bytes, empty=not paths)

    def after_archives(self, plan: Plan, places: Places) -> Plan:
        """The plan whose live feed names the newest archive and shows what is in none."""
        channel = replace(plan.channel, previous=newest_archive(plan, places))
        return replace(plan, channel=channel, unarchived=tuple(in_no_archive(plan, places)))

    def feed_page(self, channel: Channel, shown: Sequence[Found], at: PagesAt) -> None:
        """The page of a feed. It names only what changes with the feed itself: its source above it, its sections below."""
        source, slash, _ = channel.path.partition("/")
        about = self.shelf.sources.about(source)
        near = [source, channel.path] if slash else [source, *(f"{source}/{one.id}" for one in (about.sections if about else ()))]
        channels = [one for path in near if (one := self.planner.channel(path)) and (path in (source, channel.path) or self.has(one))]
        content = pages.write_feed_page(
            self.settings.title, self.mark(channel, at), [self.mark(one, at) for one in channels], self.stories(shown, at)
        )
        self.write({at.root / self.mark(channel, at).page: content})

    def mark(self, channel: Channel, at: PagesAt) -> pages.Shelfmark:
        return pages.Shelfmark(channel, f"{self.folder.relative_to(at.root).as_posix()}/{channel.path}.html")

    def stories(self, shown: Sequence[Found], at: PagesAt) -> list[pages.Story]:
        documents = at.documents.relative_to(at.root).as_posix() if at.documents.is_relative_to(at.root) else ""
        told = []
        for found in shown:
            about = self.shelf.sources.about(found.source)
            document = posixpath.normpath(f"{documents}/{found.path}") if documents else ""
            title, zone, language = (about.title, about.zone, about.language) if about else (found.source, "", "")
            told.append(pages.Story(found.item, title, zone, found.precision, document, self.shelf.text_of(found), language))
        return told

    def has(self, channel: Channel) -> bool:
        files = (self.folder / f"{channel.file}.{suffix}" for suffix in FORMATS)
        return all(path in self._waiting or path.is_file() for path in files)

    def put(self, built: Built, channel: Channel) -> int:
        """Writes a feed in all its formats; gives how many files have new bytes."""
        self.problems += built.problems
        return self.write({self.folder / f"{channel.file}.{suffix}": content for suffix, content in built.documents.items()})

    def delete(self, channel: Channel) -> None:
        self.flush()
        gone = [path for suffix in (*FORMATS, "html") if (path := self.folder / f"{channel.file}.{suffix}").is_file()]
        if gone and not channel.archive:
            self.feeds_change()
            self.shelf.prepared.forget(channel.path)
        for path in gone:
            self.delete_file(path)

    def delete_file(self, path: Path) -> None:
        """Deletes a file that is no feed's any more, where it is there."""
        if path.is_file() if self.looking else delete_durably(path):
            self.deleted.append(path)

    def feeds_change(self) -> None:
        """A feed comes or goes."""
        if not self.other_feeds:
            self.on_other_feeds()
            self.other_feeds = True

    def write(self, files: Mapping[Path, bytes]) -> int:
        """Has files written, in the order in which they come; gives how many have new bytes."""
        new = {path: content for path, content in files.items() if not holds(path, content)}
        self._waiting |= new
        self.written += new
        self.unchanged += len(files) - len(new)
        if len(self._waiting) >= BATCH:
            self.flush()
        return len(new)

    def flush(self) -> None:
        """Writes what waits."""
        if self.looking:
            self._waiting = dict.fromkeys(self._waiting, b"")
            return
        waiting, self._waiting = self._waiting, {}
        write_all_durably(waiting.items())


def shown_as(found: Found, item: Item) -> Found:
    """What a feed shows of a document: where it was shortened, the page's text is made of that."""
    return replace(found, item=item, text=found.text if item.content == found.item.content else "")
