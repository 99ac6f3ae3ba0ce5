"""The laws of every profile: what is written is read back, and what is read is written the same."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import frontmatter
import pytest
from documents.shelf import entry
from documents.strategies import entries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.article import Moment
from crawler.documents import PROFILES as ALL
from crawler.documents import DocumentOptions, FrontMatter, normalise, profile_named
from crawler.documents.sealing import hash_fits
from crawler.entry import Entry

MAKERS = {
    "hexo": profile_named("hexo"),
    "hexo-assets": profile_named("hexo", DocumentOptions(assets_url="/assets/", date_style="wallclock", blog_zone="Asia/Shanghai")),
    "hugo": profile_named("hugo"),
    "hugo-zones": profile_named("hugo", DocumentOptions(zones={"guancha": "Asia/Shanghai"}, assets_url="https://cdn.example/a&b/")),
    "jekyll": profile_named("jekyll"),
    "eleventy": profile_named("eleventy"),
    "plain": profile_named("plain"),
}
HTML_PROFILES = list(MAKERS)
PROFILES = [*HTML_PROFILES, "obsidian"]
NOT_STRINGS = {"hexo": {"comments", "title_display"}, "obsidian": {"date", "updated"}}
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("name", HTML_PROFILES)
def test_read_gives_what_was_written_in_its_normal_form(name: str) -> None:
    profile = MAKERS.get(name) or profile_named(name)

    @thorough
    @given(entries)
    def law(entry: Entry) -> None:
        assert profile.read(profile.write(entry), entry.path) == normalise(entry, profile)

    law()


@pytest.mark.parametrize("name", HTML_PROFILES)
def test_write_gives_the_bytes_that_were_read(name: str) -> None:
    profile = MAKERS.get(name) or profile_named(name)

    @thorough
    @given(entries)
    def law(entry: Entry) -> None:
        content = profile.write(entry)
        assert profile.write(profile.read(content, entry.path)) == content

    law()


@thorough
@given(entries)
def test_normal_form_is_its_own_normal_form(entry: Entry) -> None:
    profile = profile_named("hexo")
    assert normalise(normalise(entry, profile), profile) == normalise(entry, profile)


@pytest.mark.parametrize("name", PROFILES)
def test_no_document_has_what_a_consumer_trips_over(name: str) -> None:
    profile = MAKERS.get(name) or profile_named(name)

    @thorough
    @given(entries)
    def law(entry: Entry) -> None:
        content = profile.write(entry)
        text = content.decode("utf-8")
        header, body = text[4:].split("\n---\n\n", 1)
        assert text.startswith("---\n")
        assert text.endswith("\n")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u2028\u2029]", header)
        assert not re.search(r"^(---|\.\.\.)", header, re.MULTILINE)
        keys = [line.partition(":")[0] for line in header.split("\n") if not line.startswith(" ")]
        assert len(keys) == len(set(keys))
        assert keys[-1] == "content_hash"
        # the reader that everybody has sees the same strings
        plain = frontmatter.loads(text)
        assert plain["guid"] == entry.guid
        assert plain["source_id"] == entry.source
        strings = set(keys) - NOT_STRINGS.get(name.partition("-")[0], set())
        assert all(type(value) is str for key in strings for value in values(plain[key]))
        if name in HTML_PROFILES:
            assert not re.search(r"\n[ \t]*\n", body.removesuffix("<div>   \n</div>\n").rstrip("\n") or "x")
            assert not re.search(r"[{}]|```|~~~", body)

    law()


@thorough
@given(entries, st.data())
def test_hash_is_of_all_other_bytes_and_any_edit_shows(entry: Entry, data: st.DataObject) -> None:
    content = profile_named("hexo").write(entry)
    lines = content.splitlines(keepends=True) if b"\r" not in content else content.split(b"\n")
    line = next(line for line in content.split(b"\n") if line.startswith(b"content_hash: "))
    rest = content.replace(line + b"\n", b"", 1)
    assert line == f"content_hash: '{hashlib.sha256(rest).hexdigest()}'".encode()
    assert lines
    assert hash_fits(content)
    place = data.draw(st.integers(0, len(content) - 1))
    assert not hash_fits(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    assert not hash_fits(content + b"\n")


def values(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize("clock", [datetime(2022, 3, 13, 2, 30), datetime(2022, 11, 6, 1, 30)])  # noqa: DTZ001 - the zone follows
def test_a_clock_time_that_a_change_of_clocks_skips_or_repeats_is_read_back(clock: datetime, fold: int) -> None:
    changing = entry(published=Moment(clock.replace(tzinfo=ZoneInfo("America/New_York"), fold=fold)))
    for profile in (MAKERS["hexo"], MAKERS["hugo"]):
        assert profile.read(profile.write(changing), changing.path) == normalise(changing, profile)


HEADER_FIELDS = ("url", "title", "authors", "published", "date_from", "updated", "language", "description", "provenance")


@thorough
@given(entries)
def test_obsidian_keeps_the_header(entry: Entry) -> None:
    profile = profile_named("obsidian")
    content = profile.write(entry)
    read, normal = profile.read(content, entry.path), normalise(entry, profile_named("hexo"))
    assert replace(read, article=normal.article) == normal
    assert all(getattr(read.article, name) == getattr(normal.article, name) for name in HEADER_FIELDS)
    assert header_of(profile.write(read)) == header_of(content)


def header_of(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n---\n", 1)[0].split(b"\n") if not line.startswith(b"content_hash: ")]


def test_every_profile_is_tried() -> None:
    assert {name.partition("-")[0] for name in PROFILES} == set(ALL)
    assert all(isinstance(profile_named(name), FrontMatter) for name in ALL)
