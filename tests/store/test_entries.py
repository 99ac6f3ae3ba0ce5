from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crawler.store import KnownEntry, Store
from crawler.store.entries import address, entry, in_section

ENTRY = KnownEntry(
    guid="urn:uuid:1",
    source="demo",
    path="demo/1.md",
    url="http://e.example/1",
    first_seen="2026-01-02T00:00:00Z",
    published="2026-01-01T00:00:00Z",
    title_key="title",
    day="2026-01-01",
    sections=("city", "world"),
    also_at=("http://e.example/one",),
    categories=("Demo",),
    written=True,
    rank=1,
    run=1,
)


def another(number: int, **changes: object) -> KnownEntry:
    return replace(ENTRY, guid=f"urn:uuid:{number}", path=f"demo/{number}.md", url=f"http://e.example/{number}", **changes)


def test_an_entry_is_found_by_guid_address_and_likeness(store: Store) -> None:
    with store.begin() as transaction:
        transaction.entries.put(ENTRY, ["e.example/1", "e.example/one"])
    with store.begin() as transaction:
        assert transaction.entries.by_guid("urn:uuid:1") == ENTRY
        assert transaction.entries.guid_at("demo", ["e.example/nobody", "e.example/one"]) == "urn:uuid:1"
        assert transaction.entries.guid_at("other", ["e.example/one"]) is None
        assert transaction.entries.guids_at("demo", ["e.example/1", "x"]) == {"e.example/1": "urn:uuid:1"}
        assert transaction.entries.like("demo", ["title"], ["2026-01-01"]) == [ENTRY]
        assert transaction.entries.like("demo", ["title"], ["2026-01-02"]) == []


def test_an_address_stays_with_the_entry_it_led_to_first(store: Store) -> None:
    with store.begin() as transaction:
        transaction.entries.put(ENTRY, ["e.example/1"])
        transaction.entries.put(another(2), ["e.example/1", "e.example/2"])
        assert transaction.entries.guid_at("demo", ["e.example/1"]) == "urn:uuid:1"
        assert transaction.entries.guid_at("demo", ["e.example/2"]) == "urn:uuid:2"


def test_the_last_that_feeds_may_show_by_first_seen_then_published_then_guid(store: Store) -> None:
    with store.begin() as transaction:
        transaction.entries.put(another(1, first_seen="2026-01-03T00:00:00Z", published="2025-01-01T00:00:00Z"), ())
        transaction.entries.put(another(2, published="2026-01-01T05:00:00Z"), ())
        transaction.entries.put(another(3), ())
        transaction.entries.put(another(4, written=False), ())
        transaction.entries.put(another(5, sections=("world",)), ())
        transaction.publications.take_in("demo", {f"urn:uuid:{number}": "" for number in range(1, 6)})
        transaction.publications.take_in("demo", {"urn:uuid:2": ""}, held=True)
        last = transaction.publications.last
        assert last(10, ["demo"]) == last(10, [], None, ["other"]) == ["demo/1.md", "demo/5.md", "demo/3.md"]
        assert last(1, ["demo"], "city") == ["demo/1.md"]
        assert last(10, ["other"]) == last(10, [], None, ["demo"]) == []


def test_what_was_written_is_published_up_to_a_number_but_for_some_sources(store: Store) -> None:
    with store.begin() as transaction:
        assert transaction.publications.newest_change() == 0
        for number, source in enumerate(["demo", "other", "demo", "demo"], 1):
            transaction.entries.put(another(number, source=source), ())
            transaction.publications.note(f"urn:uuid:{number}", source)
        transaction.publications.note("urn:uuid:1", "demo")
        newest = transaction.publications.newest_change()
        transaction.entries.put(another(5), ())
        transaction.publications.note("urn:uuid:5", "demo")
        transaction.publications.note("urn:uuid:6", "demo")  # deleted for good: no entry is there any more
        transaction.publications.take_in("demo", {f"urn:uuid:{number}": "" for number in (1, 3, 4, 5)})
        transaction.publications.take_in("other", {"urn:uuid:2": ""})
        assert transaction.places.give("all", [], None, []) == 5
        touched = transaction.places.touched
        assert touched("all", 10**9, 1) == {1, 2, 3, 4, 5}
        assert touched("all", newest, 1) == {1, 2, 3, 4}
        assert touched("all", newest, 1, None, {"other"}) == {1, 3, 4}
        assert touched("all", newest, 1, ["other"]) == {2}
        assert touched("all", newest, 2) == {1, 2}
        assert touched("all", newest, 3, ["demo"]) == {1, 2}
        assert touched("nothing", newest, 2) == set()
        transaction.publications.published(newest, {"other"})
        assert transaction.publications.changed_guids() == {"urn:uuid:2", "urn:uuid:5", "urn:uuid:6"}
        transaction.publications.published(transaction.publications.newest_change())
        assert transaction.publications.changed_guids() == set()


