"""Young articles are looked at again: what changed on its site changes here, and what was is kept."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from conftest import COMMAND, Broadsheet, clean_environment, write_recipe
from local_site import Answer, Site, article, listing, recipe

from crawler.files import TEMPORARY

LOOKS = 'look_again: ["1s"]\n'


def crawl(broadsheet: Broadsheet, now: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(broadsheet("crawl", "here", "--json", BROADSHEET_NOW=now).stdout)["sources"]["here"]
    return found


def only_document(workspace: Path) -> Path:
    (path,) = (workspace / "output" / "here").rglob("*.md")
    return path


@dataclass
class LookedAgain:
    """Three articles after three crawls: one changed on its site before the second, one never, one was removed before the second."""

    root: Path
    site: Site
    first: dict[str, tuple[bytes, int]]
    """Headline → its document after the first crawl: bytes, time of change."""
    second: dict[str, Any]
    """What the second crawl told."""
    torn: Path

    def document(self, title: str) -> Path:
        return document(self.root, title)


def document(root: Path, title: str) -> Path:
    (path,) = (path for path in (root / "output" / "here").rglob("*.md") if frontmatter.load(str(path))["title"] == title)
    return path


@pytest.fixture(scope="module")
def looked_again(tmp_path_factory: pytest.TempPathFactory) -> LookedAgain:
    root = tmp_path_factory.mktemp("looked-again")
    unchanged = article("Nothing new").encode()

    def answer(times: int) -> Answer:
        known = {"ETag": '"one"'}
        return Answer(status=304, headers=known) if times else Answer(unchanged, headers=known | {"Content-Type": "text/html"})

    def run(now: str) -> dict[str, Any]:
        command = [*COMMAND, "crawl", "here", "--json", "-s", "BROADSHEET_WORKERS=1"]
        done = subprocess.run(command, cwd=root, env=clean_environment(BROADSHEET_NOW=now), capture_output=True, check=True, timeout=120)
        found: dict[str, Any] = json.loads(done.stdout)["sources"]["here"]
        return found

    listed = listing("/changes", "/stays", "/goes")
    pages: dict[str, Any] = {"/": listed, "/changes": article("The quay opens"), "/stays": answer, "/goes": article("Soon gone")}
    with Site(pages) as site:
        write_recipe(root, "here", recipe(site, extra=LOOKS))
        run("2026-04-01T06:00:00Z")
        paths = {title: document(root, title) for title in ("The quay opens", "Nothing new", "Soon gone")}
        first = {title: (path.read_bytes(), path.stat().st_mtime_ns) for title, path in paths.items()}
        torn = paths["Nothing new"].with_name(f"{TEMPORARY}0123")  # what a kill left behind
        torn.write_bytes(b"---")
        with sqlite3.connect(root / ".broadsheet" / "store.sqlite") as store:
            store.execute("UPDATE run SET ended = ''")  # as of a run that was killed
        store.close()
        time.sleep(1.1)
        site.pages |= {"/changes": article("The quay opens", words="pier"), "/goes": Answer(b"gone", 410)}
        second = run("2026-04-01T08:00:00Z")
        time.sleep(1.1)
        run("2026-04-01T09:00:00Z")
    return LookedAgain(root, site, first, second, torn)


def test_a_changed_article_changes_in_place_and_the_earlier_one_is_kept(looked_again: LookedAgain) -> None:
    first, _ = looked_again.first["The quay opens"]
    before = frontmatter.loads(first.decode())
    after = frontmatter.load(str(looked_again.document("The quay opens")))
    assert (looked_again.second["changed"], looked_again.second["new"]) == (1, 0)
    assert after["guid"] == before["guid"]
    assert after["published_at"] == before["published_at"]
    assert after["first_seen"] == before["first_seen"]
    assert after["updated_at"] == "2026-04-01T08:00:00Z"
    assert "pier" in after.content
    kept = [path.read_bytes() for path in (looked_again.root / ".broadsheet" / "revisions").rglob("*.md")]
    assert first in kept
    assert "pier" in (looked_again.root / "output" / "feeds" / "here.atom").read_text("utf-8")


def test_an_unchanged_article_is_asked_conditionally_and_left_alone(looked_again: LookedAgain) -> None:
    asked = [one for one in looked_again.site.asked if one.path == "/stays"]
    assert [one.headers.get("if-none-match") for one in asked] == [None, '"one"']
    path = looked_again.document("Nothing new")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == looked_again.first["Nothing new"]


def test_what_a_kill_left_torn_is_swept_by_the_next_run(looked_again: LookedAgain) -> None:
    assert not looked_again.torn.exists()


def test_an_article_that_its_site_removed_is_marked(looked_again: LookedAgain) -> None:
    found = frontmatter.load(str(looked_again.document("Soon gone")))
    assert looked_again.second["gone"] == [f"{looked_again.site.address}/goes"]
    assert json.loads(str(found["provenance"]))["gone"] == "2026-04-01T08:00:00Z"
    assert found["updated_at"] == "2026-03-01T10:00:00Z"


def test_with_gone_delete_it_goes_and_does_not_come_back(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a", "/b"), "/a": article("Soon gone"), "/b": article("It stays")}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra='look_again: ["1s", "2s"]\ngone: delete\n'))
        crawl(broadsheet, "2026-04-01T06:00:00Z")
        time.sleep(1.1)
        site.pages["/a"] = article("Soon gone", words="pier")
        crawl(broadsheet, "2026-04-01T07:00:00Z")
        assert len(list((tmp_path / ".broadsheet" / "revisions").rglob("*.md"))) == 1
        time.sleep(1.1)
        site.pages["/a"] = Answer(b"gone", 410)
        crawl(broadsheet, "2026-04-01T08:00:00Z")
        assert list((tmp_path / ".broadsheet" / "revisions").rglob("*.md")) == []
        site.pages["/a"] = article("Soon gone")
        found = crawl(broadsheet, "2026-04-01T09:00:00Z")
    assert found["new"] == 0
    assert frontmatter.load(str(only_document(tmp_path)))["title"] == "It stays"
    assert "Soon gone" not in (tmp_path / "output" / "feeds" / "here.atom").read_text("utf-8")


def test_an_edited_document_is_kept_and_told_only_when_its_site_changed(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a"), "/a": article("The quay opens")}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra='look_again: ["1s", "2s"]\n'))
        crawl(broadsheet, "2026-04-01T06:00:00Z")
        path = only_document(tmp_path)
        edited = path.read_text("utf-8").replace("harbour office", "office of the harbour").encode()
        path.write_bytes(edited)
        time.sleep(1.1)
        same = crawl(broadsheet, "2026-04-01T08:00:00Z")
        assert (same["changed"], same["conflicts"]) == (0, [])
        time.sleep(1.1)
        site.pages["/a"] = article("The quay opens", words="pier")
        found = crawl(broadsheet, "2026-04-01T10:00:00Z")
        assert site.paths().count("/a") == 3
    (told,) = found["conflicts"]
    assert "was edited by hand and is kept; the new version lies in .broadsheet/conflicts" in told
    assert only_document(tmp_path).read_bytes() == edited
    (put_aside,) = (tmp_path / ".broadsheet" / "conflicts").rglob("*.md")
    assert put_aside.relative_to(tmp_path / ".broadsheet" / "conflicts") == path.relative_to(tmp_path / "output")
    new = frontmatter.load(str(put_aside))
    assert "pier" in new.content
    assert new["updated_at"] == "2026-04-01T10:00:00Z"


def test_what_blocks_a_document_costs_no_other_one(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = {"/": listing("/a", "/b", "/c"), "/a": article("One"), "/b": article("Two"), "/c": article("Three", day="2025-03-01")}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        crawl(broadsheet, "2026-04-01T06:00:00Z")
        names = {path.name.split("-")[3]: path for path in (tmp_path / "output" / "here").rglob("*.md")}
        shutil.rmtree(tmp_path / "output")
        shutil.rmtree(tmp_path / ".broadsheet")
        names["one"].mkdir(parents=True)
        names["three"].parent.parent.write_text("a file of mine")
        found = crawl(broadsheet, "2026-04-01T06:00:00Z")
    assert [(line.split(": ")[0].split("/")[1], line.split(": ")[1].split(";")[0]) for line in sorted(found["conflicts"])] == [
        ("2025", "here/2025 is a file, where a folder is needed"),
        ("2026", "a folder lies there"),
    ]
    assert names["two"].is_file()
    assert len(list((tmp_path / ".broadsheet" / "conflicts").rglob("*.md"))) == 2
    assert "Two" in (tmp_path / "output" / "feeds" / "here.atom").read_text("utf-8")
