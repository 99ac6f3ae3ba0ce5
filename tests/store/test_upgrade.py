"""A store that an older Broadsheet made is brought up; one of a newer one is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, insert, inspect, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from crawler.errors import StoreError
from crawler.page import Hints
from crawler.store import Store
from crawler.store.about import about
from crawler.store.opening import VERSION
from crawler.store.tables import metadata

VERSIONS = Path(__file__).with_name("versions")
"""A store of each earlier version, as SQLite's `.dump` gives it; of the present one its tables alone."""


def tables() -> str:
    """The present tables as SQL."""
    lines = []
    for table in metadata.sorted_tables:
        lines.append(str(CreateTable(table)).strip())
        lines += [str(CreateIndex(index)) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    return "".join(f"{line.replace(chr(9), '  ').replace(' ' + chr(10), chr(10))};\n" for line in lines)


def test_whoever_changes_a_table_counts_the_version_up() -> None:
    recorded = VERSIONS / f"{VERSION}.tables.sql"
    assert recorded.read_text("utf-8") == tables(), (
        f"the tables changed: count VERSION up in crawler/store/opening.py, say in crawler/store/upgrade.py how new columns are filled, "
        f"keep a dump of the version before, and record the new tables as {recorded.name}"
    )


def put(version: int, url: str, tmp_path: Path) -> None:
    """Makes a store of an earlier version."""
    dump = (VERSIONS / f"{version}.sql").read_text("utf-8")
    path = make_url(url).database if url.startswith("sqlite") else str(tmp_path / "old.sqlite")
    with sqlite3.connect(str(path)) as connection:
        connection.executescript(dump)
    connection.close()
    if url.startswith("sqlite"):
        return
    old, engine = create_engine(f"sqlite:///{path}"), create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    found = MetaData()
    found.reflect(old)
    found.create_all(engine)
    with old.connect() as source, engine.begin() as target:
        for table in found.sorted_tables:
            if rows := [dict(row) for row in source.execute(select(table)).mappings()]:
                target.execute(insert(table), rows)
    old.dispose()
    engine.dispose()


@pytest.mark.parametrize("version", range(1, VERSION))
def test_an_older_store_is_brought_up_with_all_it_knew(version: int, store_url: str, tmp_path: Path) -> None:
    put(version, store_url, tmp_path)
    store = Store(store_url)
    assert store.version == version
    with store.begin() as transaction:
        entry = transaction.entries.by_guid("urn:uuid:1")
        assert entry is not None
        assert (entry.sections, entry.also_at, entry.written, entry.rank) == (("city", "world"), ("http://e.example/one",), True, 7)
        assert transaction.entries.guids_at("demo", ["e.example/1", "e.example/one", "e.example/gone"]) == {
            "e.example/1": "urn:uuid:1",
            "e.example/one": "urn:uuid:1",
        }
        assert transaction.publications.last(9, ["demo"], "city") == [entry.path]
        assert transaction.entries.stale() == {("demo", ""), ("demo", "city")}
        listing = transaction.pages.at("demo", "list", "e.example/")
        assert listing is not None
        assert (listing.etag, listing.sections, listing.links) == ('"x"', (("city", "list"),), (("e.example/1",), ()))
        (queued,) = transaction.pages.queued("demo", "article", 1.0, 9)
        assert queued.hints == ((3, Hints(title="Two")),)
        assert transaction.hosts.get("e.example").crawl_delay == 2.5
        assert [change.kind for change in transaction.changes.after(0)] == ["new"]
        assert transaction.images.at(["http://e.example/p.png"]) == {"http://e.example/p.png": "p.png"}
        assert transaction.kept.end("demo") == ("pages-00001.warc.gz", 30)
        assert transaction.places.between("demo", 1, 9) == [entry.path]
        assert transaction.publications.known("demo") == 1
        assert transaction.publications.changed_guids() == {"urn:uuid:1"}
        assert transaction.requests.count("spider") == 1
        assert transaction.runs.begin(["demo"], "2026-01-03T00:00:00Z") == 2  # it counts on
    store.close()
    again = Store(store_url)
    assert again.version == VERSION
    again.close()


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_store_that_was_brought_up_is_as_a_new_one(version: int, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old'}"
    put(version, url, tmp_path)
    Store(url).close()
    Store(f"sqlite:///{tmp_path / 'new'}").close()
    made = []
    for name in ("old", "new"):
        with sqlite3.connect(tmp_path / name) as connection:
            made.append(connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall())
        connection.close()
    assert made[0] == made[1]


def test_killed_while_it_is_brought_up_the_old_store_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    put(1, url, tmp_path)

    def die(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("crawler.store.upgrade.fill", die)
    with pytest.raises(RuntimeError):
        Store(url)
    monkeypatch.undo()
    store = Store(url)
    assert store.version == 1
    with store.begin() as transaction:
        assert transaction.entries.by_guid("urn:uuid:1") is not None
    store.close()


def test_a_newer_store_is_left_as_it_is(store_url: str) -> None:
    store = Store(store_url)
    with store.begin() as transaction:
        transaction.connection.execute(update(about).values(value="99"))
    store.close()
    with pytest.raises(StoreError, match=r"newer Broadsheet made it \(version 99") as told:
        Store(store_url)
    assert "update" in told.value.problem


def test_a_row_of_an_article_that_is_not_there_is_refused(store: Store) -> None:
    for name in ("address", "in_section", "image_use"):
        assert [key["referred_table"] for key in inspect(store.engine).get_foreign_keys(name)] == ["entry"]
    with pytest.raises(StoreError, match=r"(?i)foreign key"), store.begin() as transaction:
        transaction.images.used("urn:uuid:nobody", ["p.png"])
