"""Which part of a line is a byline, and how it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.fields.bylines import names_said
from crawler.extraction.fields.names import names_in

CASES = [
    ("By Jane Doe", "by line", ["Jane Doe"]),
    ("ByJ.R. Stone", "by line", ["J.R. Stone"]),
    ("Text & Fotos: Eva Müller", "by line", ["Eva Müller"]),
    ("yas! | By Cara Stiles | April 13, 2020", "by inside", ["Cara Stiles"]),
    ("Veröffentlicht am 19. Dezember 2022 von Eva Müller", "by inside", ["Eva Müller"]),
    ("04.02.2022 | 13:10 Uhr | Uta Berg", "part, dated", ["Uta Berg"]),
    ("Dec 17, 2025Julian K. Arni", "part, dated", ["Julian K. Arni"]),
    ("作者：王小明", "han marked", ["王小明"]),
    ("记者 王建宏 张文攀", "han author", ["王建宏", "张文攀"]),
    ("责任编辑：李四", "han editor", ["李四"]),
    ("顶端新闻·河南商报记者马俊峰/文 受访者供图", "han author", ["马俊峰"]),
    ("放飞 发表于 2005-9-15 11:46:00", "posted by", ["放飞"]),
]


@pytest.mark.parametrize(("line", "how", "names"), CASES)
def test_what_a_line_says(line: str, how: str, names: list[str]) -> None:
    said = {way: names_in(part) for part, way in names_said(line)}
    assert said.get(how) == names


@pytest.mark.parametrize("line", ["记者表示，此事属实", "编辑部", "The council met on Tuesday and decided nothing."])
def test_lines_that_name_nobody(line: str) -> None:
    assert not [part for part, how in names_said(line) if how.startswith(("han", "by"))]


def test_a_long_paragraph_is_read_at_its_ends() -> None:
    assert ("陈平", "han at end") in names_said("这座大桥经过十一个月的维修于星期二重新开放。" * 12 + "（记者 陈平）")


@given(st.text(max_size=400))
def test_any_line_is_read(line: str) -> None:
    for part, how in names_said(line):
        assert part
        assert how
