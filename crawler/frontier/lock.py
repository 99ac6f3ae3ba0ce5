"""A run's lock on a source: it dies with its process, so nothing waits for a time-out after a crash."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from crawler.errors import SourceBusy


def is_held(folder: Path, source: str) -> bool:
    """Whether a run holds a source at this moment."""
    try:
        descriptor = os.open(folder / f"{source}.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # asks for a share alone: two that look do not see each other
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def taken(descriptor: int, after: float = 0.0) -> bool:
    """Tries to take a lock, after some seconds."""
    time.sleep(after)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class SourceLock:
    """Held by one process at a time (flock(2)); free at once when that process ends, however it ends.

    Raises SourceBusy where another run holds it.
    """

    def __init__(self, folder: Path, source: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.source = source
        self._descriptor = os.open(folder / f"{source}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        if not (taken(self._descriptor) or taken(self._descriptor, after=0.02)):  # `is_held` may have looked at it that very moment
            os.close(self._descriptor)
            raise SourceBusy(source, "another run holds it; this one leaves it alone")

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> SourceLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()
