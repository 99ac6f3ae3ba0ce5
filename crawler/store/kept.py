"""Where an article's kept pages lie: file and place, the last ones and those before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Index, PrimaryKeyConstraint, delete, func, select

from crawler.store.tables import table
from crawler.store.writes import insert_new


@dataclass(frozen=True, slots=True)
class KeptRow:
    """The records of one fetch of an article: its pages and what lists said of it, one after the other."""

    guid: str
    source: str
    file: str
    """Below the source's folder of kept pages."""
    offset: int
    length: int
    """Bytes, compressed."""
    digest: str
    """Of the pages' bytes: the same ones are not kept twice."""


kept_page = table("kept_page", KeptRow, PrimaryKeyConstraint("source", "file", "offset"), Index("kept_page_guid", "guid"))


class Kept:
    """The kept_page table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, row: KeptRow) -> None:
        insert_new(self.connection, kept_page, [{name: getattr(row, name) for name in KeptRow.__slots__}])

    def last(self, guid: str) -> KeptRow | None:
        """Of the last fetch."""
        query = select(kept_page).where(kept_page.c.guid == guid).order_by(kept_page.c.file.desc(), kept_page.c.offset.desc())
        row = self.connection.execute(query.limit(1)).mappings().first()
        return KeptRow(**row) if row else None

    def of(self, guid: str) -> list[KeptRow]:
        query = select(kept_page).where(kept_page.c.guid == guid).order_by(kept_page.c.file, kept_page.c.offset)
        return [KeptRow(**row) for row in self.connection.execute(query).mappings()]

    def guids(self, source: str) -> list[str]:
        """Articles of the source that have kept pages, sorted."""
        query = select(kept_page.c.guid).where(kept_page.c.source == source).distinct().order_by(kept_page.c.guid)
        return list(self.connection.execute(query).scalars())

    def sources(self) -> list[str]:
        return list(self.connection.execute(select(kept_page.c.source).distinct().order_by(kept_page.c.source)).scalars())

    def files(self, source: str) -> list[str]:
        """Files of the source that have known records, sorted."""
        query = select(kept_page.c.file).where(kept_page.c.source == source).distinct().order_by(kept_page.c.file)
        return list(self.connection.execute(query).scalars())

    def bytes(self, source: str) -> int:
        """Of all known records of the source."""
        query = select(func.coalesce(func.sum(kept_page.c.length), 0)).where(kept_page.c.source == source)
        return int(self.connection.execute(query).scalar_one())

    def end(self, source: str) -> tuple[str, int]:
        """The source's last file and where its last known record ends; "" where nothing is kept."""
        ends = select(kept_page.c.file, kept_page.c.offset + kept_page.c.length).where(kept_page.c.source == source)
        row = self.connection.execute(ends.order_by(kept_page.c.file.desc(), kept_page.c.offset.desc()).limit(1)).first()
        return (row[0], int(row[1])) if row else ("", 0)

    def in_file(self, source: str, file: str) -> list[KeptRow]:
        query = select(kept_page).where(kept_page.c.source == source, kept_page.c.file == file).order_by(kept_page.c.offset)
        return [KeptRow(**row) for row in self.connection.execute(query).mappings()]

    def forget_file(self, source: str, file: str) -> None:
        self.connection.execute(delete(kept_page).where(kept_page.c.source == source, kept_page.c.file == file))
