"""A run's lock on a source: it dies with its process, so nothing waits for a time-out after a crash."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from crawler.errors import SourceBusy
from crawler.store import Store

WHOLE_STORE = "_store"  # shared by all runs, taken alone to make the store anew; no source has this id


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
            fcntl.flock(self._descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            if store is not None and not store.hold(source, shared=shared):
                raise BlockingIOError
        except BaseException as error:
            os.close(self._descriptor)
            if isinstance(error, BlockingIOError):
                raise SourceBusy(source, "another run holds it; this one leaves it alone") from None
            raise

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
