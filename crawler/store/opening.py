"""How a store is opened: SQLite in the workspace, PostgreSQL by a URL. Both then do the same: one writer at a time, no half transaction."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError

from crawler.errors import DamagedStore, StoreError
from crawler.store.about import About
from crawler.store.tables import metadata
from crawler.store.upgrade import bring_up

VERSION = 3
READING, LAZY = "reading", "lazy"  # execution options: what a transaction is for
ADVISORY = "hashtextextended('broadsheet:' || current_schema() || ':' || {}, 0)"  # PostgreSQL's number for a lock of ours
WRITING = "'_writing'"
# each end notices within a minute that the other one's machine is gone: until then its locks are held (libpq; PostgreSQL, "TCP settings")
KEEPALIVES = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}


def open_engine(url: str) -> tuple[Engine, int]:
    """Opens or makes the store at an SQLAlchemy URL (`sqlite:///…/store.sqlite`, `postgresql://…`).

    Gives the engine and the version it was found in (0: it was made just now), from which it is brought up to the present one.
    Raises DamagedStore for an SQLite file that is none, StoreError where it can't be opened or a newer Broadsheet made it.
    """
    subject = shown(url)
    try:
        engine = make_engine(url)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise StoreError(subject, f"no store address ({error}); expected sqlite:///PATH or postgresql://USER@HOST/NAME") from None
    try:
        with engine.connect() as connection, connection.execution_options(**{READING: True}).begin():
            found = About(connection).version()
            check_what_was_found_damaged(connection, subject)
        if found != VERSION:
            with engine.begin() as connection:
                found = prepare(connection, subject)
        return engine, found
    except BaseException as error:
        engine.dispose()
        if isinstance(error, DatabaseError):
            raise as_store_error(subject, error) from None
        raise


def prepare(connection: Connection, subject: str) -> int:
    """Makes or brings up the tables; gives the version that was there. `VERSION` counts up with every change of a table."""
    found = About(connection).version()
    if found > VERSION:
        raise StoreError(
            subject,
            f"a newer Broadsheet made it (version {found}, this one reads {VERSION}): update, or move it away, "
            "and it is made again from the documents",
        )
    if 0 < found < VERSION:
        bring_up(connection)
    metadata.create_all(connection)
    About(connection).state(VERSION)
    return found


def mark_of_damage(path: Path) -> Path:
    """A file beside a store that was found damaged while it was used: whoever opens it next looks at all of it."""
    return path.with_name(path.name + ".damaged")


def check_what_was_found_damaged(connection: Connection, subject: str) -> None:
    if connection.dialect.name != "sqlite" or not (mark := mark_of_damage(Path(subject))).exists():
        return
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if said != "ok":
        raise DamagedStore(subject, f"the store is damaged ({said})")
    mark.unlink()


def make_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        # one connection: a lock that is held lives exactly as long as what it guards can be written
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=1,
            max_overflow=0,
            pool_timeout=60,
            connect_args={"connect_timeout": 10, **KEEPALIVES},
        )
        event.listen(engine, "connect", connect_to_postgresql)
        event.listen(engine, "begin", begin_in_postgresql)
        return engine
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise ArgumentError(f"{parsed.get_backend_name()!r} is none of ours, or names no file")
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", connect_to_sqlite)
    event.listen(engine, "begin", begin_in_sqlite)
    return engine


def connect_to_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # we begin ourselves: sqlite3's own begin comes too late for reads
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def begin_in_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    # NORMAL: a power cut may cost the last transactions, never the file (sqlite.org/pragma.html#pragma_synchronous)
    connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get(LAZY) else 'FULL'}")
    connection.exec_driver_sql("BEGIN" if options.get(READING) else "BEGIN IMMEDIATE")


def connect_to_postgresql(connection: Any, _: Any) -> None:
    for name, value in KEEPALIVES.items():
        connection.execute(f"SET {name if name == 'tcp_user_timeout' else 'tcp_' + name} TO {value}")
    connection.commit()


def begin_in_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(READING):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return
    connection.exec_driver_sql(f"SET LOCAL synchronous_commit TO {'off' if options.get(LAZY) else 'on'}")
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout TO '2min'")  # one that was stopped halts all others
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY.format(WRITING)})")


def as_store_error(subject: str, error: SQLAlchemyError) -> StoreError:
    """What the database said, in one line that a person understands."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if isinstance(getattr(error, "orig", None), sqlite3.DatabaseError) and ("malformed" in said or "not a database" in said):
        with suppress(OSError):
            mark_of_damage(Path(subject)).touch()
        return DamagedStore(subject, f"the store is damaged ({said}); run again: it is set aside and made anew from the documents")
    if "disk is full" in said or "No space left" in said:
        return StoreError(subject, "the disk is full; free some space and run again: what was written before is whole")
    if "readonly" in said or "unable to open" in said or "disk I/O" in said:
        return StoreError(subject, f"the store can't be written ({said}); check the folder's permissions and free space")
    if "locked" in said:
        return StoreError(subject, f"another process writes to the store for too long ({said}); run again when it is done")
    return StoreError(subject, f"the store can't be used ({said})")


def shown(url: str) -> str:
    """The store's address for messages: a path, or a URL without its password."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url.partition("@")[2] or url
