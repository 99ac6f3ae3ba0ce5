"""A workspace with documents in a store, for the tests of index and export."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crawler.article import zulu
from crawler.documents import Documents
from crawler.entry import Entry
from crawler.pipelines.run import documents_of
from crawler.store import KnownEntry, Store
from crawler.workspace import Workspace


def known(entry: Entry, *, removed: bool = False) -> KnownEntry:
    return KnownEntry(
        guid=entry.guid,
        source=entry.source,
        path=entry.path,
        url=entry.article.url,
        first_seen=zulu(entry.first_seen),
        published=entry.published.zulu(),
        title_key=entry.article.title,
        day="",
        sections=entry.sections,
        also_at=entry.also_at,
        categories=entry.categories,
        written=not removed,
        rank=0,
        run=1,
        removed=removed,
    )


class Shelf:
    """A workspace that settles entries without a crawl."""

    def __init__(self, root: Path) -> None:
        (root / "sources").mkdir()
        (root / "sources" / "bridge.yaml").write_text("url: https://news.example/\nid: bridge\nzone: Asia/Shanghai\n", "utf-8")
        self.workspace = Workspace(root)
        self.store = Store(self.workspace.store_url)
        self.documents: Documents = documents_of(self.workspace)

    def settle(self, entries: Iterable[Entry]) -> None:
        written = list(entries)
        self.documents.write(written)
        with self.store.begin() as transaction:
            for entry in written:
                transaction.entries.put(known(entry), [entry.article.url])
                transaction.changes.mark(entry.source, [entry.guid])

    def take_down(self, entry: Entry) -> None:
        self.documents.delete(entry.path)
        with self.store.begin() as transaction:
            transaction.entries.put(known(entry, removed=True), [entry.article.url])
            transaction.changes.mark(entry.source, [entry.guid])

    def index(self) -> dict[str, bytes]:
        folder = self.workspace.index
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.ndjson"))}
