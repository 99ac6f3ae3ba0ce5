"""What those who follow the index are told: each article once, by what became of it since."""

from __future__ import annotations

from crawler.store import Store

HASHES = {"one": "a" * 64, "two": "b" * 64}


def place(store: Store, guid: str, content_hash: str) -> None:
    with store.begin() as transaction:
        transaction.changes.mark("bridge", [guid])
        transaction.changes.placed([(guid, "bridge/2022-03.ndjson", content_hash)])


def drop(store: Store, guid: str) -> None:
    with store.begin() as transaction:
        transaction.changes.mark("bridge", [guid])
        transaction.changes.dropped([guid])


def told(store: Store, since: int) -> dict[str, str]:
    with store.begin() as transaction:
        return {change.guid: change.kind for change in transaction.changes.after(since)}


def number(store: Store) -> int:
    with store.begin() as transaction:
        return transaction.changes.number()


def test_new_changed_and_removed_since_a_number(store: Store) -> None:
    place(store, "one", HASHES["one"])
    place(store, "two", HASHES["one"])
    first = number(store)
    assert told(store, 0) == {"one": "new", "two": "new"}
    assert told(store, first) == {}
    place(store, "one", HASHES["two"])
    place(store, "three", HASHES["one"])
    drop(store, "two")
    assert told(store, first) == {"one": "changed", "two": "removed", "three": "new"}
    assert told(store, 0) == {"one": "new", "three": "new"}


def test_the_same_document_again_is_no_change(store: Store) -> None:
    place(store, "one", HASHES["one"])
    first = number(store)
    place(store, "one", HASHES["one"])
    assert told(store, first) == {}


def test_what_comes_back_is_new(store: Store) -> None:
    place(store, "one", HASHES["one"])
    drop(store, "one")
    gone = number(store)
    place(store, "one", HASHES["one"])
    assert told(store, gone) == {"one": "new"}


def test_what_came_and_went_is_not_told(store: Store) -> None:
    with store.begin() as transaction:
        transaction.changes.mark("bridge", ["one"])
        transaction.changes.dropped(["one"])
    place(store, "two", HASHES["one"])
    drop(store, "two")
    assert told(store, 0) == {}


def test_a_new_count_has_another_name(store: Store) -> None:
    with store.begin() as transaction:
        before = transaction.changes.epoch()
        assert transaction.changes.epoch() == before
        transaction.changes.start_over()
        assert transaction.changes.epoch() != before
        assert transaction.changes.number() == 0
