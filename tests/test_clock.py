from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.clock import run_start
from crawler.errors import WorkspaceError


def test_the_variable_fixes_the_start() -> None:
    assert run_start({"BROADSHEET_NOW": "2026-04-01T08:00:00.9+02:00"}) == datetime(2026, 4, 1, 6, tzinfo=UTC)


def test_without_it_the_real_time_holds_cut_to_seconds() -> None:
    now = run_start({})
    assert now.microsecond == 0
    assert abs((datetime.now(UTC) - now).total_seconds()) < 5


@pytest.mark.parametrize("value", ["2026-04-01T08:00:00", "yesterday", "2026-04-01"])
def test_anything_else_is_refused(value: str) -> None:
    with pytest.raises(WorkspaceError, match="BROADSHEET_NOW"):
        run_start({"BROADSHEET_NOW": value})
