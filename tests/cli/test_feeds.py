from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Broadsheet, tree, write_recipe
from local_site import Site, article, listing, recipe


def test_a_change_of_settings_is_noticed(broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet("crawl", "demo", "-q")
    assert "0 files written, 0 unchanged" in broadsheet("feeds").stdout
    before = tree(tmp_path / "output")
    without = broadsheet("feeds", "--all").stdout
    assert "0 files written" in without
    assert "No base_url in broadsheet.yaml: feeds have no self links, archives and OPML list" in without
    (tmp_path / "broadsheet.yaml").write_text("base_url: https://e.example/news\n", "utf-8")
    told = broadsheet("feeds").stdout
    assert "files written" in told
    assert not told.startswith("0 files")
    assert "No base_url" not in told
    after = tree(tmp_path / "output")
    assert after["feeds/feeds.opml"]
    ids = [[item["id"] for item in json.loads(found["feeds/all.json"])["items"]] for found in (before, after)]
    assert ids[0] == ids[1]
    (tmp_path / "broadsheet.yaml").unlink()
    broadsheet("feeds")
    assert tree(tmp_path / "output") == before


def test_a_site_that_moves_floods_nobody(broadsheet: Broadsheet, tmp_path: Path) -> None:
    old = {f"/old/{n}": article(f"Quay {n} opens", words=f"quay {n}") for n in range(8)}
    with Site({"/": listing(*old), **old}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        broadsheet("crawl", "-q")
        good = {path: content for path, content in tree(tmp_path / "output/feeds").items() if path.startswith("here")}
        moved = {path.replace("old", "new"): page for path, page in old.items()}
        site.pages.update({"/": listing(*moved), **moved})
        for path in old:
            del site.pages[path]
        told = broadsheet("crawl", "-q", BROADSHEET_NOW="2026-04-02T06:00:00Z")
        assert "8 of 8 known articles came back under other ids" in " ".join((told.stdout + told.stderr).split())
        assert {path: content for path, content in tree(tmp_path / "output/feeds").items() if path.startswith("here")} == good
        assert "broadsheet feeds --force" in " ".join(broadsheet("feeds").stdout.split())
        assert "came back" not in broadsheet("feeds", "--force").stdout
        assert len(json.loads((tmp_path / "output/feeds/here.json").read_bytes())["items"]) == 16
        assert "0 files written" in broadsheet("feeds").stdout


@pytest.mark.parametrize(
    ("settings", "told"), [("feed_limit: 0", "feed_limit"), ("feed_bytes: 5", "feed_bytes"), ("own_feeds: [a]", "own_feeds")]
)
def test_a_mistake_in_the_settings_names_its_key(broadsheet: Broadsheet, tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / "broadsheet.yaml").write_text(settings + "\n", "utf-8")
    assert told in broadsheet("feeds", code=2).stderr
