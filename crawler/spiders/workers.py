"""The worker processes: one that hangs or dies costs one page (pebble), and none outlives the crawl."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Sequence

from pebble import ProcessExpired, ProcessPool

from crawler.outcome import Failure
from crawler.recipes import LoadedSource
from crawler.spiders.reading import ArticleJob, ListJob, Reading, keep_sources, read

LONGEST = 20.0  # seconds for one page
PR_SET_PDEATHSIG = 1  # prctl(2): the kernel ends a worker when its crawler dies, kill -9 included


class Workers:
    """A pool of processes that read pages; with none the page is read here."""

    def __init__(self, count: int, sources: Sequence[LoadedSource] = ()) -> None:
        self.pool = None
        keep_sources(sources)
        if count:
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPool(max_workers=count, context=context, initializer=begin, initargs=(os.getpid(), tuple(sources)))

    async def read(self, job: ListJob | ArticleJob) -> Reading:
        """Reads a page; a worker that takes too long or dies gives that page's failure."""
        if self.pool is None:
            return read(job)
        try:
            future = self.pool.schedule(read, args=[job], timeout=LONGEST)
            reading: Reading = await asyncio.wrap_future(future)
        except TimeoutError:
            return Reading(failure=Failure(f"reading it took more than {LONGEST:.0f} s", "later"))
        except (ProcessExpired, RuntimeError, OSError) as error:
            return Reading(failure=Failure(f"the process that read it died ({error})", "next run"))
        return reading

    def close(self) -> None:
        if self.pool is not None:
            self.pool.stop()  # type: ignore[no-untyped-call]
            for worker in multiprocessing.active_children():  # pebble takes their locks away first: one that still starts would tell of it
                worker.kill()
                worker.join()
            self.pool.join(10)


def begin(parent: int, sources: Sequence[LoadedSource]) -> None:
    """What a worker does first: it leaves signals to its parent, dies with it, and takes over the sources as its run has them."""
    keep_sources(sources)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setpgid(0, 0)  # what is sent to the crawl's whole group, as timeout(1) does, stops the crawl, and the pages in hand are read
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):  # no Linux: an orphan ends when it finds its pipe closed
        return
    if os.getppid() != parent:
        os._exit(1)
