"""Documents at hand as items while feeds are put together: an article stands in several feeds and is read and cleaned once."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.article import Precision
from crawler.entry import Entry
from crawler.errors import BroadsheetError
from crawler.feeds.feed import Item, Origin, Problem
from crawler.feeds.item import FeedEntry, KeptPicture, one_line, prepare
from crawler.feeds.members import arrival
from crawler.feeds.plans import FeedSettings, Plan, SourceInfo
from crawler.urls import tidy

AT_HAND = 1024
"""Items kept, those asked for last."""
Arrival = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a document holds."""

    item: Item
    source: str
    arrival: Arrival
    precision: Precision
    path: str


class Shelf:
    """Documents as items, each read once while it is needed."""

    def __init__(
        self,
        sources: Sequence[SourceInfo],
        settings: FeedSettings,
        read_document: Callable[[str], Entry],
        kept: Callable[[Entry], Mapping[str, KeptPicture]] | None = None,
    ) -> None:
        self.sources = {source.id: source for source in sources}
        self.settings = settings
        self.read_document = read_document
        self.kept = kept
        self.at_hand: OrderedDict[str, Found | str] = OrderedDict()

    def take(self, plan: Plan, paths: Iterable[str], problems: list[Problem]) -> Iterator[Found]:
        """What a feed shows of these documents, in their order; one that can't be read is told and left out."""
        for path in paths:
            found = self.at(path)
            if isinstance(found, str):
                problems.append(Problem(plan.channel.path, path, f"left out: {found}"))
            else:
                yield replace(found, item=replace(found.item, origin=self.origin(found.source))) if plan.gathered else found

    def merged(self, plan: Plan, lists: Sequence[Iterable[str]], problems: list[Problem]) -> Iterator[Found]:
        """The same of several lists, each in the order of arrival and the last first: in that order, and each article once."""
        told: set[str] = set()
        streams = [self.take(plan, paths, problems) for paths in lists]
        for found in heapq.merge(*streams, key=lambda found: found.arrival, reverse=True):
            if found.item.guid not in told:
                told.add(found.item.guid)
                yield found

    def at(self, path: str) -> Found | str:
        """What a document holds, or in one line why it can't be had."""
        if path not in self.at_hand:
            self.at_hand[path] = self.read(path)
            if len(self.at_hand) > AT_HAND:
                self.at_hand.popitem(last=False)
        self.at_hand.move_to_end(path)
        return self.at_hand[path]

    def read(self, path: str) -> Found | str:
        try:
            entry = self.read_document(path)
            about = self.sources.get(entry.source)
            names = {section.id: section.title for section in about.sections} if about else {}
            sections = tuple(names.get(section, section) for section in entry.sections)
            pictures = self.kept(entry) if self.kept else {}
            item = prepare(FeedEntry(entry, sections, language=about.language if about else "", kept=pictures))
            return Found(item, entry.source, arrival(entry), entry.published.precision, path)
        except BroadsheetError as error:
            return error.problem
        except Exception as error:  # one broken document must not cost its readers all the others
            return f"{type(error).__name__}: {error}"

    def origin(self, source: str) -> Origin:
        about = self.sources.get(source) or SourceInfo(source, source, "")
        return Origin(about.id, one_line(about.title), tidy(about.url), self.settings.address(about.id), tidy(about.icon))
