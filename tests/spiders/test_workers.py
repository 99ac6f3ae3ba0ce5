"""The worker processes come and go without a word, and what kills, hangs or slows one costs its own page alone."""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.synchronize
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import resource_tracker, spawn
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, clean_environment, write_recipe
from local_site import Site, article, listing

from crawler.page import Page
from crawler.recipes import Source
from crawler.recipes.modules import sources_in
from crawler.spiders import workers as module
from crawler.spiders.reading import ListJob, Reading
from crawler.spiders.workers import MOST_WORKERS, Workers, most_workers

MODULE = """
import os, time
from crawler.outcome import Link, Listing
from crawler.recipes import Source

class Trap(Source):
    recipe = {"url": "http://e.example/", "sections": [{"id": "home", "list": {"url": "http://e.example/"}}]}

    def links(self, page, read):
        if page.body == b"dies":
            os._exit(3)
        if page.body == b"hangs":
            time.sleep(60)
        if page.body == b"is slow":
            time.sleep(1.2)
        return Listing([Link(f"http://e.example/{os.getpid()}")])
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "trap.py"
    path.write_text(MODULE, "utf-8")
    return sources_in(path)[0]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def workers(source: Source, told: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    monkeypatch.setattr(module, "QUICK", 0.7)
    monkeypatch.setattr(module, "LONGEST", 2.5)
    workers = Workers(2, [source.loaded()], told.append)
    yield workers
    workers.close()
    assert multiprocessing.active_children() == []


def job(source: Source, body: str = "") -> ListJob:
    return ListJob(source.ref, Page(body.encode(), "http://e.example/", fetched_at=datetime.now(UTC)), (("home", "list"),))


def process_of(reading: Reading) -> int:
    """The process that read a page."""
    (section,) = reading.listings
    assert section.listing is not None
    return int(section.listing.links[0].url.rpartition("/")[2])


def read_all(workers: Workers, source: Source, bodies: list[str]) -> tuple[list[Reading], list[str]]:
    """What came of pages that were given at once, and their bodies in the order in which they were read."""
    order: list[str] = []

    async def one(body: str) -> Reading:
        reading = await workers.read(job(source, body))
        order.append(body)
        return reading

    async def all_of_them() -> list[Reading]:
        return await asyncio.gather(*(one(body) for body in bodies))

    return asyncio.run(all_of_them()), order


def test_slow_pages_hold_up_no_other_and_one_that_hangs_costs_itself(workers: Workers, source: Source) -> None:
    bodies = ["hangs", "is slow", *(f"plain {number}" for number in range(20))]
    (hung, slow, *_), order = read_all(workers, source, bodies)
    assert set(order[:20]) == set(bodies[2:])
    assert process_of(slow)
    assert hung.failure is not None
    assert hung.failure.reason == f"reading it took more than {module.LONGEST:g} s"


def test_a_page_whose_worker_dies_costs_itself(workers: Workers, source: Source) -> None:
    found, _ = read_all(workers, source, [f"plain {number}" for number in range(5)] + ["dies"] + [f"more {number}" for number in range(5)])
    assert [number for number, reading in enumerate(found) if reading.failure] == [5]
    assert found[5].failure is not None
    assert found[5].failure.reason.startswith("the process that read it died")


def test_workers_that_die_between_two_pages_cost_none(workers: Workers, source: Source, told: list[str]) -> None:
    """As the kernel does where memory is short; pebble gives its whole pool up then."""

    async def one_after_the_other() -> list[Reading]:
        found = []
        for _ in range(2):
            found.append(await workers.read(job(source)))
            for child in multiprocessing.active_children():
                child.kill()
            await asyncio.sleep(0.5)
        return found

    assert len({process_of(reading) for reading in asyncio.run(one_after_the_other())}) == 2
    assert told == []


def test_pages_that_wait_for_a_pool_that_breaks_are_read_in_the_next(workers: Workers, source: Source, told: list[str]) -> None:
    """More of them than fit into a pipe: pebble would leave those for ever."""
    bodies = [f"{number} " + "x" * 100_000 for number in range(20)]

    async def broken_meanwhile() -> list[Reading]:
        reading = asyncio.gather(*(workers.read(job(source, body)) for body in bodies))
        await asyncio.sleep(0)  # all are given to a pool whose processes only just start
        await asyncio.sleep(0)
        assert len(multiprocessing.active_children()) == 2
        for child in multiprocessing.active_children():
            child.kill()
        return await asyncio.wait_for(reading, 60)

    assert all(process_of(reading) for reading in asyncio.run(broken_meanwhile()))
    assert told == []


def no_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    resource_tracker.ensure_running()  # it is started by the same interpreter
    monkeypatch.setattr(spawn, "_python_exe", b"/bin/false")


def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # as without /dev/shm

    monkeypatch.setattr(multiprocessing.synchronize, "RLock", refused)


@pytest.mark.parametrize("broken", [no_interpreter, no_locks])
def test_where_no_process_can_be_started_pages_are_read_in_the_own_one_which_is_told_once(
    broken: Any, workers: Workers, source: Source, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    found, _ = read_all(workers, source, [str(number) for number in range(10)])
    assert {process_of(reading) for reading in found} == {os.getpid()}
    assert process_of(read_all(workers, source, ["later"])[0][0]) == os.getpid()
    (line,) = told
    assert line.startswith("no process to read pages can be started (")


def test_a_crawl_where_none_can_be_started_has_its_articles_and_says_so(tmp_path: Path) -> None:
    start = (
        "import multiprocessing.synchronize as locks, sys\n"
        "def refused(*_, **__): raise OSError(38, 'Function not implemented')\n"
        "locks.RLock = refused\n"
        "from crawler.cli.app import main\n"
        "sys.exit(main())\n"
    )
    with Site({"/": listing("/a", "/b"), "/a": article("A"), "/b": article("B")}) as site:
        lists = f"sections:\n  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n"
        write_recipe(tmp_path, "here", f"url: {site.address}/\nallow_private: true\ndelay: 0\n{lists}")
        done = subprocess.run(
            [sys.executable, "-c", start, "crawl"], cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert "2 new" in done.stdout
    assert done.stdout.count("no process to read pages can be started") == 1


def test_there_are_as_many_workers_as_cores_and_one_core_is_enough(tmp_path: Path) -> None:
    assert most_workers() == min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    core = min(os.sched_getaffinity(0))
    with Site({"/": listing("/a", "/b"), "/a": article("A"), "/b": article("B")}) as site:
        lists = f"sections:\n  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n"
        write_recipe(tmp_path, "here", f"url: {site.address}/\nallow_private: true\ndelay: 0\n{lists}")
        done = subprocess.run(
            [*COMMAND, "crawl"],
            cwd=tmp_path,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    assert done.returncode == 0, done.stderr
    assert "2 new" in done.stdout


def test_no_worker_is_left_when_the_locks_that_it_starts_with_go(monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
    """One that was still starting would not find them, and say so on the crawl's stderr."""
    workers = Workers(2, [source.loaded()])
    assert workers.quick is not None
    assert process_of(read_all(workers, source, ["plain"])[0][0])
    assert workers.quick.pool is not None
    manager: Any = workers.quick.pool._pool_manager.worker_manager
    assert len(multiprocessing.active_children()) == 2
    left: list[int] = []
    close = manager.close_channels

    def close_channels() -> None:
        left.append(len(multiprocessing.active_children()))
        close()

    monkeypatch.setattr(manager, "close_channels", close_channels)
    workers.close()
    assert left == [0]
    assert multiprocessing.active_children() == []
