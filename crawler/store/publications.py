"""What the feeds have taken in: whose text is known, what is held back, what changed since, and with which settings they were made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)

from crawler.store.entries import WRITTEN, entry, in_section
from crawler.store.tables import Words, metadata, numbered, wholes, words
from crawler.store.writes import PART, parts, put

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


ROW = (entry.c.guid, entry.c.path, entry.c.title_key, entry.c.day, fingerprint.c.body)
NOTING = changed.insert()

FEW = 32  # sources that are asked one by one
TAKEN_IN = exists().where(fingerprint.c.guid == entry.c.guid, fingerprint.c.held == 0)
OF_A_SOURCE = and_(feed_made.c.name != "", feed_made.c.name.not_like("/%"))


class Publications:
    """The fingerprint, changed and feed_made tables within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # what changed

    def note(self, guid: str, source: str) -> None:
        """An entry's document was written, or deleted for good: the archives that show it are written again."""
        self.note_all([(guid, source)])

    def note_all(self, entries: Sequence[tuple[str, str]]) -> None:
        """As `note` for many, each guid and source."""
        if entries:
            self.connection.execute(NOTING, [{"guid": guid, "source": source} for guid, source in entries])

    def newest_change(self) -> int:
        """The number of the last document that was written since the last publication; 0 where there is none."""
        return self.connection.execute(select(func.max(changed.c.number))).scalar() or 0

    def changed_guids(self, source: str | None = None) -> set[str]:
        """Ids of what was written since the last publication; `source`: of one source."""
        query = select(changed.c.guid)
        return set(self.connection.execute(query if source is None else query.where(changed.c.source == source)).scalars())

    def changed_sources(self) -> set[str]:
        """Sources of which documents were written since the last publication."""
        return set(self.connection.execute(select(changed.c.source).distinct()).scalars())

    def published(self, newest: int, without: Collection[str] = ()) -> None:
        """The feeds show what was written up to this number now, but for some sources.

        Numbers become visible in their order, for one writes at a time (see `opening`): none below it comes later.
        """
        self.connection.execute(delete(changed).where(changed.c.number <= newest, changed.c.source.not_in(sorted(without))))

    # whose text is known

    def new(self, source: str) -> list[str]:
        """Ids of the source's entries that were written since the last publication or held back then, and that no feed has shown yet."""
        held = select(fingerprint.c.guid).where(fingerprint.c.held == 1, fingerprint.c.source == source)
        guids = {*self.changed_guids(source), *self.connection.execute(held).scalars()}
        found: list[str] = []
        for part in parts(sorted(guids)):  # one by one by their key: the source may have a million others
            found += [guid for *_, guid in self.connection.execute(self._not_shown(source).where(entry.c.guid.in_(part)))]
        return found

    def new_of_all(self, source: str, after: tuple[str, str, str], most: int = PART) -> list[tuple[str, str, str]]:
        """The next of all the source's entries that no feed has shown yet, as (first_seen, published, id) in this order.

        `after`: the last one before; for the first ones texts that come before all, as empty ones do.
        """
        arrival = tuple_(entry.c.first_seen, entry.c.published, entry.c.guid)
        query = self._not_shown(source).where(arrival > tuple_(*after)).limit(most)
        return [(first_seen, published, guid) for first_seen, published, guid in self.connection.execute(query)]

    def _not_shown(self, source: str) -> Select[Any]:
        not_shown = or_(fingerprint.c.guid.is_(None), fingerprint.c.held == 1)
        joined = entry.outerjoin(fingerprint, fingerprint.c.guid == entry.c.guid)
        query = select(entry.c.first_seen, entry.c.published, entry.c.guid).select_from(joined)
        query = query.where(entry.c.source == source, entry.c.written == WRITTEN, not_shown)
        return query.order_by(entry.c.first_seen, entry.c.published, entry.c.guid)

    def rows(self, guids: Sequence[str]) -> list[PrintRow]:
        """What is known of these entries' texts."""
        return [row for part in parts(guids) for row in self._read(self._rows().where(entry.c.guid.in_(part)))]

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
        put(
            self.connection,
            fingerprint,
            [{"guid": guid, "source": source, "body": body, "held": int(held)} for guid, body in bodies.items()],
        )

    def release(self, source: str) -> None:
        """Feeds may show the source's entries that were held back."""
        written = select(entry.c.guid).where(entry.c.guid == fingerprint.c.guid, entry.c.written == WRITTEN).exists()
        releasing = update(fingerprint).where(fingerprint.c.source == source, fingerprint.c.held == 1, written)
        self.connection.execute(releasing.values(held=0))

    def held_sources(self) -> list[str]:
        """Sources of which there are entries that no feed may show yet, sorted."""
        query = select(fingerprint.c.source).join(entry, fingerprint.c.guid == entry.c.guid)
        query = query.where(fingerprint.c.held == 1, entry.c.written == WRITTEN)
        return list(self.connection.execute(query.distinct().order_by(fingerprint.c.source)).scalars())

    def forget_all(self) -> None:
        """No text is known any more, and nothing is held back: all are read from the documents again."""
        for table in (fingerprint, changed):
            self.connection.execute(delete(table))

    # which of them feeds may show

    def last(self, limit: int, sources: Sequence[str], section: str | None = None, without: Sequence[str] | None = None) -> list[str]:
        """Paths of the last `limit` entries by (first_seen, published, guid) that feeds have taken in, the last first.

        Of these sources, or with `without` of every source but those; of one section of them. Each is found in the order of arrival:
        how many others there are makes no difference.
        """
        if section is None and (without is not None or len(sources) > FEW):
            among = entry.c.source + ""  # as an expression, else SQLite sorts all that these sources have
            return [path for *_, path in self._last(entry, among.in_(sources) if without is None else among.not_in(without), limit)]
        order = entry if section is None else in_section
        of_it = true() if section is None else in_section.c.section == section
        found = [self._last(order, and_(order.c.source == source, of_it), limit) for source in sources]
        return [path for *_, path in islice(merge(*found, reverse=True), limit)]

    def _last(self, order: Table, where: ColumnElement[bool], limit: int) -> list[tuple[Any, ...]]:
        """The last rows of a table in the order of arrival that feeds may show, each with its document's path."""
        columns = (order.c.first_seen, order.c.published, order.c.guid, entry.c.path)
        query = select(*columns).where(where, entry.c.guid == order.c.guid, entry.c.written == WRITTEN, TAKEN_IN)
        newest_first = query.order_by(order.c.first_seen.desc(), order.c.published.desc(), order.c.guid.desc()).limit(limit)
        return [tuple(row) for row in self.connection.execute(newest_first)]

    # with which settings

    def made(self, names: Collection[str]) -> dict[str, str]:
        """How feeds were made last: of each of these sources what its feeds say of it, and under names that no source has all the rest."""
        found: dict[str, str] = {}
        for part in parts(sorted(names)):
            query = select(feed_made.c.name, feed_made.c.value).where(feed_made.c.name.in_(part))
            found |= {name: value for name, value in self.connection.execute(query)}
        return found

    def made_sources(self) -> list[str]:
        """All sources of which something is remembered, sorted."""
        return sorted(self.connection.execute(select(feed_made.c.name).where(OF_A_SOURCE)).scalars())

    def made_count(self) -> int:
        """How many those are."""
        return self.connection.execute(select(func.count()).select_from(feed_made).where(OF_A_SOURCE)).scalar_one()

    def remember(self, made: Mapping[str, str], gone: Collection[str] = ()) -> None:
        """`gone`: names of which nothing is remembered any more."""
        for part in parts(sorted({*made, *gone})):
            self.connection.execute(delete(feed_made).where(feed_made.c.name.in_(part)))
        if made:
            self.connection.execute(feed_made.insert(), [{"name": name, "value": value} for name, value in made.items()])


def shown(query: Select[Any], sources: Sequence[str], section: str | None = None, without: Sequence[str] | None = None) -> Select[Any]:
    """Narrows a query over the entry table to what feeds may show, of these sources or of all but some, of one section of them."""
    query = query.where(entry.c.written == WRITTEN, TAKEN_IN)
    if without is None:
        query = query.where(entry.c.source.in_(sources))
    elif without:
        query = query.where(entry.c.source.not_in(without))
    if section is not None:
        in_it = select(in_section.c.guid).where(in_section.c.source.in_(sources), in_section.c.section == section)
        query = query.where(entry.c.guid.in_(in_it))
    return query
