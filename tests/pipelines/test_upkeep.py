"""Taking down, rebuilding: the documents are the truth."""

from __future__ import annotations

import json
import shutil
import time
from io import BytesIO
from pathlib import Path

import frontmatter
import pytest
from conftest import Broadsheet, tree, write_recipe
from local_site import Answer, Site, article, listing, recipe
from PIL import Image


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
    if profile == "hexo":
        second = json.loads(broadsheet("crawl", "demo", "--json", BROADSHEET_NOW="2026-07-02T00:00:00Z").stdout)
        assert second["sources"]["demo"]["new"] == 0
        assert tree(tmp_path / "output") == before


def test_what_many_runs_made_is_rebuilt_byte_for_byte(broadsheet: Broadsheet, tmp_path: Path) -> None:
    """Changed, gone, moved, taken down, edited by hand, shown in a second section, with a picture: index and feeds are as they were."""
    settings = "profile: hugo\nbase_url: https://e.example/news/\nimages: keep\nfeed_limit: 3\n"
    own_feed = "own_feeds:\n  harbour: {title: Harbour, filters: {filter: quay}}\n"
    (tmp_path / "broadsheet.yaml").write_text(settings + own_feed, "utf-8")
    sections = 'list: {url: "%s/", link: "h2 a"}\n  - id: sea\n    name: The sea\n    list: {url: "%s/sea", link: "h2 a"}'
    named = {f"/{name}": article(f"Story {name}", day=f"2026-03-{day:02}") for day, name in enumerate("abcdef", 1)}
    named["/a"] = named["/a"].replace("</head>", '<meta property="og:image" content="/a.png"></head>')
    older = {f"/older-{number}": article(f"Older {number}", day="2026-02-01") for number in range(47)}  # an archive holds fifty
    picture = BytesIO()
    Image.new("RGB", (400, 300), "navy").save(picture, "PNG")
    with Site(
        {"/": listing(*named), "/sea": listing(*older, "/a", "/e", "/f"), **older, "/a.png": Answer(picture.getvalue()), **named}
    ) as site:
        extra = 'zone: Asia/Shanghai\ngroup: Ports\nlook_again: ["1s"]\n'
        write_recipe(tmp_path, "here", recipe(site, extra=extra, section=sections.replace("%s", site.address)))
        broadsheet("crawl", "-q")
        time.sleep(1.1)
        site.pages |= {
            "/": listing("/a", "/b", "/moved", "/d", "/f", "/new"),
            "/sea": listing("/a", "/d", "/f"),
            "/a": named["/a"].replace("harbour office", "office of the port"),
            "/b": Answer(b"gone", 410),
            "/c": Answer(b"", 301, {"Location": f"{site.address}/moved"}),
            "/moved": named["/c"],
            "/new": article("Story new", day="2026-04-01"),
        }
        (edited,) = (path for path in (tmp_path / "output" / "here").rglob("*-story-f-*.md"))
        edited.write_text(edited.read_text("utf-8").replace("another place", "a place elsewhere"), "utf-8")
        found = json.loads(broadsheet("crawl", "--json", BROADSHEET_NOW="2026-04-02T06:00:00Z").stdout)["sources"]["here"]
        assert (found["new"], found["changed"], len(found["gone"]), found["conflicts"]) == (1, 1, 1, [])
        broadsheet("remove", f"{site.address}/e")
        broadsheet("feeds", "--all")
    before = tree(tmp_path / "output")
    assert sum(name.endswith(".md") for name in before) == 6 + len(older)
    assert any("harbour." in name for name in before)
    archived = json.loads(before["feeds/here/sea/archive/1.json"])["items"]
    assert (len(archived), [item["title"] for item in archived[:2]]) == (49, ["Story f", "Story a"])  # e left its place empty, d came later
    assert any(name.startswith("assets/") and name.endswith(".png") for name in before)
    for store in (tmp_path / ".broadsheet").glob("store.sqlite*"):
        store.unlink()
    shutil.rmtree(tmp_path / "output" / "feeds")
    shutil.rmtree(tmp_path / "output" / "index")
    broadsheet("rebuild", BROADSHEET_NOW="2026-07-01T00:00:00Z")
    after = tree(tmp_path / "output")
    assert sorted(after) == sorted(before)
    assert [name for name in before if before[name] != after[name]] == []


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
    in_hugo = tree(tmp_path / "output")
    broadsheet("rebuild", "--profile", "hexo")
    # killed in the middle of writing them for hugo: some are, the settings don't say so yet
    for name in sorted(names)[::3]:
        (tmp_path / "output" / "demo" / name).write_bytes(in_hugo[f"demo/{name}"])
    assert tree(tmp_path / "output" / "feeds") == feeds
    broadsheet("feeds", "--all")
    assert tree(tmp_path / "output" / "feeds") == feeds
    broadsheet("rebuild", "--profile", "hugo")
    assert tree(tmp_path / "output") == in_hugo


