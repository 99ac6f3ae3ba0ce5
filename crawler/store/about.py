"""What a store says of itself: its version, and whether it has learnt from the documents what articles there are."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Table, delete, insert, inspect, select

from crawler.store.tables import Words, metadata, words

about = Table("about", metadata, Column("name", Words(), primary_key=True), *words("value"))
VERSION, DOCUMENTS = "version", "documents"
UNREAD, PARTLY, READ = "unread", "partly", "read"


class About:
    """The about table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def version(self) -> int:
        """The version that the store states; 0: there is nothing yet."""
        stated = self._get(VERSION) if inspect(self.connection).has_table(about.name) else ""
        return int(stated) if stated.isdecimal() else 0

    def state(self, version: int) -> None:
        """The store has this version now; one that is new has still to learn what documents there are."""
        if not self.version():
            self._set(DOCUMENTS, UNREAD)
        self._set(VERSION, str(version))

    def documents_unread(self) -> bool:
        """Whether the store is new: it has still to learn what documents there are, if any."""
        return self._get(DOCUMENTS) == UNREAD

    def documents_partly_read(self) -> bool:
        """Whether it began to learn that, and was cut off."""
        return self._get(DOCUMENTS) == PARTLY

    def read_documents(self, *, wholly: bool) -> None:
        self._set(DOCUMENTS, READ if wholly else PARTLY)

    def _get(self, name: str) -> str:
        return self.connection.execute(select(about.c.value).where(about.c.name == name)).scalar() or ""

    def _set(self, name: str, value: str) -> None:
        self.connection.execute(delete(about).where(about.c.name == name))
        self.connection.execute(insert(about).values(name=name, value=value))
