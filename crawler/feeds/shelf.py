"""Documents at hand as items while feeds are put together: an article stands in several feeds and is read and cleaned once."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from crawler.entry import Entry
from crawler.errors import BroadsheetError
from crawler.feeds.feed import Origin, Problem
from crawler.feeds.item import FeedEntry, KeptPicture, one_line, prepare
from crawler.feeds.members import arrival
from crawler.feeds.pages.text import for_pages
from crawler.feeds.plans import FeedSettings, Plan
from crawler.feeds.prepared import Found, Prepared, PreparedAt, size_of
from crawler.feeds.sources import SourceInfo, Sources
from crawler.urls import tidy

FEW = 12
"""Articles that are cleaned before it pays to look which ones need no cleaning: that takes 5 ms to begin with, and saves .4 ms of each."""
AT_HAND = 1024
"""Items kept, those asked for last."""


class Shelf:
    """Documents as items, each read once while it is needed."""

    def __init__(
        self,
        sources: Sources,
        settings: FeedSettings,
        read_document: Callable[[str], Entry],
        kept: Callable[[Entry], Mapping[str, KeptPicture]] | None = None,
        prepared: PreparedAt | None = None,
    ) -> None:
        self.sources = sources
        self.settings = settings
        self.read_document = read_document
        self.kept = kept
        self.prepared = Prepared(prepared)
        self.assets = prepared.assets if prepared else None
        self.at_hand: OrderedDict[str, Found | str] = OrderedDict()
        self.prepared_here = 0
        self.in_passing = False
        """Whether archives are written: they show any number of articles, each once."""

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
            self.at_hand[path] = self.again(path) or self.read(path)
            if len(self.at_hand) > AT_HAND:
                gone, _ = self.at_hand.popitem(last=False)
                if self.in_passing:
                    self.prepared.drop(gone)
        self.at_hand.move_to_end(path)
        return self.at_hand[path]

    def again(self, path: str) -> Found | None:
        """What a document held when it was prepared for an earlier publication, where that is still true."""
        earlier = self.prepared.find(path)
        if earlier is None:
            return None
        found, said = earlier
        return found if said == self.said(found.source, found.sections) else None

    def read(self, path: str) -> Found | str:
        mark = self.prepared.mark(path)
        try:
            entry = self.read_document(path)
            language, *names = said = self.said(entry.source, entry.sections)
            pictures = self.kept(entry) if self.kept else {}
            self.prepared_here += 1
            item = prepare(FeedEntry(entry, tuple(names), language=language, kept=pictures), few=self.prepared_here <= FEW)
            files = {name: size_of(self.assets / name) for name in entry.image_files.values()} if self.assets else {}
            copies = {picture.url: picture.asset for picture in pictures.values() if picture.asset}
            found = Found(item, entry.source, arrival(entry), entry.published.precision, path, entry.sections, files, copies)
        except BroadsheetError as error:
            return error.problem
        except Exception as error:  # one broken document must not cost its readers all the others
            return f"{type(error).__name__}: {error}"
        self.prepared.put(found, said, mark)
        return found

    def text_of(self, found: Found) -> str:
        """The full text as pages show it."""
        if not found.text and found.item.content:
            found = replace(found, text=for_pages(found.item.content, found.copies or {}))
            if isinstance(there := self.at_hand.get(found.path), Found) and there.item.content == found.item.content:
                self.at_hand[found.path] = replace(there, text=found.text)
                self.prepared.put_text(found)
        return found.text

    def said(self, source: str, sections: Sequence[str]) -> list[str]:
        """What an item takes from its source: the language, and the names of its sections."""
        about = self.sources.about(source)
        names = {section.id: section.title for section in about.sections} if about else {}
        return [about.language if about else "", *(names.get(section, section) for section in sections)]

    def origin(self, source: str) -> Origin:
        about = self.sources.about(source) or SourceInfo(source, source, "")
        return Origin(about.id, one_line(about.title), tidy(about.url), self.settings.address(about.id), tidy(about.icon))
