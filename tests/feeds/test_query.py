from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from feeds.entries import START, entry
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds.feed import Item
from crawler.feeds.item import FORBIDDEN, FeedEntry, prepare
from crawler.feeds.query import MAX_PATTERN, Query, QueryError, parse_query, select


def item(number: int, **changed: Any) -> Item:
    return prepare(FeedEntry(entry(number, **changed), ("City",)))


ITEMS = [
    item(4, title="Storm over the Alps", authors=("Ann Lee",), body="<p>Snow in <b>Tir</b>ol.</p>"),
    item(3, title="Rail strike", tags=("Traffic",), body="<p>Trains stand still.</p>"),
    item(2, title="观察者网", body="<p>钉钉<b>平</b>台。</p>", authors=("Bob",)),
    item(1, title="storm warning", description="For the coast"),
]


def titles(**parameters: str) -> list[str]:
    return [kept.title for kept in select(parse_query(parameters.items()), ITEMS, START + timedelta(hours=5))]


EVERYTHING = [kept.title for kept in ITEMS]


@pytest.mark.parametrize(
    ("parameters", "kept"),
    [
        ({}, EVERYTHING),
        ({"filter": "Storm"}, ["Storm over the Alps"]),
        ({"filter": "storm", "filter_case_sensitive": "false"}, ["Storm over the Alps", "storm warning"]),
        ({"filter": "Tirol"}, ["Storm over the Alps"]),  # full text, across inline markup
        ({"filter": "钉钉平台"}, ["观察者网"]),
        ({"filter": "Ann"}, ["Storm over the Alps"]),  # author
        ({"filter": "Traffic"}, ["Rail strike"]),  # category
        ({"filter_title": "[Ss]torm", "filter_author": "Lee"}, ["Storm over the Alps"]),  # all must match
        ({"filter": "City", "filter_title": "strike"}, ["Rail strike"]),  # filter and filter_title combined
        ({"filter_description": "coast"}, ["storm warning"]),
        ({"filter_category": "^City$"}, EVERYTHING),
        ({"filterout": "[Ss]torm"}, ["Rail strike", "观察者网"]),
        ({"filterout": "Bob|Traffic"}, ["Storm over the Alps", "storm warning"]),
        ({"filterout_title": "观察者网", "filterout_author": "Ann Lee"}, ["Rail strike", "storm warning"]),
        ({"filter_time": "7200"}, ["Storm over the Alps", "Rail strike"]),
        ({"limit": "2"}, EVERYTHING[:2]),
        ({"filter": "[Ss]torm", "limit": "1"}, ["Storm over the Alps"]),
        ({"utm_source": "x", "unknown": "y"}, EVERYTHING),
        ({"filter": ""}, EVERYTHING),
    ],
)
def test_what_a_query_keeps(parameters: dict[str, str], kept: list[str]) -> None:
    assert titles(**parameters) == kept


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"filter_title": "(open"}, "filter_title"),
        ({"filterout": "a{9999}"}, "filterout"),
        ({"filter": "x" * (MAX_PATTERN + 1)}, "filter"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": "１２"}, "limit"),
        ({"filter_time": "-1"}, "filter_time"),
        ({"filter_time": "9" * 12}, "filter_time"),
        ({"brief": "99"}, "brief"),
        ({"format": "rdf"}, "format"),
        ({"sorted": "maybe"}, "sorted"),
        ({"filter_case_sensitive": "2"}, "filter_case_sensitive"),
        ({"opencc": "s2t"}, "opencc"),
        ({f"a{n}": "1" for n in range(21)}, "query"),
    ],
)
def test_a_wrong_parameter_is_named(parameters: dict[str, str], named: str) -> None:
    with pytest.raises(QueryError) as told:
        parse_query(parameters.items())
    assert told.value.subject == named


def test_repeated_filters_all_count() -> None:
    query = parse_query([("filterout", "Alps"), ("filterout", "strike")])
    assert [kept.title for kept in select(query, ITEMS)] == EVERYTHING[2:]


def test_the_rest_of_a_query() -> None:
    assert parse_query([("sorted", "false"), ("format", "json"), ("brief", "100"), ("limit", "3")]) == Query((), None, 3, True, 100, "json")
    assert not parse_query([]).filters
    assert parse_query([("filter_time", "0")]).filters


def test_brief_is_plain_text_cut_with_an_ellipsis() -> None:
    long = item(1, body=f"<p>1 &lt; 2 <img src='/a.jpg'></p><p>{'word ' * 100}</p>")
    (short,) = select(parse_query([("brief", "100")]), [long])
    assert short.content.startswith("<p>1 &lt; 2</p><p>word word")
    assert short.content.endswith("…</p>")
    assert "<img" not in short.content
    (whole,) = select(parse_query([("brief", "100000")]), [long])
    assert "…" not in whole.content


def test_no_pattern_can_hang_a_run() -> None:
    trap = item(1, title="a" * 5000)
    assert list(select(parse_query([("filter_title", "(a+)+$")]), [trap])) == [trap]
    assert list(select(parse_query([("filter_title", "(a|aa)+b")]), [trap])) == []


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["filter", "filterout", "filter_title", "limit", "brief", "filter_time", "sorted", "format"]), st.text(max_size=30)
    )
)
def test_whatever_is_asked_is_answered_or_refused_by_name(parameters: dict[str, str]) -> None:
    try:
        kept = list(select(parse_query(parameters.items()), ITEMS, START))
    except QueryError as refused:
        kept, named = [], refused.subject
    else:
        named = next(iter(parameters), "")
    assert named in parameters or not parameters
    assert len(kept) <= len(ITEMS)
    assert not any(FORBIDDEN.search(shown.content) for shown in kept)
