"""Whole crawls of real sites, from saved pages. The recipes are what a user would write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from conftest import Broadsheet, Replay, tree, write_recipe
from local_site import Site
from replayed import ENGLISH, MIAOHANCHENG, ZHAOQI, english_recipe
from shared import needs_shared

from crawler.recipes import find_sources
from crawler.urls import host_of

pytestmark = needs_shared


def crawl(broadsheet: Broadsheet, replay: Replay, source: str, now: str = "2026-04-01T06:00:00Z") -> dict[str, Any]:
    done = broadsheet("crawl", source, "--json", BROADSHEET_NOW=now, **replay.environment)
    found: dict[str, Any] = json.loads(done.stdout)["sources"][source]
    return found


def documents(workspace: Path, source: str) -> dict[str, Any]:
    return {
        str(document["guid"]): document
        for path in (workspace / "output" / source).rglob("*.md")
        if (document := frontmatter.load(str(path)))
    }


def test_zhaoqi_whole_then_only_what_is_new(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    first = crawl(broadsheet, replay, "zhaoqi")
    assert (first["listed"], first["new"], first["failed"]) == (46, 46, 0)
    before = documents(tmp_path, "zhaoqi")
    assert len(before) == 46
    mtimes = {path: path.stat().st_mtime_ns for path in (tmp_path / "output" / "zhaoqi").rglob("*.md")}
    replay.snapshot(1)
    replay.reset()
    second = crawl(broadsheet, replay, "zhaoqi", "2026-05-01T06:00:00Z")
    after = documents(tmp_path, "zhaoqi")
    assert second["new"] == 1
    assert [document["source_url"] for guid, document in after.items() if guid not in before] == ["http://zhaoqi.vip/posts/3592944982/"]
    assert {path: path.stat().st_mtime_ns for path in mtimes} == mtimes
    articles_asked = [url for url, _ in replay.requests() if "/posts/" in url]
    assert len(articles_asked) == 1


def test_a_second_run_at_the_same_snapshot_changes_no_byte(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    crawl(broadsheet, replay, "zhaoqi")
    before = tree(tmp_path / "output")
    replay.reset()
    second = crawl(broadsheet, replay, "zhaoqi", "2026-05-01T06:00:00Z")
    assert (second["new"], second["listed"]) == (0, 46)
    assert {status for _, status in replay.requests()} == {304}
    assert tree(tmp_path / "output") == before


def test_miaohancheng_articles_keep_their_ids_when_their_addresses_change(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    write_recipe(tmp_path, "miaohancheng", MIAOHANCHENG)
    first = crawl(broadsheet, replay, "miaohancheng")
    before = documents(tmp_path, "miaohancheng")
    assert (first["new"], len(before)) == (5, 5)
    assert all(str(document["source_url"]).startswith("http://miaohancheng.com/") for document in before.values())
    replay.snapshot(1)
    crawl(broadsheet, replay, "miaohancheng", "2026-05-01T06:00:00Z")
    after = documents(tmp_path, "miaohancheng")
    assert set(before) <= set(after)
    moved = [document for guid, document in after.items() if guid in before and document.get("also_at")]
    titles = [document["title"] for document in after.values()]
    assert len(titles) == len(set(titles)), "an article that moved came back under a new id"
    assert len(moved) >= 4
    assert all(any("/20" in str(address) for address in document["also_at"]) for document in moved)


def test_guancha_home_page_lists_its_articles(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    """Most links of the saved home page lead to pages that nobody saved: they fail one by one, and the run is done."""
    (tmp_path / "broadsheet.yaml").write_text("delay: 0\nconcurrency: 8\n", "utf-8")
    shipped = Path(find_sources(tmp_path).shipped["guancha"].ref.path).read_text("utf-8")
    write_recipe(tmp_path, "guancha", shipped.replace("https://", "http://"))
    done = broadsheet("crawl", "guancha", "--limit", "20", "--json", **replay.environment)
    found = json.loads(done.stdout)["sources"]["guancha"]
    assert found["listed"] > 100
    assert found["new"] == 0
    assert found["failed"] > 0


@pytest.mark.parametrize("replay", [["--snapshot", "0"]], indirect=True)
def test_nothing_but_saved_hosts_is_asked(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    crawl(broadsheet, replay, "zhaoqi")
    assert {host_of(url) for url, _ in replay.requests()} == {"zhaoqi.vip"}


@pytest.mark.parametrize("name", ENGLISH)
def test_english_sites_whose_front_page_links_a_saved_article(name: str, broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    """One link of each front page was saved: it becomes a document, the others fail one by one with 404."""
    word = ENGLISH[name][2]
    write_recipe(tmp_path, name, english_recipe(name))
    found = crawl(broadsheet, replay, name)
    made = list(documents(tmp_path, name).values())
    assert any(word.lower() in f"{document['title']} {document.content}".lower() for document in made), found
    assert found["listed"] >= 10
    assert found["new"] + found["failed"] + found["known"] == found["listed"]


THREE = ["/WangWen/2019_09_07_516891.shtml", "/industry-science/2019_09_07_516923.shtml", "/politics/2019_09_09_517162.shtml"]


def test_guanchas_three_saved_articles_through_a_list_written_for_them(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    """The saved home page links none of the three saved articles: this list page is ours, the articles are real."""
    items = "".join(f'<li><h4 class="module-title"><a href="{path}?s=sywglbt">x</a></h4></li>' for path in THREE)
    with Site({"/list": f"<ul class='column-list'>{items}</ul>"}) as lists:
        page = f"{lists.address}/list"
        links = items.replace('href="', 'href="http://www.guancha.cn')
        lists.pages["/list"] = f"<ul class='column-list'>{links}</ul>"
        shipped = Path(find_sources(tmp_path).shipped["guancha"].ref.path).read_text("utf-8")
        head, _, rest = shipped.partition("sections:")
        recipe = head + f"delay: 0\nallow_private: true\nsections:\n  - {{id: home, name: 首页, list: {{url: '{page}', link: 'h4 a'}}}}\n"
        write_recipe(tmp_path, "guancha", recipe + rest[rest.index("article:") :].replace("newest: 24h", "newest: 9999d"))
        done = broadsheet("crawl", "guancha", "--json", no_proxy="127.0.0.1", **replay.environment)
    found = json.loads(done.stdout)["sources"]["guancha"]
    made = {str(document["source_url"]).rpartition("_")[2]: document for document in documents(tmp_path, "guancha").values()}
    assert (found["new"], found["failed"]) == (3, 0), found
    assert set(made) == {"516891.shtml", "516923.shtml", "517162.shtml"}
    assert {str(document["published_at"])[:10] for document in made.values()} == {"2019-09-07", "2019-09-09"}
    assert all(document["categories"][:2] == ["新媒体", "观察者网"] for document in made.values())
    assert all("email@gmail.com" not in str(document["author"]) for document in made.values())
    assert all(len(document.content) > 500 for document in made.values())
