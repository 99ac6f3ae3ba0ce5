"""Articles kept from one publication to the next are never believed without a look."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from feeds.entries import FULL, SITE, entry
from feeds.shelves import Documents

from crawler.article import Image
from crawler.entry import Entry
from crawler.feeds import FeedSettings, KeptPicture, PagesAt, PreparedAt, SectionInfo, SourceInfo, custom_feeds, publish
from crawler.feeds.publish import PublishReport
from crawler.feeds.shelf import Shelf
from crawler.feeds.sources import Listed

SOURCE = SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=(SectionInfo("city", "City"),))
PICTURED = entry(3, image=Image(f"{SITE}/p.png"), body=f'<p>Text</p><p><img src="{SITE}/p.png"></p>')
LONG_AGO = (1_700_000_000, 1_700_000_000)


class Room:
    """Documents on a disk, which are there for their marks alone: what they hold is in memory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries: list[Entry] = []
        (root / "assets").mkdir()

    def write(self, *entries: Entry, fresh: bool = False) -> None:
        for made in entries:
            self.entries = [*(e for e in self.entries if e.guid != made.guid), made]
            path = self.root / "documents" / made.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(repr(made), "utf-8")
        if not fresh:
            self.settle()

    def settle(self) -> None:
        """As if all had been written a while ago: in a moment nothing can be told apart by its time."""
        self.now = max((path.stat().st_ctime_ns for path in self.root.rglob("*")), default=0) + 10**9

    def publish(
        self, monkeypatch: pytest.MonkeyPatch, *, source: SourceInfo = SOURCE, key: str = "", limit: int = 50, **options: object
    ) -> list[str]:
        """Publishes, and gives the numbers of the documents that were read."""
        documents = Documents(self.entries)
        monkeypatch.setattr("crawler.feeds.prepared.time.time_ns", lambda: self.now)
        self.report: PublishReport = publish(
            None,
            sources=[source],
            membership=documents,
            read_document=documents.read_document,
            folder=self.root / "output/feeds",
            settings=FeedSettings(limit=limit),
            pages=PagesAt(self.root / "output", self.root / "documents"),
            prepared=PreparedAt(self.root / "prepared", self.root / "documents", self.root / "assets", key),
            **options,  # type: ignore[arg-type]
        )
        return sorted(path.rpartition("/")[2].removesuffix(".md").lstrip("0") for path in documents.read)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = Room(tmp_path)
    made.write(FULL, entry(2))
    return made


