"""Documents that the store knows and the disk does not: their pages are fetched again, under the same ids, names and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.documents import Documents
from crawler.errors import WorkspaceError
from crawler.rebuild import keys_of
from crawler.store import KnownEntry, PageRow, Store, Transaction
from crawler.urls import address_key, host_of


@dataclass(slots=True)
class Ground:
    """The folders that a run writes into: one that vanishes or is put in another's place meanwhile (a disk, a mount) ends the run."""

    root: Path
    seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def check(self, sources: Iterable[str]) -> None:
        """Raises WorkspaceError where the documents' folder, or that of one of these sources, is no longer the one that it was."""
        for folder in (self.root, *(self.root / source for source in sources)):
            try:
                found = folder.stat()
            except (FileNotFoundError, NotADirectoryError):
                if folder in self.seen:
                    raise vanished(folder) from None
                continue
            if self.seen.setdefault(folder, (found.st_dev, found.st_ino)) != (found.st_dev, found.st_ino):
                raise vanished(folder)


def vanished(folder: Path) -> WorkspaceError:
    return WorkspaceError(str(folder), "vanished while the run wrote into it; put it back, or run again: what was in it is fetched anew")


def fetch_vanished(store: Store, documents: Documents, sources: Iterable[str]) -> dict[str, int]:
    """Queues the pages of all documents of those sources whose whole folder is gone; gives how many, source by source."""
    gone = [source for source in sources if not (documents.root / source).is_dir()]
    counts = {}
    for source in gone:
        lost = list(lost_of(store, documents, source))
        if lost:
            fetch_again(store, lost)
            counts[source] = len(lost)
    return counts


def lost_of(store: Store, documents: Documents, source: str) -> Iterator[KnownEntry]:
    """The source's entries whose documents are not on disk."""
    for known in entries_of(store, source):
        if known.written and not documents.place(known.path).exists():
            yield known


def entries_of(store: Store, source: str) -> Iterator[KnownEntry]:
    """All entries of a source by their guids, some at a time in memory."""
    after = ""
    while True:
        with store.read() as transaction:
            found = transaction.entries.some(source, after)
        if not found:
            return
        yield from found
        after = found[-1].guid


def fetch_again(store: Store, lost: Sequence[KnownEntry]) -> None:
    """These entries have no document: their pages wait to be fetched, and the feeds don't show them until then."""
    with store.begin() as transaction:
        for known in lost:
            transaction.entries.put(replace(known, written=False), keys_of(known))
            transaction.entries.mark_stale(known.source, known.sections)
            transaction.changes.mark(known.source, [known.guid])
            row = row_of(transaction, known) or page_of(known)
            if row.id:
                transaction.pages.read_anew(row.id)
            else:
                transaction.pages.add([row])


def row_of(transaction: Transaction, known: KnownEntry) -> PageRow | None:
    """The page of an entry, by the first of its addresses that has one."""
    rows = transaction.pages.at_all(known.source, "article", keys_of(known))
    return next((rows[key] for key in keys_of(known) if key in rows), None)


def page_of(known: KnownEntry) -> PageRow:
    """The page of an entry that the store knows from its document alone."""
    return PageRow(
        source=known.source,
        kind="article",
        address=address_key(known.url),
        url=known.url,
        host=host_of(known.url),
        rank=known.rank,
        sections=known.sections,
    )
