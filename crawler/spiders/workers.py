"""The worker processes: what kills, hangs or slows one costs its own page alone (pebble), and none outlives the crawl."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.context import SpawnContext
from typing import Any, TypeAlias

from pebble import ProcessExpired, ProcessPool

from crawler.outcome import Failure
from crawler.processes import belong_to, cores
from crawler.recipes import LoadedSource
from crawler.spiders.reading import ArticleJob, ListJob, Reading, keep_sources, read

Job: TypeAlias = ListJob | ArticleJob

QUICK = 4.0  # seconds for a page while others wait for its worker, a hundred times what one takes; then it is read again aside from them
LONGEST = 20.0  # seconds for one page there
STARTS = 3  # of a pool that breaks before it has read anything: then none can be started here
PIPE = 1024 * 1024  # bytes; Linux gives a pipe 64 KiB unasked, less than one page
LOOK = 0.5  # seconds between two looks whether a pool still works
MOST_WORKERS = 8  # one process fetches: it feeds no more

logger = logging.getLogger(__name__)


def most_workers() -> int:
    """How many workers this machine is good for: as many as cores that this process may use."""
    return min(cores(), MOST_WORKERS)


class NoWorkers(Exception):
    """Worker processes can't be started."""


class Workers:
    """Processes that read pages; with none, or where none can be started, a page is read here.

    Jobs wait in memory: who reads asks for no more at a time than it has room for (the spider: its pages in hand).
    """

    def __init__(self, count: int, sources: Sequence[LoadedSource] = (), tell: Callable[[str], object] = logger.warning) -> None:
        """`count`: processes for pages as they come; half as many more start where pages are slow. `tell`: told once that none starts."""
        keep_sources(sources)
        self.tell = tell
        self.quick = Lane(count, QUICK, sources) if count else None
        self.slow = Lane(max(1, count // 2), LONGEST, sources)

    async def read(self, job: Job) -> Reading:
        """Reads a page; a worker that takes too long or dies gives that page's failure."""
        if self.quick is None:
            return read(job)
        try:
            return await self.quick.read(job)
        except TimeoutError:
            return await self._read_aside(job)
        except (ProcessExpired, BrokenProcessPool) as error:
            return died(error)
        except NoWorkers as error:
            if self.quick is not None:
                self.quick = None
                self.tell(f"no process to read pages can be started ({error}): they are read in the crawler's own, one after the other")
            return read(job)

    async def _read_aside(self, job: Job) -> Reading:
        try:
            return await self.slow.read(job)
        except TimeoutError:
            return Reading(failure=Failure(f"reading it took more than {LONGEST:g} s", "later"))
        except (ProcessExpired, BrokenProcessPool, NoWorkers) as error:
            return died(error)

    def close(self) -> None:
        lanes = [lane for lane in (self.quick, self.slow) if lane is not None]
        for lane in lanes:
            lane.stop()
        for worker in multiprocessing.active_children():  # pebble takes their locks away first: one that still starts would tell of it
            worker.kill()
            worker.join()
        for lane in lanes:
            lane.join()


class WidePipes(SpawnContext):
    """Processes started afresh, whose pipes hold some pages: the next one is there as soon as a worker is done with its last."""

    def Pipe(self, duplex: bool = True) -> Any:
        ends = super().Pipe(duplex)
        if not duplex and hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # a user's pipes may hold so much in all (pipe(7))
                fcntl.fcntl(ends[1].fileno(), fcntl.F_SETPIPE_SZ, PIPE)
        return ends


class Lane:
    """A pool that gives each page so many seconds; it starts with the first one, and anew where it broke.

    pebble gives a whole pool up when a worker dies that reads nothing, and leaves jobs that it has not sent yet for ever.
    """

    def __init__(self, count: int, seconds: float, sources: Sequence[LoadedSource]) -> None:
        self.count, self.seconds, self.sources = count, seconds, tuple(sources)
        self.pool: ProcessPool | None = None
        self.waiting: set[Future[Reading]] = set()
        self.in_vain = 0
        """Starts, one after the other, of which no page came back."""

    async def read(self, job: Job) -> Reading:
        """Raises TimeoutError, ProcessExpired where the page's worker died, NoWorkers, BrokenProcessPool where several pools broke."""
        for _ in range(STARTS):
            pool = self.pool = self.pool or self._new_pool()
            try:
                future = pool.schedule(read, args=[job], timeout=self.seconds)
                self.waiting.add(future)
                future.add_done_callback(self.waiting.discard)
                reading = await asyncio.wrap_future(future)
            except (TimeoutError, ProcessExpired):
                self.in_vain = 0
                raise
            except (RuntimeError, OSError, ImportError) as error:  # the pool's own: `read` raises none
                self._give_up(pool, " ".join(str(error.__cause__ or error).split()))
                if self.in_vain >= STARTS:
                    raise NoWorkers(str(error.__cause__ or error)) from error
            else:
                self.in_vain = 0
                return reading
        raise BrokenProcessPool("all processes died, several times over")

    def _new_pool(self) -> ProcessPool:
        pool = ProcessPool(max_workers=self.count, context=WidePipes(), initializer=begin, initargs=(os.getpid(), self.sources))
        asyncio.get_running_loop().call_later(LOOK, self._look, pool)
        return pool

    def _look(self, pool: ProcessPool) -> None:
        """Looks now and then whether the pool works: one that breaks tells nobody whose job it has not sent yet."""
        if pool is not self.pool:
            return
        if pool.active:
            asyncio.get_running_loop().call_later(LOOK, self._look, pool)
        else:
            self._give_up(pool, "they end as soon as they are started")

    def _give_up(self, pool: ProcessPool, reason: str) -> None:
        """Ends a pool that broke, once; what waits in it is read in the next one."""
        if pool is not self.pool:
            return
        self.in_vain += 1
        logger.debug("a pool of workers broke: %s", reason)
        self.stop()
        self.join()
        for future in list(self.waiting):
            if not future.done():
                future.set_exception(BrokenProcessPool(reason))

    def stop(self) -> None:
        if self.pool is not None:
            self.pool.stop()  # type: ignore[no-untyped-call]

    def join(self) -> None:
        if self.pool is not None:
            self.pool.join(10)
            self.pool = None


def died(error: Exception) -> Reading:
    return Reading(failure=Failure(f"the process that read it died ({error})", "next run"))


def begin(parent: int, sources: Sequence[LoadedSource]) -> None:
    """What a worker does first: it belongs to its crawler, and takes over the sources as its run has them."""
    keep_sources(sources)
    belong_to(parent)
