"""What is kept beside the documents goes by age and size: fetched pages, earlier revisions, the records of runs. The oldest goes first."""

from __future__ import annotations

import heapq
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from crawler.documents import Documents
from crawler.errors import BroadsheetError, DocumentError, SourceBusy, StoreError
from crawler.files import delete_durably
from crawler.frontier import SourceLock
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.pictures import delete_pictures
from crawler.pipelines.revisions import REVISIONS
from crawler.pipelines.taking_down import pictures_of
from crawler.store import Store
from crawler.store.kept import KeptRow
from crawler.upkeep.limits import Limit
from crawler.workspace import Workspace

SPARE = 0.1  # part of the store that nothing uses any more, from which on it is written anew without


@dataclass(slots=True)
class Freed:
    """What went of one kind."""

    count: int = 0
    bytes: int = 0

    def add(self, size: int) -> None:
        self.count += 1
        self.bytes += size


@dataclass(slots=True)
class Pruned:
    """What went, or with `dry_run` would go."""

    pages: Freed = field(default_factory=Freed)
    """Fetches of articles."""
    revisions: Freed = field(default_factory=Freed)
    pictures: Freed = field(default_factory=Freed)
    """Kept pictures that only earlier revisions showed."""
    runs: Freed = field(default_factory=Freed)
    """Its bytes: what the store gave back to the disk."""
    busy: list[str] = field(default_factory=list)
    """Sources that a run holds: of them nothing went."""
    problems: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return self.pages.bytes + self.revisions.bytes + self.pictures.bytes + self.runs.bytes


@dataclass(slots=True)
class Pruner:
    """Prunes one workspace. Killed in between, the same call again finishes it."""

    store: Store
    documents: Documents
    workspace: Workspace
    dry_run: bool = False
    now: float = field(default_factory=time.time)
    """Seconds since 1970, real clock."""
    done: Pruned = field(default_factory=Pruned)

    def prune(self, limits: Mapping[str, Limit]) -> Pruned:
        """`limits`: of `pages`, `revisions` and `runs`; what is not named stays. Raises StoreError, OSError."""
        with ExitStack() as stack:
            sources = self.held(stack)
            if limit := limits.get("pages"):
                self.prune_pages(limit, sources)
            if limit := limits.get("revisions"):
                self.prune_revisions(limit, sources)
        if limit := limits.get("runs"):
            self.prune_runs(limit)
        return self.done

    def held(self, stack: ExitStack) -> list[str]:
        """The sources of which something is kept, each held until the end; those that a run holds are left out."""
        found = []
        revisions = self.workspace.own / REVISIONS
        with_revisions = {path.name for path in revisions.iterdir()} if revisions.is_dir() else set()
        for source in sorted({*Keeper(self.store, self.workspace.pages).sources(), *with_revisions}):
            try:
                stack.enter_context(SourceLock(self.workspace.locks, source, self.store))
                found.append(source)
            except SourceBusy:
                self.done.busy.append(source)
        return found

    def prune_pages(self, limit: Limit, sources: list[str]) -> None:
        keeper = Keeper(self.store, self.workspace.pages)
        left = 0
        for source in sources:
            keeper.find_again(source)
            with self.store.read() as transaction:
                left += transaction.kept.bytes(source)
        gone: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for fetched, row in heapq.merge(*(self.fetches(keeper, source) for source in sources), key=lambda pair: pair[0]):
            if not self.may_go(limit, fetched, left):
                break
            gone[row.source, row.file].add(row.offset)
            self.done.pages.add(row.length)
            left -= row.length
        for (source, file), offsets in sorted(gone.items()):
            if not self.dry_run:
                keeper.take_out(source, file, lambda row, offsets=offsets: row.offset in offsets)  # type: ignore[misc]

    def fetches(self, keeper: Keeper, source: str) -> Iterator[tuple[float, KeptRow]]:
        """The source's kept fetches with when they were made, oldest first: they lie in their files in this order."""
        with self.store.read() as transaction:
            files = transaction.kept.files(source)
        for file in files:
            with self.store.read() as transaction:
                rows = transaction.kept.in_file(source, file)
            for row in rows:
                try:
                    yield max(page.fetched_at.timestamp() for page in keeper.pages(row)), row
                except (OSError, StoreError, ValueError):
                    where = self.workspace.shown(self.workspace.pages / source / file)
                    self.done.problems.append(f"{where}: is not what the store knows of it; broadsheet doctor mends that")
                    return

    def prune_revisions(self, limit: Limit, sources: list[str]) -> None:
        """The age of a revision is that of its file: it was written when the next one came."""
        found = []
        for source in sources:
            for path in (self.workspace.own / REVISIONS / source).glob("*/*.md"):
                status = path.stat()
                found.append((status.st_mtime, path, status.st_size))
        left = sum(size for *_, size in found)
        for written, path, size in sorted(found):
            if not self.may_go(limit, written, left):
                break
            left -= size
            self.done.revisions.add(size)
            if not self.dry_run:
                self.drop_revision(path)

    def drop_revision(self, path: Path) -> None:
        """First the pictures that nothing else shows: killed in between, the revision still names them."""
        try:
            entry = self.documents.decode(path.read_bytes(), path.name)
        except DocumentError:
            entry = None
        if entry is not None and entry.image_files:
            with self.store.read() as transaction:
                known = transaction.entries.by_guid(entry.guid)
            others = pictures_of(self.documents, self.workspace, known, but=path) if known else set()
            for size in delete_pictures(self.store, self.workspace, set(entry.image_files.values()) - others):
                self.done.pictures.add(size)
        delete_durably(path)
        for folder in (path.parent, path.parent.parent):
            if not any(folder.iterdir()):
                folder.rmdir()

    def prune_runs(self, limit: Limit) -> None:
        before = self.now - limit.age.total_seconds() if limit.age else 0.0
        room = self.store.room_taken()
        with self.store.begin() as transaction:
            gone = transaction.runs.old(before, limit.most)
            if not self.dry_run:
                transaction.runs.forget(gone)
        self.done.runs.count = len(gone)
        if self.dry_run or self.store.spare() < SPARE * room:
            return
        try:
            self.store.compact()
            self.done.runs.bytes = max(0, room - self.store.room_taken())
        except BroadsheetError as error:
            self.done.problems.append(str(error))

    def may_go(self, limit: Limit, written: float, left: int) -> bool:
        """`written`: seconds since 1970; `left`: bytes that there are with it."""
        too_old = limit.age is not None and written < self.now - limit.age.total_seconds()
        return too_old or (limit.most is not None and left > limit.most)
