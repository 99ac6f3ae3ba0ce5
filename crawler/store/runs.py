"""The runs: when each began and what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, Float, Table, delete, select, update

from crawler.store.tables import metadata, numbered, wholes, words
from crawler.store.writes import parts

run = Table(
    "run",
    metadata,
    numbered(),
    Column("sources", JSON, nullable=False),
    *words("started", "ended"),  # ended: empty while it runs, or where it was killed
    Column("began", Float, nullable=False),  # seconds since 1970, real clock: `started` may be fixed by hand
    *wholes("finished"),  # 1: it came to its end, and was neither killed nor stopped
    Column("summary", JSON, nullable=False),
)
LOOK_BACK = 50  # runs


class Runs:
    """The run table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self, sources: Sequence[str], started: str, began: float = 0.0) -> int:
        """A new run of these sources; gives its number."""
        values = {"sources": list(sources), "started": started, "began": began, "ended": "", "finished": 0, "summary": {}}
        done = self.connection.execute(run.insert().values(values))
        return int(done.inserted_primary_key[0])  # type: ignore[index]

    def end(self, number: int, ended: str, summary: dict[str, Any], *, finished: bool = True) -> None:
        self.connection.execute(update(run).where(run.c.id == number).values(ended=ended, summary=summary, finished=int(finished)))

    def cut_off(self, source: str, number: int, since: float) -> list[int]:
        """The source's runs before `number` that were killed or stopped after it was crawled to the end last, and began after `since`."""
        query = select(run.c.id, run.c.sources, run.c.began, run.c.finished).where(run.c.id < number).order_by(run.c.id.desc())
        found = []
        for run_id, sources, began, finished in self.connection.execute(query.limit(LOOK_BACK)):
            if source in sources:
                if finished or began < since:
                    break
                found.append(run_id)
        return found

    def was_killed(self, source: str, number: int) -> bool:
        """Whether the source's last run before `number` did not come to write its end, or is not known at all."""
        query = select(run.c.sources, run.c.ended).where(run.c.id < number).order_by(run.c.id.desc()).limit(LOOK_BACK)
        return not next((ended for sources, ended in self.connection.execute(query) if source in sources), "")

    def old(self, before: float, most: int | None = None) -> list[int]:
        """Runs that may go: those that began before a time (seconds since 1970), and the oldest beyond so many.

        What later runs ask of earlier ones stays: the last ones, and of each source the last that came to write its end.
        """
        told: set[str] = set()
        gone = []
        query = select(run.c.id, run.c.sources, run.c.began, run.c.ended).order_by(run.c.id.desc())
        for place, (number, sources, began, ended) in enumerate(self.connection.execute(query)):
            needed = place < LOOK_BACK or (ended and not told.issuperset(sources))
            told.update(sources if ended else ())
            if not needed and (began < before or (most is not None and place >= most)):
                gone.append(number)
        return gone

    def forget(self, numbers: Sequence[int]) -> None:
        for part in parts(numbers):
            self.connection.execute(delete(run).where(run.c.id.in_(part)))

    def last_started(self) -> str:
        """When the last run started; "" before the first one."""
        return self.connection.execute(select(run.c.started).order_by(run.c.id.desc()).limit(1)).scalar() or ""

    def last_of(self, source: str) -> tuple[str, dict[str, Any]] | None:
        """When the last finished run that had this source started, and what it brought for it."""
        rows = self.connection.execute(
            select(run.c.sources, run.c.started, run.c.summary).where(run.c.ended != "").order_by(run.c.id.desc())
        )
        for sources, started, summary in rows:
            if source in sources:
                return started, summary.get(source, {})
        return None
