"""Whatever was done to store, documents, index, feeds or kept pages is told in plain words, and mended where no person is needed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Broadsheet, tree
from pipelines.newsroom import Newsroom, story
from upkeep.harms import GROUPS, LEFT, change_store, document, edit, index_file, path_of, tear_an_index_of_the_store
from upkeep.rooms import healthy_room

from crawler.errors import SourceBusy
from crawler.files import TEMPORARY
from crawler.frontier import WHOLE_STORE, SourceLock
from crawler.upkeep.doctor import examine


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    healthy_room(folder)
    return folder


@pytest.fixture
def room(whole: Path, tmp_path: Path) -> Iterator[Newsroom]:
    shutil.copytree(whole, tmp_path / "room")
    room = Newsroom(tmp_path / "room", (whole / "broadsheet.yaml").read_text("utf-8"))
    room.store.close()
    yield room
    room.store.close()


def told(room: Newsroom, *, repairing: bool) -> list[str]:
    return [f"{one.subject}: {one.problem}" for one in examine(room.workspace, repairing=repairing).findings]


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_wrong_is_told_and_mended(room: Newsroom, whole: Path, group: str) -> None:
    for case in GROUPS[group]:
        case.harm(room)
    before = tree(room.workspace.root / "output")
    looked = examine(room.workspace, repairing=False)
    said = "\n".join(f"{one.subject}: {one.problem}" for one in looked.findings)
    assert [case.told for case in GROUPS[group] if case.told not in said] == [], said
    assert tree(room.workspace.root / "output") == before  # it only looked
    examine(room.workspace, repairing=True)
    after = examine(room.workspace, repairing=False)
    assert [one for one in after.findings if one.repair] == []
    assert len(after.left) == (len(GROUPS[group]) if group in LEFT else 0)
    if group not in LEFT:
        assert tree(room.workspace.root / "output") == tree(whole / "output")


def test_a_healthy_workspace_is_found_well_on_either_store(store_url: str, tmp_path: Path) -> None:
    room = healthy_room(tmp_path / "room", store_url if store_url.startswith("postgresql") else "")
    before = tree(room.workspace.root / "output")
    done = examine(room.workspace, repairing=True)
    assert done.findings == []
    assert done.articles == 54
    assert done.others == 1
    assert tree(room.workspace.root / "output") == before
    use = {one.name: one for one in done.use}
    assert use["documents"].files == 55
    assert use["documents"].bytes == sum(path.stat().st_size for path in room.documents.root.rglob("*.md"))
    assert use["store"].bytes > 10_000
    assert {"feeds", "index", "kept pages", "revisions"} <= use.keys()


def test_what_the_store_forgot_is_learnt_on_either_store(store_url: str, tmp_path: Path) -> None:
    room = healthy_room(tmp_path / "room", store_url if store_url.startswith("postgresql") else "")
    before = tree(room.workspace.root / "output")
    change_store(room, f"DELETE FROM entry WHERE path = '{path_of(7)}'", f"UPDATE entry SET day = '' WHERE path = '{path_of(8)}'")
    assert len(told(room, repairing=True)) >= 2
    assert told(room, repairing=True) == []
    assert tree(room.workspace.root / "output") == before


def test_an_edit_by_hand_is_taken_up_and_kept(room: Newsroom) -> None:
    edit(document(room), "Quay 7 opens", "Quay seven opens")
    edited = document(room).read_bytes()
    assert "the store has another headline than the document" in "\n".join(told(room, repairing=True))
    done = examine(room.workspace, repairing=True)
    assert done.findings == []
    assert done.edited == 1
    assert document(room).read_bytes() == edited
    assert "Quay seven opens" in (room.workspace.feeds / "here.json").read_text("utf-8")
    assert "Quay seven opens" in index_file(room).read_text("utf-8")


def test_a_document_under_another_name_is_found_again(room: Newsroom) -> None:
    document(room).rename(document(room).with_name("moved.md"))
    assert "the store has another path than the document" in "\n".join(told(room, repairing=True))
    assert told(room, repairing=True) == []
    assert "here/2026/03/moved.md" in index_file(room).read_text("utf-8")


def test_a_lost_document_waits_to_be_fetched_and_leaves_the_feeds(room: Newsroom) -> None:
    document(room, 50).unlink()
    found = examine(room.workspace, repairing=True)
    assert "is gone: the document of https://here.example/50" in "\n".join(one.problem for one in found.findings)
    assert found.waiting == 1
    assert story(50).guid not in (room.workspace.feeds / "here.json").read_text("utf-8")
    assert told(room, repairing=True) == []


def test_an_older_damage_within_the_database_is_found(room: Newsroom, whole: Path) -> None:
    tear_an_index_of_the_store(room)
    assert "is damaged" in "\n".join(told(room, repairing=True))
    assert told(room, repairing=True) == []
    assert list(room.workspace.own.glob("store.sqlite.damaged-*"))
    assert tree(room.workspace.root / "output") == tree(whole / "output")


def test_an_unfinished_file_is_told_once(room: Newsroom) -> None:
    (room.workspace.feeds / f"{TEMPORARY}1").touch()
    assert told(room, repairing=False) == ["output: has 1 unfinished file of a run that was killed"]


def test_while_a_run_uses_the_workspace_nothing_is_looked_at(room: Newsroom) -> None:
    with SourceLock(room.workspace.locks, WHOLE_STORE, shared=True), pytest.raises(SourceBusy, match="another run uses it"):
        examine(room.workspace, repairing=True)


def test_the_command_tells_it_in_words_and_as_json(room: Newsroom, broadsheet: Broadsheet) -> None:
    (room.workspace.feeds / "here.atom").unlink()
    (room.workspace.own / "conflicts").mkdir()
    looked = broadsheet("-C", "room", "doctor", "--dry-run", code=1).stdout
    assert "? output/feeds/here.atom: is missing; it is written again from the documents" in looked
    assert "1 thing found. 1 of them: broadsheet doctor mends." in looked
    mended = json.loads(broadsheet("-C", "room", "doctor", "--json").stdout)
    assert [(one["subject"], one["repaired"]) for one in mended["findings"]] == [("output/feeds/here.atom", True)]
    well = broadsheet("-C", "room", "doctor").stdout
    assert well.splitlines()[0] == "54 articles · 1 other file beside them"
    assert well.splitlines()[-1] == "All is well."
    shutil.copy(document(room), document(room).with_name("twin.md"))
    assert "delete one of the two" in broadsheet("-C", "room", "doctor", code=1).stdout


def test_a_new_workspace_is_well(tmp_path: Path, broadsheet: Broadsheet) -> None:
    assert broadsheet("doctor").stdout.splitlines()[-1] == "All is well."


def test_lost_documents_and_pictures_are_fetched_again_as_they_were(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("images: keep\n", "utf-8")
    broadsheet("crawl", "demo", "-q")
    before = tree(tmp_path / "output")
    pictures = {path.name: path for path in (tmp_path / "output" / "assets").rglob("*.png")}
    lost = next((tmp_path / "output" / "demo").rglob("*ice-house*.md"))
    texts = [path.read_text("utf-8") for path in (tmp_path / "output" / "demo").rglob("*.md") if path != lost]
    shown = next(name for name in pictures if any(name in text for text in texts))  # of an article whose document stays
    pictures[shown].unlink()
    lost.unlink()
    done = broadsheet("doctor").stdout
    assert f"{shown}: is gone" in done
    assert "is gone: the document of http://demo.broadsheet.example/news/ice-house.html" in done
    assert done.splitlines()[-1].endswith("All is well now. The next crawl fetches what is missing.")
    broadsheet("crawl", "demo", "-q")
    assert tree(tmp_path / "output") == before
