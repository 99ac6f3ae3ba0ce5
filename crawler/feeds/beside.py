"""Where many archives are due a process beside this one builds them: here the next ones are put together meanwhile."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.feeds.archives import SIZE
from crawler.feeds.build import Built, build
from crawler.feeds.feed import Channel, Item
from crawler.processes import belong_to, cores

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

MANY = 40
"""Archives from which on it is worth to start a process."""
AHEAD = 4
"""Archives that are put together before the first of them is built, at most: so many are in memory."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is to be built."""

    channel: Channel
    items: tuple[Item, ...]
    max_bytes: int
    empty: bool = False
    """No article is left in it: it is to be deleted."""

    def built(self) -> Built:
        return build(self.channel, self.items, limit=SIZE, max_bytes=self.max_bytes)


def built_archives(due: Iterable[Archive], count: int) -> Iterator[tuple[Archive, Built]]:
    """Each archive with its bytes, in the order in which they come. `count`: how many those are.

    A process that can't be started, or dies, costs nothing: the archives are built here then.
    """
    if count < MANY or cores() < 2:
        yield from ((archive, archive.built()) for archive in due)
        return
    import multiprocessing  # loaded here: most publications write few archives
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), belong_to, (os.getpid(),)) as process:
        waiting: deque[tuple[Archive, Future[Built] | None]] = deque()
        for archive in due:
            waiting.append((archive, sent(process, archive)))
            if len(waiting) > AHEAD:
                yield taken(*waiting.popleft())
        while waiting:
            yield taken(*waiting.popleft())


def sent(process: ProcessPoolExecutor, archive: Archive) -> Future[Built] | None:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return process.submit(Archive.built, archive)
    except (BrokenProcessPool, OSError) as error:
        logger.debug("no process builds archives: %s", error)
        return None


def taken(archive: Archive, future: Future[Built] | None) -> tuple[Archive, Built]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return archive, future.result() if future is not None else archive.built()
    except BrokenProcessPool as error:
        logger.debug("the process that builds archives died: %s", error)
        return archive, archive.built()
