"""`broadsheet record` and `test`, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Broadsheet, tree, write_recipe
from local_site import Answer, Site, article, listing, recipe

ROOT = Path(__file__).parents[2]


def site_pages() -> dict[str, Any]:
    return {
        "/": listing("/1", "/2", "/bad"),
        "/1": article("Story 1"),
        "/2": article("Story 2").replace("</article>", "</article><p>1 <a href='/2?page=2'>2</a></p>"),
        "/2?page=2": article("Story 2", words="pier"),
        "/bad": Answer(b"", 500),
    }


def test_record_then_test_then_a_change_is_shown_and_accepted(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site(site_pages()) as site:
        text = recipe(site)
        write_recipe(tmp_path, "here", text)
        told = broadsheet("record", "here")
        assert site.paths()[0] == "/robots.txt"
        assert "home list: 3 links" in told.stdout
        assert "Story 2 (2 parts)" in told.stdout
        assert "/bad: HTTP 500" in told.stderr
        one = broadsheet("record", "here", f"{site.address}/2").stdout
        assert "Story 2" in one
    assert len(list((tmp_path / "sources" / "here").glob("*.json"))) == 3
    assert "3 recordings" in broadsheet("test").stdout
    write_recipe(tmp_path, "here", text + "article: {title: 'const:Other', remove: ['p:first-of-type']}\n")
    shown = broadsheet("test", "here", code=1).stdout
    assert "3 recordings · 2 differ" in shown
    assert "title        - Story 1" in shown
    assert "+ Other" in shown
    assert "body         - <p>Paragraph 0" in shown
    said = json.loads(broadsheet("test", "--json", code=1).stdout)
    assert [one["passed"] for one in said].count(False) == 2
    assert {difference["field"] for one in said for difference in one["differences"]} == {"title", "body"}
    before = tree(tmp_path / "sources" / "here")
    broadsheet("test", "--update")
    after = tree(tmp_path / "sources" / "here")
    assert {name for name in before if before[name] != after[name]} == {
        name for name in before if name.endswith(".json") and "list" not in name
    }
    assert "3 recordings" in broadsheet("test").stdout


def test_live_tells_what_the_site_gives_now(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = site_pages()
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        broadsheet("record", "here")
        assert "2 recordings" in broadsheet("test", "--live").stdout
        site.pages["/1"] = article("Story 1, corrected")
        del site.pages["/2"]
        done = broadsheet("test", "--live", code=1)
    assert "+ Story 1, corrected" in done.stdout
    assert "HTTP 404" in done.stdout
    assert "2 differ" in done.stdout


def test_nothing_recorded_and_unknown_sources_are_told(broadsheet: Broadsheet, tmp_path: Path) -> None:
    assert "no sources here" in broadsheet("test", code=2).stderr
    write_recipe(tmp_path, "here", "url: https://here.example/\n")
    assert "record here" in broadsheet("test", code=2).stderr
    assert "did you mean 'here'" in broadsheet("test", "hree", code=2).stderr
    assert "did you mean 'here'" in broadsheet("record", "hree", code=2).stderr


def test_a_broken_recording_is_named_and_the_others_are_tested(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/1", "/2"), "/1": article("Story 1"), "/2": article("Story 2")}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        broadsheet("record", "here", f"{site.address}/1", f"{site.address}/2")
    first = min((tmp_path / "sources" / "here").glob("*.json"))
    first.write_text("{", "utf-8")
    done = broadsheet("test", code=1)
    assert first.name in done.stderr
    assert "1 recording" in done.stdout


def test_a_page_that_the_recipe_does_not_take_is_not_recorded(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/1": article("Story 1")}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="expect: {require: [authors]}\n"))
        done = broadsheet("record", "here", f"{site.address}/1", code=1)
    assert "no authors" in done.stderr
    assert not (tmp_path / "sources" / "here").exists()


def test_a_missing_variable_is_told_before_anything_is_asked(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="headers: {X-Key: '${NO_SUCH_THING}'}\n"))
        for command in (["record", "here"], ["preview", "here"]):
            assert "NO_SUCH_THING" in broadsheet(*command, code=2).stderr
    assert site.asked == []


@pytest.mark.parametrize("name", ["demo", "guancha"])
def test_the_shipped_recipes_pass_their_recordings(broadsheet: Broadsheet, name: str) -> None:
    said = json.loads(broadsheet("test", name, "--json").stdout)
    assert len(said) >= 4
    assert all(one["passed"] for one in said)


def test_a_workspaces_recordings_of_a_shipped_source_lie_in_the_workspace(broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet("record", "demo", "http://demo.broadsheet.example/news/fog-signal.html")
    (path,) = (tmp_path / "sources" / "demo").glob("*.json")
    shipped = len(list((ROOT / "crawler" / "recipes" / "shipped" / "demo").glob("*.json")))
    assert f"{shipped + 1} recordings" in broadsheet("test", "demo").stdout
    assert "fog-signal" in path.name
