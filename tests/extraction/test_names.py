"""Bylines become names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.fields.names import key_of, names_in

CASES = [
    ("By Jane Doe", ["Jane Doe"]),
    ("By Jane Doe and Max Roe", ["Jane Doe", "Max Roe"]),
    ("Von Eva Müller, 12.03.2021", ["Eva Müller"]),
    ("Posted by Alex Kim on March 5, 2021", ["Alex Kim"]),
    ("By Haley Hoekstra • March 12, 2025", ["Haley Hoekstra"]),
    ("作者：王小明", ["王小明"]),
    ("本报记者 李四", ["李四"]),
    ("记者 王建宏 张文攀", ["王建宏", "张文攀"]),
    ("（责编：牛镛、岳弘彬）", ["牛镛", "岳弘彬"]),
    ("구현모 기자", ["구현모"]),
    ("王文", ["王文"]),
    ("文在寅", ["文在寅"]),
    ("文：李四", ["李四"]),
    ("文/李四", ["李四"]),
    ("李四 文", ["李四"]),
    ("name, email@gmail.com", []),
    ("admin", []),
    ("By", []),
    ("Getty Images", []),
    ("https://www.facebook.com/someone", []),
]


@pytest.mark.parametrize(("text", "names"), CASES)
def test_names_of_a_byline(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_two_spellings_of_the_same_people_share_a_key() -> None:
    assert key_of(["Jane Doe", "Max Roe"]) == key_of(["MAX ROE", "Doe Jane"])


@given(st.text(max_size=200))
def test_any_text_gives_a_short_list(text: str) -> None:
    assert len(names_in(text)) <= 12