def test_what_no_feed_has_shown_comes_some_at_a_time_in_the_order_of_arrival(store: Store) -> None:
    with store.begin() as transaction:
        for number in range(1, 8):
            transaction.entries.put(another(number, first_seen=f"2026-01-0{8 - number // 2}T00:00:00Z", written=number != 4), ())
        publications = transaction.publications
        publications.take_in("demo", {"urn:uuid:7": "x"})
        publications.take_in("demo", {"urn:uuid:5": "x", "urn:uuid:4": "x"}, held=True)
        found: list[str] = []
        after = ("", "", "")
        while some := publications.new_of_all("demo", after, 2):
            assert len(some) <= 2
            after = some[-1]
            found += [guid for *_, guid in some]
        assert found == [f"urn:uuid:{number}" for number in (6, 5, 2, 3, 1)]
        assert publications.new_of_all("other", ("", "", "")) == []
        assert publications.new("demo") == ["urn:uuid:5"]  # nothing is noted as written since, but it was held back
        publications.release("demo")
        assert publications.new("demo") == []
        assert publications.known("demo") == 2  # what was taken down stays held back: it is looked at again should it come back


def test_all_articles_of_a_source_are_due_once(store: Store) -> None:
    with store.begin() as transaction:
        for number in (1, 2, 3):
            transaction.entries.put(another(number, written=number != 3), ())
        transaction.changes.mark("demo", ["urn:uuid:1"])
        transaction.changes.placed([("urn:uuid:1", "demo/2026-01.ndjson", "h")])
        assert transaction.changes.due("demo") == []
        transaction.changes.mark_all("demo")
        transaction.changes.mark_all("demo")
        due = [(row.guid, row.file) for row in transaction.changes.due("demo")]
        assert due == [("urn:uuid:1", "demo/2026-01.ndjson"), ("urn:uuid:2", "")]


def test_stale_feeds_are_kept_until_built(store: Store) -> None:
    with store.begin() as transaction:
        transaction.entries.mark_stale("demo", ["city"])
        transaction.entries.mark_stale("demo", ["city", "world"])
        assert transaction.entries.stale() == {("demo", ""), ("demo", "city"), ("demo", "world")}
        transaction.entries.built([("demo", ""), ("demo", "city")])
        assert transaction.entries.stale() == {("demo", "world")}


def test_sections_are_replaced_with_the_entry(store: Store) -> None:
    with store.begin() as transaction:
        transaction.entries.put(ENTRY, ())
        transaction.entries.put(replace(ENTRY, sections=("world",)), ())
        assert transaction.entries.sources() == ["demo"]
        assert transaction.entries.counts() == {"demo": 1}
        transaction.publications.take_in("demo", {ENTRY.guid: ""})
        assert transaction.publications.last(10, ["demo"], "city") == []
        assert transaction.publications.last(10, ["demo"], "world") == ["demo/1.md"]


def all_tables(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.read() as transaction:
        return {table.name: sorted(map(tuple, transaction.connection.execute(table.select()))) for table in (entry, address, in_section)}


def test_many_at_once_are_stored_as_one_after_the_other(store: Store, tmp_path: Path) -> None:
    known = [
        (another(2, removed=True, written=False), ["e.example/2"]),
        (another(3, sections=()), ["e.example/2", "e.example/3"]),
        (replace(ENTRY, sections=("world",), title_key="other"), ["e.example/1", "e.example/3"]),
        (replace(ENTRY, written=False), ["e.example/one"]),
    ]
    other = Store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    for made in (store, other):
        with made.begin() as transaction:
            transaction.entries.put(ENTRY, ["e.example/1"])
    with store.begin() as transaction:
        transaction.entries.put_all(known)
    for new, keys in known:
        with other.begin() as transaction:
            transaction.entries.put(new, keys)
    assert all_tables(store) == all_tables(other)
    assert len(all_tables(store)["address"]) == 4
    assert all_tables(store)["in_section"] == [
        ("demo", section, ENTRY.guid, ENTRY.first_seen, ENTRY.published) for section in ("city", "world")
    ]  # what was taken down is in none
    other.close()


def test_reserved_entries_are_written_later(store: Store) -> None:
    with store.begin() as transaction:
        transaction.entries.put_all([(another(number, written=False), ()) for number in (1, 2, 3)])
        transaction.entries.written(["urn:uuid:1", "urn:uuid:3"])
        found = transaction.entries.by_guids([f"urn:uuid:{number}" for number in range(5)])
    assert {guid: known.written for guid, known in found.items()} == {"urn:uuid:1": True, "urn:uuid:2": False, "urn:uuid:3": True}
