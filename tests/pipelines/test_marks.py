"""What a group writes of its articles stands in the store as if each verdict had been written after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.pipelines.marks import Marks
from crawler.store import KnownEntry, Store

FIRST = KnownEntry(
    guid="urn:uuid:1",
    source="demo",
    path="demo/1.md",
    url="http://e.example/1?page=2",
    first_seen="2026-01-02T00:00:00Z",
    published="2026-01-01T00:00:00Z",
    title_key="title",
    day="2026-01-01",
    sections=("city",),
    also_at=(),
    categories=("Demo",),
    written=True,
    rank=9,
    run=1,
)
SECOND = replace(FIRST, url="http://e.example/1", sections=("city", "world"), also_at=(FIRST.url,), rank=1)
"""The same article by the page that is listed first: it speaks."""
KEYS = ("e.example/1", "e.example/1?page=2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield store
    store.close()


def reserved(store: Store) -> Marks:
    """Both pages are in one group: what the second says is reserved."""
    with store.begin() as transaction:
        transaction.entries.put(replace(SECOND, written=False), KEYS)
    return Marks({SECOND.guid: (replace(SECOND, written=False), KEYS)})


@pytest.mark.parametrize("together", [True, False])
def test_of_two_pages_of_one_article_the_last_word_stands(store: Store, together: bool) -> None:
    marks = reserved(store)
    with store.begin() as transaction:
        for entry in (FIRST, SECOND):
            marks.entries.append(entry)
            if not together:
                marks.write(transaction)
        marks.write(transaction)
        assert transaction.entries.by_guid(FIRST.guid) == SECOND
        assert transaction.entries.guids_at("demo", KEYS) == dict.fromkeys(KEYS, FIRST.guid)
        assert transaction.entries.stale() == {("demo", ""), ("demo", "city"), ("demo", "world")}
        assert transaction.publications.changed_guids() == {FIRST.guid}
        assert transaction.changes.due_sources() == ["demo"]


def test_what_is_said_after_the_reservation_is_stored_with_its_addresses(store: Store) -> None:
    marks = reserved(store)
    more = replace(SECOND, sections=("world",), also_at=(*SECOND.also_at, "http://e.example/one"))
    with store.begin() as transaction:
        marks.entries += [SECOND, more]
        marks.write(transaction)
        assert transaction.entries.by_guid(FIRST.guid) == more
        assert transaction.entries.guids_at("demo", ["e.example/one"]) == {"e.example/one": FIRST.guid}


def test_a_reserved_entry_is_written_once_its_document_is(store: Store) -> None:
    marks = reserved(store)
    with store.begin() as transaction:
        assert transaction.entries.by_guid(SECOND.guid) == replace(SECOND, written=False)
        marks.entries.append(SECOND)
        marks.write(transaction)
        assert transaction.entries.by_guid(SECOND.guid) == SECOND
