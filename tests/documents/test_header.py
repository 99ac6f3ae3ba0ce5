"""Header strings: plain only where every YAML reader sees this very string."""

from __future__ import annotations

import pytest
import yaml
from documents.strategies import TRICKY, wild
from hypothesis import given
from hypothesis import strategies as st

from crawler.documents.header import Double, Quoted, double_quoted, is_plain, lines, quoted, read_document, scalar, write_document
from crawler.documents.text import one_line


@pytest.mark.parametrize(
    "text",
    ["观察者网", "新媒体", "首页", "city", "Ann Lee", "zh-CN", "O Globo (Rio)", "Tue, 22 Mar 2022 08:37:35 GMT", "a/b", "first_seen"],
)
def test_plain_where_it_is_a_string_for_certain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2022",
        "0123",
        "1e3",
        "yes",
        "No",
        "ON",
        "y",
        "N",
        "null",
        "~",
        "nan",
        "true",
        "2022-03-22",
        "12:30",
        "#x",
        "- x",
        "a: b",
        "a #b",
        "a:",
        "",
        " a",
        "a ",
        "Q&A: x",
        "'",
        "+1",
        ".5",
        "=",
        "<<",
        "[a]",
        "{a}",
        "@a",
        "!a",
        "&a",
        "*a",
        "|",
        ">",
        "%",
        "`",
    ],
)
def test_quoted_where_it_could_be_read_otherwise(text: str) -> None:
    assert scalar(text)[0] == scalar(text)[-1] == "'" or text == "'"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a", "'a'"),
        ("it's", '"it\'s"'),
        ('it\'s "so"', "'it''s \"so\"'"),
        ("it's \\n", "'it''s \\n'"),
        ('"', "'\"'"),
        ("\\", "'\\'"),
        ("", "''"),
    ],
)
def test_single_quotes_unless_double_ones_need_no_escape(text: str, written: str) -> None:
    assert quoted(text) == scalar(Quoted(text)) == written


@given(wild | st.sampled_from(TRICKY))
def test_every_yaml_reader_gives_the_string_back(text: str) -> None:
    text = one_line(text)
    for written in (scalar(text), quoted(text), double_quoted(text)):
        document = f"a: {written}\nb: \n - {written}\n"
        for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            assert yaml.load(document, Loader=loader) == {"a": text, "b": [text]}


def test_lists_and_mappings_stand_one_item_a_line() -> None:
    assert lines("sections", ("home", "24")) == "sections: \n - home\n - '24'\n"
    files = {Quoted("https://a.example/x"): Quoted("ab/c.png")}
    assert lines("image_files", files) == "image_files: \n 'https://a.example/x': 'ab/c.png'\n"
    assert yaml.safe_load(lines("image_files", files)) == {"image_files": {"https://a.example/x": "ab/c.png"}}
    assert lines("comments", False) == "comments: false\n"
    assert lines("title", Double('a "b" \\')) == 'title: "a \\"b\\" \\\\"\n'


def test_what_a_person_typed_is_read_as_they_typed_it() -> None:
    header, body = read_document("---\na: 2022-03-22\nb: yes\nc: 012\n---\n\nbody\n")
    assert (header, body) == ({"a": "2022-03-22", "b": "yes", "c": "012"}, "body")


def test_plain_words_of_yaml_are_none() -> None:
    assert not any(is_plain(word) for word in ("Yes", "OFF", "Null", "NaN", "n", "Infinity"))


def test_document_is_header_empty_line_and_body() -> None:
    assert write_document({"title": "a"}, "x") == "---\ntitle: a\n---\n\nx\n"


@pytest.mark.parametrize("text", ["", "no header", "---\n", "---\n---\nx", "---\n- a\n---\nx", "---\na: 1\n"])
def test_text_without_a_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="header"):
        read_document(text)


def test_opening_indent_of_a_chinese_body_is_read() -> None:
    assert read_document("\n---\ntitle: x\n---\n\n\u3000\u3000段落\u3000\n")[1] == "\u3000\u3000段落\u3000"
