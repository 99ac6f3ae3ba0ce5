"""What is known of articles: their ids, addresses, sections and places. The documents hold the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    RowMapping,
    Select,
    Table,
    UniqueConstraint,
    delete,
    exists,
    func,
    select,
    true,
    update,
)

from crawler.store.tables import Words, metadata, table, words
from crawler.store.writes import insert_new, parts

RESERVED, WRITTEN, REMOVED = 0, 1, 2  # what `entry.written` holds: no document yet, a document, taken down for good


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry as the store knows it."""

    guid: str
    source: str
    path: str
    url: str
    first_seen: str
    """ISO 8601 in UTC."""
    published: str
    """ISO 8601 in UTC; first_seen without a date."""
    title_key: str
    day: str
    """Of publication in the source's zone; empty without a date."""
    sections: tuple[str, ...]
    also_at: tuple[str, ...]
    categories: tuple[str, ...]
    written: bool
    """Whether its document is on disk; else its id and place are reserved."""
    rank: int
    """Of the page that it was made from: among two in one run the lower one speaks."""
    run: int
    removed: bool = False
    """Taken down for good: it never comes back."""


def of_entry() -> Column[str]:
    return Column("guid", Words(), ForeignKey("entry.guid", ondelete="CASCADE"), nullable=False)


entry = table(
    "entry",
    KnownEntry,
    UniqueConstraint("path"),
    Index("entry_like", "source", "title_key", "day"),
    Index("entry_order", "first_seen", "published", "guid"),
    Index("entry_source_order", "source", "first_seen", "published", "guid"),
    key="guid",
    without=("removed",),
)
# the order of arrival stands here too: a section's last articles are found without a look at all the others
in_section = Table(
    "in_section",
    metadata,
    *words("source", "section"),
    of_entry(),
    *words("first_seen", "published"),
    PrimaryKeyConstraint("source", "section", "guid"),
    Index("in_section_order", "source", "section", "first_seen", "published", "guid"),
    Index("in_section_guid", "guid"),
)
address = Table(
    "address",
    metadata,
    *words("source", "key"),
    of_entry(),
    PrimaryKeyConstraint("source", "key"),
    Index("address_guid", "guid"),
)
# feeds that articles entered or changed in since they were last built; the empty section is the source's own feed
stale = Table("stale", metadata, *words("source", "section"), PrimaryKeyConstraint("source", "section"))


