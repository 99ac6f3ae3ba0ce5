"""Each of the 28 things that readers need has tests, and docs/feeds.md names them."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "feeds.md"


def test_each_requirement_names_tests_that_are_there() -> None:
    rows = dict(re.findall(r"^\| (\d+) \|.*?\| (`.*`) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    assert sorted(map(int, rows)) == list(range(1, 29))
    for number, cell in rows.items():
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", cell)
        assert named, number
        for file, test in named:
            assert re.search(rf"^(?:async )?def {test}\(", (TESTS / file).read_text("utf-8"), re.MULTILINE), f"{number}: {file}::{test}"
