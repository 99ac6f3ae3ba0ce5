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
    bindparam,
    delete,
    exists,
    func,
    select,
    true,
    update,
)

from crawler.store.tables import Words, metadata, table, words
from crawler.store.writes import insert_new, parts, put

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

# asked and written for each article: SQLAlchemy takes longer to put a statement together than SQLite to carry it out
OF_GUIDS = select(entry).where(entry.c.guid.in_(bindparam("guids", expanding=True)))
OF_KEYS = select(address.c.key, address.c.guid).where(
    address.c.source == bindparam("source"), address.c.key.in_(bindparam("keys", expanding=True))
)
WITH_TITLES = select(entry).where(
    entry.c.source == bindparam("source"),
    entry.c.title_key.in_(bindparam("titles", expanding=True)),
    entry.c.day.in_(bindparam("days", expanding=True)),
)
NOW_WRITTEN = update(entry).where(entry.c.guid.in_(bindparam("guids", expanding=True))).values(written=WRITTEN)
OUT_OF_SECTIONS = delete(in_section).where(in_section.c.guid.in_(bindparam("guids", expanding=True)))
INTO_SECTIONS = in_section.insert()
COLUMNS = [column.name for column in entry.c]


class Entries:
    """The entry, address and section tables within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_guid(self, guid: str) -> KnownEntry | None:
        return self.by_guids([guid]).get(guid)

    def by_guids(self, guids: Sequence[str]) -> dict[str, KnownEntry]:
        """guid → entry, for those that are known."""
        return {row["guid"]: known(row) for part in parts(guids) for row in self.connection.execute(OF_GUIDS, {"guids": part}).mappings()}

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
        found = (self.connection.execute(OF_KEYS, {"source": source, "keys": part}) for part in parts(keys))
        return {key: guid for rows in found for key, guid in rows}

    def like(self, source: str, titles: Sequence[str], days: Sequence[str]) -> list[KnownEntry]:
        """Entries of the source with one of these title keys on one of these days, oldest first."""
        # sorted here: asked for the order, SQLite walks through all of the source in that order
        rows = self.connection.execute(WITH_TITLES, {"source": source, "titles": titles, "days": days}).mappings()
        return sorted(map(known, rows), key=lambda found: (found.first_seen, found.guid))

    def put(self, new: KnownEntry, keys: Iterable[str]) -> None:
        """Stores an entry with all address keys that lead to it; an address that leads elsewhere already stays there."""
        self.put_all([(new, keys)])

    def put_all(self, entries: Iterable[tuple[KnownEntry, Iterable[str]]]) -> None:
        """As `put` for many at once; of two with one guid the last one stands."""
        last: dict[str, KnownEntry] = {}
        keys: dict[tuple[str, str], str] = {}
        for new, leading in entries:
            last[new.guid] = new
            for key in leading:
                keys.setdefault((new.source, key), new.guid)
        if not last:
            return
        put(self.connection, entry, [values_of(new) for new in last.values()])
        insert_new(self.connection, address, [{"source": source, "key": key, "guid": guid} for (source, key), guid in keys.items()])
        for part in parts(list(last)):
            self.connection.execute(OUT_OF_SECTIONS, {"guids": part})
        if shown := [row for new in last.values() if not new.removed for row in section_rows(new)]:
            self.connection.execute(INTO_SECTIONS, shown)

    def written(self, guids: Sequence[str]) -> None:
        """The documents of these entries, whose id and place were reserved, are on disk."""
        for part in parts(guids):
            self.connection.execute(NOW_WRITTEN, {"guids": part})

    def mark_stale(self, source: str, sections: Iterable[str]) -> None:
        """The source's own feed and those of these sections have to be built again."""
        self.mark_all_stale((source, section) for section in ("", *sections))

    def mark_all_stale(self, feeds: Iterable[tuple[str, str]]) -> None:
        """These feeds, source and section, have to be built again; an empty section is the source's own feed."""
        insert_new(self.connection, stale, [{"source": source, "section": section} for source, section in dict.fromkeys(feeds)])

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


def values_of(new: KnownEntry) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(new, name) for name in COLUMNS}
    return values | {"written": REMOVED if new.removed else int(new.written)}


def section_rows(new: KnownEntry) -> list[dict[str, str]]:
    own = {"source": new.source, "guid": new.guid, "first_seen": new.first_seen, "published": new.published}
    return [{"section": section, **own} for section in new.sections]


def known(row: RowMapping) -> KnownEntry:
    values: dict[str, Any] = dict(row)
    values |= {name: tuple(values[name]) for name in ("sections", "also_at", "categories")}
    return KnownEntry(**(values | {"written": values["written"] == WRITTEN, "removed": values["written"] == REMOVED}))
