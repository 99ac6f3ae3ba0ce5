"""What the last transaction of a group has to write of its articles, gathered so that each table is written once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.rebuild import keys_of
from crawler.store import KnownEntry, Transaction


@dataclass(slots=True)
class Marks:
    """Entries whose documents are durable, what is stale by them, and pages that are done."""

    reserved: dict[str, tuple[KnownEntry, tuple[str, ...]]]
    """guid → the entry with its address keys, as it is reserved in the store."""
    entries: list[KnownEntry] = field(default_factory=list)
    pictures: dict[str, Collection[str]] = field(default_factory=dict)
    """guid → files that its document shows."""
    pages: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """Ids of pages, and what changes in them."""

    def write(self, transaction: Transaction) -> None:
        """Writes what was gathered so far: whoever reads these tables comes after it."""
        entries, pages, pictures = self.entries, self.pages, self.pictures
        self.entries, self.pages, self.pictures = [], [], {}
        last = {entry.guid: entry for entry in entries}  # several pages of one article: the last word stands
        as_reserved = {guid for guid, entry in last.items() if self.is_reserved(entry)}
        transaction.entries.put_all((entry, keys_of(entry)) for entry in entries if entry.guid not in as_reserved)
        transaction.entries.written(list(as_reserved))
        for guid in last.keys() - as_reserved:
            self.reserved.pop(guid, None)  # another state of it stands there now
        note_entries(transaction, entries)
        transaction.images.used_by(pictures)
        transaction.pages.change_all(pages)

    def is_reserved(self, entry: KnownEntry) -> bool:
        """Whether it stands in the store already, but for that its document is written."""
        reserved, keys = self.reserved.get(entry.guid, (None, ()))
        return reserved == replace(entry, written=False) and set(keys_of(entry)) <= set(keys)


def note_entries(transaction: Transaction, entries: Collection[KnownEntry]) -> None:
    """What index and feeds show of these entries is out of date, their archives too."""
    transaction.entries.mark_all_stale((entry.source, section) for entry in entries for section in ("", *entry.sections))
    transaction.publications.note_all([(entry.guid, entry.source) for entry in entries])
    by_source: dict[str, list[str]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(entry.guid)
    for source, guids in by_source.items():
        transaction.changes.mark(source, guids)
