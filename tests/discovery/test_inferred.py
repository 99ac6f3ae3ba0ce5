"""A recipe that is only an address: the same inference, once, kept and told."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from conftest import Broadsheet, clean_environment
from discovery.papers import Answer, Site, feed, paper

KEPT = Path(".broadsheet") / "inferred" / "harbour.yaml"


def workspace(folder: Path, site: Site, more: str = "") -> None:
    (folder / "broadsheet.yaml").write_text("delay: 0\n", "utf-8")
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "harbour.yaml").write_text(f"url: {site.address}/\nallow_private: true\n{more}", "utf-8")


def test_what_was_inferred_is_kept_told_and_used_again(tmp_path: Path, broadsheet: Broadsheet) -> None:
    with Site(paper(head='<link rel="alternate" type="application/rss+xml" href="/feed.xml">')) as site:
        site.pages["/feed.xml"] = feed(site)
        workspace(tmp_path, site, "name: My Harbour\n")
        first = broadsheet("crawl")
        asked = len(site.asked)
        second = broadsheet("crawl")
        sources = json.loads(broadsheet("sources", "--json").stdout)
    kept = (tmp_path / KEPT).read_text("utf-8")
    assert "harbour: inferred from its address: feed, 8 articles, 2 sections (kept in .broadsheet/inferred/harbour.yaml)" in first.stdout
    assert "8 listed · 8 new" in first.stdout
    assert "inferred" not in second.stdout
    assert len(site.asked) - asked < asked / 2
    assert "name: My Harbour" in kept
    assert "(?P<id>" not in kept  # a recipe inferred silently names no id (FORMATS)
    mine = next(one for one in sources if one["id"] == "harbour")
    assert [section["id"] for section in mine["sections"]] == ["world", "sport", "home"]
    assert (tmp_path / "sources" / "harbour.yaml").read_text("utf-8").count("\n") == 3


def test_a_recipe_that_says_something_else_is_inferred_again(tmp_path: Path, broadsheet: Broadsheet) -> None:
    with Site(paper()) as site:
        workspace(tmp_path, site)
        broadsheet("crawl", "--limit", "1")
        workspace(tmp_path, site, "language: de\n")
        again = broadsheet("crawl", "--limit", "1", "--json")
    assert json.loads(again.stdout)["notes"][0].startswith("harbour: inferred from its address")
    assert "language: de" in (tmp_path / KEPT).read_text("utf-8")


def test_a_site_that_nothing_can_be_made_of_is_that_sources_failure_alone(tmp_path: Path, broadsheet: Broadsheet) -> None:
    with Site(paper()) as site, Site({"/": Answer(b"<h1>No</h1>", 404)}) as lost:
        workspace(tmp_path, site)
        (tmp_path / "sources" / "lost.yaml").write_text(f"url: {lost.address}/\nallow_private: true\n", "utf-8")
        done = broadsheet("crawl", code=1)
    assert "the list can't be read: HTTP 404 Not Found" in done.stdout
    assert "8 listed · 8 new" in done.stdout
    assert not (tmp_path / ".broadsheet" / "inferred" / "lost.yaml").exists()


def test_scrapy_crawl_infers_too(tmp_path: Path) -> None:
    with Site(paper()) as site:
        workspace(tmp_path, site)
        (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n", "utf-8")
        command = [str(Path(os.sys.executable).with_name("scrapy")), "crawl", "harbour", "-s", "LOG_LEVEL=ERROR"]  # type: ignore[attr-defined]
        subprocess.run(command, cwd=tmp_path, env=clean_environment(), timeout=240, check=True, capture_output=True)
    assert (tmp_path / KEPT).exists()
    assert len(list((tmp_path / "output" / "harbour").rglob("*.md"))) == 8
