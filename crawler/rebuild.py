"""Documents → store: what the store knows of articles, their ids, addresses and sections, is read from the documents again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crawler.article import zulu
from crawler.documents import Documents
from crawler.entry import Entry
from crawler.identity import title_key
from crawler.store import KnownEntry, Store, Transaction
from crawler.urls import address_key
from crawler.zones import day_in

GROUP = 500  # entries in one transaction's batch of work


@dataclass(slots=True)
class Rebuilt:
    """What was found."""

    entries: int = 0
    removed: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Path and reason of what is no document, or names an article that another document holds."""
    joined: dict[str, dict[str, str]] = field(default_factory=dict)
    """guid → section → when the article joined it, of those that came into a section later than they were first seen."""


def rebuild_store(store: Store, documents: Documents, zones: Mapping[str, str], removed: Iterable[KnownEntry]) -> Rebuilt:
    """Makes the store's articles anew from the documents. Queue, validators and hosts stay where they are there.

    `zones`: source → its IANA zone, of the recipes; `removed`: what was taken down for good. All in one transaction: killed in between,
    the store is as before. Raises StoreError.
    """
    done = Rebuilt()
    with store.begin() as transaction:
        transaction.entries.forget_all()
        transaction.changes.start_over()
        for path, entry in documents.all():
            if isinstance(entry, Entry):
                put(transaction, entry, zones.get(entry.source, ""), done)
            else:
                done.problems.append((path, entry.problem))
        for gone in removed:
            if transaction.entries.by_guid(gone.guid) is None:
                transaction.entries.put(gone, keys_of(gone))
                done.removed += 1
        transaction.about.read_documents(wholly=False)
    return done


def put(transaction: Transaction, entry: Entry, zone: str, done: Rebuilt) -> None:
    twin = transaction.entries.by_guid(entry.guid)
    if twin is not None:
        done.problems.append((entry.path, f"has the guid of {twin.path}; delete one of the two"))
        return
    known = known_from(entry, zone)
    transaction.entries.put(known, keys_of(known))
    transaction.entries.mark_stale(known.source, known.sections)
    transaction.changes.mark(known.source, [known.guid])
    transaction.images.used(known.guid, entry.image_files.values())
    for address, file in entry.image_files.items():
        transaction.images.put(address, file)
    if later := entry.joined:
        done.joined[entry.guid] = later
    done.entries += 1


def known_from(entry: Entry, zone: str) -> KnownEntry:
    """What the store keeps of an entry."""
    published = entry.article.published
    return KnownEntry(
        guid=entry.guid,
        source=entry.source,
        path=entry.path,
        url=entry.article.url,
        first_seen=zulu(entry.first_seen),
        published=entry.published.zulu(),
        title_key=title_key(entry.article.title),
        day=day_in(published, zone).isoformat() if published else "",
        sections=entry.sections,
        also_at=entry.also_at,
        categories=entry.categories,
        written=True,
        rank=0,
        run=0,
    )


def keys_of(known: KnownEntry) -> list[str]:
    """The address keys that lead to an entry."""
    return [address_key(address) for address in (known.url, *known.also_at)]


def rewrite(documents: Documents, target: Documents, progress: Callable[[], None] = lambda: None) -> tuple[int, list[tuple[str, str]]]:
    """Writes all documents again in another profile, under the same paths; gives how many, and what could not be."""
    written, problems, group = 0, [], list[Entry]()

    def flush() -> None:
        nonlocal written
        for done in target.write(group):
            if done.kind == "conflict":
                problems.append((done.path, f"{done.reason}; the new version lies in .broadsheet/conflicts"))
            written += done.kind == "written"
        group.clear()
        progress()

    for path, entry in documents.all():
        if isinstance(entry, Entry):
            group.append(entry)
        else:
            problems.append((path, entry.problem))
        if len(group) >= GROUP:
            flush()
    flush()
    return written, problems
