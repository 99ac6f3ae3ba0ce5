from __future__ import annotations

import pytest

from crawler.errors import WorkspaceError
from crawler.web.moves import GONE, Moves


@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("paper/city", "paper/town"),
        ("old", "paper"),
        ("old/city", "paper/town"),
        ("old/world", "paper/world"),
        ("closed", GONE),
        ("closed/city", GONE),
        ("paper/world", None),
        ("paper", None),
        ("older", None),
        ("older/city", None),
    ],
)
def test_where_a_feed_is_now(path: str, now: str | None) -> None:
    moves = Moves({"paper/city": "/feeds/paper/town.atom", "old": "paper"}, ["closed"])
    assert moves.now(path) == now


@pytest.mark.parametrize(
    ("moved", "told"), [({"a": "b", "b": "a"}, "circle"), ({"a": "a/b"}, "circle"), ({"a": ""}, "path"), ({"/": "b"}, "path")]
)
def test_moves_that_lead_nowhere_are_told(moved: dict[str, str], told: str) -> None:
    with pytest.raises(WorkspaceError, match=told):
        Moves(moved, [])
