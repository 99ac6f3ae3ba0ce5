"""A store that is damaged, lost, new or half made: it is made from the documents, once, and that is told."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pipelines.newsroom import Newsroom, story
from postgresql import Server

from crawler.errors import DamagedStore, SourceBusy
from crawler.pipelines import opening
from crawler.pipelines.opening import open_store
from crawler.store import Store
from crawler.store.opening import mark_of_damage
from crawler.workspace import Workspace

OPEN = """
import sys
from pathlib import Path
from crawler.pipelines.opening import open_store
from crawler.pipelines.run import documents_of
from crawler.workspace import open_workspace
place = open_workspace(Path(sys.argv[1]))
opened = open_store(place, documents_of(place))
with opened.store.read() as transaction:
    print(len(transaction.entries.some("here", "")), *opened.notes, sep="|", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Three articles, documents and store, nobody has it open."""
    room = Newsroom(tmp_path)
    room.settle(story(number) for number in range(3))
    room.store.close()
    yield room
    room.store.close()


def database(room: Newsroom) -> Path:
    return room.workspace.own / "store.sqlite"


def known_after(room: Newsroom) -> tuple[list[str], list[str], list[str]]:
    """What the store knows when it is opened, and what is told."""
    opened = open_store(room.workspace, room.documents)
    with opened.store.read() as transaction:
        paths = [known.path for known in transaction.entries.some("here", "")]
    opened.store.close()
    return sorted(paths), opened.notes, opened.problems


def lose(path: Path) -> None:
    for part in path.parent.glob(path.name + "*"):
        part.unlink()


def overwrite(path: Path) -> None:
    path.write_bytes(b"this is no database, and it is long enough to be read as one" * 40)


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(9_000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scramble(path: Path) -> None:
    """The pages of two indexes: found only where they are read."""
    with sqlite3.connect(path) as connection:
        pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('entry_source_order', 'entry_like')").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    for (page,) in pages:
        content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    path.write_bytes(content)


PATHS = [story(number).path for number in range(3)]


@pytest.mark.parametrize("harm", [lose, empty])
def test_a_lost_store_is_made_from_the_documents_once(room: Newsroom, harm: Callable[[Path], None]) -> None:
    harm(database(room))
    paths, notes, problems = known_after(room)
    assert paths == PATHS
    assert notes == ["The store was made from the documents: 3 articles are known again."]
    assert problems == []
    assert known_after(room) == (PATHS, [], [])


@pytest.mark.parametrize("harm", [overwrite, truncate, scramble])
def test_a_damaged_store_is_set_aside_and_made_from_the_documents(room: Newsroom, harm: Callable[[Path], None]) -> None:
    harm(database(room))
    harmed = database(room).read_bytes()
    if harm is scramble:  # it opens; whoever reads on finds the damage, and the next one looks at all of it
        store = Store(room.workspace.store_url)
        with pytest.raises(DamagedStore, match="run again"), store.read() as transaction:
            transaction.entries.sources()
        store.close()
    paths, notes, problems = known_after(room)
    assert paths == PATHS
    assert notes == ["The store was made from the documents: 3 articles are known again."]
    (problem,) = problems
    (aside,) = database(room).parent.glob("store.sqlite.damaged-*Z")
    assert f".broadsheet/{aside.name}" in problem
    assert aside.read_bytes() == harmed
    assert not mark_of_damage(database(room)).exists()
    assert known_after(room) == (PATHS, [], [])


def test_a_mark_of_damage_on_a_sound_store_goes(room: Newsroom) -> None:
    known_after(room)
    mark_of_damage(database(room)).touch()
    assert known_after(room) == (PATHS, [], [])
    assert not mark_of_damage(database(room)).exists()


def test_killed_while_it_is_made_it_is_made_by_the_next_one(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    lose(database(room))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(opening, "rebuild_store", die)
    with pytest.raises(KeyboardInterrupt):
        open_store(room.workspace, room.documents)
    monkeypatch.undo()
    assert known_after(room)[0] == PATHS


def test_two_that_open_a_lost_store_at_once_both_know_all_articles(room: Newsroom) -> None:
    lose(database(room))
    found: list[tuple[list[str], list[str], list[str]]] = []
    threads = [threading.Thread(target=lambda: found.append(known_after(room))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [paths for paths, _, _ in found] == [PATHS] * 4
    assert sum(len(notes) for _, notes, _ in found) == 1


def test_nobody_sets_a_store_aside_that_a_run_has_open(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.2)
    command = [sys.executable, "-c", OPEN, str(room.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().startswith("3")
        with pytest.raises(SourceBusy, match="another run uses it"):
            open_store(room.workspace, room.documents, alone=True)
        overwrite(database(room))
        with pytest.raises(SourceBusy, match="another run uses it"):
            open_store(room.workspace, room.documents)
        assert not list(database(room).parent.glob("store.sqlite.damaged-*Z"))
        other.kill()
    assert known_after(room)[0] == PATHS


def test_what_is_no_document_of_ours_is_passed_over_and_a_broken_one_told(room: Newsroom) -> None:
    lose(database(room))
    (room.workspace.documents / "about.md").write_text("---\ntitle: A page of the blog\n---\nHello\n", "utf-8")
    broken = room.documents.place(PATHS[1])
    broken.write_bytes(broken.read_bytes().replace(b"\nguid:", b"\nguid: [", 1))
    paths, notes, problems = known_after(room)
    assert paths == [PATHS[0], PATHS[2]]
    assert "2 articles" in notes[0]
    assert len(problems) == 1
    assert PATHS[1] in problems[0]


def test_a_new_store_on_postgresql_learns_from_the_documents(room: Newsroom, postgresql: Server) -> None:
    place = Workspace(room.workspace.root, room.workspace.settings.model_copy(update={"store": postgresql.new_store()}))
    for expected in (["The store was made from the documents: 3 articles are known again."], []):
        opened = open_store(place, room.documents)
        assert opened.notes == expected
        with opened.store.read() as transaction:
            assert sorted(known.path for known in transaction.entries.some("here", "")) == PATHS
        opened.store.close()


def test_a_new_workspace_is_told_nothing(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.store.close()
    assert known_after(room) == ([], [], [])
