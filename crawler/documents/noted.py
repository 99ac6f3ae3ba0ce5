"""What was found out about documents a moment ago: the next who needs it in the same run does not read the file again."""

from __future__ import annotations

import time
from pathlib import Path

MOST = 4096
"""Documents, those noted last."""
SETTLED = 100_000_000
"""Nanoseconds after which a further change of a file can't bear the same time of change: two ticks of a slow kernel clock and more."""
Mark = tuple[int, int, int, int]


class Noted:
    """Hashes of documents' texts, believed only while the file is the one that was read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hashes: dict[str, tuple[Mark, str]] = {}

    def mark(self, path: str) -> Mark | None:
        """A document's mark before it is read; None where it can't be relied on: it was written a moment ago."""
        mark = mark_of(self.root / path)
        return mark if mark and max(mark[:2]) < time.time_ns() - SETTLED else None

    def put(self, path: str, mark: Mark | None, text_hash: str) -> None:
        """`mark`: as it was before the text was read."""
        self.hashes.pop(path, None)
        if mark is not None:
            self.hashes[path] = mark, text_hash
            if len(self.hashes) > MOST:
                del self.hashes[next(iter(self.hashes))]

    def find(self, path: str) -> str | None:
        mark, text_hash = self.hashes.get(path, (None, None))
        return text_hash if mark is not None and mark == mark_of(self.root / path) else None


def mark_of(path: Path) -> Mark | None:
    """What is another one when a file was written again: it is replaced whole, or edited in place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
