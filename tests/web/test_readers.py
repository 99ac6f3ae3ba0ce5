"""Real readers against the real server: they find the articles, and on the second visit learn that nothing changed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from feeds.entries import FULL, entry
from web.newsroom import Newsroom, serving

FORMATS = ("rss", "atom", "json")
ENTRIES = [entry(n, source="paper") for n in range(4)]


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path)
    made.write(ENTRIES)
    return made


@pytest.fixture
def address(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with serving(room.workspace) as made:
        yield made


@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.parametrize("query", ["", "?filter_title=Headline"])
def test_feedparser_gets_304_by_tag_and_by_date(address: str, suffix: str, query: str) -> None:
    url = f"{address}/feeds/all.{suffix}{query}"
    first = feedparser.parse(url)
    assert not first.bozo
    assert {e.id for e in first.entries} == {made.guid for made in ENTRIES}
    assert feedparser.parse(url, etag=first.etag).status == 304
    assert feedparser.parse(url, modified=first.modified).status == 304
    assert feedparser.parse(url, etag=first.etag, modified=first.modified).status == 304


def test_feedparser_follows_a_move_and_hears_of_the_end(tmp_path: Path) -> None:
    other = Newsroom(tmp_path, moved={"old": "paper"}, gone=["closed"])
    other.write(ENTRIES)
    with serving(other.workspace) as at:
        moved = feedparser.parse(f"{at}/feeds/old/city.atom")
        assert (moved.status, moved.href, len(moved.entries)) == (301, f"{at}/feeds/paper/city.atom", 4)
        assert feedparser.parse(f"{at}/feeds/closed.atom").status == 410


@pytest.mark.needs("reader")
@pytest.mark.skipif(importlib.util.find_spec("reader") is None, reason="reader is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("suffix", FORMATS)
def test_reader_has_as_unread_what_is_new(room: Newsroom, address: str, tmp_path: Path, suffix: str) -> None:
    from reader import make_reader

    with make_reader(str(tmp_path / "reader.sqlite")) as reader:
        reader.add_feed(f"{address}/feeds/all.{suffix}")
        assert [one.value.new for one in reader.update_feeds_iter(scheduled=False)] == [len(ENTRIES)]
        for one in reader.get_entries():
            reader.mark_entry_as_read(one)
        assert [one.value for one in reader.update_feeds_iter(scheduled=False)] == [None]  # nothing was sent
        room.write(
            [FULL.__class__(FULL.article, FULL.guid, "paper", ("city",), (), entry(9).first_seen, "paper/2024/05/new.md")], aged=False
        )
        reader.update_feeds(scheduled=False)
        assert {one.id for one in reader.get_entries(read=False)} == {FULL.guid}


@pytest.mark.needs("newsboat")
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
def test_newsboat_keeps_the_validators(address: str, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text(f"{address}/feeds/all.atom\n")
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config", "-x", "reload"]
    for _ in range(2):
        subprocess.run(command, env=os.environ | {"HOME": str(tmp_path)}, check=True, capture_output=True, timeout=60)
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        found = {guid for (guid,) in cache.execute("select guid from rss_item")}
        ((etag, modified),) = cache.execute("select etag, lastmodified from rss_feed").fetchall()
    cache.close()
    assert found == {made.guid for made in ENTRIES}
    assert etag.startswith('"')
    assert modified == 1_700_000_000
