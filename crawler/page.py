"""A fetched page: its bytes and what the answer and the listing said of it. The first value an article passes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from crawler.article import Moment

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hints:
    """What a list, feed item or sitemap entry already said of the article it leads to."""

    title: str = ""
    """Plain text, entities resolved."""
    published: Moment | None = None
    updated: Moment | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    """Plain text."""
    body: str = ""
    """Full text as HTML, as the feed gave it: not cleaned."""
    image: str = ""
    """Absolute address."""
    tags: tuple[str, ...] = ()
    language: str = ""
    """BCP 47."""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a site, whole, content encoding undone, charset not."""

    body: bytes
    url: str
    """The address that answered, after redirects."""
    requested_url: str = ""
    """The address that was asked for first; empty: the same as `url`."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; of a repeated header the values joined with ", "."""
    fetched_at: datetime = field(kw_only=True)
    """Aware. The only clock that extraction has."""
    hints: Hints = NO_HINTS
