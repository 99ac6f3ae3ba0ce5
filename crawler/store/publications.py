"""What the feeds have taken in: whose text is known, what is held back, what changed since, and with which settings they were made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Index, Select, Table, and_, delete, func, or_, select, tuple_, update

from crawler.store.entries import WRITTEN, entry
from crawler.store.tables import Words, metadata, numbered, wholes, words
from crawler.store.writes import PART, insert_new, parts

# which entries the feeds have taken in, and what tells that one of them comes back under another id
fingerprint = Table(
    "fingerprint",
    metadata,
    Column("guid", Words(), primary_key=True),
    *words("source", "body"),  # body: hash of the text; empty where it is too short to tell
    *wholes("held"),  # 1: no feed may show it yet
    Index("fingerprint_body", "source", "body"),
    Index("fingerprint_held", "held", "source"),
)
# documents written since the feeds were built last
changed = Table("changed", metadata, numbered("number"), *words("guid", "source"))
# what feeds said of a source (an empty name: of all the rest), and with which settings, when they were built last
feed_made = Table("feed_made", metadata, Column("name", Words(), primary_key=True), *words("value"))


@dataclass(frozen=True, slots=True)
class PrintRow:
    """An entry, and what is known of its text."""

    guid: str
    path: str
    title_key: str
    day: str
    body: str | None
    """Hash of the text, empty where it is too short to tell; None: its document was not read yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """A document that was written since the feeds were built."""

    number: int
    guid: str
    source: str
    path: str


ROW = (entry.c.guid, entry.c.path, entry.c.title_key, entry.c.day, fingerprint.c.body)


class Publications:
    """The fingerprint, changed and feed_made tables within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # what changed

    def note(self, guid: str, source: str) -> None:
        """An entry's document was written, or deleted for good: the archives that show it are written again."""
        self.connection.execute(changed.insert().values(guid=guid, source=source))

    def changes(self) -> list[Change]:
        query = select(changed.c.number, entry.c.guid, entry.c.source, entry.c.path).join(entry, changed.c.guid == entry.c.guid)
        return [Change(*row) for row in self.connection.execute(query.order_by(changed.c.number))]

    def published(self, changes: Iterable[Change]) -> None:
        """The feeds show these changes now."""
        numbers = [change.number for change in changes]
        for part in parts(numbers):
            self.connection.execute(delete(changed).where(changed.c.number.in_(part)))

    # whose text is known

    def new(self, source: str) -> list[PrintRow]:
        """The source's entries that no feed has shown yet, those held back included."""
        rows = self._rows().where(entry.c.source == source, or_(fingerprint.c.guid.is_(None), fingerprint.c.held == 1))
        return self._read(rows)

    def known(self, source: str) -> int:
        """How many entries of the source the feeds have taken in."""
        query = select(func.count()).select_from(fingerprint).where(fingerprint.c.source == source, fingerprint.c.held == 0)
        return self.connection.execute(query).scalar_one()

    def like(self, source: str, bodies: Collection[str], titles: Collection[tuple[str, str]]) -> list[PrintRow]:
        """Entries of the source that feeds have taken in and that have one of these texts, or one of these (title key, day)."""
        taken = and_(fingerprint.c.source == source, fingerprint.c.held == 0)
        found: dict[str, PrintRow] = {}
        wanted: list[ColumnElement[bool]] = [fingerprint.c.body.in_(part) for part in parts(sorted(bodies))]
        wanted += [
            and_(entry.c.source == source, tuple_(entry.c.title_key, entry.c.day).in_(part)) for part in parts(sorted(titles), PART // 2)
        ]
        for condition in wanted:
            found.update({row.guid: row for row in self._read(self._rows().where(taken, condition))})
        return list(found.values())

    def _rows(self) -> Select[tuple[str, str, str, str, str | None]]:
        return (
            select(*ROW).join_from(entry, fingerprint, fingerprint.c.guid == entry.c.guid, isouter=True).where(entry.c.written == WRITTEN)
        )

    def _read(self, query: Select[tuple[str, str, str, str, str | None]]) -> list[PrintRow]:
        rows: Iterable[Any] = self.connection.execute(query.order_by(entry.c.first_seen, entry.c.published, entry.c.guid))
        return [PrintRow(*row) for row in rows]

    def take_in(self, source: str, bodies: Mapping[str, str], *, held: bool = False) -> None:
        """The texts of these entries (guid → hash) are known from now on; `held`: but no feed may show them yet."""
        insert_new(
            self.connection,
            fingerprint,
            [{"guid": guid, "source": source, "body": body, "held": int(held)} for guid, body in bodies.items()],
        )
        for guid, body in bodies.items():
            self.connection.execute(update(fingerprint).where(fingerprint.c.guid == guid).values(body=body, held=int(held)))

    def held(self) -> dict[str, str]:
        """Path → source, of the documents that no feed may show yet."""
        query = select(entry.c.path, entry.c.source).join(fingerprint, fingerprint.c.guid == entry.c.guid)
        return {path: source for path, source in self.connection.execute(query.where(fingerprint.c.held == 1, entry.c.written == WRITTEN))}

    def forget_all(self) -> None:
        """No text is known any more, and nothing is held back: all are read from the documents again."""
        for table in (fingerprint, changed):
            self.connection.execute(delete(table))

    # with which settings

    def made(self) -> dict[str, str]:
        """With which settings feeds were made last: of each source what its feeds say of it, and under "" all the rest."""
        return {name: value for name, value in self.connection.execute(select(feed_made.c.name, feed_made.c.value))}

    def remember(self, made: Mapping[str, str]) -> None:
        for part in parts(sorted(made)):
            self.connection.execute(delete(feed_made).where(feed_made.c.name.in_(part)))
        if made:
            self.connection.execute(feed_made.insert(), [{"name": name, "value": value} for name, value in made.items()])
