"""Which place each article has in a feed's archives: given once, when it is first published there, and never again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, PrimaryKeyConstraint, Table, UniqueConstraint, delete, exists, func, literal, not_, select

from crawler.store.entries import REMOVED, WRITTEN, entry, in_section
from crawler.store.publications import changed, shown
from crawler.store.tables import metadata, wholes, words
from crawler.store.writes import parts

# numbers begin at 1, in the order of arrival; a place once given is never given again
place = Table(
    "place",
    metadata,
    *words("feed"),
    *wholes("number"),
    *words("guid"),
    PrimaryKeyConstraint("feed", "number"),
    UniqueConstraint("feed", "guid"),
)
ARRIVAL = (entry.c.first_seen, entry.c.published, entry.c.guid)


class Places:
    """The place table within one transaction. A feed is named by its path: `all`, `demo`, `demo/city`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def give(
        self, feed: str, sources: Sequence[str], section: str | None = None, without: Sequence[str] | None = None, *, whole: bool = True
    ) -> int:
        """Gives the next places to the feed's articles that have none yet, by (first_seen, published, guid); gives how many.

        What feeds may not show yet gets its place later. An article that joins a section late comes after those that were there:
        archives that are full stay as they are (RFC 5005, 4). `whole`: looks at all its articles, not only at those that were written
        since the last publication; a feed that has given no place yet always does.
        """
        given = self.count(feed)
        placed = exists().where(place.c.feed == feed, place.c.guid == entry.c.guid)
        unplaced = shown(select(*ARRIVAL), sources, section, without).where(not_(placed))
        if whole or not given:
            number = given + func.row_number().over(order_by=ARRIVAL)
            numbered = shown(select(literal(feed), number, entry.c.guid), sources, section, without).where(not_(placed))
            self.connection.execute(place.insert().from_select(["feed", "number", "guid"], numbered))
            return self.count(feed) - given
        guids = self.connection.execute(select(changed.c.guid).distinct()).scalars().all()
        queries = (unplaced.where(entry.c.guid.in_(part)) for part in parts(sorted(guids)))  # by their key: there may be a million others
        fresh = sorted(tuple(row) for query in queries for row in self.connection.execute(query))
        for part in parts([guid for _, _, guid in fresh]):
            self.connection.execute(place.insert(), [{"feed": feed, "number": given + n, "guid": guid} for n, guid in enumerate(part, 1)])
            given += len(part)
        return len(fresh)

    def count(self, feed: str) -> int:
        """How many places were given so far, those of articles that were taken down included."""
        return self.connection.execute(select(func.max(place.c.number)).where(place.c.feed == feed)).scalar() or 0

    def between(self, feed: str, first: int, last: int) -> list[str]:
        """Paths of the documents at the places `first` … `last`, the last first; those taken down are left out."""
        query = select(entry.c.path).join(place, place.c.guid == entry.c.guid)
        query = query.where(place.c.feed == feed, place.c.number.between(first, last), entry.c.written == WRITTEN)
        return list(self.connection.execute(query.order_by(place.c.number.desc())).scalars())

    def touched(self, feed: str, newest: int, size: int, sources: Collection[str] | None = None, without: Collection[str] = ()) -> set[int]:
        """Which `size` places (1: the first ones) hold an article that was written or taken down since the last publication.

        Counts what was noted up to the change `newest`, of these sources (None: of all) but some. Each is found by its key: how many
        articles the feed holds makes no difference.
        """
        number = select(place.c.number).where(place.c.feed == feed, place.c.guid == changed.c.guid).scalar_subquery()
        still_known = exists().where(entry.c.guid == changed.c.guid, entry.c.written.in_((WRITTEN, REMOVED)))
        query = select((number - 1) // size + 1).where(changed.c.number <= newest, still_known).distinct()
        if sources is not None:
            query = query.where(changed.c.source.in_(sources))
        if without:
            query = query.where(changed.c.source.not_in(sorted(without)))
        return {found for found in self.connection.execute(query).scalars() if found is not None}

    def arrival(self, feed: str, number: int) -> tuple[str, str, str]:
        """first_seen, published and guid of the article at a place; empty ones where nothing is known of it any more."""
        query = select(entry.c.first_seen, entry.c.published, entry.c.guid).join(place, place.c.guid == entry.c.guid)
        row = self.connection.execute(query.where(place.c.feed == feed, place.c.number == number)).first()
        return (row[0], row[1], row[2]) if row else ("", "", "")

    def of(self, guid: str) -> dict[str, int]:
        """Feed → the article's place there."""
        return {feed: number for feed, number in self.connection.execute(select(place.c.feed, place.c.number).where(place.c.guid == guid))}

    def without_place(self, feed: str, sources: Sequence[str], section: str | None) -> list[tuple[str, str, str]]:
        """first_seen, published and guid of the feed's articles that have no place there, in this order."""
        there = select(place.c.guid).where(place.c.feed == feed)
        query = select(entry.c.first_seen, entry.c.published, entry.c.guid).where(
            entry.c.source.in_(sources), entry.c.written == WRITTEN, entry.c.guid.not_in(there)
        )
        if section is not None:
            shown_there = select(in_section.c.guid).where(in_section.c.source.in_(sources), in_section.c.section == section)
            query = query.where(entry.c.guid.in_(shown_there))
        rows = self.connection.execute(query.order_by(entry.c.first_seen, entry.c.published, entry.c.guid))
        return [(first_seen, published, guid) for first_seen, published, guid in rows]

    def put(self, feed: str, given: Mapping[int, str]) -> None:
        """Gives these places: number → guid."""
        rows = [{"feed": feed, "number": number, "guid": guid} for number, guid in sorted(given.items())]
        for part in parts(rows):
            self.connection.execute(place.insert(), list(part))

    def forget_all(self) -> None:
        """No place is given any more: the next publication gives them by the order of arrival alone."""
        self.connection.execute(delete(place))
