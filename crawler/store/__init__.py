"""The store: what is known and what is to be fetched. All SQL lies here, and no rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import SQLAlchemyError

from crawler.errors import StoreError
from crawler.store.about import About
from crawler.store.changes import Changes
from crawler.store.entries import Entries, KnownEntry
from crawler.store.hosts import HostRow, Hosts
from crawler.store.images import Images
from crawler.store.kept import Kept
from crawler.store.opening import ADVISORY, LAZY, READING, as_store_error, open_engine, shown
from crawler.store.pages import PageRow, Pages, joined
from crawler.store.places import Places
from crawler.store.publications import PrintRow, Publications
from crawler.store.renaming import rename_source
from crawler.store.requests import Requests
from crawler.store.runs import Runs
from crawler.store.soundness import compact, faults, room_taken, spare

__all__ = [
    "Entries",
    "HostRow",
    "Hosts",
    "KnownEntry",
    "PageRow",
    "Pages",
    "Places",
    "PrintRow",
    "Publications",
    "Requests",
    "Runs",
    "Store",
    "Transaction",
    "joined",
]


@dataclass(frozen=True, slots=True)
class Transaction:
    """All tables, seen and changed together or not at all."""

    connection: Connection

    @property
    def about(self) -> About:
        return About(self.connection)

    @property
    def changes(self) -> Changes:
        return Changes(self.connection)

    @property
    def images(self) -> Images:
        return Images(self.connection)

    @property
    def kept(self) -> Kept:
        return Kept(self.connection)

    @property
    def entries(self) -> Entries:
        return Entries(self.connection)

    @property
    def pages(self) -> Pages:
        return Pages(self.connection)

    @property
    def hosts(self) -> Hosts:
        return Hosts(self.connection)

    @property
    def places(self) -> Places:
        return Places(self.connection)

    @property
    def publications(self) -> Publications:
        return Publications(self.connection)

    def rename_source(self, old: str, new: str) -> None:
        rename_source(self.connection, old, new)

    @property
    def requests(self) -> Requests:
        return Requests(self.connection)

    @property
    def runs(self) -> Runs:
        return Runs(self.connection)


class Store:
    """A store that is open.

    `url`: `sqlite:///PATH` or `postgresql://…`. Raises StoreError where it can't be opened, DamagedStore for a file that is no database.
    """

    def __init__(self, url: str) -> None:
        self.subject = shown(url)
        self.engine, self.version = open_engine(url)
        """The version it was found in; 0: it was made just now."""
        self.held: set[str] = set()
        self.closing = ExitStack()
        """What ends with it."""
        event.listen(self.engine, "connect", self._connected)

    @contextmanager
    def begin(self, *, lazily: bool = False) -> Iterator[Transaction]:
        """One transaction: committed at the end, rolled back on an error. Another process's waits until it is done.

        `lazily`: a power cut may undo it together with what came after it, as if it had not been; a kill can't.
        Raises StoreError for what the database says.
        """
        with self._transaction({LAZY: lazily}) as transaction:
            yield transaction

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One look at all tables as they stood at one moment; nobody waits for it. Raises StoreError."""
        with self._transaction({READING: True}) as transaction:
            yield transaction

    @contextmanager
    def _transaction(self, options: dict[str, bool]) -> Iterator[Transaction]:
        try:
            with self.engine.connect() as connection, connection.execution_options(**options).begin():
                yield Transaction(connection)
        except SQLAlchemyError as error:
            raise as_store_error(self.subject, error) from error

    def faults(self) -> list[str]:
        """What is wrong with the database itself, each in a line; all of it is read. Raises StoreError."""
        with self.read() as transaction:
            return faults(transaction.connection)

    def room_taken(self) -> int:
        """Bytes that it takes. Raises StoreError."""
        with self.read() as transaction:
            return room_taken(transaction.connection, self.subject)

    def spare(self) -> int:
        """Bytes of it that nothing uses any more. Raises StoreError."""
        with self.read() as transaction:
            return spare(transaction.connection)

    def compact(self) -> None:
        """Gives room that nothing uses any more back to the disk (SQLite). Raises StoreError, as where the disk has no room to do it."""
        try:
            compact(self.engine)
        except (self.engine.dialect.loaded_dbapi.Error, SQLAlchemyError) as error:
            raise StoreError(self.subject, f"its room can't be given back ({str(error).strip().splitlines()[0]})") from error

    def hold(self, name: str, *, shared: bool = False) -> bool:
        """Takes PostgreSQL's own lock on a name, until this store is closed or its process ends; gives whether nobody else has it.

        An SQLite store lies on this machine: there the lock on a file is enough (`crawler.frontier.SourceLock`).
        """
        if self.engine.dialect.name != "postgresql":
            return True
        if taken := self._advise(f"pg_try_advisory_lock{'_shared' if shared else ''}", name):
            self.held.add(name)
        return taken

    def let_go(self, name: str, *, shared: bool = False) -> None:
        """Gives a lock back."""
        if name in self.held:
            self.held.discard(name)
            self._advise(f"pg_advisory_unlock{'_shared' if shared else ''}", name)

    def _advise(self, what: str, name: str) -> bool:
        with self.read() as transaction:
            return bool(transaction.connection.execute(text(f"SELECT {what}({ADVISORY.format(':name')})"), {"name": name}).scalar_one())

    def _connected(self, *_: object) -> None:
        """A new connection: what was held on the old one is anybody's now, so nothing more may be written."""
        if self.held:
            raise StoreError(self.subject, "the connection was lost, and with it the lock on what this run writes; run again")

    def close(self) -> None:
        self.held.clear()  # they go with the connection
        self.closing.close()
        self.engine.dispose()
