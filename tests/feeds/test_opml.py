from __future__ import annotations

from pathlib import Path
from typing import Any

from feeds.entries import SITE, entry
from feeds.shelves import Documents
from lxml import etree

from crawler.feeds.feed import Channel
from crawler.feeds.opml import write_opml
from crawler.feeds.plans import FeedSettings
from crawler.feeds.publish import publish
from crawler.feeds.sources import SectionInfo, SourceInfo

AT = "https://x.example/feeds/"
CHANNELS = [
    Channel("demo/city", "Demo · City", f"{SITE}/", language="en", author="Demo", address=f"{AT}demo/city"),
    Channel("demo", "Demo", f"{SITE}/", language="en", author="Demo", address=f"{AT}demo"),
    Channel("plain", 'A "plain" <one>', f"{SITE}/", address=f"{AT}plain"),
    Channel("all", "Broadsheet", f"{SITE}/", address=f"{AT}all"),
]


def body(content: bytes) -> Any:
    return etree.fromstring(content).find("body")


def test_a_source_with_sections_is_a_folder_and_all_comes_first() -> None:
    tree = body(write_opml("Broadsheet", CHANNELS))
    assert [outline.get("text") for outline in tree] == ["Broadsheet", "Demo", 'A "plain" <one>']
    folder = tree[1]
    assert folder.get("xmlUrl") is None
    assert [outline.get("text") for outline in folder] == ["Demo", "Demo · City"]


def test_each_feed_has_what_readers_need() -> None:
    outline = body(write_opml("Broadsheet", CHANNELS))[1][1]
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": "Demo · City",
        "title": "Demo · City",
        "xmlUrl": f"{AT}demo/city.atom",
        "htmlUrl": f"{SITE}/",
        "language": "en",
    }


def test_feeds_without_absolute_address_are_left_out() -> None:
    assert len(body(write_opml("Broadsheet", [Channel("demo", "Demo", f"{SITE}/")]))) == 0


def test_it_is_published_with_base_url_and_lists_the_feeds_that_are_there(tmp_path: Path) -> None:
    documents = Documents([entry(1)])
    source = SourceInfo("demo", "Demo", f"{SITE}/", sections=(SectionInfo("city", "City"), SectionInfo("empty", "Empty")))

    def run(base_url: str) -> None:
        publish(
            None,
            sources=[source],
            membership=documents,
            read_document=documents.read_document,
            folder=tmp_path,
            settings=FeedSettings(base_url=base_url),
        )

    run("")
    assert not (tmp_path / "feeds.opml").exists()
    run("https://x.example")
    urls = [outline.get("xmlUrl") for outline in body((tmp_path / "feeds.opml").read_bytes()).iter("outline") if outline.get("xmlUrl")]
    assert sorted(urls) == [f"{AT}{path}.atom" for path in ("all", "demo", "demo/city")]
    assert all((tmp_path / url.removeprefix(AT)).is_file() for url in urls)
