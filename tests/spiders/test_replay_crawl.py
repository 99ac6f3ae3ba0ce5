"""Whole crawls of real sites, from saved pages. The recipes are what a user would write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from conftest import Broadsheet, Replay, tree, write_recipe
from shared import needs_shared

from crawler.urls import host_of

pytestmark = needs_shared

ZHAOQI = """\
url: http://zhaoqi.vip/
name: ZhaoQi's Blog
zone: Asia/Shanghai
language: zh-CN
delay: 0
concurrency: 8
sections:
  - id: home
    name: 首页
    list: {url: "http://zhaoqi.vip/", link: a.post-title-link, next: a.extend.next, pages: 50}
article:
  url: '^/posts/'
"""
MIAOHANCHENG = """\
url: http://miaohancheng.com/
name: Miao Hancheng
zone: Asia/Shanghai
language: zh-CN
delay: 0
concurrency: 8
sections:
  - id: home
    name: 首页
    list: {url: "http://miaohancheng.com/", link: "a.post-title, a.feature-title"}
  - id: archives
    name: 归档
    list: {url: "http://miaohancheng.com/archives/"}
article:
  url: '^/20\\d\\d/(?:\\d\\d/\\d\\d/)?[^/]+/$'
"""


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


GUANCHA_LIST = """<html><body><ul class="column-list">{items}</ul></body></html>"""


def test_guancha_home_page_lists_its_articles(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    """Most links of the saved home page lead to pages that nobody saved: they fail one by one, and the run is done."""
    (tmp_path / "broadsheet.yaml").write_text("delay: 0\nconcurrency: 8\n", "utf-8")
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
