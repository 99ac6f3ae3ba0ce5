"""Feeds of real sites, crawled from saved pages: valid, and a reader that has read everything finds unread exactly what is new."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from conftest import Broadsheet, Replay, write_recipe
from replayed import ENGLISH, MIAOHANCHENG, ZHAOQI, english_recipe
from shared import needs_shared
from web.newsroom import Answered, serving

from crawler.feeds.checks import faults
from crawler.workspace import open_workspace

pytestmark = needs_shared
SCHEMA = Path(__file__).parent / "atom.rnc"
FORMATS = ("rss", "atom", "json")


def documents(workspace: Path, source: str = "*") -> dict[str, Any]:
    found = (frontmatter.load(str(path)) for path in (workspace / "output").glob(f"{source}/*/*/*.md"))
    return {str(document["guid"]): document for document in found}


def test_real_sites_feeds_are_valid_and_hold_what_the_documents_hold(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("base_url: https://feeds.example/news/\n", "utf-8")
    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    write_recipe(tmp_path, "miaohancheng", MIAOHANCHENG)
    for name in ENGLISH:
        write_recipe(tmp_path, name, english_recipe(name))
    broadsheet("crawl", "-q", code=None, **replay.environment)
    held = documents(tmp_path)
    assert len({document["source_id"] for document in held.values()}) == 2 + len(ENGLISH)
    written = sorted(path for path in (tmp_path / "output/feeds").rglob("*") if path.suffix[1:] in FORMATS)
    assert len(written) >= 3 * 18
    assert {str(path): faults(path.suffix[1:], path.read_bytes()) for path in written} == {str(path): [] for path in written}
    if shutil.which("jing"):
        atoms = [path for path in written if path.suffix == ".atom"]
        done = subprocess.run(["jing", "-c", SCHEMA, *atoms], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stdout) == (0, "")
    for source in ("zhaoqi", "miaohancheng", *ENGLISH):
        shown = {item["id"]: item for item in json.loads((tmp_path / f"output/feeds/{source}/home.json").read_bytes())["items"]}
        of_section = {guid for guid, document in held.items() if document["source_id"] == source and "home" in document["sections"]}
        assert shown.keys() == of_section
        for guid, item in shown.items():
            document = held[guid]
            assert (item["url"], item["date_published"]) == (document["source_url"], document["published_at"])
            assert item["title"] == " ".join(str(document.get("source_title") or document["title"]).split())


@pytest.mark.needs("reader")
@pytest.mark.skipif(importlib.util.find_spec("reader") is None, reason="reader is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_unread_after_the_next_crawl_is_exactly_what_is_new(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    from reader import make_reader

    def crawl(now: str) -> None:
        broadsheet("crawl", "zhaoqi", "-q", BROADSHEET_NOW=now, **replay.environment)

    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    crawl("2026-04-01T06:00:00Z")
    before = documents(tmp_path)
    for path in (tmp_path / "output/feeds").rglob("*.*"):
        os.utime(path, (1e9, 1e9))  # Last-Modified counts seconds
    log: list[Answered] = []
    with serving(open_workspace(tmp_path), log=log) as address, make_reader(str(tmp_path / "reader.sqlite")) as reader:
        for suffix in FORMATS:
            reader.add_feed(f"{address}/feeds/zhaoqi.{suffix}")
        reader.update_feeds()
        for suffix in FORMATS:
            assert {one.id for one in reader.get_entries(feed=f"{address}/feeds/zhaoqi.{suffix}")} == before.keys()
        for one in reader.get_entries():
            reader.mark_entry_as_read(one)
        reader.update_feeds(scheduled=False)
        assert [line.status for line in log] == [200, 200, 200, 304, 304, 304]
        replay.snapshot(1)
        crawl("2026-05-01T06:00:00Z")
        new = documents(tmp_path).keys() - before.keys()
        assert len(new) == 1
        reader.update_feeds(scheduled=False)
        for suffix in FORMATS:
            assert {one.id for one in reader.get_entries(feed=f"{address}/feeds/zhaoqi.{suffix}", read=False)} == new
