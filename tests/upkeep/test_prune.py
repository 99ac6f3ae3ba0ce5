"""The oldest of what is kept goes, by age and by size; documents and what they show stay, and whatever is left is still right."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Broadsheet, tree
from pipelines.newsroom import START, Newsroom, known, story
from upkeep.rooms import keep, page

from crawler.errors import WorkspaceError
from crawler.files import write_durably
from crawler.frontier import SourceLock
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.revisions import kept_revisions, revisions_of
from crawler.pipelines.taking_down import take_down
from crawler.upkeep.limits import Limit, limit_of
from crawler.upkeep.prune import Pruned, Pruner

NOW = (START + timedelta(days=100)).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("90d", Limit(timedelta(days=90))),
        ("2GB", Limit(most=2_000_000_000)),
        ("500MB", Limit(most=500_000_000)),
        ("1.5GiB", Limit(most=1_610_612_736)),
        ("0B", Limit(most=0)),
        ("52w 500mb", Limit(timedelta(weeks=52), 500_000_000)),
        ("500MB 52w", Limit(timedelta(weeks=52), 500_000_000)),
    ],
)
def test_limits_of_age_and_size(text: str, expected: Limit | None) -> None:
    assert limit_of(text, "prune: pages") == expected


@pytest.mark.parametrize("text", ["90", "forever", "2GB 3GB", "90d 80d", "-5d", "GB", "90d 2GB 3w"])
def test_what_is_no_limit_is_refused_with_the_settings_name(text: str) -> None:
    with pytest.raises(WorkspaceError, match=r"prune: pages: an age like 90d, a size like 500MB"):
        limit_of(text, "prune: pages")


def test_runs_are_counted() -> None:
    assert limit_of("180d 1000", "prune: runs", counted=True) == Limit(timedelta(days=180), 1000)
    with pytest.raises(WorkspaceError, match="a number like 1000"):
        limit_of("2GB", "prune: runs", counted=True)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Ten articles, each fetched ten days after the one before; the third of them changed on the site on day 95."""
    room = Newsroom(tmp_path / "room")
    room.settle(story(number) for number in range(10))
    keep(room, {number: 10 * number for number in range(10)})
    keeper = Keeper(room.store, room.workspace.pages)
    rows = keeper.keep([(story(3).guid, "here", (page(33, 95),))])
    with room.store.begin() as transaction:
        transaction.kept.put(rows[0])
    yield room
    room.store.close()


def pruned(room: Newsroom, *, dry_run: bool = False, **limits: str) -> Pruned:
    found = {name: limit_of(text, name, counted=name == "runs") for name, text in limits.items()}
    pruner = Pruner(room.store, room.documents, room.workspace, dry_run, now=NOW)
    return pruner.prune({name: limit for name, limit in found.items() if limit})


def bodies(room: Newsroom) -> list[bytes]:
    """Of all kept pages that can be read, in the order of their files."""
    keeper = Keeper(room.store, room.workspace.pages)
    with room.store.read() as transaction:
        rows = [row for file in transaction.kept.files("here") for row in transaction.kept.in_file("here", file)]
    return [one.body for row in rows for one in keeper.pages(row)]


def expected(*numbers: int) -> list[bytes]:
    return [page(number).body for number in numbers]


def test_kept_pages_older_than_the_limit_go_and_the_others_can_still_be_read(room: Newsroom) -> None:
    before = sum(path.stat().st_size for path in room.workspace.pages.rglob("*.gz"))
    looked = pruned(room, pages="55d", dry_run=True)
    assert bodies(room) == expected(*range(10), 33)
    done = pruned(room, pages="55d")
    assert done.pages.count == looked.pages.count == 5
    assert bodies(room) == expected(5, 6, 7, 8, 9, 33)
    after = sum(path.stat().st_size for path in room.workspace.pages.rglob("*.gz"))
    assert before - after == pytest.approx(done.pages.bytes, abs=40)  # the file's own record has another id
    assert done.pages.bytes == looked.pages.bytes
    assert pruned(room, pages="55d").pages.count == 0
    keep(room, {20: 100})  # what comes later is appended as ever
    assert bodies(room) == expected(5, 6, 7, 8, 9, 33, 20)


def test_of_kept_pages_the_oldest_of_all_sources_go_until_the_rest_is_small_enough(room: Newsroom) -> None:
    with room.store.begin() as transaction:
        room_for_three = sum(row.length for row in transaction.kept.in_file("here", "pages-00001.warc.gz")[-3:])
    keeper = Keeper(room.store, room.workspace.pages)
    rows = keeper.keep([("urn:uuid:other", "other", (page(5, 0),))])  # as old as the first
    with room.store.begin() as transaction:
        transaction.kept.put(rows[0])
    done = pruned(room, pages=f"{room_for_three}B")
    assert done.pages.count == 9
    assert bodies(room) == expected(8, 9, 33)
    assert not list((room.workspace.pages / "other").glob("*"))  # a file of which all went is gone


def test_of_what_a_run_holds_nothing_goes(room: Newsroom) -> None:
    with SourceLock(room.workspace.locks, "here", room.store):
        done = pruned(room, pages="1d")
    assert (done.busy, done.pages.count) == (["here"], 0)
    assert len(bodies(room)) == 11


def test_where_the_store_lost_its_places_the_files_are_read_first(room: Newsroom) -> None:
    with room.store.begin() as transaction:
        transaction.kept.forget_file("here", "pages-00001.warc.gz")
    assert pruned(room, pages="55d").pages.count == 5
    assert bodies(room) == expected(5, 6, 7, 8, 9, 33)


