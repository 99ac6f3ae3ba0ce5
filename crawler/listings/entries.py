"""One entry of an HTML list: what stands beside its link of the article it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.article import Moment
from crawler.extraction.fields.names import names_in
from crawler.extraction.selected import xpath_values
from crawler.extraction.times import read_time
from crawler.extraction.transforms import Surroundings, captured, transformed
from crawler.filters import compile_pattern
from crawler.listings.text import text_of
from crawler.page import Hints, Page
from crawler.recipes.choices import ItemChoice, ItemTimeChoice
from crawler.recipes.model import HtmlList, Recipe, Section
from crawler.recipes.selectors import Selector, parse_css, parse_selector
from crawler.urls import join
from crawler.zones import zone_named

LONGEST_TITLE = 300
"""Characters: a longer link text is a teaser, not a headline."""
LONGEST_SUMMARY = 2_000
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "src")
URL_ATTRIBUTES = frozenset({"srcset", "data-srcset"})
DEEPEST = 200
"""Elements nested in an entry that an XPath is asked of."""


class Entry:
    """An entry's element, and the page that it stands on."""

    def __init__(self, node: LexborNode, around: Surroundings) -> None:
        self.node = node
        self.around = around

    @cached_property
    def html(self) -> str:
        return self.node.html or ""

    @cached_property
    def tree(self) -> object:
        """For XPath: lexbor's tree, written out and read again."""
        if self.html.count("<") > DEEPEST * 100:
            return None
        try:
            return lxml_html.fragment_fromstring(self.html)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
            return None

    def values(self, choices: Iterable[ItemChoice]) -> list[str]:
        """What the first choice that holds finds, one line each."""
        for choice in choices:
            texts = (text_of(text) for text in self.found(parse_selector(choice.select)))
            found = [value for value in transformed(texts, choice, self.around) if value.strip()]
            if found:
                return found
        return []

    def found(self, selector: Selector) -> Iterator[str]:
        match selector.kind:
            case "css":
                for node in select(self.node, selector.value):
                    yield value_of(node, selector.attribute)
            case "xpath":
                yield from xpath_values(self.tree, selector.value)
            case "regex":
                if (text := captured(compile_pattern(selector.value), self.html)) is not None:
                    yield text
            case "const":
                yield selector.value

    def first(self, choices: Iterable[ItemChoice]) -> str:
        return next(iter(self.values(choices)), "")

    def moment(self, choices: Sequence[ItemTimeChoice]) -> Moment | None:
        """A list's time; a relative one (3 hours ago) gives none, for it would move with each run."""
        around = self.around
        for value in self.values(choices):
            if moment := read_time(value, around.zone, around.now, language=around.language):
                return moment
        return None

    def picture(self, choices: Iterable[ItemChoice]) -> str:
        """A picture's absolute address: the attribute that is asked for, else the first of those that lazy pictures have."""
        for choice in choices:
            selector = parse_selector(choice.select)
            found = self.addresses(selector) if selector.kind == "css" else self.found(selector)
            for value in transformed(found, choice, self.around):
                if value and (url := join(self.around.base, value)):
                    return url
        return ""

    def addresses(self, selector: Selector) -> Iterator[str]:
        for node in select(self.node, selector.value):
            for name in (selector.attribute,) if selector.attribute else LAZY:
                value = (node.attributes.get(name) or "").strip()
                if value and not value.startswith("data:"):
                    yield re.split(r"[\s,]", value)[0] if name in URL_ATTRIBUTES else value


def surroundings(page: Page, base: str, recipe: Recipe, section: Section) -> Surroundings:
    return Surroundings(base, zone_named(recipe.zone), page.fetched_at, section.language or recipe.language)


def hints_of(entry: Entry, rules: HtmlList, link_text: str) -> Hints:
    """What an entry says of its article."""
    title = entry.first(rules.title) if rules.title else link_text
    return Hints(
        title=title if len(title) <= LONGEST_TITLE else "",
        published=entry.moment(rules.published) if rules.published else None,
        authors=tuple(dict.fromkeys(name for text in entry.values(rules.authors) for name in (names_in(text) or [text]))),
        summary=entry.first(rules.description)[:LONGEST_SUMMARY],
        image=entry.picture(rules.image),
        tags=tuple(dict.fromkeys(entry.values(rules.tags))),
    )


def select(tree: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """The elements that a selector finds, each once, in the document's order."""
    found: dict[int, LexborNode] = {}
    for node in tree.css(parse_css(selector).value):
        found.setdefault(node.mem_id, node)
    return list(found.values())


def value_of(node: LexborNode, attribute: str) -> str:
    """An attribute, a time element's moment, else the text."""
    if attribute:
        return node.attributes.get(attribute) or ""
    return node.attributes.get("datetime") or text_of(node.text())
