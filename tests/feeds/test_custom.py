from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from feeds.entries import SITE, entry
from feeds.shelves import Documents

from crawler.errors import FeedError
from crawler.feeds.custom import custom_feeds
from crawler.feeds.plans import FeedSettings, Planner, paths_of
from crawler.feeds.publish import publish
from crawler.feeds.sources import Gathering, Listed, SectionInfo, SourceInfo

KNOWN = {"demo": ["city", "world"], "news": ["a"]}
SOURCES = (
    SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=(SectionInfo("city", "City"), SectionInfo("world", "World"))),
    SourceInfo("news", "News", "https://news.example/", language="de", sections=(SectionInfo("a", "A"),)),
)
ENTRIES = (
    entry(1, title="Storm"),
    entry(2, sections=("world",), title="Storm far away"),
    entry(3, source="news", sections=("a",), title="Storm at news"),
    entry(4, source="news", sections=("a",), title="Sun"),
)


def run(tmp_path: Path, declared: dict[str, Any], *, which: list[str] | None = None) -> dict[str, list[str]]:
    documents = Documents(ENTRIES)
    custom = custom_feeds(declared, KNOWN.get)
    publish(
        which,
        sources=SOURCES,
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path,
        settings=FeedSettings(),
        custom=custom,
    )
    made = {name: json.loads((tmp_path / f"{name}.json").read_bytes()) for name in declared if (tmp_path / f"{name}.json").exists()}
    return {name: [item["title"] for item in feed["items"]] for name, feed in made.items()}


def test_of_sources_sections_and_filters(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        {
            "storms": {"title": "Storms", "filters": {"filter_title": "Storm"}},
            "mixed": {"title": "Mixed", "sources": ["news", "demo/city"]},
            "short": {"title": "Short", "sources": ["news"], "limit": 1},
            "far": {"title": "Far", "sources": ["demo/world", "demo/city"], "filters": {"filterout": "far"}},
        },
    )
    assert found == {
        "storms": ["Storm at news", "Storm far away", "Storm"],
        "mixed": ["Sun", "Storm at news", "Storm"],
        "short": ["Sun"],
        "far": ["Storm"],
    }


def test_an_article_of_two_chosen_sections_is_in_it_once(tmp_path: Path) -> None:
    documents = Documents([entry(1, sections=("city", "world"))])
    custom = custom_feeds({"both": {"title": "Both", "sources": ["demo", "demo/city", "demo/world"]}}, KNOWN.get)
    report = publish(
        ["both"],
        sources=SOURCES,
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path,
        settings=FeedSettings(),
        custom=custom,
    )
    assert not report.problems
    assert len(json.loads((tmp_path / "both.json").read_bytes())["items"]) == 1


def test_entries_name_their_origin(tmp_path: Path) -> None:
    run(tmp_path, {"storms": {"title": "Storms", "filters": {"filter_title": "Storm"}}})
    assert json.loads((tmp_path / "storms.json").read_bytes())["items"][0]["_source"]["title"] == "News"


def test_a_feed_that_nothing_matches_is_not_there(tmp_path: Path) -> None:
    assert run(tmp_path, {"none": {"title": "None", "filters": {"filter": "no such word"}}}) == {}


def test_when_no_document_can_be_read_the_last_good_feed_stays(tmp_path: Path) -> None:
    declared = {"storms": {"title": "Storms", "filters": {"filter_title": "Storm"}}}
    run(tmp_path, declared)
    before = (tmp_path / "storms.rss").read_bytes()
    documents = Documents(ENTRIES)
    documents.broken = {e.path for e in ENTRIES}
    report = publish(
        ["storms"],
        sources=SOURCES,
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path,
        settings=FeedSettings(),
        custom=custom_feeds(declared, KNOWN.get),
    )
    assert report.problems
    assert (tmp_path / "storms.rss").read_bytes() == before


def test_a_change_concerns_the_feeds_that_look_at_the_source() -> None:
    custom = custom_feeds(
        {"a": {"title": "A", "sources": ["news"]}, "b": {"title": "B", "sources": ["demo/city"]}, "c": {"title": "C"}}, KNOWN.get
    )
    assert paths_of([("demo", "world")], Gathering(SITE, without=("news",)), custom) == ["demo/world", "demo", "all", "c"]
    assert paths_of([("demo", "city")], None, custom) == ["demo/city", "demo", "b"]
    assert paths_of([("news", "")], None, custom) == ["news", "a"]


def test_language_is_its_own_or_the_one_all_share() -> None:
    custom = custom_feeds({"a": {"title": "A", "sources": ["demo"]}, "b": {"title": "B"}, "c": {"title": "C", "language": "fr"}}, KNOWN.get)
    planner = Planner(Listed(SOURCES), FeedSettings(), custom)
    assert [channel.language for name in "abc" if (channel := planner.channel(name))] == ["en", "", "fr"]


@pytest.mark.parametrize(
    ("name", "declared", "told"),
    [
        ("news", {"title": "x"}, "no source has"),
        ("all", {"title": "x"}, "reserved"),
        ("A b", {"title": "x"}, "small letters"),
        ("x", {}, "title"),
        ("x", {"title": "x", "sauces": []}, "sauces"),
        ("x", {"title": "x", "sources": ["nobody"]}, "'nobody'"),
        ("x", {"title": "x", "sources": ["demo/none"]}, "'demo/none'"),
        ("x", {"title": "x", "filters": {"filter_titel": "y"}}, "filter_titel"),
        ("x", {"title": "x", "filters": {"filter_time": "60"}}, "filter_time"),
        ("x", {"title": "x", "filters": {"filter": "(y"}}, "filter"),
        ("x", {"title": "x", "limit": 0}, "limit"),
        ("x", ["no mapping"], "x"),
    ],
)
def test_a_mistake_names_the_feed_and_what_is_wrong(name: str, declared: Any, told: str) -> None:
    with pytest.raises(FeedError) as error:
        custom_feeds({name: declared}, KNOWN.get)
    assert repr(name) in error.value.subject
    assert told in str(error.value)