def test_what_did_not_change_is_not_read_again_and_gives_the_same_bytes(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    assert room.publish(monkeypatch) == ["1", "2"]
    output = {path: path.read_bytes() for path in (room.root / "output").rglob("*.*")}
    for path in output:
        path.unlink()
    assert room.publish(monkeypatch) == []
    assert {path: path.read_bytes() for path in output} == output


def test_only_the_new_article_is_read(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.publish(monkeypatch)
    room.write(entry(5))
    assert room.publish(monkeypatch) == ["5"]
    assert room.publish(monkeypatch) == []


def test_a_document_that_was_written_again_is_read_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.publish(monkeypatch)
    room.write(entry(2, title="Corrected"))
    assert room.publish(monkeypatch) == ["2"]
    assert "Corrected" in (room.root / "output/feeds/demo.rss").read_text("utf-8")
    room.write(entry(2, title="Corrected once"))
    os.utime(room.root / "documents" / entry(2).path, LONG_AGO)  # its time of change may lie, that of its inode does not
    room.settle()
    assert room.publish(monkeypatch) == ["2"]


def test_one_that_was_written_this_very_moment_is_not_kept(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.now = min((room.root / "documents" / made.path).stat().st_ctime_ns for made in room.entries)
    room.publish(monkeypatch)
    room.settle()
    assert room.publish(monkeypatch) == ["1", "2"]
    assert room.publish(monkeypatch) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(SOURCE, sections=(SectionInfo("city", "Town"),)),
        replace(SOURCE, language="fr"),
    ],
)
def test_another_word_of_the_source_is_heard(room: Room, monkeypatch: pytest.MonkeyPatch, other: SourceInfo) -> None:
    room.publish(monkeypatch)
    assert room.publish(monkeypatch, source=replace(SOURCE, title="Renamed")) == []
    assert room.publish(monkeypatch, source=other) == ["1", "2"]


def test_another_broadsheet_and_other_settings_read_anew(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.publish(monkeypatch)
    assert room.publish(monkeypatch, key="other") == ["1", "2"]


def test_a_picture_that_came_or_went_is_seen(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.entries = []
    room.write(replace(PICTURED, image_files={f"{SITE}/p.png": "ab.png"}))

    def kept(of: Entry) -> dict[str, KeptPicture]:
        there = (room.root / "assets/ab.png").exists()
        return {f"{SITE}/p.png": KeptPicture("https://x.example/assets/ab.png", "image/png", 3, "assets/ab.png")} if there else {}

    assert room.publish(monkeypatch, kept=kept) == ["3"]
    assert 'src="http' in (room.root / "output/feeds/demo.html").read_text("utf-8")
    (room.root / "assets/ab.png").write_bytes(b"png")
    assert room.publish(monkeypatch, kept=kept) == ["3"]
    assert room.publish(monkeypatch, kept=kept) == []
    page = (room.root / "output/feeds/demo.html").read_text("utf-8")
    assert page.count('src="../assets/ab.png"') == 2
    assert "x.example" not in page
    assert "https://x.example/assets/ab.png" in (room.root / "output/feeds/demo.rss").read_text("utf-8")


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"key": "", "records": {"x": 1}}', b'{"key": "", "records": 3}', b"\xff"])
def test_what_is_damaged_is_made_anew(room: Room, monkeypatch: pytest.MonkeyPatch, damage: bytes) -> None:
    room.publish(monkeypatch)
    for path in (room.root / "prepared").rglob("*.json"):
        path.write_bytes(damage)
    assert room.publish(monkeypatch) == ["1", "2"]
    assert room.report.problems == ()


def test_records_without_a_part_are_made_anew(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.publish(monkeypatch)
    for path in (room.root / "prepared").rglob("*.json"):
        held = json.loads(path.read_bytes())
        for record in held["records"].values():
            record["item"] = record["item"][:3]
        path.write_text(json.dumps(held))
    assert room.publish(monkeypatch) == ["1", "2"]


def test_a_feed_of_ones_own_looks_at_each_article_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def own(pattern: str) -> object:
        return custom_feeds({"mine": {"title": "Mine", "filters": {"filter_title": pattern}}})

    room.write(*(entry(n) for n in range(10, 15)))
    shown = room.root / "output/feeds/mine.json"
    room.publish(monkeypatch, custom=own("Headline 2"), limit=1)
    assert room.publish(monkeypatch, custom=own("Headline 2"), limit=1) == []
    assert len(json.loads(shown.read_bytes())["items"]) == 1
    room.write(entry(12, title="Headline 2 again"))
    assert room.publish(monkeypatch, custom=own("Headline 2"), limit=1) == ["12"]
    assert len(json.loads(shown.read_bytes())["items"]) == 2
    room.publish(monkeypatch, custom=own("Headline 1"), limit=1)
    assert len(json.loads(shown.read_bytes())["items"]) == 4


def test_a_feed_that_goes_takes_what_was_kept_along(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.publish(monkeypatch)
    assert (room.root / "prepared/demo.json").exists()
    room.entries = []
    room.publish(monkeypatch)
    assert not (room.root / "prepared/demo.json").exists()


@pytest.mark.parametrize("in_passing", [True, False])
def test_what_archives_go_through_does_not_stay_in_memory(room: Room, monkeypatch: pytest.MonkeyPatch, in_passing: bool) -> None:
    monkeypatch.setattr("crawler.feeds.shelf.AT_HAND", 2)
    monkeypatch.setattr("crawler.feeds.prepared.time.time_ns", lambda: room.now)
    room.write(*(entry(n) for n in range(1, 8)))
    at = PreparedAt(room.root / "prepared", room.root / "documents", room.root / "assets", "")
    shelf = Shelf(Listed([SOURCE]), FeedSettings(), Documents(room.entries).read_document, prepared=at)
    shelf.in_passing = in_passing
    for made in room.entries:
        shelf.at(made.path)
    assert len(shelf.prepared.records) == (2 if in_passing else 7)
