"""A store in memory for the tests: which documents a feed holds, and reading them."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.entry import Entry
from crawler.errors import DocumentError
from crawler.feeds.members import members
from crawler.feeds.plans import Part


class Documents:
    """Membership and documents in one; counts what is read."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        self.read: list[str] = []
        self.broken: set[str] = set()
        self.taken_down: set[str] = set()
        self.withheld: set[str] = set()
        self.given: dict[str, list[str]] = {}
        self.changed: set[str] = set()

    def held(self, part: Part) -> list[Entry]:
        sources, section, without = part
        of_sources = [e for e in self.entries if (e.source in sources if without is None else e.source not in without)]
        return [e for e in of_sources if (section is None or section in e.sections) and e.path not in self.withheld]

    def last(self, part: Part, limit: int) -> list[str]:
        return [e.path for e in members([e for e in self.held(part) if e.path not in self.taken_down], limit)]

    def read_document(self, path: str) -> Entry:
        self.read.append(path)
        if path in self.broken:
            raise DocumentError(path, "its header is no YAML")
        return next(e for e in self.entries if e.path == path)

    # places, as the store gives them: what was taken down keeps its own

    def give(self, feed: str, part: Part, *, whole: bool) -> None:
        given = self.given.setdefault(feed, [])
        held = self.held(part)
        given += [e.path for e in reversed(members(held, len(held))) if e.path not in given]

    def count(self, feed: str) -> int:
        return len(self.given[feed])

    def between(self, feed: str, first: int, last: int) -> list[str]:
        return [path for path in reversed(self.given[feed][first - 1 : last]) if path not in self.taken_down]

    def touched(self, feed: str, part: Part, size: int) -> set[int]:
        assert all(part.takes(path) for path in self.given[feed])
        return {number // size + 1 for number, path in enumerate(self.given[feed]) if path in self.changed}

    def arrival(self, feed: str, number: int) -> tuple[str, str, str]:
        found = next(e for e in self.entries if e.path == self.given[feed][number - 1])
        return found.first_seen.isoformat(), found.published.at.isoformat(), found.guid
