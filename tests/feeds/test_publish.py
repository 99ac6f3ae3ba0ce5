from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from feeds.entries import SITE, entry
from feeds.shelves import Documents

from crawler.article import Image
from crawler.feeds import KeptPicture, PagesAt
from crawler.feeds.plans import FeedSettings, paths_of
from crawler.feeds.publish import PublishReport, publish
from crawler.feeds.sources import Gathering, SectionInfo, SourceInfo

SOURCES = (
    SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=(SectionInfo("city", "City"), SectionInfo("world", "World"))),
    SourceInfo("news", "News", "https://news.example/", language="en", sections=(SectionInfo("a", "A"),)),
)
ENTRIES = (
    entry(1),
    entry(2, sections=("city", "world")),
    entry(3, sections=("world",)),
    entry(4, source="news", sections=("a",)),
)


def run(
    documents: Documents,
    folder: Path,
    which: Iterable[str] | None = None,
    in_all: Sequence[str] | None = None,
    settings: FeedSettings | None = None,
) -> PublishReport:
    return publish(
        which,
        sources=SOURCES,
        membership=documents,
        read_document=documents.read_document,
        folder=folder,
        settings=settings or FeedSettings(),
        in_all=in_all,
    )


def items(path: Path) -> list[Any]:
    return list(json.loads(path.read_bytes())["items"])


def ids(path: Path) -> list[str]:
    return [item["id"] for item in items(path)]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_every_feed_in_every_format(tmp_path: Path) -> None:
    report = run(Documents(ENTRIES), tmp_path)
    paths = ["all", "demo", "demo/city", "demo/world", "news", "news/a"]
    assert files(tmp_path) == sorted(f"{path}.{suffix}" for path in paths for suffix in ("atom", "json", "rss"))
    assert len(report.written) == 18
    assert (report.unchanged, report.deleted, report.problems) == (0, (), ())


def test_an_article_on_two_lists_is_in_both_feeds_and_once_in_all(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path)
    both = ENTRIES[1].guid
    assert both in ids(tmp_path / "demo/city.json")
    assert both in ids(tmp_path / "demo/world.json")
    assert ids(tmp_path / "all.json") == [e.guid for e in reversed(ENTRIES)]


def test_sections_are_named_as_people_see_them_and_only_all_names_the_source(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path)
    assert items(tmp_path / "all.json")[-2]["tags"] == ["City", "World"]
    assert items(tmp_path / "all.json")[0]["_source"]["title"] == "News"
    assert "_source" not in items(tmp_path / "news.json")[0]


