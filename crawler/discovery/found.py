"""What discovery found out about a site: all that a recipe, the table for a person and the JSON for programs are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.discovery.pattern import UrlPattern
from crawler.discovery.proving import Proof
from crawler.discovery.sections import FoundSection
from crawler.discovery.site import Site
from crawler.discovery.ways import WayIn
from crawler.outcome import Link


@dataclass(slots=True)
class ListPage:
    """A list that was read, with the addresses it takes for articles, in the page's order."""

    url: str
    section: str
    """The id of the recipe's section that it belongs to; empty: none's."""
    links: list[Link]


@dataclass(slots=True)
class Paging:
    """How a list goes on."""

    pages: int = 1
    """Pages that it has, as far as it shows."""
    next: str = ""
    """CSS selector of the link to the next page …"""
    numbered: str = ""
    """… or the address with `{page}` for its number."""


@dataclass(slots=True)
class Discovery:
    """A site, looked at."""

    asked: str
    """The address that was given."""
    site: Site
    ways: list[WayIn]
    lists: list[ListPage]
    """The given address's first, whatever way is chosen."""
    sections: list[FoundSection]
    pattern: UrlPattern
    proofs: list[Proof]
    unproved: str = ""
    """Why none of the links could be proved; empty: some were."""
    link: str = ""
    """The selector that finds a list's links; empty: all of them, as far as they match the pattern."""
    paging: Paging = field(default_factory=Paging)
    language: str = ""
    zone: str = ""
    zone_from: str = ""
    parts: int = 1
    """Of an article, as far as the proved ones have."""
    requests: int = 0
    notes: list[str] = field(default_factory=list)
    """What a person should know besides."""

    @property
    def chosen(self) -> WayIn | None:
        return next((way for way in self.ways if way.chosen), None)
