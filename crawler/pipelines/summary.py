"""What a run brought, source by source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class SourceSummary:
    """One source's part of a run."""

    source: str
    listed: int = 0
    """Article addresses on its lists."""
    new: int = 0
    """Articles written for the first time."""
    known: int = 0
    """Pages that led to articles known already."""
    changed: int = 0
    """Articles that their site changed since they were read last."""
    left_out: int = 0
    """Articles that the recipe's filters don't want."""
    gone: list[str] = field(default_factory=list)
    """Articles that their site removed."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Address and reason of each article page that gave nothing; it is tried again."""
    lists_read: int = 0
    """Lists that were read or had nothing new."""
    list_failures: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    """Documents that somebody edited by hand: kept as they are."""
    images: int = 0
    """Pictures of its articles that are kept."""
    images_failed: list[tuple[str, str]] = field(default_factory=list)
    """Address and reason of each picture that could not be kept: its article shows the original."""
    resting: dict[str, float] = field(default_factory=dict)
    """Hosts that asked to be left alone for longer than a run waits, or whose budget is spent: for how many seconds more."""
    waiting: int = 0
    """Its articles that wait for the next run."""
    requests: int = 0
    bytes: int = 0
    """Of all bodies, as they came over the line."""
    busy: bool = False
    """Another run holds the source."""
    paused: bool = False
    """It is not crawled until it is resumed."""

    @property
    def asked(self) -> bool:
        """Whether this run crawls it."""
        return not self.busy and not self.paused

    @property
    def without_lists(self) -> bool:
        return self.asked and not self.lists_read

    def as_json(self) -> dict[str, Any]:
        return {
            "listed": self.listed,
            "new": self.new,
            "known": self.known,
            "changed": self.changed,
            "left_out": self.left_out,
            "gone": self.gone,
            "failed": len(self.failures),
            "failures": [{"url": url, "reason": reason} for url, reason in self.failures],
            "list_failures": [{"url": url, "reason": reason} for url, reason in self.list_failures],
            "conflicts": self.conflicts,
            "images": self.images,
            "images_failed": [{"url": url, "reason": reason} for url, reason in self.images_failed],
            "resting": [{"host": host, "seconds": round(seconds)} for host, seconds in sorted(self.resting.items())],
            "waiting": self.waiting,
            "requests": self.requests,
            "bytes": self.bytes,
            "busy": self.busy,
            "paused": self.paused,
        }


@dataclass(slots=True)
class RunSummary:
    """All of a run."""

    sources: dict[str, SourceSummary] = field(default_factory=dict)
    seconds: float = 0.0
    stopped: str = ""
    """Why it ended early; empty: it did not."""
    feeds_written: int = 0
    feed_problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a person should know that is no problem: what was inferred, what waits."""
    problems: list[str] = field(default_factory=list)
    """Of no one source: a recipe that can't be read, a folder that can't be written."""

    @property
    def exit_code(self) -> int:
        """As FORMATS, "Exit codes"."""
        if self.stopped or any(source.busy for source in self.sources.values()):
            return 3
        return 1 if any(source.without_lists for source in self.sources.values()) else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "sources": {name: source.as_json() for name, source in self.sources.items()},
            "seconds": round(self.seconds, 3),
            "stopped": self.stopped,
            "feeds_written": self.feeds_written,
            "notes": list(self.notes),
            "problems": [*self.problems, *self.feed_problems],
            "exit_code": self.exit_code,
        }
