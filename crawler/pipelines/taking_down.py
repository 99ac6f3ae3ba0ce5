"""An article is taken down: first the line that keeps it away, then all that is left of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from crawler.documents import Documents
from crawler.errors import DocumentError
from crawler.identity import title_key
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.marks import note_entries
from crawler.pipelines.pictures import take_pictures_down
from crawler.pipelines.revisions import Removal, kept_revisions, note_removal, removals, removed_sources, revisions_of
from crawler.store import KnownEntry, Store
from crawler.urls import address_key
from crawler.workspace import Workspace


def take_down(store: Store, documents: Documents, workspace: Workspace, known: KnownEntry) -> None:
    """Document, revisions and feed places of an entry go; its id and addresses stay known, so that it never comes back.

    Killed in between, the same call again finishes it. The feeds are stale then: whoever calls publishes them. Raises OSError.
    """
    with store.begin() as transaction:
        places = transaction.places.of(known.guid)
    note_removal(workspace.own, known, places)
    pictures = pictures_of(documents, workspace, known)
    documents.delete(known.path)
    forget_all_of(store, documents, workspace, known, pictures)
    with store.begin() as transaction:
        keys = [address_key(address) for address in (known.url, *known.also_at)]
        transaction.entries.put(replace(known, removed=True, written=False), keys)
        note_entries(transaction, [known])
        transaction.pages.forget_looks(known.source, keys)


def forget_all_of(store: Store, documents: Documents, workspace: Workspace, known: KnownEntry, pictures: Iterable[str] = ()) -> None:
    """Deletes what is kept of an article beside its document: pages, earlier revisions, a version put aside, and the pictures that
    no other article shows: its present ones (`pictures`, and what the store knows) and those of its revisions."""
    shown = {*pictures, *pictures_of(documents, workspace, known)}
    Keeper(store, workspace.pages).forget(known.guid, known.source)
    take_pictures_down(store, workspace, known.guid, shown)
    shutil.rmtree(revisions_of(workspace.own, known.source, known.guid), ignore_errors=True)
    (workspace.conflicts / known.path).unlink(missing_ok=True)


def pictures_of(documents: Documents, workspace: Workspace, known: KnownEntry, but: Path | None = None) -> set[str]:
    """Kept pictures that the document or an earlier revision of it names; `but`: a revision that is not looked at."""
    found: set[str] = set()
    for path in [documents.place(known.path), *kept_revisions(workspace.own, known.source, known.guid)]:
        if path == but:
            continue
        with suppress(OSError, DocumentError):
            found.update(documents.decode(path.read_bytes(), known.path).image_files.values())
    return found


def all_removals(workspace: Workspace, problems: list[str] | None = None) -> list[Removal]:
    """What was taken down for good. Broken lines are told in `problems`."""
    return [one for source in removed_sources(workspace.own) for one in removals(workspace.own, source, problems)]


def taken_down(removed: Iterable[Removal]) -> Iterator[KnownEntry]:
    """What was taken down for good, as the store keeps it: an id and addresses without a document."""
    for removal in removed:
        yield KnownEntry(
            guid=removal.guid,
            source=removal.source,
            path=f"removed/{removal.guid}",
            url=removal.url,
            first_seen="",
            published="",
            title_key=title_key(""),
            day="",
            sections=(),
            also_at=removal.also_at,
            categories=(),
            written=False,
            rank=0,
            run=0,
            removed=True,
        )
