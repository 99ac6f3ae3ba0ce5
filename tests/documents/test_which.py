"""A document tells the profile that it was written in."""

from __future__ import annotations

import pytest
from documents.strategies import entries
from hypothesis import given, settings

from crawler.documents import PROFILES, DocumentOptions, profile_named, profile_of
from crawler.entry import Entry


@settings(max_examples=60, deadline=None)
@given(entries)
def test_every_document_tells_its_profile(entry: Entry) -> None:
    for name in PROFILES:
        assert profile_of(profile_named(name).write(entry)) == name
    wallclock = profile_named("hexo", DocumentOptions(date_style="wallclock", blog_zone="Asia/Shanghai"))
    assert profile_of(wallclock.write(entry)) == "hexo"


@pytest.mark.parametrize(
    "content", [b"", b"x", b"---\ntitle: x\ndate: '2022-03-22T08:37:35Z'\n---\n", b"---\ntitle: x\nguid: y\n---\nlastmod: x\n"]
)
def test_what_is_no_document_has_no_profile(content: bytes) -> None:
    assert profile_of(content) == ""
