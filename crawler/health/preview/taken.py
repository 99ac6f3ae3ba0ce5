"""Which elements of a site's page an article's fields came from: by the recipe's selectors, else by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.article import Article, Moment
from crawler.errors import PatternError
from crawler.extraction.clean import text_of
from crawler.extraction.times import read_time
from crawler.page import Page
from crawler.recipes import Recipe
from crawler.recipes.selectors import parse_selector
from crawler.urls import join
from crawler.zones import zone_named

MARK = "data-bs"
"""The attribute that says what was taken; its values are classes of the preview's own style."""
SAID = "data-bs-said"
"""What stands beside an outlined part."""
HEADINGS = "h1, h2, h3, h4, h5, h6"
BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, blockquote, td, th, pre, dt, dd, figcaption, div, section, article, span"
LAZY = ("src", "data-src", "data-original", "data-lazy-src", "data-url", "srcset", "data-srcset")
DATED = re.compile(r"\d")
LONGEST_DATE, LONGEST_BYLINE = 120, 160
SILENT = frozenset({"script", "style", "noscript", "option", "svg", "path", "title"})
MOST = 6_000
"""Elements that are looked at."""


def mark_taken(parser: LexborHTMLParser, page: Page, article: Article, recipe: Recipe, next_page: str = "") -> set[str]:
    """Marks the elements in a parsed page; gives the names of the fields that were found in it.

    `next_page`: the address of the part that follows, whose link is marked too.
    """
    found: set[str] = set()
    for name, node in (
        *selected(parser, article.provenance),
        *title_in(parser, article),
        *date_in(parser, page, article, recipe),
        *authors_in(parser, article),
        *blocks_in(parser, article),
        *pictures_in(parser, page, article),
        *removed_in(parser, recipe.at(page.fetched_at)),
        *links_to(parser, page, next_page),
    ):
        if MARK not in node.attributes:
            mark(node, name, first=name not in found)
        found.add(name)
    return found


def mark(node: LexborNode, name: str, *, first: bool) -> None:
    attributes: Any = node.attrs
    attributes[MARK] = name
    if first:
        attributes[SAID] = name


def selected(parser: LexborHTMLParser, provenance: Mapping[str, Any]) -> Iterator[tuple[str, LexborNode]]:
    """What the recipe's CSS selectors found: provenance names the one that held."""
    for name, source in provenance.items():
        if not isinstance(source, str):
            continue
        try:
            selector = parse_selector(source)
            nodes = parser.css(selector.value) if selector.kind == "css" else []
        except (PatternError, SelectolaxError):
            continue
        for node in nodes[:50] if name in ("authors", "tags", "body") else nodes[:1]:
            if node.tag not in ("html", "head", "body", "meta", "link", "title"):
                yield name, node


def title_in(parser: LexborHTMLParser, article: Article) -> Iterator[tuple[str, LexborNode]]:
    wanted = key_of(article.title)
    headings = parser.css(HEADINGS) if wanted else []
    same = next((node for node in headings if key_of(words(node)) == wanted), None)
    holds = next((node for node in headings if wanted and wanted in key_of(words(node))), None)
    if (node := same or holds) is not None:
        yield "title", node


def date_in(parser: LexborHTMLParser, page: Page, article: Article, recipe: Recipe) -> Iterator[tuple[str, LexborNode]]:
    """The smallest elements that say the times of publication and change."""
    zone, now = zone_named(recipe.zone), page.fetched_at
    moments = {name: moment for name, moment in (("published", article.published), ("updated", article.updated)) if moment}
    found: dict[str, tuple[int, LexborNode]] = {}
    for node, text in small_ones(parser, LONGEST_DATE) if moments else ():
        written = node.attributes.get("datetime") or node.attributes.get("content") or text
        said = read_time(written, zone, now, language=article.language) if DATED.search(written) else None
        name = next((name for name, moment in moments.items() if said is not None and is_same(said, moment)), "")
        if name and (name not in found or len(text) < found[name][0]):
            found[name] = len(text), node
    yield from ((name, node) for name, (_, node) in found.items())


def is_same(said: Moment, moment: Moment) -> bool:
    """Whether a text says a moment: to the day where one of them says no more, else the instant, or the same time on a wall's clock."""
    if "day" in (said.precision, moment.precision):
        return said.at.date() == moment.at.date()
    return said.at == moment.at or said.at.replace(tzinfo=None, second=0) == moment.at.replace(tzinfo=None, second=0, microsecond=0)


def authors_in(parser: LexborHTMLParser, article: Article) -> Iterator[tuple[str, LexborNode]]:
    """The smallest element that says each name, the first of several of one size."""
    names = {key_of(name) for name in article.authors} - {""}
    found: dict[str, tuple[int, LexborNode]] = {}
    for node, text in small_ones(parser, LONGEST_BYLINE) if names else ():
        said = key_of(text)
        for name in names:
            if name in said and (name not in found or len(text) < found[name][0]):
                found[name] = len(text), node
    yield from {node.mem_id: ("authors", node) for _, node in found.values()}.values()


def pictures_in(parser: LexborHTMLParser, page: Page, article: Article) -> Iterator[tuple[str, LexborNode]]:
    wanted = {image.url: "body" for image in article.images}
    if article.image is not None:
        wanted[article.image.url] = "image"
    for node in parser.css("img")[:MOST] if wanted else []:
        given = node.attributes
        addresses = (join(page.url, part) for name in LAZY for part in (given.get(name) or "").split()[:1])
        if name := next((wanted[url] for url in addresses if url in wanted), ""):
            yield name, node


def blocks_in(parser: LexborHTMLParser, article: Article) -> Iterator[tuple[str, LexborNode]]:
    """The elements whose text is a line of the body. Of those that lie in each other the innermost."""
    lines = {key for line in text_of(article.body).split("\n") if len(key := key_of(line)) > 3}
    outer: set[int] = set()
    kept: list[LexborNode] = []
    for node in reversed(parser.css(BLOCKS)[:MOST] if lines else []):
        if node.mem_id in outer or key_of(words(node)) not in lines:
            continue
        above = node.parent
        while above is not None and above.mem_id not in outer:
            outer.add(above.mem_id)
            above = above.parent
        kept.append(node)
    yield from (("body", node) for node in reversed(kept))


def removed_in(parser: LexborHTMLParser, recipe: Recipe) -> Iterator[tuple[str, LexborNode]]:
    for selector in recipe.article.remove:
        for node in parser.css(selector)[:50]:
            yield "removed", node


def links_to(parser: LexborHTMLParser, page: Page, target: str) -> Iterator[tuple[str, LexborNode]]:
    for node in parser.css("a") if target else []:
        written = f"{node.attributes.get('href') or ''} {node.attributes.get('onclick') or ''}"
        if target.rpartition("/")[2] in written:
            yield "next part", node
            return


def small_ones(parser: LexborHTMLParser, longest: int) -> Iterator[tuple[LexborNode, str]]:
    """Elements of little text, in the page's order, with that text; of those that lie in each other and say the same the innermost."""
    body = parser.body
    for node in (body.css("*") if body is not None else [])[:MOST]:
        if node.tag in SILENT:
            continue
        text = words(node)
        if 0 < len(text) <= longest and not any(words(child) == text for child in node.iter(include_text=False)):
            yield node, text


def words(node: LexborNode) -> str:
    return " ".join((node.text() or "")[:20_000].split())


def key_of(text: str) -> str:
    return "".join(text.split()).casefold()
