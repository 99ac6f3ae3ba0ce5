"""The store: what is known and what is to be fetched. All SQL lies here, and no rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.errors import StoreError
from crawler.store.changes import Changes
from crawler.store.entries import Entries, KnownEntry
from crawler.store.hosts import HostRow, Hosts
from crawler.store.images import Images
from crawler.store.kept import Kept
from crawler.store.pages import PageRow, Pages, joined
from crawler.store.places import Places
from crawler.store.publications import Change, PrintRow, Publications
from crawler.store.requests import Requests
from crawler.store.runs import Runs
from crawler.store.schema import explain, open_engine, shown

__all__ = [
    "Change",
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

    @property
    def requests(self) -> Requests:
        return Requests(self.connection)

    @property
    def runs(self) -> Runs:
        return Runs(self.connection)


class Store:
    """A store that is open.

    `url`: `sqlite:///PATH` or `postgresql://…`. Raises StoreError where it can't be opened.
    """

    def __init__(self, url: str) -> None:
        self.subject = shown(url)
        self.engine = open_engine(url)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction: committed at the end, rolled back on an error. Raises StoreError for what the database says."""
        try:
            with self.engine.begin() as connection:
                yield Transaction(connection)
        except SQLAlchemyError as error:
            raise StoreError(self.subject, explain(error)) from error

    def close(self) -> None:
        self.engine.dispose()
