from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.store import Store
from crawler.store.opening import shown


def test_a_broken_file_is_named_and_told(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is no database, and it is long enough to be read as one" * 40)
    with pytest.raises(StoreError, match="damaged") as told:
        Store(f"sqlite:///{path}")
    assert told.value.subject == str(path)
    assert path.read_bytes().startswith(b"this is no database")


@pytest.mark.parametrize("address", ["nonsense", "sqlite://", "mysql://host/name"])
def test_no_store_address(address: str) -> None:
    with pytest.raises(StoreError, match="expected sqlite"):
        Store(address)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be used") as told:
        Store(f"postgresql://someone:secret@/news?host={tmp_path}")
    assert "secret" not in str(told.value)


def test_passwords_are_not_shown() -> None:
    assert "secret" not in shown("postgresql://user:secret@host/name")


def test_what_fails_is_rolled_back(store: Store) -> None:
    def fail() -> None:
        with store.begin() as transaction:
            transaction.entries.mark_stale("demo", ["city"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as transaction:
        assert transaction.entries.stale() == set()
