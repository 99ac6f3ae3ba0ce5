from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from feeds.entries import entry
from web.newsroom import Newsroom, serving


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A workspace with three articles in two sections, written long ago."""
    room = Newsroom(tmp_path)
    room.write([entry(n, source="paper", sections=("city",) if n < 3 else ("world",)) for n in (1, 2, 3)])
    return room


@pytest.fixture
def client(newsroom: Newsroom) -> Iterator[httpx.Client]:
    """A client of a server over it, through no proxy."""
    with serving(newsroom.workspace) as address, httpx.Client(base_url=address, trust_env=False) as made:
        yield made
