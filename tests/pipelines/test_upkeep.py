"""Taking down, rebuilding: the documents are the truth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import frontmatter
import pytest
from conftest import Broadsheet, tree, write_recipe
from local_site import Site, article, listing, recipe


def test_a_removed_article_leaves_one_line_and_never_comes_back(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a", "/b"), "/a": article("Take me down"), "/b": article("It stays")}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        broadsheet("crawl", "-q")
        broadsheet("remove", f"{site.address}/a")
        left = "".join(path.read_text("utf-8") for path in (tmp_path / "output").rglob("*.*") if path.is_file())
        assert "Take me down" not in left
        (line,) = (tmp_path / ".broadsheet" / "removed" / "here.ndjson").read_text("utf-8").splitlines()
        assert json.loads(line)["url"] == f"{site.address}/a"
        asked = len(site.asked)
        broadsheet("crawl", "-q")
        assert "/a" not in site.paths()[asked:]
        shutil.rmtree(tmp_path / ".broadsheet" / "locks")
        (tmp_path / ".broadsheet" / "store.sqlite").unlink()
        for extra in (tmp_path / ".broadsheet").glob("store.sqlite-*"):
            extra.unlink()
        broadsheet("rebuild")
        broadsheet("crawl", "-q")
    (path,) = (tmp_path / "output" / "here").rglob("*.md")
    assert frontmatter.load(str(path))["title"] == "It stays"


def test_an_unknown_article_is_told(broadsheet: Broadsheet) -> None:
    broadsheet("crawl", "demo", "-q")
    assert "nowhere" in broadsheet("remove", "http://demo.broadsheet.example/nowhere", code=2).stderr


@pytest.mark.parametrize("profile", ["hexo", "hugo", "jekyll", "eleventy", "plain"])
def test_store_and_feeds_are_rebuilt_byte_for_byte(broadsheet: Broadsheet, tmp_path: Path, profile: str) -> None:
    (tmp_path / "broadsheet.yaml").write_text(f"profile: {profile}\nbase_url: https://e.example/news/\n", "utf-8")
    broadsheet("crawl", "demo", "-q")
    before = tree(tmp_path / "output")
    shutil.rmtree(tmp_path / ".broadsheet")
    shutil.rmtree(tmp_path / "output" / "feeds")
    shutil.rmtree(tmp_path / "output" / "index", ignore_errors=True)
    broadsheet("rebuild", BROADSHEET_NOW="2026-07-01T00:00:00Z")
    assert tree(tmp_path / "output") == before
    second = json.loads(broadsheet("crawl", "demo", "--json", BROADSHEET_NOW="2026-07-02T00:00:00Z").stdout)
    assert second["sources"]["demo"]["new"] == 0
    assert tree(tmp_path / "output") == before


def test_another_profile_writes_all_documents_again(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("# ours\ntitle: Mine\n", "utf-8")
    broadsheet("crawl", "demo", "-q")
    names = set(tree(tmp_path / "output" / "demo"))
    feeds = tree(tmp_path / "output" / "feeds")
    broadsheet("rebuild", "--profile", "hugo")
    assert "profile: hugo" in (tmp_path / "broadsheet.yaml").read_text("utf-8")
    assert "# ours" in (tmp_path / "broadsheet.yaml").read_text("utf-8")
    assert set(tree(tmp_path / "output" / "demo")) == names
    assert all(b"lastmod:" in content for content in tree(tmp_path / "output" / "demo").values())
    assert tree(tmp_path / "output" / "feeds") == feeds
    broadsheet("rebuild", "--profile", "hexo")
    broadsheet("rebuild", "--profile", "hugo")


def test_history_lists_what_was(broadsheet: Broadsheet, tmp_path: Path) -> None:
    import time

    with Site({"/": listing("/a"), "/a": article("The quay")}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra='look_again: ["1s"]\n'))
        broadsheet("crawl", "-q")
        time.sleep(1.1)
        site.pages["/a"] = article("The quay", words="pier")
        broadsheet("crawl", "-q", BROADSHEET_NOW="2026-04-01T08:00:00Z")
        shown = broadsheet("history", f"{site.address}/a", "--diff").stdout
    assert "0001" in shown
    assert "now" in shown
    assert "+Paragraph 0 of The quay: the harbour office said on Monday that the pier" in shown
