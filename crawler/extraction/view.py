"""A page ready to be read: its text parsed and walked once, and what it says for machines. All fields and the body look at this."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from crawler.charset import decode
from crawler.extraction.blocks import STANDS_IN, Blocks
from crawler.extraction.document import LINK, Tree, element_places, parse, strip
from crawler.extraction.language import language_of
from crawler.extraction.reading import read
from crawler.extraction.repair import Links
from crawler.extraction.structured import Structured, read_structured
from crawler.extraction.tags import NUMBER, TEXT
from crawler.page import Page
from crawler.zones import zone_named

CLEAR_ORDER = re.compile(r"(?<![\d/])(?:(1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01]))/(?:19|20)\d\d(?!\d)")
"""A date that can be read in one way alone."""


@dataclass
class View:
    """What is known of one page before any field is chosen."""

    page: Page
    text: str
    """The page's source."""
    charset: str
    parser: LexborHTMLParser
    """Stripped of scripts and the like once `tree` is made."""
    structured: Structured
    head: Head
    tree: Tree
    blocks: Blocks
    links: Links
    zone: tzinfo
    zone_known: bool
    chosen: list[int] = field(default_factory=list)
    """Blocks of the body, once they are known."""
    site_names: set[str] | None = None
    """Once they were asked for (crawler.extraction.fields.author_traits)."""

    @property
    def body_begins(self) -> int:
        """The body's first block; without a body the first heading's."""
        if self.chosen:
            return self.chosen[0]
        return next((self.blocks.block_before[place] + 1 for place in self.blocks.headings), 0)

    @property
    def body_ends(self) -> int:
        """The block behind the body's last one."""
        return self.chosen[-1] + 1 if self.chosen else len(self.blocks.texts)

    @cached_property
    def container_at(self) -> dict[int, int]:
        return dict(zip(self.blocks.places, range(len(self.blocks.places)), strict=True))

    def inherited_at(self, place: int) -> int:
        """The marks of the containers that a place stands in."""
        container_at, parents = self.container_at, self.tree.parents
        while place >= 0:
            number = container_at.get(place)
            if number is not None:
                return self.blocks.inherited[number]
            place = parents[place]
        return 0

    def inherited_of_block(self, block: int) -> int:
        return self.blocks.inherited[self.blocks.containers[block]]

    def stands_in(self, place: int, name: str) -> bool:
        return bool(self.inherited_at(place) & STANDS_IN[NUMBER[name]])

    def spaced_text(self, place: int) -> str:
        """An element's text with a space between its children's: `By Travis Haney`, not `ByTravis Haney`."""
        tags, items = self.tree.tags, self.tree.items
        return " ".join(" ".join([str(items[at]) for at in range(place, self.tree.ends[place]) if tags[at] == TEXT]).split())

    def blocks_before(self, place: int) -> int:
        """How many blocks begin before a place."""
        return bisect_left(self.blocks.first, place)

    @cached_property
    def links_around_body(self) -> list[int]:
        """Places of the links from a little before the body to a little behind it."""
        if not self.blocks.first:
            return []
        low = self.blocks.first[max(0, self.body_begins - 20)]
        high = self.blocks.last[min(len(self.blocks.last) - 1, self.body_ends + 8)]
        return [place for place, tag in enumerate(self.tree.tags[low:high], low) if tag == LINK]

    @cached_property
    def title_block(self) -> int:
        """The block that says what the title element begins with; -1 where there is none."""
        title = "".join(self.head.title.split()).casefold()
        if title:
            for number in range(min(self.body_ends, len(self.blocks.texts))):
                text = self.blocks.texts[number]
                if (
                    8 < len(text) < 300
                    and 3 * len(text) > len(title)
                    and text.partition(" ")[0].casefold() in title
                    and "".join(text.split()).casefold() in title
                ):
                    return number
        place = next((place for place in self.blocks.headings), -1)
        return self.blocks.block_before[place] if place >= 0 else -1

    @property
    def depth(self) -> int:
        return max(self.blocks.depths, default=0)

    @cached_property
    def month_first(self) -> bool:
        """Whether 3/4/2020 is the fourth of March here: as its other dates say, else in English where the day is not written first."""
        for text in self.blocks.texts:
            if "/" in text and (match := CLEAR_ORDER.search(text)):
                return match.group(2) is not None
        host = self.page.url.split("/")[2].rsplit(":", 1)[0] if self.page.url.count("/") > 1 else ""
        return self.language.startswith("en") and not host.endswith(
            (".uk", ".au", ".nz", ".ie", ".in", ".za", ".eu", ".de", ".fr", ".es", ".it", ".sg", ".ng", ".ke", ".pk")
        )

    @property
    def now(self) -> datetime:
        return self.page.fetched_at.astimezone(UTC)

    @cached_property
    def language(self) -> str:
        return language_of(self)


@dataclass(frozen=True, slots=True)
class Head:
    """What the page's head says."""

    title: str
    canonical: str
    """As written."""
    base: str
    language: str
    """The html element's lang."""
    refresh: str
    amp: bool


def view_of(page: Page, zone: str = "", *, keep_places: bool = False) -> View:
    """Decode, parse, walk and cut a page. Never raises; an empty page gives an empty view."""
    text, charset = decode(page.body, page.headers.get("content-type", ""))
    parser = parse(text)
    structured = read_structured(parser)
    head = read_head(parser)
    links = Links(join_base(page.url, head.base))
    strip(parser)
    root = parser.body
    tree, blocks = read(root.html or "") if root is not None else (Tree(), Blocks())
    if keep_places and root is not None:
        tree.places = element_places(root, tree)
    return View(page, text, charset, parser, structured, head, tree, blocks, links, zone_named(zone), bool(zone))


def join_base(url: str, base: str) -> str:
    from crawler.urls import join

    return (join(url, base) or url) if base else url


def read_head(parser: LexborHTMLParser) -> Head:
    title = parser.css_first("title")
    html = parser.root
    attributes = html.attributes if html is not None else {}
    canonical = base = ""
    for link in parser.css("link[rel], base[href]"):
        given = link.attributes
        rel = (given.get("rel") or "").lower().split()
        if "canonical" in rel and not canonical:
            canonical = (given.get("href") or "").strip()
        elif link.tag == "base" and not base:
            base = (given.get("href") or "").strip()
    refresh = ""
    for meta in parser.css('meta[http-equiv="refresh" i]'):
        refresh = meta.attributes.get("content") or ""
    return Head(
        " ".join((title.text() or "").split()) if title is not None else "",
        canonical,
        base,
        attributes.get("lang") or attributes.get("xml:lang") or "",
        refresh,
        "amp" in attributes or "⚡" in attributes,
    )
