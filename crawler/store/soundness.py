"""Whether the database itself is sound, how much room it takes, and how room that nothing uses any more is given back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from crawler.store.tables import metadata

MOST_TOLD = 10


def faults(connection: Connection) -> list[str]:
    """What is wrong with the database's own structure, in its words; empty where nothing is. PostgreSQL sees to its own."""
    if connection.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_TOLD})") if row[0] != "ok"]
    lost = {(str(table), str(parent)) for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    return found + [f"{table} names rows of {parent} that are not there" for table, parent in sorted(lost)]


def room_taken(connection: Connection, url_path: str) -> int:
    """Bytes on disk: of an SQLite file with what lies beside it, else of our tables with their indexes."""
    if connection.dialect.name == "sqlite":
        return sum(size_of(Path(url_path + part)) for part in ("", "-wal", "-shm"))
    sizes = "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace"
    names = ", ".join(f"'{table.name}'" for table in metadata.sorted_tables)
    return int(connection.execute(text(f"{sizes} AND c.relname IN ({names})")).scalar_one())


def spare(connection: Connection) -> int:
    """Bytes of an SQLite file that nothing uses any more. PostgreSQL sees to its own."""
    if connection.dialect.name != "sqlite":
        return 0
    count, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("freelist_count", "page_size"))
    return int(count) * int(size)


def compact(engine: Engine) -> None:
    """Writes an SQLite file anew without what nothing uses. It needs as much free room as the file takes, and waits for who writes."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def size_of(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