def test_again_nothing_is_written_and_no_file_is_touched(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    report = run(Documents(ENTRIES), tmp_path)
    assert (report.written, report.unchanged) == ((), 18)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_new_article_touches_its_own_feeds_alone(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path)
    documents = Documents([*ENTRIES, entry(5)])
    report = run(documents, tmp_path, paths_of([("demo", "city")], Gathering(SITE)))
    assert {str(path.relative_to(tmp_path).with_suffix("")) for path in report.written} == {"all", "demo", "demo/city"}
    assert not any(path.startswith("news/a") for path in documents.read if "00004" not in path)


def test_in_proportion_to_what_changed(tmp_path: Path) -> None:
    sources = [SourceInfo(f"s{n}", f"S{n}", f"https://s{n}.example/") for n in range(500)]
    documents = Documents([entry(n, source=f"s{n}", sections=()) for n in range(500)])
    publish(
        ["s7"],
        sources=sources,
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path,
        settings=FeedSettings(),
        in_all=[],
    )
    assert documents.read == ["s7/2024/05/00007.md"]
    assert files(tmp_path) == ["s7.atom", "s7.json", "s7.rss"]


def test_a_document_is_read_once_for_all_feeds_it_is_in(tmp_path: Path) -> None:
    documents = Documents(ENTRIES)
    run(documents, tmp_path)
    assert sorted(documents.read) == sorted(e.path for e in ENTRIES)


def test_unknown_feeds_are_passed_over(tmp_path: Path) -> None:
    assert run(Documents(ENTRIES), tmp_path, ["demo/gone", "elsewhere", "../up"]) == PublishReport()
    assert files(tmp_path) == []


def test_demo_articles_do_not_enter_all_unless_they_are_all_there_is(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path / "mixed", in_all=["news"])
    assert ids(tmp_path / "mixed/all.json") == [ENTRIES[3].guid]
    run(Documents(ENTRIES[:3]), tmp_path / "alone", in_all=["demo"])
    assert len(ids(tmp_path / "alone/all.json")) == 3


def test_a_broken_document_is_told_and_the_feed_is_built_without_it(tmp_path: Path) -> None:
    documents = Documents(ENTRIES)
    documents.broken = {ENTRIES[0].path}
    report = run(documents, tmp_path, ["demo/city"])
    assert ids(tmp_path / "demo/city.json") == [ENTRIES[1].guid]
    assert [str(problem) for problem in report.problems] == [f"feed demo/city: {ENTRIES[0].path}: left out: its header is no YAML"]


def test_when_no_document_can_be_read_the_last_good_feed_stays(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path)
    before = (tmp_path / "demo/city.rss").read_bytes()
    documents = Documents(ENTRIES)
    documents.broken = {e.path for e in ENTRIES}
    report = run(documents, tmp_path)
    assert (tmp_path / "demo/city.rss").read_bytes() == before
    assert (report.written, report.deleted) == ((), ())
    assert report.problems


def test_a_feed_whose_articles_were_all_taken_down_goes(tmp_path: Path) -> None:
    run(Documents(ENTRIES), tmp_path)
    report = run(Documents(ENTRIES[:3]), tmp_path)
    assert sorted(path.name for path in report.deleted) == ["a.atom", "a.json", "a.rss", "news.atom", "news.json", "news.rss"]
    assert not (tmp_path / "news.rss").exists()


def test_another_base_url_changes_links_and_no_id(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(Documents(ENTRIES), tmp_path / name, settings=FeedSettings(base_url=f"https://{name}.example/news"))
    assert ids(tmp_path / "one/all.json") == ids(tmp_path / "two/all.json")
    one = (tmp_path / "one/all.atom").read_text(encoding="utf-8")
    assert one != (tmp_path / "two/all.atom").read_text(encoding="utf-8")
    assert one.replace("https://one.example", "https://two.example") == (tmp_path / "two/all.atom").read_text(encoding="utf-8")


def test_files_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(Documents(ENTRIES), tmp_path)
    inode = (tmp_path / "demo.rss").stat().st_ino
    held = (tmp_path / "demo.rss").open("rb")
    before = (tmp_path / "demo.rss").read_bytes()
    run(Documents([*ENTRIES, entry(5)]), tmp_path)
    assert (tmp_path / "demo.rss").stat().st_ino != inode
    with held:
        assert held.read() == before  # a reader in the middle of the old file reads it to its end


def test_kept_pictures_come_from_us_with_an_enclosure(tmp_path: Path) -> None:
    original = f"{SITE}/p.jpg"
    copy = KeptPicture("https://x.example/assets/ab.jpg", "image/jpeg", 4711, "assets/ab.jpg")
    documents = Documents([entry(1, image=Image(original), body=f'<p><img src="{original}"></p>')])
    publish(
        ["demo"],
        sources=SOURCES,
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path / "feeds",
        settings=FeedSettings(),
        pages=PagesAt(tmp_path, tmp_path),
        kept=lambda of: {original: copy},
    )
    written = (tmp_path / "feeds/demo.rss").read_text(encoding="utf-8")
    assert '<enclosure url="https://x.example/assets/ab.jpg" length="4711" type="image/jpeg"/>' in written
    assert original not in written
