"""What is known of articles: their ids, addresses, sections and places. The documents hold the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from crawler.store.schema import address, entry, in_section, stale
from crawler.store.writes import insert_new

REMOVED = 2


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
    """ISO 8601 in UTC."""
    title_key: str
    day: str
    sections: tuple[str, ...]
    also_at: tuple[str, ...]
    categories: tuple[str, ...]
    written: bool
    rank: int
    run: int
    removed: bool = False
    """Taken down for good: it never comes back."""


class Entries:
    """The entry, address and section tables within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_guid(self, guid: str) -> KnownEntry | None:
        row = self.connection.execute(select(entry).where(entry.c.guid == guid)).mappings().first()
        return known(row) if row else None

    def guid_at(self, source: str, keys: Sequence[str]) -> str | None:
        """The guid of the article that one of these address keys leads to; of several the first key's."""
        rows = self.connection.execute(select(address.c.key, address.c.guid).where(address.c.source == source, address.c.key.in_(keys)))
        found = {key: guid for key, guid in rows}
        return next((found[key] for key in keys if key in found), None)

    def guids_at(self, source: str, keys: Sequence[str]) -> dict[str, str]:
        """Address key → guid, for those keys that are known."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), 500):  # SQLite binds at most some thousand values in a statement
            part = keys[start : start + 500]
            rows = self.connection.execute(select(address.c.key, address.c.guid).where(address.c.source == source, address.c.key.in_(part)))
            found.update({key: guid for key, guid in rows})
        return found

    def like(self, source: str, title: str, days: Sequence[str]) -> list[KnownEntry]:
        """Entries of the source with this title key on one of these days, oldest first."""
        query = select(entry).where(entry.c.source == source, entry.c.title_key == title, entry.c.day.in_(days))
        rows = self.connection.execute(query.order_by(entry.c.first_seen, entry.c.guid)).mappings()
        return [known(row) for row in rows]

    def put(self, new: KnownEntry, keys: Iterable[str]) -> None:
        """Stores an entry with all address keys that lead to it; an address that leads elsewhere already stays there."""
        values: dict[str, Any] = {name: getattr(new, name) for name in KnownEntry.__slots__ if name != "removed"}
        values["written"] = REMOVED if new.removed else int(new.written)
        values |= {name: list(values[name]) for name in ("sections", "also_at", "categories")}
        changed = self.connection.execute(update(entry).where(entry.c.guid == new.guid).values(values))
        if not changed.rowcount:
            self.connection.execute(entry.insert().values(values))
        insert_new(self.connection, address, [{"source": new.source, "key": key, "guid": new.guid} for key in dict.fromkeys(keys)])
        self.connection.execute(delete(in_section).where(in_section.c.guid == new.guid))
        if new.sections and not new.removed:
            rows = [{"source": new.source, "section": section, "guid": new.guid} for section in new.sections]
            self.connection.execute(in_section.insert(), rows)

    def mark_stale(self, source: str, sections: Iterable[str]) -> None:
        """The source's own feed and those of these sections have to be built again."""
        insert_new(self.connection, stale, [{"source": source, "section": section} for section in ("", *sections)])

    def stale(self) -> set[tuple[str, str]]:
        """Source and section of the feeds that have to be built again; an empty section is the source's own feed."""
        return {(source, section) for source, section in self.connection.execute(select(stale))}

    def built(self, feeds: Iterable[tuple[str, str]]) -> None:
        for source, section in feeds:
            self.connection.execute(delete(stale).where(stale.c.source == source, stale.c.section == section))

    def sources(self) -> list[str]:
        """Ids of the sources that have entries, sorted."""
        query = select(entry.c.source).where(entry.c.written != REMOVED).distinct().order_by(entry.c.source)
        return list(self.connection.execute(query).scalars())

    def sections(self, source: str) -> list[str]:
        """Ids of the source's sections that have entries, sorted."""
        query = select(in_section.c.section).where(in_section.c.source == source).distinct().order_by(in_section.c.section)
        return list(self.connection.execute(query).scalars())

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
        return [
            known(row) for row in self.connection.execute(select(entry).where(entry.c.guid.in_(guids)).order_by(entry.c.guid)).mappings()
        ]

    def forget_all(self) -> None:
        """No entry is known any more: they are read from the documents again."""
        for table in (in_section, address, entry, stale):
            self.connection.execute(delete(table))

    def counts(self) -> dict[str, int]:
        """Source → how many articles are written."""
        query = select(entry.c.source, func.count()).where(entry.c.written == 1).group_by(entry.c.source)
        return {source: number for source, number in self.connection.execute(query)}


def known(row: RowMapping) -> KnownEntry:
    values: dict[str, Any] = dict(row)
    values |= {name: tuple(values[name]) for name in ("sections", "also_at", "categories")}
    return KnownEntry(**(values | {"written": values["written"] == 1, "removed": values["written"] == REMOVED}))
