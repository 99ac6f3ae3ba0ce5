from __future__ import annotations

import pytest

from crawler.frontier import Wait
from crawler.spiders.spider import LONG_NAP, NAP, rest


@pytest.mark.parametrize(
    ("seconds", "in_hand", "expected"),
    [
        (0.01, 3, 0.01),
        (5.0, 3, NAP),
        (float("inf"), 3, NAP),
        (5.0, 0, 5.0),
        (500.0, 0, LONG_NAP),
        (float("inf"), 0, NAP),  # the last page in hand was settled between the look and now: a minute would be lost
    ],
)
def test_how_long_to_rest(seconds: float, in_hand: int, expected: float) -> None:
    assert rest(Wait(seconds, finished=False), in_hand) == expected
