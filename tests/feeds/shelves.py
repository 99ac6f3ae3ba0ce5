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
        self.taken_down: set[str] = set()

    def last(self, sources: Sequence[str], section: str | None, limit: int) -> list[str]:
        held = [e for e in self.entries if e.source in sources and (section is None or section in e.sections)]
        return [e.path for e in members([e for e in held if e.path not in self.taken_down], limit)]

    def read_document(self, path: str) -> Entry:
        self.read.append(path)
        if path in self.broken:
            raise DocumentError(path, "its header is no YAML")
        return next(e for e in self.entries if e.path == path)

    # places, as the store gives them: what was taken down keeps its own

    def in_order(self, sources: Sequence[str], section: str | None) -> list[Entry]:
        held = [e for e in self.entries if e.source in sources and (section is None or section in e.sections)]
        return list(reversed(members(held, len(held))))

    def count(self, sources: Sequence[str], section: str | None) -> int:
        return len(self.in_order(sources, section))

    def between(self, sources: Sequence[str], section: str | None, first: int, last: int) -> list[str]:
        held = [e.path for e in self.in_order(sources, section)[first - 1 : last]]
        return [path for path in reversed(held) if path not in self.taken_down]

    def place(self, sources: Sequence[str], section: str | None, path: str) -> int:
        paths = [e.path for e in self.in_order(sources, section)]
        return paths.index(path) + 1 if path in paths else 0
