"""How a fetched page ended: links, an article, or an error. Each leased page yields exactly one outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crawler.article import Article
from crawler.page import NO_HINTS, Hints, Page

PageKind = Literal["list", "article"]
Way = Literal["list", "feed", "sitemap", "json"]
Again = Literal["soon", "next run", "later", "new recipe"]


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a listing holds, with what the listing already says of what is there."""

    url: str
    """Absolute, as the listing has it."""
    hints: Hints = NO_HINTS


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page, feed or sitemap leads to."""

    links: tuple[Link, ...]
    """Of articles, in the listing's order, no address twice."""
    further: tuple[str, ...] = ()
    """Of further pages of the same listing (next page, child sitemaps), absolute."""
    lists: tuple[str, ...] = ()
    """Of other lists that belong to the section (topics, issues), absolute."""


@dataclass(frozen=True, slots=True)
class SectionListing:
    """What one section reads in a list page: several may share an address, each with its own selectors."""

    section: str
    way: Way
    listing: Listing | None = None
    problem: str = ""
    """Why it could not be read; empty where it could."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page gave nothing."""

    reason: str
    """In plain words, one line, without the address."""
    again: Again = "next run"
    """When it makes sense to ask again: soon (in this run), in the next one, later (a day, then two, then four), or with another recipe."""
    retry_after: float | None = None
    """Seconds that the site asked us to wait."""
    silent: bool = False
    """No answer came at all: no connection, a time-out, a reset."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back (RFC 9110, 8.8)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """A page that a run has in hand: it is the run's alone until it is settled."""

    page_id: int
    source: str
    kind: PageKind
    url: str
    rank: int = 0
    """Its place among the source's pages."""
    sections: tuple[str, ...] = ()
    """Of an article: ids of the sections whose lists show it."""
    ways: tuple[tuple[str, Way], ...] = ()
    """Of a list: the sections that read it, each with its way in."""
    hints: Hints = NO_HINTS
    attempts: int = 0
    """How often it was tried before."""
    hops: int = 0
    """Redirects that led here."""
    looks: int = 0
    """Of a known article: which look at it again this is; 0: it is read for the first time."""
    same_reader: bool = True
    """Whether recipe and extractor are those that read it before."""
    depth: int = 0
    """Of a list: which further page it is; 0 is the first."""
    also: tuple[str, ...] = ()
    """Other addresses that led here."""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one leased page ended. Exactly one of `listings`, `article`, `failure`, `moved_to`, `unchanged` is set."""

    source: str
    url: str
    """The address that answered."""
    lease: Lease | None = None
    """None in a foreign Scrapy project, which leases nothing."""
    listings: tuple[SectionListing, ...] = ()
    article: Article | None = None
    failure: Failure | None = None
    moved_to: str = ""
    """The page redirects there: its turn comes again."""
    unchanged: bool = False
    """304: what the page led to last time still holds."""
    validators: Validators = Validators()
    pages: tuple[Page, ...] = field(default=(), repr=False)
    """What the article was made of, for those who keep pages."""
    aliases: tuple[str, ...] = ()
    """Other addresses that led to the article: asked ones, parts, redirects."""
