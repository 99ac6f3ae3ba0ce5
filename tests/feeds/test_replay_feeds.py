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
from feeds.served import served
from replayed import ZHAOQI
from shared import needs_shared

from crawler.feeds.checks import faults

pytestmark = needs_shared
SCHEMA = Path(__file__).parent / "atom.rnc"
FORMATS = ("rss", "atom", "json")


def crawl(broadsheet: Broadsheet, replay: Replay, now: str) -> None:
    broadsheet("crawl", "zhaoqi", "-q", BROADSHEET_NOW=now, **replay.environment)


def documents(workspace: Path) -> dict[str, Any]:
    found = (frontmatter.load(str(path)) for path in (workspace / "output/zhaoqi").rglob("*.md"))
    return {str(document["guid"]): document for document in found}


def test_a_real_sites_feeds_are_valid_and_hold_what_the_documents_hold(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    crawl(broadsheet, replay, "2026-04-01T06:00:00Z")
    written = sorted(path for path in (tmp_path / "output/feeds").rglob("*") if path.suffix[1:] in FORMATS)
    assert len(written) == 9
    assert {str(path): faults(path.suffix[1:], path.read_bytes()) for path in written} == {str(path): [] for path in written}
    held = documents(tmp_path)
    shown = {item["id"]: item for item in json.loads((tmp_path / "output/feeds/zhaoqi/home.json").read_bytes())["items"]}
    assert shown.keys() == held.keys()
    for guid, item in shown.items():
        document = held[guid]
        assert (item["url"], item["date_published"]) == (document["source_url"], document["published_at"])
        assert item["title"] == " ".join(str(document.get("source_title") or document["title"]).split())
    if shutil.which("jing"):
        done = subprocess.run(
            ["jing", "-c", SCHEMA, *(path for path in written if path.suffix == ".atom")], capture_output=True, timeout=120
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.needs("reader")
@pytest.mark.skipif(importlib.util.find_spec("reader") is None, reason="reader is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_unread_after_the_next_crawl_is_exactly_what_is_new(broadsheet: Broadsheet, replay: Replay, tmp_path: Path) -> None:
    from reader import make_reader

    write_recipe(tmp_path, "zhaoqi", ZHAOQI)
    crawl(broadsheet, replay, "2026-04-01T06:00:00Z")
    before = documents(tmp_path)
    for path in (tmp_path / "output/feeds").rglob("*.*"):
        os.utime(path, (1e9, 1e9))  # Last-Modified counts seconds
    with served(tmp_path / "output/feeds") as address:
        for suffix in FORMATS:
            with make_reader(str(tmp_path / f"{suffix}.sqlite")) as reader:
                reader.add_feed(f"{address}zhaoqi.{suffix}")
                reader.update_feeds(scheduled=False)
                assert {one.id for one in reader.get_entries()} == before.keys()
                for one in reader.get_entries():
                    reader.mark_entry_as_read(one)
        replay.snapshot(1)
        crawl(broadsheet, replay, "2026-05-01T06:00:00Z")
        new = documents(tmp_path).keys() - before.keys()
        assert len(new) == 1
        for suffix in FORMATS:
            with make_reader(str(tmp_path / f"{suffix}.sqlite")) as reader:
                reader.update_feeds(scheduled=False)
                assert {one.id for one in reader.get_entries(read=False)} == new
