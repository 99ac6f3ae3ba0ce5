"""A source's rows under another id: in every table that names it."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from crawler.store.changes import index_line
from crawler.store.entries import entry, stale
from crawler.store.places import place
from crawler.store.publications import changed, feed_made
from crawler.store.runs import run
from crawler.store.tables import metadata
from crawler.store.writes import insert_new


def rename_source(connection: Connection, old: str, new: str) -> None:
    """All that is known of a source is known of it under its new id. Done again, it changes nothing."""
    connection.execute(update(entry).where(entry.c.source == old).values(path=new + func.substr(entry.c.path, len(old) + 1)))
    guids = connection.execute(select(entry.c.guid).where(entry.c.source == old)).scalars().all()
    for table in metadata.sorted_tables:
        if "source" in table.c:
            connection.execute(update(table).where(table.c.source == old).values(source=new))
    connection.execute(update(place).where(place.c.feed == old).values(feed=new))
    below = place.c.feed.like(f"{old}/%")
    connection.execute(update(place).where(below).values(feed=new + func.substr(place.c.feed, len(old) + 1)))
    connection.execute(update(feed_made).where(feed_made.c.name == old).values(name=new))
    connection.execute(update(index_line).where(index_line.c.source == new).values(due=1))
    insert_new(connection, stale, [{"source": new, "section": ""}])
    if guids:
        connection.execute(changed.insert(), [{"guid": guid, "source": new} for guid in guids])
    rename_in_runs(connection, old, new)


def rename_in_runs(connection: Connection, old: str, new: str) -> None:
    for number, sources, summary in connection.execute(select(run.c.id, run.c.sources, run.c.summary)).all():
        if old in sources or old in summary:
            values = {
                "sources": [new if name == old else name for name in sources],
                "summary": {new if name == old else name: value for name, value in summary.items()},
            }
            connection.execute(update(run).where(run.c.id == number).values(values))
