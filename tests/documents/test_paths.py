"""Names of files: safe on every disk and in every consumer, the same for ever."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from documents.strategies import wild
from hypothesis import given

from crawler.documents import document_path, hash8
from crawler.documents.paths import slug

GUID = "urn:uuid:5a0b1c9e-3a52-5d6c-9d0e-0c7f1a2b3c4d"


def test_name_is_source_month_day_slug_and_hash() -> None:
    assert document_path("guancha", "软通动力副总裁刘雅：钉钉，企业数字化转型破局中的平台支撑", GUID, date(2022, 3, 22)) == (
        f"guancha/2022/03/2022-03-22-软通动力副总裁刘雅-钉钉-企业数字化转型破局中的平台支撑-{hash8(GUID)}.md"
    )
    assert document_path("a", "x", GUID, date(987, 1, 5)).startswith("a/0987/01/0987-01-05-x-")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Hello, World!", "hello-world"),
        ("", "article"),
        ("???", "article"),
        ("_.#~index", "index"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("ข่าวไทยวันนี้", "ข่าวไทยวันนี้"),
        ("e\u0301te\u0301", "été"),
        ("ÉTÉ", "été"),
        ("\u0301a", "a"),
        ("a/b\\c:d*e", "a-b-c-d-e"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 300, "x" * 80),
        ("标" * 300, "标" * 26),
        ("a\ud800b", "ab"),
        ("😀", "article"),
    ],
)
def test_slug_has_letters_marks_and_digits(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_slug_is_cut_between_graphemes() -> None:
    syllable = "นี้"
    assert slug(syllable * 20) == syllable * (80 // len(syllable.encode()))
    assert 0 < len(slug("a" + "\u0301\u0302" * 100).encode()) <= 80


@given(wild)
def test_any_title_gives_a_name_that_every_consumer_takes(title: str) -> None:
    text = slug(title)
    assert 0 < len(text.encode()) <= 80
    assert unicodedata.category(text[0])[0] in "LN" or text[0] > "\u2fff"
    assert not re.search(r"""[\s\\/:*?"<>|#^\[\]{}~.%-]{2}|[\s\\/:*?"<>|#^\[\]{}~.%_&+,;=@!$'()`]""", text)
    assert unicodedata.normalize("NFC", text) == text
    assert text == text.lower()
