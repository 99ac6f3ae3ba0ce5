"""What one more article asks of the store takes as many steps with twenty thousand known as with two thousand.

Counted are the instructions of SQLite's virtual machine: they tell a scan from a search on any machine, however busy it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.store import HostRow, KnownEntry, PageRow, Store, Transaction
from crawler.store.changes import index_line
from crawler.store.entries import address, entry, in_section
from crawler.store.images import image_file, image_use
from crawler.store.kept import KeptRow, kept_page
from crawler.store.pages import columns, page
from crawler.store.places import place
from crawler.store.publications import fingerprint
from crawler.store.runs import run

FEW, MANY = 2_000, 20_000
SOURCES = 40
NEW = KnownEntry(
    guid="urn:uuid:new",
    source="source-01",
    path="source-01/new.md",
    url="http://source-01.example/new",
    first_seen="2026-03-01T00:00:00Z",
    published="2026-03-01T00:00:00Z",
    title_key="new",
    day="2026-03-01",
    sections=("home", "sea"),
    also_at=(),
    categories=(),
    written=True,
    rank=1,
    run=2,
)
PAGE = PageRow("source-01", "article", "source-01.example/new", NEW.url, "source-01.example", 5, sections=("home",), run=2)


def source_of(number: int) -> str:
    """Half of all articles are of one source."""
    return "source-01" if number % 2 else f"source-{number % SOURCES:02}"


def fill(transaction: Transaction, count: int) -> None:
    """So many known articles, with all that the store keeps of each."""
    rows: dict[Any, list[dict[str, Any]]] = {}
    for number in range(count):
        source, guid = source_of(number), f"urn:uuid:{number:06}"
        own = {"source": source, "guid": guid}
        at = f"2025-{1 + number * 12 // count:02}-01T00:00:{number * 60 // count:02}Z"
        order = {"first_seen": at, "published": at}
        url = f"http://{source}.example/{number}"
        values = {"path": f"{source}/{number}.md", "url": url, "title_key": f"title {number}", "day": at[:10]}
        lists = {"sections": ["home"], "also_at": [], "categories": [], "written": 1, "rank": number, "run": 1}
        rows.setdefault(entry, []).append({**own, **order, **values, **lists})
        rows.setdefault(in_section, []).append({**own, **order, "section": "home"})
        rows.setdefault(address, []).append({**own, "key": f"{source}.example/{number}"})
        numbers = {"since": 1, "changed": number, "removed": 0, "due": 0}
        rows.setdefault(index_line, []).append({**own, **numbers, "file": f"{source}/{number // 50}.ndjson", "content_hash": "h"})
        rows.setdefault(kept_page, []).append({**own, "file": f"pages-{number // 5000:05}", "offset": number, "length": 1, "digest": "d"})
        rows.setdefault(fingerprint, []).append({**own, "body": f"body {number}", "held": 0})
        rows.setdefault(image_file, []).append({"url": f"http://p.example/{number}", "file": f"{number}.png"})
        rows.setdefault(image_use, []).append({"guid": guid, "file": f"{number}.png"})
        done = PageRow(source, "article", f"{source}.example/{number}", url, f"{source}.example", number, state="done", run=1)
        rows.setdefault(page, []).append({name: value for name, value in columns(done).items() if name != "id"})
        for feed in ("all", source):
            placed = rows.setdefault(place, [])
            placed.append({"feed": feed, "number": len(placed) + 1, "guid": guid})
    for table, values_of in rows.items():
        transaction.connection.execute(table.insert(), values_of)
    runs = [{"sources": ["source-01"], "started": NEW.first_seen, "ended": NEW.first_seen, "began": 1.0, "finished": 1, "summary": {}}]
    transaction.connection.execute(run.insert(), runs * (count // 50))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Store]]:
    folder: Path = tmp_path_factory.mktemp("growth")
    made = {count: Store(f"sqlite:///{folder / f'{count}.sqlite'}") for count in (FEW, MANY)}
    for count, store in made.items():
        with store.begin() as transaction:
            fill(transaction, count)
    yield made
    for store in made.values():
        store.close()


def queue(transaction: Transaction, count: int) -> None:
    """So many pages that wait."""
    waiting = [PageRow("source-03", "article", f"source-03.example/{n}", "http://source-03.example/", "h", n, run=1) for n in range(count)]
    transaction.pages.add(waiting)


ALL = [f"source-{number:02}" for number in range(SOURCES)]
ASKED: dict[str, Callable[[Transaction], Any]] = {
    "begin a run": lambda t: t.runs.begin(["source-01"], NEW.first_seen, 5.0),
    "what the last runs were": lambda t: (t.runs.last_started(), t.runs.cut_off("source-01", 10**9, 0.0), t.runs.last_of("source-01")),
    "void the leases": lambda t: t.pages.free_leases("source-01"),
    "queue what failed": lambda t: t.pages.queue_again("source-01", 5.0, "f", 24),
    "queue what is looked at again": lambda t: t.pages.look_again("source-01", 5.0),
    "take lists over": lambda t: t.pages.take_over("source-01", [1], 2, "f"),
    "queue a page": lambda t: t.pages.add([PAGE]),
    "look for waiting pages": lambda t: (
        t.pages.unsettled_lists("source-01"),
        t.pages.waiting_articles("source-01"),
        t.pages.lists_read("source-01", 2),
        t.pages.queued("source-01", "article", 5.0, 32),
        t.pages.next_try("source-01", "article"),
    ),
    "a host's turn": lambda t: (t.hosts.get("source-01.example"), t.hosts.save(HostRow("source-01.example", next_at=5.0))),
    "which article it is": lambda t: (
        t.entries.guids_at("source-01", ["source-01.example/new", "source-01.example/1"]),
        t.entries.by_guid(NEW.guid),
        t.entries.like("source-01", ["title 7"], ["2025-01-01", "2025-01-02"]),
    ),
    "store it": lambda t: (t.entries.put(NEW, ["source-01.example/new"]), t.entries.mark_stale("source-01", NEW.sections)),
    "keep its pages": lambda t: (
        t.kept.end("source-01"),
        t.kept.last(NEW.guid),
        t.kept.put(KeptRow(NEW.guid, "source-01", "pages-9", 1, 1, "d")),
    ),
    "keep its pictures": lambda t: (
        t.images.at(["http://p.example/1"]),
        t.images.put("http://p.example/new", "new.png"),
        t.images.used(NEW.guid, ["new.png"]),
    ),
    "note the change": lambda t: (t.publications.note(NEW.guid, "source-01"), t.changes.mark("source-01", [NEW.guid])),
    "index it": lambda t: (
        t.changes.due_sources(),
        t.changes.due("source-01"),
        t.changes.members("source-01/5.ndjson"),
        t.changes.placed([(NEW.guid, "source-01/new.ndjson", "h")]),
    ),
    "which feeds are stale": lambda t: (
        t.entries.stale(),
        t.entries.sources(),
        t.publications.newest_change(),
        t.publications.held_sources(),
    ),
    "which archives changed": lambda t: t.places.touched("all", 10**9, 50),
    "the last of a source": lambda t: t.publications.last(50, ["source-01"]),
    "the last of a section": lambda t: t.publications.last(50, ["source-01"], "home"),
    "the last of all": lambda t: t.publications.last(50, ALL),
    "the last of some": lambda t: t.publications.last(50, ALL[:5]),
    "the last of a rare source": lambda t: t.publications.last(5, ["source-02"]),
}


def steps(store: Store, asked: Callable[[Transaction], Any]) -> int:
    """Instructions that SQLite needs for it; what it changed is undone."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    class Undo(Exception):
        pass

    def measure() -> None:
        with store.begin() as transaction:
            if asked is not ASKED["store it"]:
                ASKED["store it"](transaction)
                ASKED["note the change"](transaction)
            raw: Any = transaction.connection.connection.dbapi_connection
            raw.set_progress_handler(step, 1)
            try:
                asked(transaction)
            finally:
                raw.set_progress_handler(None, 0)
            raise Undo

    with pytest.raises(Undo):
        measure()
    return count


@pytest.mark.parametrize("name", ASKED)
def test_it_takes_no_more_steps_with_many_known(stores: dict[int, Store], name: str) -> None:
    few, many = (steps(stores[count], ASKED[name]) for count in (FEW, MANY))
    assert many <= 1.2 * few + 100, f"{few:,} steps with {FEW:,} known, {many:,} with {MANY:,}"


def test_a_lease_takes_no_more_steps_with_many_waiting(tmp_path: Path) -> None:
    found = []
    for count in (FEW, MANY):
        store = Store(f"sqlite:///{tmp_path / f'{count}.sqlite'}")
        with store.begin() as transaction:
            queue(transaction, count)
        found.append(
            steps(
                store,
                lambda t: (
                    t.pages.unsettled_lists("source-03"),
                    t.pages.queued("source-03", "article", 5.0, 32),
                    t.pages.queued("source-03", "article", 5.0, 32, ["other"]),
                    t.pages.next_try("source-03", "article"),
                ),
            )
        )
        store.close()
    assert found[1] <= 1.2 * found[0] + 100, found
