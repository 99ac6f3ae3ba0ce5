"""Feeds become files: only those that an article's change concerns are built, and only new bytes are written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from crawler.entry import Entry
from crawler.errors import BroadsheetError
from crawler.feeds.build import FORMATS, build
from crawler.feeds.feed import Item, Origin, Problem
from crawler.feeds.item import FeedEntry, one_line, prepare
from crawler.feeds.plans import FeedSettings, Plan, SourceInfo, plans
from crawler.files import delete_durably, holds, write_all_durably
from crawler.urls import tidy

AT_HAND = 1024
"""Items kept: an article stands in its sections' feeds, its source's and `all`, and is read and cleaned once."""


class Membership(Protocol):
    """Which documents a feed holds. The store knows."""

    def last(self, sources: Sequence[str], section: str | None, limit: int) -> list[str]:
        """Paths of the last documents by (first_seen, published, guid), the last first; of one section, or of whole sources."""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was done."""

    written: tuple[Path, ...] = ()
    """Files with new bytes."""
    unchanged: int = 0
    """Files that held these bytes already."""
    deleted: tuple[Path, ...] = ()
    """Files of feeds that no article is in any more."""
    problems: tuple[Problem, ...] = ()


def publish(
    which: Iterable[str] | None,
    *,
    sources: Sequence[SourceInfo],
    membership: Membership,
    read_document: Callable[[str], Entry],
    folder: Path,
    settings: FeedSettings,
    in_all: Sequence[str] | None = None,
) -> PublishReport:
    """Builds feeds and writes what changed. A feed that can't be built keeps its last good files.

    `which`: paths as `paths_of` gives them; None: all there are. `read_document` gives the entry of a document's path.
    `in_all`: ids of the sources that make up `all`; None: every one. Raises OSError where the folder can't be written.
    """
    planned = plans(sources, settings, in_all)
    wanted = planned if which is None else {path: planned[path] for path in dict.fromkeys(which) if path in planned}
    shelf = Shelf(sources, settings, read_document)
    problems: list[Problem] = []
    written: list[Path] = []
    deleted: list[Path] = []
    unchanged = 0
    for path, plan in wanted.items():
        paths = membership.last(plan.sources, plan.section, settings.limit)
        items = shelf.items(plan, paths, problems)
        built = build(plan.channel, items, limit=settings.limit, max_bytes=settings.max_bytes)
        problems += built.problems
        files = [(folder / f"{path}.{suffix}", content) for suffix, content in built.documents.items()]
        new = [file for file in files if not holds(*file)]
        write_all_durably(new)
        written += [file for file, _ in new]
        unchanged += len(files) - len(new)
        if not paths:  # all its articles were taken down; where some can't be read, the last good feed stays
            deleted += [file for suffix in FORMATS if delete_durably(file := folder / f"{path}.{suffix}")]
    return PublishReport(tuple(written), unchanged, tuple(deleted), tuple(problems))


class Shelf:
    """Documents as items, each read once while it is needed."""

    def __init__(self, sources: Sequence[SourceInfo], settings: FeedSettings, read_document: Callable[[str], Entry]) -> None:
        self.sources = {source.id: source for source in sources}
        self.settings = settings
        self.read_document = read_document
        self.at_hand: OrderedDict[str, tuple[Item, str] | str] = OrderedDict()

    def items(self, plan: Plan, paths: Iterable[str], problems: list[Problem]) -> list[Item]:
        """The items of a feed in the order of their documents' paths; what can't be read is told and left out."""
        items = []
        for path in paths:
            found = self.item(path)
            if isinstance(found, str):
                problems.append(Problem(plan.channel.path, path, f"left out: {found}"))
            else:
                item, source = found
                items.append(replace(item, origin=self.origin(source)) if plan.gathered else item)
        return items

    def item(self, path: str) -> tuple[Item, str] | str:
        """A document's item and its source's id, or in one line why there is none."""
        if path not in self.at_hand:
            self.at_hand[path] = self.read(path)
            if len(self.at_hand) > AT_HAND:
                self.at_hand.popitem(last=False)
        self.at_hand.move_to_end(path)
        return self.at_hand[path]

    def read(self, path: str) -> tuple[Item, str] | str:
        try:
            entry = self.read_document(path)
            about = self.sources.get(entry.source)
            names = {section.id: section.title for section in about.sections} if about else {}
            sections = tuple(names.get(section, section) for section in entry.sections)
            return prepare(FeedEntry(entry, sections, language=about.language if about else "")), entry.source
        except BroadsheetError as error:
            return error.problem
        except Exception as error:  # one broken document must not cost its readers all the others
            return f"{type(error).__name__}: {error}"

    def origin(self, source: str) -> Origin:
        about = self.sources.get(source) or SourceInfo(source, source, "")
        return Origin(about.id, one_line(about.title), tidy(about.url), self.settings.address(about.id), tidy(about.icon))
