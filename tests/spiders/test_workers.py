"""The worker processes come and go without a word."""

from __future__ import annotations

import multiprocessing
from typing import Any

import pytest

from crawler.spiders.workers import Workers


def test_no_worker_is_left_when_the_locks_that_it_starts_with_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was still starting would not find them, and say so on the crawl's stderr."""
    workers = Workers(2)
    assert workers.pool is not None
    assert workers.pool.schedule(abs, args=[-1]).result() == 1
    manager: Any = workers.pool._pool_manager.worker_manager
    assert len(multiprocessing.active_children()) == 2
    left: list[int] = []
    close = manager.close_channels
    monkeypatch.setattr(manager, "close_channels", lambda: (left.append(len(multiprocessing.active_children())), close()))
    workers.close()
    assert left == [0]
    assert multiprocessing.active_children() == []
