"""How the store's tables are written down: a row's dataclass is its table, so that each column is said once and told in its docstring."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, get_origin, get_type_hints

from sqlalchemy import JSON, BigInteger, Column, Dialect, Float, Integer, MetaData, Table, Text, TypeDecorator
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

UNFIT = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text holds no NUL, and neither store a lone surrogate
metadata = MetaData()


class Words(TypeDecorator[str]):
    """Text, ordered by its bytes everywhere. Characters that a store refuses are dropped: a site's odd text must not end a run."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return UNFIT.sub("", value) if value else value


Whole = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in a column that says INTEGER
KINDS: dict[Any, TypeEngine[Any]] = {str: Words(), int: Whole, bool: Integer(), float: Float(), tuple: JSON()}


def table(name: str, row: type, *more: SchemaItem, key: str = "", without: tuple[str, ...] = ()) -> Table:
    """A table with a column for each field of a dataclass but `without`, none of them empty.

    `key`: its primary key, where that is one column; `more`: further constraints and indexes.
    """
    hints = get_type_hints(row)
    kinds = {field.name: hints[field.name] for field in fields(row) if field.name not in without}
    columns = [
        Column(name, KINDS.get(get_origin(kind) or kind, KINDS[str]), nullable=False, primary_key=name == key)
        for name, kind in kinds.items()
    ]
    return Table(name, metadata, *columns, *more)


def words(*names: str) -> list[Column[str]]:
    """Columns of text, for a table whose rows need no class."""
    return [Column(name, Words(), nullable=False) for name in names]


def wholes(*names: str) -> list[Column[int]]:
    """Columns of whole numbers."""
    return [Column(name, Whole, nullable=False) for name in names]


def numbered(name: str = "id") -> Column[int]:
    """A primary key that counts by itself."""
    return Column(name, Whole, primary_key=True, autoincrement=True)
