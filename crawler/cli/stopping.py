"""How a crawl is stopped: the first signal lets the pages in hand be finished, within 30 seconds; a second one ends it at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from crawler.cli.app import STOPPED

LONGEST = 28.0  # seconds from the first signal; systemd kills after 90, docker after 10, most jobs after 30


class Stopping:
    """Listens to SIGTERM and SIGINT. Whenever it leaves, what is on disk is whole and the same command goes on (exit code 3)."""

    def __init__(self) -> None:
        self.asked = False
        self.gently: Callable[[], None] | None = None
        """Asks the run to end; it is called in the signal handler. None: there is nothing yet that has to be ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.signalled)

    def done(self) -> None:
        """The work is done and told: a signal in the last moments changes nothing of it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)

    def signalled(self, number: int, frame: FrameType | None) -> None:
        if self.asked or self.gently is None:
            leave()
        self.asked = True
        watch = threading.Timer(LONGEST, leave)
        watch.daemon = True
        watch.start()
        if self.gently is not None:
            self.gently()


def leave() -> None:
    """Ends this process as a kill would: workers end with it, its locks are free, its leases void."""
    shown = b"\x1b[?25h" if sys.stderr.isatty() else b""  # the cursor, which progress bars hide
    try:
        os.write(2, shown + b"Stopped at once. The same command goes on where it was.\n")
    finally:
        os._exit(STOPPED)