class Entries:
    """The entry, address and section tables within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_guid(self, guid: str) -> KnownEntry | None:
        row = self.connection.execute(select(entry).where(entry.c.guid == guid)).mappings().first()
        return known(row) if row else None

    def at_path(self, path: str) -> KnownEntry | None:
        """The entry whose document lies there."""
        row = self.connection.execute(select(entry).where(entry.c.path == path)).mappings().first()
        return known(row) if row else None

    def guid_at(self, source: str, keys: Sequence[str]) -> str | None:
        """The guid of the article that one of these address keys leads to; of several the first key's."""
        found = self.guids_at(source, keys)
        return next((found[key] for key in keys if key in found), None)

    def guids_at(self, source: str, keys: Sequence[str]) -> dict[str, str]:
        """Address key → guid, for those keys that are known."""
        query = select(address.c.key, address.c.guid).where(address.c.source == source)
        return {key: guid for part in parts(keys) for key, guid in self.connection.execute(query.where(address.c.key.in_(part)))}

    def like(self, source: str, title: str, days: Sequence[str]) -> list[KnownEntry]:
        """Entries of the source with this title key on one of these days, oldest first."""
        query = select(entry).where(entry.c.source == source, entry.c.title_key == title, entry.c.day.in_(days))
        # sorted here: asked for the order, SQLite walks through all of the source in that order
        return sorted(self._read(query), key=lambda found: (found.first_seen, found.guid))

    def put(self, new: KnownEntry, keys: Iterable[str]) -> None:
        """Stores an entry with all address keys that lead to it; an address that leads elsewhere already stays there."""
        values: dict[str, Any] = {column.name: getattr(new, column.name) for column in entry.c}
        values["written"] = REMOVED if new.removed else int(new.written)
        changed = self.connection.execute(update(entry).where(entry.c.guid == new.guid).values(values))
        if not changed.rowcount:
            self.connection.execute(entry.insert().values(values))
        own = {"source": new.source, "guid": new.guid}
        insert_new(self.connection, address, [{"key": key, **own} for key in dict.fromkeys(keys)])
        self.connection.execute(delete(in_section).where(in_section.c.guid == new.guid))
        if new.sections and not new.removed:
            order = {"first_seen": new.first_seen, "published": new.published}
            self.connection.execute(in_section.insert(), [{"section": section, **own, **order} for section in new.sections])

    def mark_stale(self, source: str, sections: Iterable[str]) -> None:
        """The source's own feed and those of these sections have to be built again."""
        insert_new(self.connection, stale, [{"source": source, "section": section} for section in ("", *sections)])

    def stale(self) -> set[tuple[str, str]]:
        """Source and section of the feeds that have to be built again; an empty section is the source's own feed."""
        return {(source, section) for source, section in self.connection.execute(select(stale))}

    def built(self, feeds: Iterable[tuple[str, str]]) -> None:
        for source, section in feeds:
            self.connection.execute(delete(stale).where(stale.c.source == source, stale.c.section == section))

    def sources(self, *, with_removed: bool = False) -> list[str]:
        """Ids of the sources that have entries, sorted: one step in the index for each, however many articles there are.

        `with_removed`: those too of which all was taken down.
        """
        found = select(func.min(entry.c.source).label("source")).cte("found", recursive=True)
        following = select(func.min(entry.c.source)).where(entry.c.source > found.c.source).scalar_subquery()
        found = found.union_all(select(following).where(found.c.source.is_not(None)))
        there = exists().where(entry.c.source == found.c.source, true() if with_removed else entry.c.written != REMOVED)
        return list(self.connection.execute(select(found.c.source).where(there).order_by(found.c.source)).scalars())

    def sections(self, source: str) -> list[str]:
        """Ids of the source's sections that have entries, sorted."""
        query = select(in_section.c.section).where(in_section.c.source == source).distinct().order_by(in_section.c.section)
        return list(self.connection.execute(query).scalars())

    def any(self) -> bool:
        """Whether there is one at all."""
        return self.connection.execute(select(entry.c.guid).limit(1)).scalar() is not None

    def with_articles(self, sources: Iterable[str]) -> set[str]:
        """Those of these sources that have articles."""
        found = set()
        for source in sources:
            query = select(entry.c.guid).where(entry.c.source == source, entry.c.written == 1).limit(1)
            if self.connection.execute(query).first():
                found.add(source)
        return found

    def at_address(self, key: str) -> list[KnownEntry]:
        """The entries, one a source at most, that this address key leads to."""
        guids = select(address.c.guid).where(address.c.key == key)
        return self._read(select(entry).where(entry.c.guid.in_(guids)).order_by(entry.c.guid))

    def some(self, source: str, after: str, most: int = 1000) -> list[KnownEntry]:
        """The next entries of a source after a guid, by their guids."""
        query = select(entry).where(entry.c.source == source, entry.c.guid > after)
        return self._read(query.order_by(entry.c.guid).limit(most))

    def forget_all(self) -> None:
        """No entry is known any more: they are read from the documents again."""
        for gone in (in_section, address, entry, stale):
            self.connection.execute(delete(gone))

    def counts(self) -> dict[str, int]:
        """Source → how many articles are written."""
        query = select(entry.c.source, func.count()).where(entry.c.written == WRITTEN).group_by(entry.c.source)
        return {source: number for source, number in self.connection.execute(query)}

    def _read(self, query: Select[Any]) -> list[KnownEntry]:
        return [known(row) for row in self.connection.execute(query).mappings()]


def known(row: RowMapping) -> KnownEntry:
    values: dict[str, Any] = dict(row)
    values |= {name: tuple(values[name]) for name in ("sections", "also_at", "categories")}
    return KnownEntry(**(values | {"written": values["written"] == WRITTEN, "removed": values["written"] == REMOVED}))
