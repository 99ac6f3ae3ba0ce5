"""Real feed readers over loopback: they find the ids, titles, links and dates that the articles have, and each article once.

feedparser is always here. reader (PyPI), newsboat (Debian) and feedsmith (npm, in ./node_modules or $NODE_MODULES) skip where they are
missing.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from feeds.entries import FULL, SITE, START, entry
from feeds.served import served
from feeds.shelves import Documents

from crawler.article import Moment, zulu
from crawler.entry import Entry
from crawler.feeds import FeedSettings, SectionInfo, SourceInfo, publish
from crawler.feeds.item import FeedEntry, prepare

FORMATS = ("rss", "atom", "json")
SOURCE = SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=(SectionInfo("city", "City"), SectionInfo("world", "World")))
FIRST = (
    FULL,
    entry(2),
    entry(3, title="观察者网：标题", language="zh-CN"),
    entry(4, sections=("city", "world"), title="Tom & Jerry’s “café”"),
)
SECOND = (*FIRST, entry(7), entry(6, title="Found late", published=Moment(START - timedelta(days=3))))
MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parents[1] / "node" / "node_modules"))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of the folder `site`."""
    (tmp_path / "site/feeds").mkdir(parents=True)
    with served(tmp_path / "site") as at:
        yield at


def published(tmp_path: Path, address: str, entries: tuple[Entry, ...]) -> None:
    documents = Documents(entries)
    publish(
        None,
        sources=[SOURCE],
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path / "site/feeds",
        settings=FeedSettings(base_url=address),
    )


def expected(entries: tuple[Entry, ...]) -> set[tuple[str, str, str, str]]:
    """Id, link, title and date of each article, as a reader should have them."""
    items = [prepare(FeedEntry(made)) for made in entries]
    return {(item.guid, item.url, item.title, zulu(item.published)) for item in items}


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_over_http(tmp_path: Path, address: str, suffix: str) -> None:
    published(tmp_path, address, FIRST)
    parsed = feedparser.parse(f"{address}feeds/all.{suffix}")
    assert not parsed.bozo
    found = {(e.id, e.link, e.title, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*e.published_parsed)) for e in parsed.entries}
    # feedparser takes a title of RSS for HTML where it looks so ("Content normalization"): one of ours does
    assert {one[:2] + one[3:] for one in found} == {one[:2] + one[3:] for one in expected(FIRST)}
    assert len(found & expected(FIRST)) >= len(FIRST) - (suffix == "rss")
    assert [link.href for link in parsed.feed.links if link.rel == "self"] == [f"{address}feeds/all.{suffix}"]


@pytest.mark.needs("reader")
@pytest.mark.skipif(importlib.util.find_spec("reader") is None, reason="reader is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("suffix", FORMATS)
def test_reader_has_as_unread_exactly_what_is_new(tmp_path: Path, address: str, suffix: str) -> None:
    from reader import make_reader

    published(tmp_path, address, FIRST)
    for path in (tmp_path / "site/feeds").rglob("*.*"):
        os.utime(path, (1e9, 1e9))  # Last-Modified counts seconds: the second publication is to be a later one
    with make_reader(str(tmp_path / "reader.sqlite")) as reader:
        reader.add_feed(f"{address}feeds/all.{suffix}")
        reader.update_feeds(scheduled=False)
        found = {(e.id, e.link, e.title, zulu(e.published)) for e in reader.get_entries()}
        assert {one[:2] + one[3:] for one in found} == {one[:2] + one[3:] for one in expected(FIRST)}
        assert len(found & expected(FIRST)) >= len(FIRST) - (suffix == "rss")
        for e in reader.get_entries():
            reader.mark_entry_as_read(e)
        published(tmp_path, address, SECOND)
        reader.update_feeds(scheduled=False)
        assert {e.id for e in reader.get_entries(read=False)} == {made.guid for made in SECOND[len(FIRST) :]}


@pytest.mark.needs("newsboat")
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_newsboat_keeps_each_article_once_over_all_feeds(tmp_path: Path, address: str, suffix: str) -> None:
    published(tmp_path, address, FIRST)
    (tmp_path / "urls").write_text("".join(f"{address}feeds/{path}.{suffix}\n" for path in ("all", "demo", "demo/city", "demo/world")))
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config", "-x", "reload"]
    home = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()} | {"HOME": str(tmp_path)}
    subprocess.run(command, env=home, check=True, capture_output=True, timeout=60)
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute("select guid, url, title, pubDate from rss_item").fetchall()
    found = {(guid, url, date) for guid, url, _, date in rows}
    assert len(rows) == len(FIRST)
    items = [prepare(FeedEntry(made)) for made in FIRST]
    assert {(guid, url) for guid, url, _ in found} == {(item.guid, item.url) for item in items}
    assert {(guid, date) for guid, _, date in found} == {(item.guid, int(item.published.timestamp())) for item in items}
    titles = {guid: title for guid, _, title, _ in rows}
    assert all(titles[item.guid] == item.title for item in items[1:])
    cache.close()


PARSE = """
const { parseFeed } = require('feedsmith'); const fs = require('fs');
const { format, feed } = parseFeed(fs.readFileSync(process.argv[1], 'utf8'));
console.log(JSON.stringify({ format, feed }));
"""


@pytest.mark.needs("feedsmith")
@pytest.mark.skipif(not (MODULES / "feedsmith").is_dir() or shutil.which("node") is None, reason="feedsmith is not installed")
@pytest.mark.parametrize("suffix", FORMATS)
def test_feedsmith_finds_the_same(tmp_path: Path, address: str, suffix: str) -> None:
    published(tmp_path, address, FIRST)
    path = tmp_path / f"site/feeds/all.{suffix}"
    done = subprocess.run(["node", "-e", PARSE, str(path)], cwd=MODULES.parent, capture_output=True, text=True, check=True, timeout=60)
    parsed: dict[str, Any] = json.loads(done.stdout)
    feed = parsed["feed"]
    assert parsed["format"] == suffix
    if suffix == "rss":
        found = {(i["guid"]["value"], i["link"], i["title"]) for i in feed["items"]}
    elif suffix == "atom":
        found = {
            (e["id"], e["links"][0]["href"], e["title"] if isinstance(e["title"], str) else e["title"]["value"]) for e in feed["entries"]
        }
    else:
        found = {(i["id"], i["url"], i["title"]) for i in feed["items"]}
    assert found == {one[:3] for one in expected(FIRST)}
