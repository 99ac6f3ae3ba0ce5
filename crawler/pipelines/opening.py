"""How a run or command comes to its store: one that is damaged, lost or new is made from the documents, and that is told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crawler.documents import Documents
from crawler.errors import DamagedStore, SourceBusy
from crawler.files import sync_folder
from crawler.frontier import WHOLE_STORE, SourceLock
from crawler.pipelines.placing import place_again
from crawler.pipelines.taking_down import all_removals, taken_down
from crawler.rebuild import Rebuilt, rebuild_store
from crawler.recipes import find_sources
from crawler.store import Store
from crawler.store.opening import VERSION, mark_of_damage
from crawler.workspace import Workspace

PATIENCE = 30.0  # seconds for another process that makes the store anew
TOLD = 5  # problems told one by one
PARTS = ("", "-wal", "-shm")  # of an SQLite file


@dataclass(slots=True)
class Opened:
    """A store that is open, and what is to be told of it, each in a sentence."""

    store: Store
    notes: list[str] = field(default_factory=list)
    """What was done."""
    problems: list[str] = field(default_factory=list)
    """What was wrong."""


def open_store(workspace: Workspace, documents: Documents, *, alone: bool = False) -> Opened:
    """The workspace's store.

    A damaged SQLite file is set aside. A store that holds nothing yet, for it is new or the old one was lost or set aside, learns from the
    documents what articles there are: their ids are kept, and nothing is fetched twice. While it is open nobody sets it aside.
    `alone`: nobody else has it open meanwhile, and it learns nothing: whoever asks makes it anew.
    Raises StoreError; SourceBusy where another process uses it, or makes it anew for too long.
    """
    lock = held(workspace, alone=alone, patience=0.0 if alone else PATIENCE)
    notes: list[str] = []
    problems: list[str] = []
    try:
        if alone:
            problems += set_aside(workspace)
            store = Store(workspace.store_url)
        elif (found := sound(workspace)) is not None:
            store = found
        else:
            lock.release()
            with held(workspace, alone=True):
                problems += set_aside(workspace)
                read_documents(workspace, documents, notes, problems)
            lock = held(workspace)
            store = Store(workspace.store_url)
    except BaseException:
        lock.release()
        raise
    if store.version not in (0, VERSION):
        notes.append(f"The store was brought up from version {store.version} to {VERSION}.")
    store.closing.callback(lock.release)
    return Opened(store, notes, problems)


def held(workspace: Workspace, *, alone: bool = False, patience: float | None = None) -> SourceLock:
    """The lock on the whole store: shared by all who use it, alone for who makes it anew. Raises SourceBusy after `patience` seconds."""
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    while True:
        try:
            return SourceLock(workspace.locks, WHOLE_STORE, shared=not alone)
        except SourceBusy:
            if time.monotonic() >= deadline:
                what = "another run uses it" if alone else "another process makes it anew"
                raise SourceBusy("the store", f"{what}; run again when it is done") from None
            time.sleep(0.1)


def sound(workspace: Workspace) -> Store | None:
    """The store, where it is one and knows what documents there are."""
    try:
        store = Store(workspace.store_url)
    except DamagedStore:
        return None
    if unread(store):
        store.close()
        return None
    return store


def unread(store: Store) -> bool:
    """Whether the store has still to learn what documents there are."""
    with store.read() as transaction:
        about = transaction.about
        return about.documents_partly_read() or (about.documents_unread() and not transaction.entries.any())


def set_aside(workspace: Workspace) -> list[str]:
    """Renames a damaged store, so that a new one is made; gives what is told of it. A sound one stays."""
    try:
        Store(workspace.store_url).close()
        return []
    except DamagedStore:
        return put_aside(workspace)


def put_aside(workspace: Workspace) -> list[str]:
    """Renames the SQLite store, whatever it is; gives what is told of it."""
    path = Path(workspace.store_url.removeprefix("sqlite:///"))
    name = f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for part in PARTS:
        beside = path.with_name(path.name + part)
        if beside.exists():
            beside.rename(path.with_name(name + part))
    sync_folder(path.parent)
    mark_of_damage(path).unlink(missing_ok=True)
    return [f"the store was damaged: it lies in {workspace.shown(path.with_name(name))} now, and a new one was made"]


def read_documents(workspace: Workspace, documents: Documents, notes: list[str], problems: list[str]) -> None:
    """A new store learns what articles there are, in one transaction; killed in between, it is still new."""
    store = Store(workspace.store_url)
    try:
        if not unread(store):  # another process was faster
            return
        if next(documents.paths(), None) is None and not all_removals(workspace):
            with store.begin() as transaction:
                transaction.about.read_documents(wholly=True)
            return
        done = rebuild_all(store, documents, workspace)
    finally:
        store.close()
    if done.entries or done.removed:
        notes.append(f"The store was made from the documents: {done.entries:,} articles are known again.")
    ours = [(path, reason) for path, reason in done.problems if documents.is_ours(path)]
    problems += [f"{path}: {reason}" for path, reason in ours[:TOLD]]
    if len(ours) > TOLD:
        problems.append(f"… and {len(ours) - TOLD:,} more documents: broadsheet doctor tells them")


def rebuild_all(store: Store, documents: Documents, workspace: Workspace) -> Rebuilt:
    """The store's articles from the documents, each read in its source's zone."""
    broken: list[str] = []
    removed = all_removals(workspace, broken)
    rebuilt = rebuild_store(store, documents, find_sources(workspace.sources).zones, taken_down(removed))
    if workspace.settings.base_url:  # without it feeds have no archives
        place_again(store, rebuilt, removed)
    with store.begin() as transaction:
        transaction.about.read_documents(wholly=True)
    rebuilt.problems += [(line.partition(": ")[0], line.partition(": ")[2]) for line in broken]
    return rebuilt
