"""A source gets another id: its articles keep theirs, wherever it is killed meanwhile; `rebuild` proves it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from conftest import Broadsheet, tree, write_recipe
from documents.shelf import entry
from local_site import Site, article, listing, recipe
from pipelines.newsroom import BASE, Newsroom, story

from crawler.documents import profile_named
from crawler.documents.renaming import with_source
from crawler.documents.sealing import hash_fits
from crawler.errors import BroadsheetError, WorkspaceError
from crawler.pipelines import indexing, publishing, renaming
from crawler.pipelines.indexing import index_changes
from crawler.pipelines.opening import open_store
from crawler.pipelines.run import documents_of
from crawler.recipes import find_sources
from crawler.workspace import open_workspace

ARTICLES = 5


def room_of(folder: Path) -> Newsroom:
    """A workspace with a source that has been crawled, fed and indexed; nobody has it open."""
    folder.mkdir(exist_ok=True)
    room = Newsroom(folder, f"# ours\nbase_url: {BASE}\nfeed_limit: 2\n", sources=["here", "other"])
    room.settle([*(story(number) for number in range(ARTICLES)), story(1, source="other")])
    with room.store.begin() as transaction:
        transaction.changes.mark_all("here")
    index_changes(room.store, room.documents, room.workspace)
    room.publish()
    for name in ("revisions/here/ab", "pages/here", "removed"):
        (room.workspace.own / name).mkdir(parents=True, exist_ok=True)
    (room.workspace.own / "removed" / "here.ndjson").write_text('{"guid": "urn:uuid:gone", "url": "https://here.example/gone"}\n', "utf-8")
    (room.workspace.documents / "here" / "mine.txt").write_text("a note of my own", "utf-8")
    room.store.close()
    return room


def rename(folder: Path, old: str = "here", new: str = "there") -> renaming.Renamed:
    workspace = open_workspace(folder)
    opened = open_store(workspace, documents_of(workspace), alone=True)
    try:
        return renaming.rename(opened.store, documents_of(workspace), workspace, old, new)
    finally:
        opened.store.close()


def guids(folder: Path) -> set[str]:
    return {str(frontmatter.load(str(path))["guid"]) for path in (folder / "output").rglob("*.md")}


def test_all_goes_by_the_new_id_and_every_guid_stays(tmp_path: Path) -> None:
    room_of(tmp_path)
    before, feed = guids(tmp_path), json.loads((tmp_path / "output/feeds/here.json").read_text("utf-8"))
    done = rename(tmp_path)
    assert (done.documents, done.left, done.problems) == (ARTICLES, 1, ())
    assert guids(tmp_path) == before
    for path in (tmp_path / "output" / "there").rglob("*.md"):
        assert frontmatter.load(str(path))["source_id"] == "there"
        assert hash_fits(path.read_bytes())
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.as_posix() for path in files if "here" in (*path.parts, path.stem)] == ["output/here/mine.txt"]
    now = json.loads((tmp_path / "output/feeds/there.json").read_text("utf-8"))
    assert [item["id"] for item in now["items"]] == [item["id"] for item in feed["items"]]
    assert "moved:\n  here: there" in (tmp_path / "broadsheet.yaml").read_text("utf-8")
    assert (tmp_path / "broadsheet.yaml").read_text("utf-8").startswith("# ours\n")
    assert (tmp_path / ".broadsheet/removed/there.ndjson").exists()
    renamed = find_sources(tmp_path / "sources").get("there").recipe
    assert (renamed.id, renamed.first_id) == ("there", "here")


def test_rebuild_gives_the_same_bytes(tmp_path: Path, broadsheet: Broadsheet) -> None:
    room_of(tmp_path)
    rename(tmp_path)
    before = tree(tmp_path / "output")
    shutil.rmtree(tmp_path / "output" / "feeds")
    shutil.rmtree(tmp_path / "output" / "index")
    (tmp_path / ".broadsheet" / "store.sqlite").unlink()
    broadsheet("rebuild")
    assert tree(tmp_path / "output") == before


class Killed(BaseException):
    pass


def test_killed_at_any_step_the_same_command_finishes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room_of(tmp_path / "whole")
    rename(tmp_path / "whole")
    whole = tree(tmp_path / "whole" / "output")
    room_of(tmp_path / "made")
    step = 0
    while True:
        step += 1
        folder = tmp_path / f"killed-{step}"
        shutil.copytree(tmp_path / "made", folder)
        with monkeypatch.context() as patch:
            die_at(step, patch)
            try:
                rename(folder)
                break
            except Killed:
                pass
        if renaming.under_way(open_workspace(folder)):
            with pytest.raises(WorkspaceError, match="broadsheet rename here there"):
                renaming.check_that_none_is_cut_off(open_workspace(folder))
        rename(folder)
        assert tree(folder / "output") == whole, step
        assert renaming.under_way(open_workspace(folder)) is None
        shutil.rmtree(folder)
    assert step > 2 * ARTICLES


def die_at(step: int, patch: pytest.MonkeyPatch) -> None:
    """The process dies before the so-manieth thing that a rename does to the disk or the store."""
    count = 0
    own = ("write_durably", "delete_durably", "move", "change_settings", "remove_empty")
    for room, name in [*((renaming, name) for name in own), (indexing, "index_changes"), (publishing, "publish_feeds")]:
        real = getattr(room, name)

        def counted(*arguments: Any, real: Any = real, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                raise Killed
            return real(*arguments, **options)

        patch.setattr(room, name, counted)


@pytest.mark.parametrize("new", ["other", "demo", "feeds", "No", "", "a/b"])
def test_an_id_that_can_not_be_is_refused_and_nothing_changes(tmp_path: Path, new: str) -> None:
    room_of(tmp_path)
    before = tree(tmp_path / "output")
    with pytest.raises(BroadsheetError):
        rename(tmp_path, new=new)
    assert tree(tmp_path / "output") == before
    assert renaming.under_way(open_workspace(tmp_path)) is None


def test_its_first_id_is_nobody_elses(tmp_path: Path) -> None:
    room_of(tmp_path)
    rename(tmp_path)
    (tmp_path / "sources" / "here.yaml").write_text("url: https://another.example/\n", "utf-8")
    (error,) = find_sources(tmp_path / "sources").errors
    assert "first id of 'there'" in str(error)


def test_the_next_crawl_finds_no_article_new(tmp_path: Path, broadsheet: Broadsheet) -> None:
    pages: dict[str, Any] = {"/": listing("/news/1", "/news/2"), "/news/1": article("One"), "/news/2": article("Two")}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="article: {url: '/(?P<id>\\d+)$'}\n"))
        broadsheet("crawl", "-q")
        before = guids(tmp_path)
        broadsheet("rename", "here", "there")
        # one article by another address: only its key, and so its guid, tells that it is the same
        site.pages |= {"/": listing("/m/1", "/news/2", "/news/3"), "/m/1": article("One"), "/news/3": article("Three")}
        found = json.loads(broadsheet("crawl", "--json").stdout)["sources"]["there"]
        assert (found["new"], found["known"]) == (1, 1)
        assert len(guids(tmp_path)) == 3
        assert before < guids(tmp_path)


@pytest.mark.parametrize("profile", ["hexo", "hugo", "jekyll", "eleventy", "obsidian", "plain"])
@pytest.mark.parametrize("new", ["there", "2024", "yes", "a-b_c"])
def test_the_line_is_written_as_the_profile_writes_it(profile: str, new: str) -> None:
    writer = profile_named(profile)
    first, renamed = entry(source="here"), entry(source=new)
    assert with_source(writer.write(first), "here", new) == writer.write(renamed)


def test_an_edit_by_hand_stays_one(tmp_path: Path) -> None:
    content = profile_named("hexo").write(entry(source="here")).replace(b"</div>", b"mine</div>")
    renamed = with_source(content, "here", "there")
    assert b"mine" in renamed
    assert not hash_fits(renamed)
    assert with_source(renamed, "here", "there") == renamed


def test_a_paused_source_rests_and_a_resumed_one_is_crawled(tmp_path: Path, broadsheet: Broadsheet) -> None:
    with Site({"/": listing("/a"), "/a": article("A")}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        (tmp_path / "broadsheet.yaml").write_text("# ours\ntitle: Mine\n", "utf-8")
        broadsheet("pause", "here")
        assert "paused; broadsheet resume here" in broadsheet("crawl").stdout
        assert broadsheet("crawl", "here", "-q").stderr == ""
        assert site.asked == []
        assert "paused" in broadsheet("sources").stdout
        assert "there is no such source" in broadsheet("pause", "nobody", code=2).stderr
        broadsheet("resume", "here")
        assert (tmp_path / "broadsheet.yaml").read_text("utf-8") == "# ours\ntitle: Mine\n"
        assert json.loads(broadsheet("crawl", "--json").stdout)["sources"]["here"]["new"] == 1
