from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from feeds.entries import CHANNEL, GATHERED, entry
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.article import Image
from crawler.feeds import build as room
from crawler.feeds.build import FORMATS, MAX_BYTES, Built, build, greatest_weight, weight
from crawler.feeds.feed import Feed, Item
from crawler.feeds.item import FeedEntry, prepare

A = "{http://www.w3.org/2005/Atom}"


def item(number: int, **changed: Any) -> Item:
    return prepare(FeedEntry(entry(number, **changed), ("City",)))


def ids(built: Built) -> dict[str, list[str | None]]:
    return {
        "rss": [guid.text for guid in etree.fromstring(built.documents["rss"]).iter("guid")],
        "atom": [e.findtext(f"{A}id") for e in etree.fromstring(built.documents["atom"]).iter(f"{A}entry")],
        "json": [i["id"] for i in json.loads(built.documents["json"])["items"]],
    }


def test_all_formats_hold_the_same_ids_newest_first() -> None:
    items = [item(n) for n in (1, 3, 2)]
    built = build(CHANNEL, items)
    assert not built.problems
    newest_first = [items[1].guid, items[2].guid, items[0].guid]
    assert ids(built) == dict.fromkeys(FORMATS, newest_first)
    assert [shown.guid for shown in built.items] == newest_first


def test_at_most_the_limit_and_the_last_to_arrive_stay() -> None:
    late = item(1)
    built = build(CHANNEL, [late, *(item(n) for n in range(200, 100, -1))])
    assert len(built.items) == 50
    assert built.items[-1] == late


def test_a_feed_keeps_within_its_bytes_by_dropping_the_first_to_arrive() -> None:
    items = [item(n, body=f"<p>{'<b>x</b> ' * 4000}</p>") for n in range(50)]
    built = build(CHANNEL, items)
    assert all(len(content) <= MAX_BYTES for content in built.documents.values())
    assert max(map(len, built.documents.values())) > MAX_BYTES * 0.8
    assert {shown.guid for shown in built.items} == {shown.guid for shown in items[: len(built.items)]}


def test_one_over_the_budget_alone_is_summary_and_link_and_the_others_stay() -> None:
    huge = item(2, body=f"<p>Beginning. {'a very long text ' * 60_000}</p>")
    built = build(CHANNEL, [item(3), huge, item(1)])
    assert [shown.guid for shown in built.items] == [item(3).guid, huge.guid, item(1).guid]
    shown = built.items[1]
    assert len(shown.content) < 2000
    assert f'href="{huge.url}"' in shown.content
    assert "Beginning." in shown.content


def test_two_articles_with_one_guid_are_refused_and_told() -> None:
    first, second = item(1, guid="urn:uuid:1"), item(2, guid="urn:uuid:1")
    built = build(CHANNEL, [first, second])
    assert built.items == (first,)
    (problem,) = built.problems
    assert problem.subject == "urn:uuid:1"
    assert second.url in problem.reason
    assert first.url in problem.reason


def test_an_item_no_writer_can_hold_is_left_out_and_told() -> None:
    good, bad = item(1), replace(item(2), title="nul \x00")
    built = build(CHANNEL, [bad, good])
    assert built.items == (good,)
    assert [problem.subject for problem in built.problems] == [bad.guid]
    assert set(built.documents) == set(FORMATS)


def test_a_format_that_is_not_valid_is_not_published_the_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(feed: Feed) -> bytes:
        return b"<rss>"

    monkeypatch.setattr(room, "FORMATS", FORMATS | {"rss": broken})  # type: ignore[operator]
    built = build(replace(CHANNEL, link="http://demo.broadsheet.example/"), [])
    assert built.documents == {}
    built = build(CHANNEL, [item(1)])
    assert "rss" not in built.documents
    assert any("rss" in str(problem) for problem in built.problems)


def test_a_channel_without_title_is_not_published() -> None:
    built = build(replace(CHANNEL, title=""), [item(1)])
    assert built.documents == {}
    assert built.problems


def test_without_items_there_is_no_feed() -> None:
    assert build(CHANNEL, []) == Built({}, (), ())


TEXT = st.text(st.one_of(st.characters(), st.sampled_from("<>&\"'\\\n\x00\x07\ud800\uffff]")), max_size=200)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=6))
def test_wild_entries_make_valid_feeds_that_lose_none(wild: list[tuple[str, str, str, str]]) -> None:
    items = [
        prepare(
            FeedEntry(
                entry(n, title=title, body=body, authors=(name,), tags=(tag,), image=Image("http://x.example/a.jpg", alt=tag)), (tag,)
            )
        )
        for n, (title, body, name, tag) in enumerate(wild)
    ]
    built = build(GATHERED, items)
    assert not built.problems
    assert set(built.documents) == set(FORMATS)
    assert all(len(found) == len(items) for found in ids(built).values())
    texts = [i["title"] for i in json.loads(built.documents["json"])["items"]]
    assert texts == [i.findtext("title") for i in etree.fromstring(built.documents["rss"]).iter("item")]


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_an_items_weight_is_never_too_low(title: str, body: str, tag: str) -> None:
    one = prepare(FeedEntry(entry(1, title=title, body=f"<p>{body * 20}</p>", tags=(tag,)), (tag,)))
    alone = build(GATHERED, [one])
    empty = 4096
    assert all(len(content) <= weight(one) + empty for content in alone.documents.values())


def test_what_no_archive_holds_keeps_summary_and_link_where_the_rest_is_cut() -> None:
    items = [item(n, body=f"<p>Beginning of {n}. {'<b>x</b> ' * 4000}</p>") for n in range(50)]
    needed = {one.guid for one in items[30:33]}
    built = build(CHANNEL, items, needed=needed)
    shown = {one.guid: one for one in built.items}
    assert all(len(content) <= MAX_BYTES for content in built.documents.values())
    assert needed <= shown.keys()
    assert all(len(shown[guid].content) < 2000 and "href=" in shown[guid].content for guid in needed)
    assert len(shown) > 3
    assert shown.keys() - needed == {one.guid for one in items[: len(shown) - 3]}
    assert not built.problems


def test_even_that_has_an_end_and_it_is_told() -> None:
    items = [item(n, title="A very long headline " * 400, body="<p>text</p>") for n in range(50)]
    built = build(CHANNEL, items, needed={one.guid for one in items}, max_bytes=65536)
    assert all(len(content) <= 65536 for content in built.documents.values())
    assert {problem.subject for problem in built.problems} == {one.guid for one in items} - {one.guid for one in built.items}
    assert "until its archive is full" in str(built.problems[0])


@given(st.lists(st.sampled_from(["&", "<", ">", '"', "\n", "\\", "字", "😀", "é", "a"]) | st.text(max_size=5), max_size=30).map("".join))
@example("&" * 2000)
@example('"' * 2000)
@example("字" * 2000)
def test_no_item_weighs_more_than_its_lengths_allow(text: str) -> None:
    heavy = replace(item(1), title=text, summary=text, content=text, authors=(text,), categories=(text, text))
    assert weight(heavy) <= greatest_weight(heavy)
