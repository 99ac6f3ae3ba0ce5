"""The index: one line a document, in the file of its source and month."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from documents.shelf import entry
from documents.strategies import entries
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.article import Moment
from crawler.documents import content_hash, normalise, profile_named
from crawler.documents.index import OTHER, PARTED, WORD, count_words, index_line, index_order, index_path, index_schema, words_in
from crawler.entry import Entry

HEXO = profile_named("hexo")


def test_line_has_what_the_document_says() -> None:
    content = HEXO.write(entry())
    line = json.loads(index_line(HEXO.read(content, entry().path), content_hash(content)))
    assert line == {
        "v": 1,
        "guid": "urn:uuid:5a0b1c9e-3a52-5d6c-9d0e-0c7f1a2b3c01",
        "id": "5a0b1c9e-3a52-5d6c-9d0e-0c7f1a2b3c01",
        "path": entry().path,
        "url": "https://news.example/2022/03/22/bridge.html",
        "also_at": ["https://m.news.example/bridge"],
        "source": "bridge",
        "sections": ["city"],
        "categories": ["城市", "桥报", "要闻"],
        "title": "城西新桥通车：两岸居民步行十分钟可达",
        "authors": [],
        "published": "2022-03-22T08:37:35Z",
        "date_precision": "second",
        "updated": "2022-03-22T08:37:35Z",
        "first_seen": "2022-03-22T09:00:00Z",
        "language": "zh-CN",
        "tags": [],
        "summary": "",
        "image": "https://pictures.example/2022/03/22/bridge.png",
        "words": 5,
        "content_hash": content_hash(content),
        "provenance": {"published": "selector", "title": "meta:og:title"},
    }
    assert re.fullmatch("[0-9a-f]{64}", line["content_hash"])


@given(entries)
def test_schema_holds_for_any_entry(entry: Entry) -> None:
    text = index_line(normalise(entry, HEXO), "0" * 64)
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1
    text.encode("utf-8")
    check(json.loads(text), index_schema())


def check(value: object, schema: dict[str, object]) -> None:
    """The few words of JSON Schema that the index's uses; an unknown one is an error."""
    kinds = {"string": str, "integer": int, "array": list, "object": dict}
    for word, rule in schema.items():
        match word, rule, value:
            case "type", str(), _:
                assert isinstance(value, kinds[rule])
            case "const", _, _:
                assert value == rule
            case "enum", list(), _:
                assert value in rule
            case "pattern", str(), str():
                assert re.search(rule, value)
            case "minimum", int(), int():
                assert value >= rule
            case "items", dict(), list():
                for item in value:
                    check(item, rule)
            case "properties", dict(), dict():
                for name, part in rule.items():
                    check(value[name], part)
                assert list(value) == list(rule) == schema["required"]
            case "format", "date-time", str():
                assert datetime.fromisoformat(value).tzinfo is not None
            case ("$schema" | "title" | "description" | "required") | "format", _, _:
                pass
            case "additionalProperties", False, _:
                pass
            case _:
                raise AssertionError(f"unknown word {word}")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>One two, three.</p>", 3),
        ("<p>one</p><p>two</p>", 2),
        ("<p>w<b>or</b>d it's e-mail 3.14</p>", 4),
        ("<p>桥长六百米。</p>", 5),
        ("<p>東京タワーへ行く</p>", 8),
        ("<p>在2019年用 Python 写</p>", 6),
        ("<p>ข่าววันนี้</p>", 6),
        ("<p>हिन्दी समाचार</p>", 2),
        ("<p>— … ! 😀</p>", 0),
        ("", 0),
        ("<p>&lt;b&gt; &amp;amp;</p>", 2),
    ],
)
def test_words_are_counted_as_the_schema_says(body: str, words: int) -> None:
    assert count_words(body) == words


def test_month_is_that_of_the_sources_zone() -> None:
    late = entry(published=Moment(datetime(2022, 3, 31, 16, 30, tzinfo=UTC)))
    assert index_path(late, "Asia/Shanghai") == "bridge/2022-04.ndjson"
    assert index_path(late, "") == "bridge/2022-03.ndjson"


def test_lines_are_ordered_by_time_then_guid() -> None:
    lines = [
        json.loads(index_line(normalise(one, HEXO), ""))
        for one in (entry(2), entry(1), entry(3, published=Moment(datetime(2021, 1, 1, tzinfo=UTC))))
    ]
    assert [line["id"][-2:] for line in sorted(lines, key=index_order)] == ["03", "01", "02"]


PIECES = st.text("ab1 '’.-‑_é²ж\u0301中あไ", max_size=30) | st.text(max_size=10)


@given(st.lists(PIECES, max_size=5).map("".join))
@example("a-b-c.d'e--f")
def test_words_are_counted_alike_the_short_ways(text: str) -> None:
    assert words_in(text) == len(WORD.findall(text))
    plain = text.encode("ascii", "ignore").decode()
    assert words_in(plain) == len(WORD.findall(plain))


def test_the_short_way_knows_each_letter_that_it_is_taken_for() -> None:
    letters = [letter for letter in map(chr, range(0x110000)) if not OTHER.search(letter)]
    assert len(letters) > 1000
    assert [
        one for one in letters if len(PARTED.findall(f"{one} {one}a a{one} a{one}a")) != len(WORD.findall(f"{one} {one}a a{one} a{one}a"))
    ] == []
    assert [one for one in letters if PARTED.findall(one) != WORD.findall(one)] == []
