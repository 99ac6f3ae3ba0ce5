"""The three formats against their standards, over hostile articles: RFC 4287 by jing, RSS 2.0 and JSON Feed by rules of our own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from feeds.entries import GATHERED, ORIGIN, SHOWN, entry
from feeds.hostile import hostile_entries

from crawler.feeds.build import Built, build
from crawler.feeds.checks import faults
from crawler.feeds.feed import Channel, Item
from crawler.feeds.item import FeedEntry, prepare

SCHEMA = Path(__file__).parent / "atom.rnc"
needs_jing = pytest.mark.skipif(shutil.which("jing") is None, reason="jing is not installed")
CHANNELS = [
    GATHERED,
    Channel("all", "A & B <c>", "https://x.example/", language="zh-CN", address="https://x.example/feeds/all", archive=2, previous=1),
]


def prepared() -> list[Item]:
    return [prepare(SHOWN), *(prepare(FeedEntry(hostile, ("City", "<b>"), ORIGIN)) for hostile in hostile_entries())]


def feeds() -> list[Built]:
    items = prepared()
    return [build(channel, items[start : start + 50]) for channel in CHANNELS for start in range(0, len(items), 50)]


@pytest.fixture(scope="module")
def built() -> list[Built]:
    return feeds()


def test_no_hostile_article_is_lost(built: list[Built]) -> None:
    assert not [problem for feed in built for problem in feed.problems]
    assert sum(len(feed.items) for feed in built) == 2 * 501


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_hostile_articles_make_feeds_without_fault(built: list[Built], suffix: str) -> None:
    assert [fault for feed in built for fault in faults(suffix, feed.documents[suffix])] == []


def jing(tmp_path: Path, documents: list[bytes]) -> subprocess.CompletedProcess[str]:
    paths = []
    for number, content in enumerate(documents):
        paths.append(tmp_path / f"{number}.atom")
        paths[-1].write_bytes(content)
    return subprocess.run(["jing", "-c", str(SCHEMA), *map(str, paths)], capture_output=True, text=True, timeout=120)


@pytest.mark.needs("jing")
@needs_jing
def test_atom_holds_against_the_schema(built: list[Built], tmp_path: Path) -> None:
    done = jing(tmp_path, [feed.documents["atom"] for feed in built])
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.needs("jing")
@needs_jing
@pytest.mark.parametrize(
    ("found", "replacement"),
    [
        ("<updated>2024", "<updated>yesterday 2024"),
        ("<id>urn:uuid:", "<id>12"),
        ('type="html"', 'type="CDATA"'),
        ('rel="alternate"', 'rel="elsewhere"'),
        ("<author>", "<author><email>x</email></author><author><foo/>"),
        ('href="http', 'href="/http'),
        ("<entry>", "<entry><title>two</title>"),
    ],
)
def test_the_schema_finds_what_is_wrong(tmp_path: Path, found: str, replacement: str) -> None:
    good = build(CHANNELS[1], [prepare(FeedEntry(entry(1, language="zh-CN")))]).documents["atom"].decode()
    assert jing(tmp_path, [good.encode()]).returncode == 0
    assert found in good
    assert jing(tmp_path, [good.replace(found, replacement).encode()]).returncode != 0
