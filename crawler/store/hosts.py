"""One row a host, shared by all sources and processes: when it may be asked next, and its robots.txt."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, or_, select, update

from crawler.store.tables import table
from crawler.store.writes import insert_new

LONGEST_REST = 86_400.0
"""Seconds that a host is left alone, at most."""


@dataclass(frozen=True, slots=True)
class HostRow:
    host: str
    next_at: float = 0
    """Seconds since 1970, real clock: nobody asks this host earlier."""
    set_at: float = 0
    """When that was decided."""
    sent_at: float = 0
    """When the last request to it was sent, or will be: its sender waits until then."""
    asked: int = 0
    """Requests since `asked_from`."""
    asked_from: float = 0
    """When the day began for which a budget counts them."""
    robots: str = ""
    robots_status: int = 0
    """Of the last answer; 0: never asked or not reached."""
    robots_at: float = 0
    """When it was asked, seconds since 1970; 0: never."""
    crawl_delay: float = 0
    """Seconds that robots.txt asks to keep between two requests."""


host = table("host", HostRow, key="host")
OF_NAME = select(host).where(host.c.host == bindparam("name"))
SAVING = update(host).where(host.c.host == bindparam("name"))


class Hosts:
    """The host table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, name: str) -> HostRow:
        row = self.connection.execute(OF_NAME, {"name": name}).mappings().first()
        if row:
            return HostRow(**row)
        insert_new(self.connection, host, [asdict(HostRow(name))])
        return HostRow(name)

    def save(self, row: HostRow) -> None:
        """Writes back a row that was read."""
        self.connection.execute(SAVING, {"name": row.host, **asdict(row)})

    def wait_until(self, name: str, at: float, now: float) -> None:
        """Nobody asks this host before `at`; a later time that stands already stays, unless the clock was put back since."""
        self.get(name)
        earlier = or_(host.c.next_at < at, host.c.set_at > now)
        self.connection.execute(update(host).where(host.c.host == name, earlier).values(next_at=at, set_at=now))

    def robots_read(self, name: str, text: str, status: int, at: float, crawl_delay: float) -> None:
        self.get(name)
        values = {"robots": text, "robots_status": status, "robots_at": at, "crawl_delay": crawl_delay}
        self.connection.execute(update(host).where(host.c.host == name).values(values))
