from __future__ import annotations

import json
from pathlib import Path

import pytest
from feeds.entries import SITE, entry
from feeds.shelves import Documents

from crawler.entry import Entry
from crawler.feeds import FeedSettings, PublishReport, SourceInfo, publish
from crawler.feeds.flood import Fingerprint, fingerprint, is_flood, returns

LONG = "<p>" + "Some text that is long enough to be an article's own. " * 6 + "{}</p>"


def known(number: int, guid: str = "", **changed: str) -> Fingerprint:
    made = entry(number, guid=guid, body=LONG.format(number), **changed)
    return fingerprint(made, "2024-05-01")


def test_the_same_text_under_another_id_and_title_is_a_return() -> None:
    again = fingerprint(
        entry(1, guid="urn:uuid:new", title="Another", body=LONG.format(1).replace("<p>", "<p><b>").replace("</p>", "</b></p>"))
    )
    (found,) = returns([again], [known(1)])
    assert (found.new.guid, found.known.guid) == ("urn:uuid:new", known(1).guid)
    assert "“Another” is demo/2024/05/00001.md under another id" in str(found)


def test_the_same_title_on_the_same_day_is_a_return() -> None:
    again = fingerprint(entry(1, guid="urn:uuid:new", title="HEADLINE  1!"), "2024-05-01")
    assert returns([again], [known(1)])
    assert not returns([fingerprint(entry(1, guid="urn:uuid:new"), "2024-05-02")], [known(1)])
    assert not returns([fingerprint(entry(1, guid="urn:uuid:new"), "")], [known(1)])


def test_an_entry_is_no_return_of_itself_and_short_texts_tell_nothing() -> None:
    assert not returns([known(1)], [known(1)])
    teaser = [fingerprint(entry(n, guid=f"urn:uuid:{n}", title=str(n), body="<p>Subscribe to read on.</p>")) for n in (1, 2)]
    assert not returns(teaser[:1], teaser[1:])


def test_titles_without_letters_are_not_compared() -> None:
    one, two = (fingerprint(entry(n, guid=f"urn:uuid:{n}", title="***"), "2024-05-01") for n in (1, 2))
    assert not returns([one], [two])


@pytest.mark.parametrize(
    ("found", "known_entries", "flood"),
    [(4, 4, False), (5, 5, True), (5, 24, True), (5, 25, False), (6, 25, True), (20, 100, False), (21, 100, True)],
)
def test_more_than_a_fifth_and_at_least_five(found: int, known_entries: int, flood: bool) -> None:
    assert is_flood(found, known_entries) is flood


SOURCES = (SourceInfo("demo", "Demo", f"{SITE}/"), SourceInfo("news", "News", "https://news.example/"))


def run(folder: Path, entries: list[Entry], held: dict[str, str], withheld: list[str]) -> PublishReport:
    documents = Documents(entries)
    documents.withheld = set(withheld)
    return publish(
        None,
        sources=SOURCES,
        membership=documents,
        read_document=documents.read_document,
        folder=folder,
        settings=FeedSettings(base_url="https://x.example"),
        held=held,
    )


def ids(path: Path) -> set[str]:
    return {item["id"] for item in json.loads(path.read_bytes())["items"]}


def test_a_stopped_source_keeps_its_last_good_feeds_and_its_new_entries_reach_no_other(tmp_path: Path) -> None:
    before = [entry(n) for n in range(60)]
    run(tmp_path, before, {}, [])
    good = (tmp_path / "demo.rss").read_bytes()
    flood = [entry(100 + n, guid=f"urn:uuid:{n}") for n in range(60)]
    other = entry(200, source="news")
    report = run(tmp_path, [*before, *flood, other], {"demo": "60 of 60 articles came back under new ids"}, [e.path for e in flood])
    assert (tmp_path / "demo.rss").read_bytes() == good
    assert ids(tmp_path / "all.json") == {other.guid} | {e.guid for e in before[11:]}
    assert [str(problem) for problem in report.problems] == ["feed demo: not published: 60 of 60 articles came back under new ids"]


def test_what_hubs_are_told_of_is_what_changed(tmp_path: Path) -> None:
    first = run(tmp_path, [entry(1), entry(2, source="news")], {}, [])
    assert len(first.topics) == 9
    assert run(tmp_path, [entry(1), entry(2, source="news")], {}, []).topics == ()
    third = run(tmp_path, [entry(1), entry(2, source="news"), entry(3)], {}, [])
    assert set(third.topics) == {
        f"https://x.example/feeds/{path}.{suffix}" for path in ("demo", "all") for suffix in ("rss", "atom", "json")
    }
