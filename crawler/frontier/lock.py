"""A run's lock on a source: it dies with its process, so nothing waits for a time-out after a crash."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from crawler.errors import SourceBusy
from crawler.store import Store

WHOLE_STORE = "_store"  # shared by all runs, taken alone to make the store anew; no source has this id


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


class SourceLock:
    """Held by one process at a time (flock(2), and PostgreSQL's advisory lock); free at once when that process ends, however it ends.

    Raises SourceBusy where another run holds it.
    """

    def __init__(self, folder: Path, source: str, store: Store | None = None, *, shared: bool = False) -> None:
        """`folder`: of the workspace's locks; `store`: where it is a server's, that one's lock is taken too: runs may be on other machines.

        `shared`: any number may hold it at a time, but none together with one that is not shared.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.source, self.store, self.shared = source, store, shared
        self._descriptor = os.open(folder / f"{source}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            if not (self._taken() or self._taken(after=0.02)):  # `is_held` may have looked at it that very moment
                raise BlockingIOError
            if store is not None and not store.hold(source, shared=shared):
                raise BlockingIOError
        except BaseException as error:
            os.close(self._descriptor)
            if isinstance(error, BlockingIOError):
                raise SourceBusy(source, "another run holds it; this one leaves it alone") from None
            raise

    def _taken(self, after: float = 0.0) -> bool:
        """Tries to take the file's lock, after some seconds."""
        time.sleep(after)
        try:
            fcntl.flock(self._descriptor, (fcntl.LOCK_SH if self.shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self) -> None:
        if self._descriptor >= 0:
            if self.store is not None:
                self.store.let_go(self.source, shared=self.shared)
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> SourceLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()
