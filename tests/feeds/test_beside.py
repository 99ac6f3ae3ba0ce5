"""Where many archives are due they are built in a process beside: the same bytes in the same order, whatever becomes of the process."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest
from feeds.entries import CHANNEL, entry

from crawler.feeds import beside
from crawler.feeds.beside import MANY, Archive, built_archives
from crawler.feeds.item import FeedEntry, prepare

ITEMS = [prepare(FeedEntry(entry(number), ("City",))) for number in range(2 * MANY + 1)]


def archives() -> list[Archive]:
    channels = (replace(CHANNEL, archive=number) for number in range(1, MANY + 1))
    return [Archive(channel, (ITEMS[channel.archive], ITEMS[MANY + channel.archive]), 512 * 1024) for channel in channels]


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "cores", lambda: 2)


def built() -> list[tuple[int, dict[str, bytes]]]:
    found = built_archives(iter(archives()), MANY)
    return [(archive.channel.archive, dict(made.documents)) for archive, made in found]


def here() -> list[tuple[int, dict[str, bytes]]]:
    return [(archive.channel.archive, dict(archive.built().documents)) for archive in archives()]


def test_built_beside_they_are_the_same_in_the_same_order() -> None:
    assert built() == here()
    assert len({content["rss"] for _, content in here()}) == MANY


def test_they_are_built_beside_where_there_is_a_core_for_it_and_here_where_not(monkeypatch: pytest.MonkeyPatch) -> None:
    pids: set[int] = set()
    take = beside.taken

    def note(archive: Archive, future: object) -> object:
        pids.add(0 if future is None else 1)
        return take(archive, future)  # type: ignore[arg-type]

    monkeypatch.setattr(beside, "taken", note)
    built()
    assert pids == {1}
    pids.clear()
    monkeypatch.setattr(beside, "cores", lambda: 1)
    built()
    assert pids == set()


def test_only_few_are_put_together_ahead() -> None:
    ahead = most = 0

    def due() -> Iterator[Archive]:
        nonlocal ahead, most
        for archive in archives():
            ahead += 1
            most = max(most, ahead)
            yield archive

    for _ in built_archives(due(), MANY):
        ahead -= 1
    assert most == beside.AHEAD + 1


def test_a_process_that_dies_costs_no_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "belong_to", os._exit)
    assert built() == here()


def test_where_no_process_can_be_started_they_are_built_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refuse)
    assert built() == here()
