"""Requests of a foreign Scrapy project that asked for the frontier: they wait here instead of in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, Index, Table, UniqueConstraint, and_, delete, func, select, update

from crawler.store.hosts import host
from crawler.store.tables import metadata, numbered, wholes, words
from crawler.store.writes import insert_new

waiting_request = Table(
    "waiting_request",
    metadata,
    numbered(),
    *words("source", "fingerprint", "host", "state"),  # fingerprint: Scrapy's, made unique for a request that may be asked again
    *wholes("priority"),
    Column("content", JSON, nullable=False),  # Request.to_dict()
    UniqueConstraint("source", "fingerprint"),
    Index("request_due", "source", "state", "priority"),
)


class Requests:
    """The waiting_request table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self, source: str) -> None:
        """What a dead run had in hand waits again."""
        leased = and_(waiting_request.c.source == source, waiting_request.c.state == "leased")
        self.connection.execute(update(waiting_request).where(leased).values(state="queued"))

    def add(self, source: str, fingerprint: str, host_name: str, priority: int, content: dict[str, Any]) -> bool:
        """Queues a request; gives whether it is new."""
        row = {"source": source, "fingerprint": fingerprint, "host": host_name, "priority": priority, "content": content, "state": "queued"}
        before = self.count(source)
        insert_new(self.connection, waiting_request, [row])
        return self.count(source) > before

    def due(self, source: str, now: float) -> tuple[int, str, dict[str, Any]] | None:
        """The next request whose host may be asked: its number, host and content."""
        where = and_(waiting_request.c.source == source, waiting_request.c.state == "queued", func.coalesce(host.c.next_at, 0.0) <= now)
        table = waiting_request.outerjoin(host, host.c.host == waiting_request.c.host)
        columns = (waiting_request.c.id, waiting_request.c.host, waiting_request.c.content)
        query = select(*columns).select_from(table).where(where).order_by(waiting_request.c.priority.desc(), waiting_request.c.id)
        row = self.connection.execute(query.limit(1)).first()
        return (row[0], row[1], row[2]) if row else None

    def lease(self, number: int) -> None:
        self.connection.execute(update(waiting_request).where(waiting_request.c.id == number).values(state="leased"))

    def done(self, numbers: Sequence[int]) -> None:
        """These are finished, the items they brought included; they stay known until the crawl ends, so that none is asked twice."""
        if numbers:
            self.connection.execute(update(waiting_request).where(waiting_request.c.id.in_(numbers)).values(state="done"))

    def count(self, source: str, state: str = "") -> int:
        query = select(func.count()).select_from(waiting_request).where(waiting_request.c.source == source)
        return self.connection.execute(query.where(waiting_request.c.state == state) if state else query).scalar_one()

    def forget(self, source: str) -> None:
        """A crawl came to its end: the next one begins anew."""
        self.connection.execute(delete(waiting_request).where(waiting_request.c.source == source))
