from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.store import Store
from crawler.store.schema import shown


def test_a_broken_file_is_named_and_told(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is no database, and it is long enough to be read as one" * 40)
    with pytest.raises(StoreError, match="damaged") as told:
        Store(f"sqlite:///{path}")
    assert told.value.subject == str(path)
    assert path.read_bytes().startswith(b"this is no database")


def test_another_version_is_refused(tmp_path: Path) -> None:
    from sqlalchemy import update

    from crawler.store.schema import about

    url = f"sqlite:///{tmp_path / 's'}"
    store = Store(url)
    with store.begin() as transaction:
        transaction.connection.execute(update(about).values(value="99"))
    store.close()
    with pytest.raises(StoreError, match="version 99"):
        Store(url)


def test_no_store_address(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected sqlite"):
        Store("nonsense")


def test_passwords_are_not_shown() -> None:
    assert "secret" not in shown("postgresql://user:secret@host/name")


def test_what_fails_is_rolled_back(store: Store) -> None:
    def fail() -> None:
        with store.begin() as transaction:
            transaction.runs.begin(["demo"], "2026-01-01T00:00:00Z")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as transaction:
        assert transaction.runs.begin(["demo"], "2026-01-01T00:00:00Z") == 1
