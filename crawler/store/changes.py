"""Which document stands in which index file, which has to be indexed again, and the number under which each change was told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Index, Table, and_, bindparam, case, delete, exists, func, literal, not_, or_, select, update

from crawler.store.about import about
from crawler.store.entries import WRITTEN, entry
from crawler.store.tables import Words, metadata, wholes, words
from crawler.store.writes import insert_new, parts

EPOCH = "changes_of"
COUNT = "changes"

# where each document's line stands in the index, and what those who follow it have to be told
index_line = Table(
    "index_line",
    metadata,
    Column("guid", Words(), primary_key=True),
    *words("source", "file", "content_hash"),  # file: below the index folder; empty: no line
    *wholes("since", "changed", "removed", "due"),  # numbers of the change that brought it and of its last one; due: to be looked at
    Index("index_line_due", "due", "source"),
    Index("index_line_file", "file"),
    Index("index_line_changed", "changed"),
)

NOW_DUE = update(index_line).where(index_line.c.guid.in_(bindparam("guids", expanding=True))).values(due=1)


@dataclass(frozen=True, slots=True)
class DueLine:
    """A document whose line has to be looked at."""

    guid: str
    source: str
    path: str
    """Of the document; empty: there is none any more."""
    file: str
    """The index file that has its line now; empty: none."""
    content_hash: str
    published: str
    """ISO 8601 in UTC; empty where nothing is known of the article any more."""


@dataclass(frozen=True, slots=True)
class IndexChange:
    """One article that changed for those who follow the index."""

    guid: str
    source: str
    file: str
    kind: str
    """`new`, `changed` or `removed`."""


class Changes:
    """The index_line table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def mark(self, source: str, guids: Iterable[str]) -> None:
        """The lines of these articles have to be looked at, in the same transaction that settles their pages."""
        names = list(dict.fromkeys(guids))
        blank = {"source": source, "file": "", "content_hash": "", "since": 0, "changed": 0, "removed": 0, "due": 1}
        for part in parts(names):
            insert_new(self.connection, index_line, [{"guid": guid, **blank} for guid in part])
            self.connection.execute(NOW_DUE, {"guids": part})

    def mark_all(self, source: str) -> None:
        """All written articles of a source are due: what a rebuild asks."""
        its = select(entry.c.guid).where(entry.c.source == source, entry.c.written == WRITTEN)
        self.connection.execute(update(index_line).where(index_line.c.guid.in_(its)).values(due=1))
        known = exists().where(index_line.c.guid == entry.c.guid)
        blank = [literal(value) for value in (source, "", "", 0, 0, 0, 1)]
        names = ["guid", "source", "file", "content_hash", "since", "changed", "removed", "due"]
        self.connection.execute(index_line.insert().from_select(names, its.add_columns(*blank).where(not_(known))))

    def due_sources(self) -> list[str]:
        query = select(index_line.c.source).where(index_line.c.due == 1).distinct().order_by(index_line.c.source)
        return list(self.connection.execute(query).scalars())

    def due(self, source: str, after: tuple[str, str] = ("", ""), most: int = 2000) -> list[DueLine]:
        """The next documents of a source that have to be looked at, in the order of publication: those of one index file are together.

        `after`: published and guid of the last one before; what has no document any more comes first.
        """
        path = case((entry.c.written == WRITTEN, entry.c.path), else_="")
        published = func.coalesce(entry.c.published, "")
        joined = index_line.outerjoin(entry, entry.c.guid == index_line.c.guid)
        row = index_line.c
        query = select(row.guid, row.source, func.coalesce(path, ""), row.file, row.content_hash, published).select_from(joined)
        later = or_(published > after[0], and_(published == after[0], row.guid > after[1]))
        query = query.where(row.due == 1, row.source == source, later).order_by(published, row.guid).limit(most)
        return [DueLine(*found) for found in self.connection.execute(query)]

    def members(self, file: str) -> dict[str, str]:
        """guid → document's path, of the articles whose lines stand in an index file."""
        joined = index_line.join(entry, entry.c.guid == index_line.c.guid)
        query = select(index_line.c.guid, entry.c.path).select_from(joined).where(index_line.c.file == file)
        return {guid: path for guid, path in self.connection.execute(query)}

    def lines(self, source: str) -> dict[str, tuple[str, str]]:
        """guid → index file and content hash of the source's articles, as they were indexed last."""
        row = index_line.c
        query = select(row.guid, row.file, row.content_hash).where(row.source == source, row.file != "")
        return {guid: (file, content_hash) for guid, file, content_hash in self.connection.execute(query)}

    def placed(self, lines: Sequence[tuple[str, str, str]]) -> None:
        """These articles' lines stand in these files now: guid, file, content hash. What is new or changed gets the next number."""
        number = self.next_number()
        same = (index_line.c.content_hash == bindparam("its_hash")) & (index_line.c.removed == 0)
        back = (index_line.c.since == 0) | (index_line.c.removed == 1)
        placing = update(index_line).where(index_line.c.guid == bindparam("its_guid"))
        placing = placing.values(
            file=bindparam("its_file"),
            content_hash=bindparam("its_hash"),
            since=case((back, number), else_=index_line.c.since),
            changed=case((same, index_line.c.changed), else_=number),
            removed=0,
            due=0,
        )
        rows = [{"its_guid": guid, "its_file": file, "its_hash": content_hash} for guid, file, content_hash in lines]
        if rows:
            self.connection.execute(placing, rows)

    def dropped(self, guids: Iterable[str]) -> None:
        """These articles have no line any more; one that was never told leaves no trace."""
        number = self.next_number()
        for guid in guids:
            row = index_line.c.guid == guid
            self.connection.execute(delete(index_line).where(row, index_line.c.since == 0))
            gone = {"file": "", "content_hash": "", "due": 0, "removed": 1}
            self.connection.execute(update(index_line).where(row, index_line.c.removed == 0).values(changed=number, **gone))
            self.connection.execute(update(index_line).where(row).values(due=0))

    def next_number(self) -> int:
        """The next change's number. The row is locked until the transaction ends, so numbers become visible in their order."""
        self.epoch()
        value = self.connection.execute(select(about.c.value).where(about.c.name == COUNT).with_for_update()).scalar_one()
        self.connection.execute(update(about).where(about.c.name == COUNT).values(value=str(int(value) + 1)))
        return int(value) + 1

    def number(self) -> int:
        """The last change's number."""
        self.epoch()
        return int(self.connection.execute(select(about.c.value).where(about.c.name == COUNT)).scalar_one())

    def epoch(self) -> str:
        """Which count of changes this is: another one after a rebuild, so that an old number is not taken for one of this count."""
        rows = [{"name": EPOCH, "value": uuid.uuid4().hex[:12]}, {"name": COUNT, "value": "0"}]
        insert_new(self.connection, about, rows)
        found: str = self.connection.execute(select(about.c.value).where(about.c.name == EPOCH)).scalar_one()
        return found

    def start_over(self) -> None:
        """A new count, with nothing indexed: what a rebuild begins with."""
        self.connection.execute(delete(index_line))
        self.connection.execute(delete(about).where(about.c.name.in_((EPOCH, COUNT))))

    def after(self, number: int) -> list[IndexChange]:
        """What changed after this number, each article once, by source and guid; what came and went since is left out."""
        row = index_line.c
        query = select(row.guid, row.source, row.file, row.since, row.removed).where(row.changed > number, row.since > 0)
        found = []
        for guid, source, file, since, removed in self.connection.execute(query.order_by(row.source, row.guid)):
            if removed and since > number:
                continue
            found.append(IndexChange(guid, source, file, "removed" if removed else "new" if since > number else "changed"))
        return found

    def files(self, source: str | None = None) -> list[str]:
        """Index files that have lines, sorted."""
        query = select(index_line.c.file).where(index_line.c.file != "").distinct().order_by(index_line.c.file)
        return list(self.connection.execute(query if source is None else query.where(index_line.c.source == source)).scalars())
