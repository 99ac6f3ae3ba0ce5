"""The demo newspaper, crawled and served, through real readers: they have what the documents hold, and the second visit costs nothing.

feedparser is always here. reader (PyPI), newsboat (Debian) and feedsmith (npm, in tests/node or $NODE_MODULES) skip where they are missing.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import frontmatter
import httpx
import pytest
from conftest import COMMAND, PROXIES, clean_environment
from feeds.entries import FULL, entry
from web.newsroom import LONG_AGO, Answered, Newsroom, serving

from crawler.article import zulu
from crawler.feeds.checks import faults
from crawler.workspace import open_workspace

FORMATS = ("rss", "atom", "json")
FEEDS = ("all", "demo", "demo/city", "demo/world")
SCHEMA = Path(__file__).parents[1] / "feeds" / "atom.rnc"
MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parents[1] / "node" / "node_modules"))
ENTRIES = [entry(n, source="paper") for n in range(4)]
Shown = set[tuple[str, str, str, str]]
"""Id, address, headline, date of publication."""


@dataclass(slots=True)
class Paper:
    """The demo newspaper in a workspace, and the server of its output."""

    root: Path
    address: str
    log: list[Answered] = field(default_factory=list)

    def documents(self, section: str = "") -> Shown:
        """What the documents hold, read as any tool reads front matter."""
        found = [frontmatter.load(str(path)) for path in (self.root / "output/demo").rglob("*.md")]
        return {
            (str(d["guid"]), str(d["source_url"]), str(d.get("source_title") or d["title"]), str(d["published_at"]))
            for d in found
            if not section or section in d["sections"]
        }

    def answers(self, path: str, visit: Callable[[], object]) -> list[int]:
        """With which statuses a feed was answered while a reader did this."""
        before = len(self.log)
        visit()
        return [line.status for line in self.log[before:] if line.path == f"/feeds/{path}"]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    root = tmp_path_factory.mktemp("paper")
    listening = socket.create_server(("127.0.0.1", 0))
    made = Paper(root, f"http://127.0.0.1:{listening.getsockname()[1]}/")
    (root / "broadsheet.yaml").write_text(f"base_url: {made.address}\nimages: keep\n", "utf-8")
    subprocess.run([*COMMAND, "crawl", "demo", "-q"], cwd=root, env=clean_environment(), check=False, timeout=240)
    for path in (root / "output").rglob("*.*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    with serving(open_workspace(root), listening=listening, log=made.log):
        yield made


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def test_1_2_every_feed_that_is_served_is_valid(paper: Paper, tmp_path: Path) -> None:
    atoms = []
    with httpx.Client(base_url=paper.address) as client:
        for path in FEEDS:
            for suffix in FORMATS:
                content = client.get(f"/feeds/{path}.{suffix}").content
                assert faults(suffix, content) == [], path
                if suffix == "atom":
                    atoms.append(tmp_path / f"{len(atoms)}.atom")
                    atoms[-1].write_bytes(content)
    if shutil.which("jing"):
        done = subprocess.run(["jing", "-c", SCHEMA, *atoms], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.parametrize("query", ["", "?filterout=nosuchword"])
def test_3_feedparser(paper: Paper, suffix: str, query: str) -> None:
    url = f"{paper.address}feeds/all.{suffix}{query}"
    first = feedparser.parse(url)
    assert not first.bozo
    found = {(e.id, e.link, e.title, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*e.published_parsed)) for e in first.entries}
    assert found == paper.documents()
    assert [link.href for link in first.feed.links if link.rel == "self"] == [url]
    assert feedparser.parse(url, etag=first.etag).status == 304
    assert feedparser.parse(url, modified=first.modified).status == 304
    assert feedparser.parse(url, etag=first.etag, modified=first.modified).status == 304


@pytest.mark.needs("reader")
@pytest.mark.skipif(importlib.util.find_spec("reader") is None, reason="reader is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("suffix", FORMATS)
def test_3_reader(paper: Paper, tmp_path: Path, suffix: str) -> None:
    from reader import make_reader

    with make_reader(str(tmp_path / "reader.sqlite")) as reader:
        reader.add_feed(f"{paper.address}feeds/demo/city.{suffix}")
        assert paper.answers(f"demo/city.{suffix}", reader.update_feeds) == [200]
        assert {(e.id, e.link, e.title, zulu(e.published)) for e in reader.get_entries()} == paper.documents("city")
        assert paper.answers(f"demo/city.{suffix}", lambda: reader.update_feeds(scheduled=False)) == [304]


@pytest.mark.needs("newsboat")
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_3_newsboat_has_each_article_once_over_all_feeds(paper: Paper, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "urls").write_text("".join(f"{paper.address}feeds/{path}.{suffix}\n" for path in FEEDS))
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config", "-x", "reload"]

    def reload() -> None:
        subprocess.run(command, env=os.environ | {"HOME": str(tmp_path)}, check=True, capture_output=True, timeout=120)

    assert paper.answers(f"all.{suffix}", reload) == [200]
    reload()  # newsboat keeps the validators of a feed from the second visit on: at the first it has no row yet to keep them in
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute("select guid, url, title, pubDate from rss_item").fetchall()
        ((etag, modified),) = cache.execute("select etag, lastmodified from rss_feed where rssurl like ?", [f"%/all.{suffix}"]).fetchall()
    cache.close()
    found = [(guid, url, title, datetime.fromtimestamp(date).astimezone()) for guid, url, title, date in rows]
    assert len(found) == len(paper.documents())
    assert {(guid, url, title, zulu(at)) for guid, url, title, at in found} == paper.documents()
    assert (etag[:1], modified) == ('"', int(LONG_AGO))
    assert paper.answers(f"all.{suffix}", reload) == [304]
    assert paper.answers(f"demo/world.{suffix}", reload) == [304]


FETCH = """
const { parseFeed } = require('feedsmith');
(async () => {
  const url = process.argv[1], first = await fetch(url), { format, feed } = parseFeed(await first.text());
  const again = await fetch(url, { headers: { 'If-None-Match': first.headers.get('etag') } });
  console.log(JSON.stringify({ format, feed, statuses: [first.status, again.status] }));
})();
"""


@pytest.mark.needs("feedsmith")
@pytest.mark.skipif(not (MODULES / "feedsmith").is_dir() or shutil.which("node") is None, reason="feedsmith is not installed")
@pytest.mark.parametrize("suffix", FORMATS)
def test_3_feedsmith(paper: Paper, suffix: str) -> None:
    command = ["node", "-e", FETCH, f"{paper.address}feeds/all.{suffix}"]
    parsed: dict[str, Any] = json.loads(subprocess.run(command, cwd=MODULES.parent, capture_output=True, check=True, timeout=60).stdout)
    assert (parsed["format"], parsed["statuses"]) == (suffix, [200, 304])
    feed = parsed["feed"]
    if suffix == "rss":
        found = {(i["guid"]["value"], i["link"], i["title"], date(i["pubDate"])) for i in feed["items"]}
    elif suffix == "atom":
        found = {(e["id"], e["links"][0]["href"], text(e["title"]), date(e["published"])) for e in feed["entries"]}
    else:
        found = {(i["id"], i["url"], i["title"], date(i["date_published"])) for i in feed["items"]}
    assert found == paper.documents()


def text(title: Any) -> str:
    return title if isinstance(title, str) else str(title["value"])


def date(written: str) -> str:
    return zulu(parsedate_to_datetime(written) if "," in written else datetime.fromisoformat(written))


def test_16_feedparser_follows_a_move_and_hears_of_the_end(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, moved={"old": "paper"}, gone=["closed"])
    room.write(ENTRIES)
    with serving(room.workspace) as at:
        moved = feedparser.parse(f"{at}/feeds/old/city.atom")
        assert (moved.status, moved.href, len(moved.entries)) == (301, f"{at}/feeds/paper/city.atom", 4)
        assert feedparser.parse(f"{at}/feeds/closed.atom").status == 410


@pytest.mark.needs("reader")
@pytest.mark.skipif(importlib.util.find_spec("reader") is None, reason="reader is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_3_a_title_with_markup_and_an_old_date_reaches_a_reader_as_unread(tmp_path: Path) -> None:
    from reader import make_reader

    room = Newsroom(tmp_path)
    room.write(ENTRIES)
    late = FULL.__class__(FULL.article, FULL.guid, "paper", ("city",), (), entry(9).first_seen, "paper/2024/05/new.md")
    with serving(room.workspace) as at, make_reader(":memory:") as reader:
        for suffix in FORMATS:
            reader.add_feed(f"{at}/feeds/all.{suffix}")
        reader.update_feeds()
        for one in reader.get_entries():
            reader.mark_entry_as_read(one)
        room.write([late], aged=False)
        reader.update_feeds(scheduled=False)
        unread = {(one.feed_url.rpartition(".")[2], one.id) for one in reader.get_entries(read=False)}
        assert unread == {(suffix, late.guid) for suffix in FORMATS}
        titles = {one.feed_url.rpartition(".")[2]: one.title for one in reader.get_entries(read=False)}
        # feedparser takes a title of RSS for HTML where it looks so ("Content normalization")
        assert titles["atom"] == titles["json"] == FULL.article.title
