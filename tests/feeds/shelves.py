"""A store in memory for the tests: which documents a feed holds, and reading them."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.entry import Entry
from crawler.errors import DocumentError
from crawler.feeds.members import members


class Documents:
    """Membership and documents in one; counts what is read."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        self.read: list[str] = []
        self.broken: set[str] = set()

    def last(self, sources: Sequence[str], section: str | None, limit: int) -> list[str]:
        held = [e for e in self.entries if e.source in sources and (section is None or section in e.sections)]
        return [e.path for e in members(held, limit)]

    def read_document(self, path: str) -> Entry:
        self.read.append(path)
        if path in self.broken:
            raise DocumentError(path, "its header is no YAML")
        return next(e for e in self.entries if e.path == path)