def test_a_change_of_the_setting_loses_nothing_and_is_told(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = {"/": listing("/a"), "/a": article("One").replace("</head>", '<meta property="og:image" content="/lead.png"></head>')}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        assert "rebuild" not in broadsheet("crawl").stdout
        site.pages["/"] = listing("/a", "/b")
        site.pages["/b"] = article("Two")
        told = broadsheet("crawl", "-q", "--profile", "eleventy").stderr
        assert "the documents are written for hexo, new ones for eleventy" in told
        assert "broadsheet rebuild --profile eleventy" in told
        (tmp_path / "broadsheet.yaml").write_text("profile: eleventy\n", "utf-8")
        shown = json.loads((tmp_path / "output" / "feeds" / "here.json").read_bytes())["items"]
        assert [item.get("image") for item in shown if item["title"] == "One"] == [f"{site.address}/lead.png"]
        broadsheet("rebuild", "--profile", "eleventy")
        assert broadsheet("crawl", "-q").stderr == ""
    assert all(b"\ndate: '20" in content for content in tree(tmp_path / "output" / "here").values())
    assert json.loads((tmp_path / "output" / "feeds" / "here.json").read_bytes())["items"] == shown


def test_what_is_no_document_and_what_was_edited_is_told_and_kept(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a", "/b", "/c"), "/a": article("One"), "/b": article("Two"), "/c": article("Three")}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        broadsheet("crawl", "-q")
        broadsheet("remove", f"{site.address}/c")
    before = tree(tmp_path / "output")
    (tmp_path / "output" / "here" / "notes.md").write_text("my notes\n", "utf-8")
    (tmp_path / "output" / "here" / "binary.md").write_bytes(b"\xff\x00")
    (tmp_path / "output" / "here" / "folder.md").mkdir()
    lines = tmp_path / ".broadsheet" / "removed" / "here.ndjson"
    lines.write_text(lines.read_text("utf-8") + '{"guid": "urn:uu\n', "utf-8")
    shutil.rmtree(tmp_path / "output" / "feeds")
    shutil.rmtree(tmp_path / "output" / "index")
    told = broadsheet("rebuild").stdout
    assert "2 articles known again, 1 taken down earlier" in told
    assert "✗ here/notes.md: is no document" in told
    assert "✗ here/binary.md: is no document" in told
    assert "removed/here.ndjson, line 2: is broken" in told
    after = tree(tmp_path / "output")
    assert {name: content for name, content in after.items() if name not in ("here/notes.md", "here/binary.md")} == before
    (edited,) = (path for path in (tmp_path / "output" / "here").rglob("*.md") if "-one-" in path.name)
    edited.write_text(edited.read_text("utf-8").replace("harbour office", "office of the harbour"), "utf-8")
    mine = edited.read_bytes()
    told = broadsheet("rebuild", "--profile", "hugo").stdout
    assert f"{edited.relative_to(tmp_path / 'output')}: it was edited by hand and is kept; the new version lies in" in told
    assert edited.read_bytes() == mine
    put_aside = (tmp_path / ".broadsheet" / "conflicts" / edited.relative_to(tmp_path / "output")).read_text("utf-8")
    assert "lastmod: " in put_aside
    assert "office of the harbour" in put_aside
    assert "office of the harbour" in (tmp_path / "output" / "feeds" / "here.atom").read_text("utf-8")


def test_history_lists_what_was(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a"), "/a": article("The quay")}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra='look_again: ["1s"]\n'))
        broadsheet("crawl", "-q")
        time.sleep(1.1)
        site.pages["/a"] = article("The quay", words="pier")
        broadsheet("crawl", "-q", BROADSHEET_NOW="2026-04-01T08:00:00Z")
        shown = broadsheet("history", f"{site.address}/a", "--diff").stdout
        (tmp_path / "broadsheet.yaml").write_text("profile: hugo\n", "utf-8")
        again = broadsheet("history", f"{site.address}/a", "--diff").stdout
        next((tmp_path / ".broadsheet" / "revisions").rglob("0001.md")).write_text("torn", "utf-8")
        broken = broadsheet("history", f"{site.address}/a", "--diff").stdout
    assert "+Paragraph 0 of The quay: the harbour office said on Monday that the pier" in shown
    assert "0001" in shown
    assert "now" in shown
    assert again == shown
    assert "✗ 0001" in broken
    assert "now" in broken
