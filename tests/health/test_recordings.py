"""Recorded pages: what is kept, and that it comes back as it was."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import tree

from crawler.article import Article, Image, Moment
from crawler.health import read_recordings, record
from crawler.health.recordings import FIELDS, fields_of, name_of
from crawler.page import Hints, Page

AT = datetime(2026, 4, 1, 6, tzinfo=UTC)
PAGE = Page(
    "<h1>渡船</h1>".encode("gbk"),
    "https://www.example.com/news/The%20Ferry_2.html?x=1",
    requested_url="http://www.example.com/news/ferry",
    headers={"content-type": "text/html; charset=gbk", "set-cookie": "session=secret"},
    fetched_at=AT,
    hints=Hints(title="渡船", published=Moment(AT, "minute"), authors=("Ann Lee",)),
)
ARTICLE = Article(
    "https://www.example.com/news/ferry",
    "渡船",
    ("Ann Lee",),
    Moment(AT, "day"),
    "page",
    language="zh-CN",
    body="<p>One</p>\n<p>Two</p>",
    image=Image("https://www.example.com/a.png"),
    tags=("sea",),
    provenance={"title": "h1"},
)


def test_pages_come_back_byte_for_byte_with_what_was_known_of_them(tmp_path: Path) -> None:
    second = Page(b"\x00\xff", "https://www.example.com/news/ferry-2", fetched_at=AT)
    path = record(tmp_path, [PAGE, second], ARTICLE)
    (found,), errors = read_recordings(tmp_path)
    assert errors == []
    assert found.path == path
    assert found.pages == (replace(PAGE, headers={"content-type": "text/html; charset=gbk"}), second)
    assert found.expected == fields_of(ARTICLE)
    assert tuple(found.expected) == FIELDS
    assert b"secret" not in b"".join(tree(tmp_path).values())


def test_the_expected_article_reads_well_in_the_file(tmp_path: Path) -> None:
    said = json.loads(record(tmp_path, [PAGE], ARTICLE).read_text("utf-8"))
    assert said["article"]["body"] == ["<p>One</p>", "<p>Two</p>"]
    assert (said["article"]["published"], said["article"]["updated"], said["article"]["title"]) == ("2026-04-01", None, "渡船")


def test_the_name_tells_day_and_address(tmp_path: Path) -> None:
    assert name_of(PAGE).startswith("2026-04-01-ferry-")
    assert name_of(replace(PAGE, requested_url="", url="https://www.example.com/")).count("-") == 3
    assert name_of(replace(PAGE, requested_url="https://a.example/" + "x" * 300 + ".html")) != name_of(PAGE)
    assert len(name_of(replace(PAGE, requested_url="https://a.example/" + "x" * 300 + ".html"))) < 100


def test_the_same_bytes_whenever_it_is_written_and_another_file_on_another_day(tmp_path: Path) -> None:
    record(tmp_path, [PAGE], ARTICLE)
    before = tree(tmp_path)
    record(tmp_path, [PAGE], ARTICLE)
    assert tree(tmp_path) == before
    record(tmp_path, [replace(PAGE, fetched_at=AT.replace(day=2))], ARTICLE)
    assert set(tree(tmp_path)) > set(before)
    assert [one.name[:10] for one in read_recordings(tmp_path)[0]] == ["2026-04-01", "2026-04-02"]


def test_a_part_that_is_no_more_goes(tmp_path: Path) -> None:
    record(tmp_path, [PAGE, PAGE], ARTICLE)
    assert len(tree(tmp_path)) == 3
    record(tmp_path, [PAGE], ARTICLE)
    assert len(tree(tmp_path)) == 2


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert read_recordings(tmp_path / "none") == ([], [])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path, page: page.unlink(), "is gone"),
        (lambda path, page: page.write_bytes(b"no gzip"), "can't be unpacked"),
        (lambda path, page: page.write_bytes(page.read_bytes()[:-12]), "can't be unpacked"),
        (lambda path, page: path.write_text("{"), "is no recording"),
        (lambda path, page: path.write_text('{"v": 2}'), "version 1"),
        (lambda path, page: path.write_text('{"v": 1, "pages": [], "article": {}}'), "names no page"),
        (lambda path, page: path.write_text('{"v": 1, "pages": [3], "article": {}}'), "is no recording"),
        (lambda path, page: path.write_text("[]"), "version 1"),
    ],
)
def test_a_broken_recording_is_named_and_the_others_are_read(tmp_path: Path, damage: object, said: str) -> None:
    record(tmp_path, [replace(PAGE, requested_url="https://www.example.com/other")], ARTICLE)
    path = record(tmp_path, [PAGE], ARTICLE)
    damage(path, path.with_name(path.stem + ".1.html.gz"))  # type: ignore[operator]
    found, (error,) = read_recordings(tmp_path)
    assert len(found) == 1
    assert said in str(error)
    assert path.stem in error.subject


def test_a_recording_names_no_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.gz").write_bytes(gzip.compress(b"secret"))
    path = record(tmp_path / "a", [PAGE], ARTICLE)
    said = json.loads(path.read_text("utf-8"))
    said["pages"][0]["file"] = "../secret.gz"
    path.write_text(json.dumps(said), "utf-8")
    found, (error,) = read_recordings(tmp_path / "a")
    assert found == []
    assert "is gone" in str(error)
