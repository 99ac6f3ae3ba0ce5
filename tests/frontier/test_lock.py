from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from postgresql import Server

from crawler.errors import SourceBusy, StoreError
from crawler.frontier import SourceLock
from crawler.store import Store

HOLD = """
import sys, time
from pathlib import Path
from crawler.frontier import SourceLock
from crawler.store import Store
lock = SourceLock(Path(sys.argv[1]), "demo", Store(sys.argv[2]), shared=sys.argv[3] == "shared")
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def held_elsewhere(folder: Path, store_url: str, *, shared: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the source `demo`."""
    command = [sys.executable, "-c", HOLD, str(folder), store_url, "shared" if shared else "alone"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_a_lock_is_held_once_and_dies_with_its_process(store: Store, store_url: str, tmp_path: Path) -> None:
    check_that_it_is_held_once(store, tmp_path, held_elsewhere(tmp_path, store_url))


def test_a_run_on_another_machine_holds_a_source_in_their_common_store(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.new_store()
    store = Store(url)
    check_that_it_is_held_once(store, tmp_path / "here", held_elsewhere(tmp_path / "there", url))
    store.close()


def check_that_it_is_held_once(store: Store, folder: Path, elsewhere: AbstractContextManager[subprocess.Popen[str]]) -> None:
    with elsewhere as other:
        with pytest.raises(SourceBusy, match="demo"):
            SourceLock(folder, "demo", store)
        SourceLock(folder, "other", store).release()
        other.kill()
        other.wait()
        with SourceLock(folder, "demo", store), pytest.raises(SourceBusy):
            SourceLock(folder, "demo", store)
        SourceLock(folder, "demo", store).release()


def test_a_shared_lock_is_held_by_many_but_not_beside_one_that_is_not(store: Store, store_url: str, tmp_path: Path) -> None:
    with held_elsewhere(tmp_path, store_url, shared=True):
        with SourceLock(tmp_path, "demo", store, shared=True):
            pass
        with pytest.raises(SourceBusy):
            SourceLock(tmp_path, "demo", store)


def test_when_the_connection_is_lost_its_lock_is_and_nothing_more_is_written(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.new_store()
    store = Store(url)
    with SourceLock(tmp_path, "demo", store):
        with store.begin() as transaction:
            transaction.entries.mark_stale("demo", [])
        with psycopg.connect(postgresql.connection, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type LIKE 'client%'"
            )
        for _ in range(3):
            with pytest.raises(StoreError), store.begin() as transaction:
                transaction.entries.mark_stale("demo", ["city"])
        store.close()
    again = Store(url)
    with again.read() as transaction:
        assert transaction.entries.stale() == {("demo", "")}
    with SourceLock(tmp_path, "demo", again):
        pass
    again.close()
