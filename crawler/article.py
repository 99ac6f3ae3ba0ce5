"""An article: what a page says, and nothing that we know besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Precision = Literal["day", "minute", "second"]
DateFrom = Literal["page", "url", "listing", "first_seen"]

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant together with how exactly the page gave it."""

    at: datetime
    """Aware, with the page's own offset; a day is 00:00 in the source's zone."""
    precision: Precision = "second"

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a moment needs a zone: {self.at.isoformat()}")

    def __str__(self) -> str:
        """ISO 8601 as the page gave it: `2022-03-22T16:37:35+08:00`; a day alone stays `2022-03-22`."""
        if self.precision == "day":
            return self.at.date().isoformat()
        return self.at.isoformat(timespec="minutes" if self.precision == "minute" else "seconds")

    def zulu(self) -> str:
        """The instant in UTC, cut to seconds: `2022-03-22T08:37:35Z`."""
        return zulu(self.at)


def zulu(at: datetime) -> str:
    """An aware time as ISO 8601 in UTC, cut to seconds: `2022-03-22T08:37:35Z`."""
    return in_utc(at).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def in_utc(at: datetime) -> datetime:
    """An aware time in UTC; of the calendar's first and last day, which some zone's clock can't show, the nearest that all can."""
    try:
        return min(max(at.astimezone(UTC), EARLIEST), LATEST)
    except OverflowError:
        return EARLIEST if at.year == 1 else LATEST


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its address, and its size in pixels and alternative text where the page has them."""

    url: str
    """Absolute."""
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says. Text fields are plain text, already freed from characters XML cannot hold."""

    url: str
    """Canonical address, absolute."""
    title: str
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    date_from: DateFrom | Literal[""] = ""
    """Where `published` was found; empty when there is none."""
    updated: Moment | None = None
    language: str = ""
    """BCP 47; empty where unknown."""
    description: str = ""
    body: str = ""
    """Clean HTML: what `crawler.extraction.clean.clean_html` lets through."""
    image: Image | None = None
    """The lead image."""
    images: tuple[Image, ...] = ()
    """All pictures of the body, in its order."""
    tags: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """For each field where its value came from; values JSON can hold."""
