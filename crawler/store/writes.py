"""Inserting what may be there already, in SQLite's and PostgreSQL's words, and statements for many rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

T = TypeVar("T")
PART = 500  # values bound in one statement: SQLite and PostgreSQL take some thousand


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one whose key is there already is left as it is."""
    if rows:
        connection.execute(inserting_new(table, connection.dialect.name), list(rows))


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one whose primary key is there already is replaced."""
    if rows:
        connection.execute(putting(table, connection.dialect.name), list(rows))


# made once: SQLAlchemy takes longer to put a statement together than SQLite to carry it out
@cache
def inserting_new(table: Table, dialect: str) -> Any:
    return insert_of(table, dialect).on_conflict_do_nothing()


@cache
def putting(table: Table, dialect: str) -> Any:
    made = insert_of(table, dialect)
    rest = {column.name: made.excluded[column.name] for column in table.c if not column.primary_key}
    return made.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=rest)


def insert_of(table: Table, dialect: str) -> Any:
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def parts(values: Sequence[T], size: int = PART) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