def put_revision(room: Newsroom, number: int, name: str, days: int, picture: str = "") -> Path:
    entry = story(number)
    if picture:
        body = f'{entry.article.body}<p><img src="https://here.example/{picture}"></p>'
        entry = replace(entry, article=replace(entry.article, body=body), image_files={f"https://here.example/{picture}": picture})
    path = revisions_of(room.workspace.own, "here", entry.guid) / name
    write_durably(path, room.documents.encode(entry))
    at = (START + timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


def test_earlier_revisions_go_with_the_pictures_that_they_alone_show(room: Newsroom) -> None:
    for name in ("aa/alone.png", "bb/both.png", "cc/other.png"):
        write_durably(room.workspace.assets / name, b"a picture")
    put_revision(room, 1, "0001.md", 10, "aa/alone.png")
    put_revision(room, 1, "0002.md", 90, "bb/both.png")
    put_revision(room, 2, "0001.md", 20, "bb/both.png")
    put_revision(room, 3, "0001.md", 30, "cc/other.png")
    with room.store.begin() as transaction:
        transaction.images.used(story(1).guid, ["bb/both.png"])
        transaction.images.used(story(5).guid, ["cc/other.png"])
    before = tree(room.documents.root)
    done = pruned(room, revisions="50d")
    assert done.revisions.count == 3
    assert [path.name for path in kept_revisions(room.workspace.own, "here", story(1).guid)] == ["0002.md"]
    assert not revisions_of(room.workspace.own, "here", story(2).guid).exists()
    assert done.pictures.count == 1
    assert not (room.workspace.assets / "aa/alone.png").exists()
    assert (room.workspace.assets / "bb/both.png").exists()
    assert (room.workspace.assets / "cc/other.png").exists()
    assert tree(room.documents.root).keys() == before.keys() - {"assets/aa/alone.png"}
    assert pruned(room, revisions="0B").revisions.count == 1
    assert not (room.workspace.own / "revisions" / "here").exists()


def test_of_revisions_the_oldest_go_until_the_rest_is_small_enough(room: Newsroom) -> None:
    newest = put_revision(room, 2, "0001.md", 30)
    put_revision(room, 1, "0001.md", 10)
    put_revision(room, 1, "0002.md", 20)
    done = pruned(room, revisions=f"{newest.stat().st_size}B")
    assert done.revisions.count == 2
    assert newest.exists()


def test_records_of_runs_go_but_for_what_later_runs_ask(room: Newsroom) -> None:
    with room.store.begin() as transaction:
        rare = transaction.runs.begin(["rare"], "2026-03-01T00:00:00Z", 1.0)
        transaction.runs.end(rare, "2026-03-01T00:00:01Z", {"rare": {"new": 7}})
        for day in range(100):
            number = transaction.runs.begin(["here"], f"day {day}", START.timestamp() + 86400 * day)
            transaction.runs.end(number, f"day {day}", {"here": {}})
    assert pruned(room, runs="90d", dry_run=True).runs.count == 10
    assert pruned(room, runs="90d").runs.count == 10
    assert pruned(room, runs="60").runs.count == 30
    assert pruned(room, runs="1d 1").runs.count == 10  # the last fifty stay
    with room.store.read() as transaction:
        assert transaction.runs.last_of("rare") == ("2026-03-01T00:00:00Z", {"new": 7})
        assert transaction.runs.last_started() == "day 99"


def test_the_store_gives_the_room_back(room: Newsroom) -> None:
    with room.store.begin() as transaction:
        for day in range(300):
            number = transaction.runs.begin(["here"], f"day {day}", 1.0)
            transaction.runs.end(number, f"day {day}", {"here": {"failures": ["x" * 5000]}})
    room.store.compact()
    before = room.store.room_taken()
    done = pruned(room, runs="1d")
    assert done.runs.count == 250
    assert done.runs.bytes == before - room.store.room_taken() > 1_000_000


def test_both_stores_count_and_forget_runs_alike(store_url: str, tmp_path: Path) -> None:
    room = Newsroom(tmp_path / "room", f"store: {store_url}\n" if store_url.startswith("postgresql") else "")
    with room.store.begin() as transaction:
        for _ in range(60):
            transaction.runs.end(transaction.runs.begin(["here"], "x", 1.0), "x", {})
    assert pruned(room, runs="1d").runs.count == 10
    assert pruned(room, runs="1d").runs.count == 0
    room.store.close()


def test_a_taken_down_article_leaves_nothing_for_prune(room: Newsroom) -> None:
    put_revision(room, 1, "0001.md", 10)
    take_down(room.store, room.documents, room.workspace, known(story(1)))
    assert pruned(room, revisions="1d", pages="1000d").bytes == 0


def test_the_command_goes_by_its_options_else_by_the_settings(room: Newsroom, broadsheet: Broadsheet) -> None:
    room.store.close()
    told = broadsheet("-C", "room", "prune", code=2).stderr
    assert "nothing says what may go; name it, as in --pages 90d" in told
    settings = room.root / "broadsheet.yaml"
    settings.write_text("prune: {pages: 0B}\n", "utf-8")
    assert "would go      11 kept fetches · 0 revisions · 0 runs" in broadsheet("-C", "room", "prune", "--dry-run").stdout
    gone = json.loads(broadsheet("-C", "room", "prune", "--pages", "1GB", "--json").stdout)
    assert gone["pages"] == {"count": 0, "bytes": 0}
    assert broadsheet("-C", "room", "prune", "-q").stdout == ""
    assert bodies(room) == []
    settings.write_text("prune: {pages: much}\n", "utf-8")
    assert "prune: pages: an age like 90d" in broadsheet("-C", "room", "prune", code=2).stderr
