"""Inserting what may be there already, in SQLite's and PostgreSQL's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

T = TypeVar("T")
PART = 500  # values bound in one statement: SQLite and PostgreSQL take some thousand


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one whose key is there already is left as it is."""
    if rows:
        dialect: Any = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def parts(values: Sequence[T], size: int = PART) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
