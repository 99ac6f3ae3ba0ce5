"""The runs: when each began and what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from crawler.store.schema import run


class Runs:
    """The run table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self, sources: Sequence[str], started: str) -> int:
        """A new run of these sources; gives its number."""
        done = self.connection.execute(run.insert().values(sources=list(sources), started=started, ended="", summary={}))
        return int(done.inserted_primary_key[0])  # type: ignore[index]

    def end(self, number: int, ended: str, summary: dict[str, Any]) -> None:
        self.connection.execute(update(run).where(run.c.id == number).values(ended=ended, summary=summary))

    def last_of(self, source: str) -> tuple[str, dict[str, Any]] | None:
        """When the last finished run that had this source started, and what it brought for it."""
        rows = self.connection.execute(
            select(run.c.sources, run.c.started, run.c.summary).where(run.c.ended != "").order_by(run.c.id.desc())
        )
        for sources, started, summary in rows:
            if source in sources:
                return started, summary.get(source, {})
        return None
