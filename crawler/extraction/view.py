"""A page ready to be read: its text parsed and walked once, and what it says for machines. All fields and the body look at this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from crawler.charset import decode
from crawler.extraction.blocks import Blocks, cut
from crawler.extraction.document import Tree, parse, read_tree, strip
from crawler.extraction.language import language_of
from crawler.extraction.repair import Links
from crawler.extraction.structured import Structured, read_structured
from crawler.page import Page
from crawler.zones import zone_named


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

    @property
    def depth(self) -> int:
        return max(self.blocks.depths, default=0)

    @cached_property
    def month_first(self) -> bool:
        """Whether 3/4/2020 is the fourth of March here: English, but for the hosts of countries that write the day first."""
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
    tree = read_tree(root, keep_places=keep_places) if root is not None else Tree()
    return View(page, text, charset, parser, structured, head, tree, cut(tree), links, zone_named(zone), bool(zone))


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
