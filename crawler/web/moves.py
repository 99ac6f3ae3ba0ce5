"""Feeds that have another path now (301), or are no more (410), as broadsheet.yaml says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crawler.errors import WorkspaceError
from crawler.feeds.feed import SUFFIXES

FEED = re.compile(r"^feeds/(?P<path>.+)\.(?P<suffix>rss|atom|json|html)$")
SHORT = re.compile(r"^(?:feeds/)?(?P<path>[a-z0-9]+(?:[-_][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_][a-z0-9]+)*)?)/?$")
"""RSSHub's addresses: `/source/section`, `/source`, here also with `/feeds` before it."""
DEFAULT = "rss"
"""The format of an address that names none (RSSHub's)."""
GONE = ""


class Moves:
    """Where feeds went. A path stands for its feed in all formats, its page, its archives, and what lies below it."""

    def __init__(self, moved: Mapping[str, str], gone: Sequence[str]) -> None:
        """Raises WorkspaceError where moves lead round in a circle, or nowhere."""
        self.led = {bare(old): bare(new) for old, new in moved.items()} | {bare(old): GONE for old in gone}
        if not all(map(bare, [*moved, *moved.values(), *gone])):
            raise WorkspaceError("moved in broadsheet.yaml", "a feed's path is expected, as in `demo/city: demo/town`")
        for old in self.led:
            self.now(old)

    def now(self, path: str) -> str | None:
        """Where the feed with this path is now; GONE where it is no more; None where it never moved."""
        passed = [path]
        while (found := self.step(passed[-1])) is not None:
            if found in passed or len(passed) > len(self.led) + 1:
                raise WorkspaceError("moved in broadsheet.yaml", f"{' → '.join([*passed, found])} leads round in a circle")
            passed.append(found)
            if found == GONE:
                break
        return passed[-1] if len(passed) > 1 else None

    def step(self, path: str) -> str | None:
        parts = path.split("/")
        for length in range(len(parts), 0, -1):  # the longest that is named decides
            old = "/".join(parts[:length])
            if old in self.led:
                new = self.led[old]
                return "/".join([new, *parts[length:]]) if new else GONE
        return None


def bare(path: str) -> str:
    """A feed's path as a person may write it: with `/`, `feeds/` or a format."""
    path = path.strip().strip("/").removeprefix("feeds/")
    stem, dot, suffix = path.rpartition(".")
    return stem if dot and suffix in (*SUFFIXES, "html") else path
