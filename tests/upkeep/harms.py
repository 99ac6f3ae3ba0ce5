"""What can happen to a workspace, and what `doctor` says of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.newsroom import Newsroom, story
from sqlalchemy import text
from upkeep.rooms import opened

from crawler.files import TEMPORARY

Harm = Callable[[Newsroom], object]


def path_of(number: int) -> str:
    return story(number).path


def document(room: Newsroom, number: int = 7) -> Path:
    return room.documents.root / path_of(number)


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), "utf-8")


def change_store(room: Newsroom, *statements: str) -> None:
    store = opened(room)
    with store.begin() as transaction:
        for statement in statements:
            assert transaction.connection.execute(text(statement)).rowcount > 0, statement
    store.close()


def index_file(room: Newsroom) -> Path:
    return room.workspace.index / "here" / "2026-03.ndjson"


def warc(room: Newsroom) -> Path:
    return room.workspace.pages / "here" / "pages-00001.warc.gz"


def corrupt(room: Newsroom) -> None:
    (room.workspace.own / "store.sqlite").write_bytes(b"no database at all" * 400)


def tear_an_index_of_the_store(room: Newsroom) -> None:
    """A database that opens, but finds less by an index than there is."""
    with sqlite3.connect(room.workspace.own / "store.sqlite", isolation_level=None) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'in_section'")
    connection.close()


@dataclass(frozen=True)
class Case:
    harm: Harm
    told: str


GROUPS = {
    "the store corrupt": [
        Case(
            corrupt,
            "store.sqlite: is damaged: ",
        ),
    ],
    "the store lost": [
        Case(
            lambda room: [path.unlink() for path in room.workspace.own.glob("store*")],
            "does not know what documents there are",
        ),
    ],
    "entries": [
        Case(
            lambda room: change_store(room, f"DELETE FROM entry WHERE path = '{path_of(7)}'"),
            "a document that the store does not know",
        ),
        Case(
            lambda room: change_store(room, f"UPDATE entry SET url = 'x', title_key = 'y' WHERE path = '{path_of(8)}'"),
            "the store has another address, headline than the document",
        ),
        Case(
            lambda room: change_store(room, f"UPDATE entry SET written = 0 WHERE path = '{path_of(9)}'"),
            "a document that the store takes for one that is not there",
        ),
        Case(
            lambda room: change_store(room, "UPDATE index_line SET content_hash = 'x'"),
            "remembers other lines of 54 articles",
        ),
        Case(
            lambda room: shutil.rmtree(room.workspace.own / "removed"),
            "lacks https://here.example/0",
        ),
    ],
    "index lost": [
        Case(
            lambda room: shutil.rmtree(room.workspace.index),
            "2026-03.ndjson: is missing: it lists 54 articles",
        ),
    ],
    "index line cut": [
        Case(
            lambda room: shutil.copy(index_file(room), index_file(room).with_name("2020-01.ndjson")),
            "2020-01.ndjson: has 54 lines that no document stands for",
        ),
        Case(
            lambda room: index_file(room).write_bytes(index_file(room).read_bytes()[:-9]),
            "is broken: line 54 is cut off",
        ),
    ],
    "index changed": [
        Case(
            lambda room: edit(index_file(room), "Quay 7 opens", "Quay 7 shuts"),
            "says of 1 article something else",
        ),
        Case(
            lambda room: index_file(room).write_bytes(b"".join(index_file(room).read_bytes().splitlines(keepends=True)[1:])),
            "lacks 1 article",
        ),
    ],
    "index order": [
        Case(
            lambda room: index_file(room).write_bytes(b"".join(index_file(room).read_bytes().splitlines(keepends=True)[::-1])),
            "is not in its order",
        ),
        Case(
            lambda room: (room.workspace.feeds / "here.atom").unlink(),
            "output/feeds/here.atom: is missing",
        ),
    ],
    "feeds": [
        Case(
            lambda room: index_file(room).unlink(),
            "2026-03.ndjson: is missing: it lists 54 articles",
        ),
        Case(
            lambda room: edit(room.workspace.feeds / "here.rss", "Quay 7 opens", "Quay 7 shuts"),
            "is not what the documents say",
        ),
        Case(
            lambda room: edit(room.workspace.feeds / "here/archive/1.json", "Quay 7 opens", "Quay 7 shuts"),
            "archive/1.json: is not what the documents say",
        ),
        Case(
            lambda room: (room.workspace.output / "index.html").unlink(),
            "output/index.html: is missing",
        ),
        Case(
            lambda room: document(room).with_name(TEMPORARY + "1").touch(),
            "1 unfinished file of a run that was killed",
        ),
        Case(
            lambda room: warc(room).write_bytes(warc(room).read_bytes()[:-5]),
            "is cut off: the store knows of more in it",
        ),
    ],
    "cut off runs": [
        Case(
            lambda room: change_store(room, "INSERT INTO stale VALUES ('here', '')"),
            "here: its feeds are not written yet",
        ),
        Case(
            lambda room: warc(room).unlink(),
            "pages-00001.warc.gz: is gone",
        ),
        Case(
            lambda room: room.documents.write([story(0)]),
            "00000-first.md: was taken down, and is there all the same",
        ),
    ],
    "kept pages": [
        Case(
            lambda room: change_store(room, "DELETE FROM kept_page"),
            "pages-00001.warc.gz: ",
        ),
    ],
    "for a person": [
        Case(
            lambda room: document(room).write_bytes(document(room).read_bytes()[:-300]),
            "00007-first.md: ends before its body does: it was cut off",
        ),
        Case(
            lambda room: document(room, 8).write_bytes(document(room, 8).read_bytes()[:200]),
            "00008-first.md: can't be read",
        ),
        Case(lambda room: document(room, 9).write_bytes(b""), "00009-first.md: can't be read"),
        Case(
            lambda room: shutil.copy(document(room, 10), document(room, 10).with_name("twin.md")),
            "is the same article as",
        ),
        Case(
            lambda room: (room.documents.root / "there").mkdir() or document(room, 11).rename(room.documents.root / "there/a.md"),
            "is a document of here, in the folder of another source",
        ),
        Case(
            lambda room: (room.workspace.own / "removed/here.ndjson").write_bytes(
                (room.workspace.own / "removed/here.ndjson").read_bytes() + b"{\n"
            ),
            "line 2: is broken",
        ),
        Case(
            lambda room: (room.workspace.sources / "bad.yaml").write_text("url: nowhere\n"),
            "bad.yaml",
        ),
    ],
    "a rename": [
        Case(
            lambda room: (room.workspace.own / "renaming.json").write_text('{"old": "here", "new": "b"}'),
            "was being renamed to b",
        ),
    ],
}

LEFT = ("for a person", "a rename")
"""What only a person can mend."""
