"""One row a host, shared by all sources and processes: when it may be asked next, and its robots.txt."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, or_, select, update

from crawler.store.schema import host
from crawler.store.writes import insert_new

LONGEST_REST = 86_400.0
"""Seconds that a host is left alone, at most; a time further off was written by a clock that has been put back since."""


@dataclass(frozen=True, slots=True)
class HostRow:
    host: str
    next_at: float = 0
    """Seconds since 1970."""
    robots: str = ""
    robots_status: int = 0
    """Of the last answer; 0: never asked or not reached."""
    robots_at: float = 0
    """When it was asked, seconds since 1970; 0: never."""
    crawl_delay: float = 0
    """Seconds that robots.txt asks to keep between two requests."""

    def due_at(self, now: float) -> float:
        """When it may be asked, seconds since 1970."""
        return self.next_at if self.next_at <= now + LONGEST_REST else now


class Hosts:
    """The host table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, name: str) -> HostRow:
        row = self.connection.execute(select(host).where(host.c.host == name)).mappings().first()
        if row:
            return HostRow(**row)
        insert_new(self.connection, host, [asdict(HostRow(name))])
        return HostRow(name)

    def wait_until(self, name: str, at: float) -> None:
        """Nobody asks this host before `at`; a later time that stands already stays, if it can be true."""
        self.get(name)
        earlier = or_(host.c.next_at < at, host.c.next_at > at + LONGEST_REST)
        self.connection.execute(update(host).where(host.c.host == name, earlier).values(next_at=at))

    def robots_read(self, name: str, text: str, status: int, at: float, crawl_delay: float) -> None:
        self.get(name)
        values = {"robots": text, "robots_status": status, "robots_at": at, "crawl_delay": crawl_delay}
        self.connection.execute(update(host).where(host.c.host == name).values(values))
