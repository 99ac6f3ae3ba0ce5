from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from feeds.entries import SITE, START, entry
from feeds.shelves import Documents
from lxml import etree

from crawler.entry import Entry
from crawler.feeds.plans import FeedSettings
from crawler.feeds.publish import PublishReport, publish
from crawler.feeds.sources import SectionInfo, SourceInfo

SOURCE = SourceInfo("demo", "Demo", f"{SITE}/", language="en")
BASE = "https://x.example/news/"
A = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"


def articles(first: int, last: int, **changed: Any) -> list[Entry]:
    return [entry(n, seen=START + timedelta(days=100, hours=n // 7), **changed) for n in range(first, last + 1)]


def run(folder: Path, documents: Documents, *, everything: bool = False, base_url: str = BASE) -> PublishReport:
    return publish(
        None if everything else ["demo"],
        sources=[SOURCE],
        membership=documents,
        places=documents,
        read_document=documents.read_document,
        folder=folder,
        settings=FeedSettings(base_url=base_url),
    )


def ids(path: Path) -> list[str]:
    return [item["id"] for item in json.loads(path.read_bytes())["items"]]


def numbers(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in (folder / "demo/archive").glob("*.json"))


def test_archive_n_holds_the_places_of_its_fifty(tmp_path: Path) -> None:
    everyone = articles(1, 130)
    run(tmp_path, Documents(everyone))
    assert numbers(tmp_path) == [1, 2]
    assert set(ids(tmp_path / "demo/archive/1.json")) == {e.guid for e in everyone[:50]}
    assert set(ids(tmp_path / "demo/archive/2.json")) == {e.guid for e in everyone[50:100]}


def test_live_feed_and_archives_together_hold_every_article(tmp_path: Path) -> None:
    everyone = articles(1, 149)
    run(tmp_path, Documents(everyone))
    held = set(ids(tmp_path / "demo.json")) | {guid for n in numbers(tmp_path) for guid in ids(tmp_path / f"demo/archive/{n}.json")}
    assert held == {e.guid for e in everyone}


def test_the_chain_from_the_live_feed_leads_through_all(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 210)))
    seen = []
    path = tmp_path / "demo.atom"
    while True:
        root: Any = etree.parse(str(path)).getroot()
        seen.append(path.relative_to(tmp_path).as_posix())
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
        assert links["self"] == f"{BASE}feeds/{seen[-1]}"
        assert (root.find(f"{FH}archive") is not None) == (len(seen) > 1)
        assert links.get("current") == (f"{BASE}feeds/demo.atom" if len(seen) > 1 else None)
        if "prev-archive" not in links:
            break
        path = tmp_path / links["prev-archive"].removeprefix(f"{BASE}feeds/")
    assert seen == ["demo.atom", "demo/archive/4.atom", "demo/archive/3.atom", "demo/archive/2.atom", "demo/archive/1.atom"]
    assert root.findtext(f"{A}id") == etree.parse(str(tmp_path / "demo.atom")).findtext(f"{A}id")


def test_new_articles_leave_the_bytes_of_old_archives_alone(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 120)))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "demo/archive").iterdir()}
    report = run(tmp_path, Documents(articles(1, 170)))
    assert numbers(tmp_path) == [1, 2, 3]
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    assert len([path for path in report.written if "archive" in path.parts]) == 3


def test_old_archives_are_not_even_read_again(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 220)))
    documents = Documents(articles(1, 221))
    run(tmp_path, documents)
    assert set(documents.read) == {e.path for e in articles(172, 221)}


def test_a_changed_article_is_shown_as_it_is_now(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 120)))
    corrected = [entry(10, seen=articles(10, 10)[0].first_seen, title="Corrected"), *articles(1, 9), *articles(11, 120)]
    documents = Documents(corrected)
    documents.changed = {corrected[0].path}
    report = run(tmp_path, documents)
    assert "Corrected" in (tmp_path / "demo/archive/1.rss").read_text(encoding="utf-8")
    assert not any(path.parent.name == "archive" and path.stem == "2" for path in report.written)


def test_what_was_taken_down_leaves_its_place_empty(tmp_path: Path) -> None:
    documents = Documents(articles(1, 160))
    documents.taken_down = {articles(60, 60)[0].path}
    run(tmp_path, documents)
    assert [len(ids(tmp_path / f"demo/archive/{n}.json")) for n in (1, 2, 3)] == [50, 49, 50]


def test_an_archive_all_of_whose_articles_were_taken_down_is_passed_over(tmp_path: Path) -> None:
    documents = Documents(articles(1, 160))
    documents.taken_down = {e.path for e in articles(51, 100)}
    run(tmp_path, documents)
    assert numbers(tmp_path) == [1, 3]
    assert json.loads((tmp_path / "demo/archive/3.json").read_bytes())["next_url"] == f"{BASE}feeds/demo/archive/1.json"


def test_what_a_kill_left_out_is_made_up_for(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 170)))
    whole = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    for suffix in ("rss", "atom", "json"):
        (tmp_path / f"demo/archive/3.{suffix}").unlink()
    (tmp_path / "demo/archive/2.json").unlink()
    run(tmp_path, Documents(articles(1, 170)))
    assert {path: path.read_bytes() for path in whole} == whole


def test_with_everything_all_archives_follow_another_base_url(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 120)))
    run(tmp_path, Documents(articles(1, 120)), everything=True, base_url="https://y.example")
    for path in (tmp_path / "demo/archive").iterdir():
        assert "x.example" not in path.read_text(encoding="utf-8")


def test_a_long_archive_is_not_cut(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 100, body=f"<p>{'字' * 9000}</p>")))
    assert len(ids(tmp_path / "demo/archive/1.json")) == 50
    assert len(ids(tmp_path / "demo.json")) < 50


def test_without_base_url_there_are_none(tmp_path: Path) -> None:
    run(tmp_path, Documents(articles(1, 120)), base_url="")
    assert not (tmp_path / "demo/archive").exists()
    assert "prev-archive" not in (tmp_path / "demo.atom").read_text(encoding="utf-8")


@pytest.mark.parametrize("few", [16, 1])
def test_an_article_is_read_once_for_all_its_feeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr("crawler.feeds.shelf.AT_HAND", 170)
    monkeypatch.setattr(import_module("crawler.feeds.publish"), "FEW", few)
    everyone = [entry(n, seen=START + timedelta(days=100), sections=("city",) if n % 3 else ("city", "town")) for n in range(1, 521)]
    documents = Documents(everyone)
    sections = (SectionInfo("city", "City"), SectionInfo("town", "Town"))
    written: list[Path] = []
    monkeypatch.setattr("crawler.feeds.desk.write_all_durably", lambda files: written.extend(path for path, _ in files))
    publish(
        None,
        sources=[SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=sections)],
        membership=documents,
        places=documents,
        read_document=documents.read_document,
        folder=tmp_path,
        settings=FeedSettings(base_url=BASE),
    )
    for feed, count in (("demo/city", 10), ("demo/town", 3), ("demo", 10), ("all", 10)):
        archives = [int(path.stem) for path in written if path.parent == tmp_path / feed / "archive" and path.suffix == ".rss"]
        assert archives == list(range(1, count + 1))  # what a kill leaves out is always at the new end
    again = 520 if few == 1 else 0  # for `all`, whose sources are more than can be at hand
    assert len(documents.read) <= 520 + again
    assert set(documents.read) == {e.path for e in everyone}
