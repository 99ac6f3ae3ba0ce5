"""An HTML list page becomes links: the recipe's CSS selectors over the tree that a browser would make (lexbor, never libxml2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.article import Moment
from crawler.errors import ListingError
from crawler.extraction.document import parse
from crawler.extraction.times import read_time
from crawler.listings.links import Links
from crawler.listings.sniffing import PASSWORD, other_form, sniff
from crawler.listings.text import text_of
from crawler.outcome import Listing
from crawler.page import Hints, Page
from crawler.recipes.model import HtmlList, Recipe, Section
from crawler.recipes.selectors import parse_css
from crawler.recipes.ways import first_addresses
from crawler.urls import address_key, join, same_site
from crawler.zones import zone_named

LONGEST_TITLE = 300
"""Characters: a longer link text is a teaser, not a headline."""
MOST_ENTRIES = 5_000
"""Entries of one page: a page of nested entries would cost the square of their number."""
MOST_ABOVE = 10
"""Elements above one that are looked at."""
FEW = 20
"""Links: with a field for a password, a page that has fewer and no article is a login; many sites show that field on every page."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "src")
URL_ATTRIBUTES = frozenset({"srcset", "data-srcset"})


def read_html(page: Page, recipe: Recipe, section: Section) -> Listing:
    """The links of a list page, with headline, time and picture where the list shows them. Raises ListingError.

    A list's first page without a link is an error; a later one is the list's end.
    """
    rules = section.list
    if rules is None:
        raise ListingError(page.url, f"section {section.id!r} has no list")
    sniffed = sniff(page)
    if sniffed.form != "html":
        raise other_form(page, sniffed, "an HTML list page")
    tree = parse(sniffed.text)
    links = Links(page, recipe, section, base_of(tree, page))
    entries = select(tree, rules.item)[:MOST_ENTRIES] if rules.item else []
    if rules.item:
        for entry in entries:
            read_entry(entry, rules, links, recipe, section)
    else:
        read_links(tree, rules, links)
    further = next_page(tree, rules, links)
    if not links.found and is_first(page, section):
        raise ListingError(page.url, nothing_found(tree, rules, links, entries, sniffed.text))
    return Listing(links.all(), further)


def base_of(tree: LexborHTMLParser, page: Page) -> str:
    """What relative links are resolved against: the first `<base href>`, else the page's address (HTML, 2.4.3)."""
    base = tree.css_first("base[href]")
    href = base.attributes.get("href") if base is not None else ""
    return join(page.url, href or "") or page.url


def select(tree: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """The elements that a selector finds, each once, in the document's order."""
    found: dict[int, LexborNode] = {}
    for node in tree.css(parse_css(selector).value):
        found.setdefault(node.mem_id, node)
    return list(found.values())


def read_entry(entry: LexborNode, rules: HtmlList, links: Links, recipe: Recipe, section: Section) -> None:
    """One entry: its first link that leads to an article, and what stands beside it."""
    for node in select(entry, rules.link):
        href = href_of(node, rules.link)
        if not href:
            continue
        title = value_of(entry, rules.title) if rules.title else link_title(node)
        hints = Hints(
            title=title if len(title) <= LONGEST_TITLE else "",
            published=moment_of(value_of(entry, rules.published), links.page, recipe, section) if rules.published else None,
            image=join(links.base, picture) if rules.image and (picture := picture_of(entry, rules.image)) else "",
        )
        if links.add(href, hints):
            return


def read_links(tree: LexborHTMLParser, rules: HtmlList, links: Links) -> None:
    """Links alone. Of several that lead to one article the first in a heading names it, else the first with a text."""
    in_heading: dict[str, str] = {}
    pairs = []
    for node in select(tree, rules.link):
        if href := href_of(node, rules.link):
            title = link_title(node)
            if title and is_headline(node):
                in_heading.setdefault(join(links.base, href), title)
            pairs.append((href, title))
    for href, title in pairs:
        title = in_heading.get(join(links.base, href), title)
        links.add(href, Hints(title=title if len(title) <= LONGEST_TITLE else ""))


def href_of(node: LexborNode, selector: str) -> str:
    """Where an element leads: its own href, the first link's in it, the one's it stands in."""
    attribute = parse_css(selector).attribute
    if attribute:
        return node.attributes.get(attribute) or ""
    if node.attributes.get("href"):
        return node.attributes.get("href") or ""
    inside = node.css_first("a[href]")
    if inside is not None:
        return inside.attributes.get("href") or ""
    return next((above.attributes.get("href") or "" for above in ancestors(node) if above.tag == "a"), "")


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(MOST_ABOVE):
        if above is None:
            return
        yield above
        above = above.parent


def is_headline(node: LexborNode) -> bool:
    """Whether a link is a heading's, or holds one."""
    if node.tag in HEADINGS or node.css_first("h1, h2, h3, h4, h5, h6") is not None:
        return True
    return any(above.tag in HEADINGS for above in islice(ancestors(node), 3))


def link_title(node: LexborNode) -> str:
    """A link's text; of one that holds a heading that heading's."""
    heading = node.css_first("h1, h2, h3, h4, h5, h6")
    return text_of((heading if heading is not None else node).text())


def value_of(entry: LexborNode, selector: str) -> str:
    """The first value that a selector finds: an attribute, a time element's moment, else text."""
    attribute = parse_css(selector).attribute
    for node in select(entry, selector):
        value = (node.attributes.get(attribute) or "") if attribute else (node.attributes.get("datetime") or "") or text_of(node.text())
        if value.strip():
            return text_of(value)
    return ""


def picture_of(entry: LexborNode, selector: str) -> str:
    """A picture's address: the attribute that is asked for, else the first of those that lazy pictures have."""
    attribute = parse_css(selector).attribute
    for node in select(entry, selector):
        for name in (attribute,) if attribute else LAZY:
            value = (node.attributes.get(name) or "").strip()
            if value and not value.startswith("data:"):
                return re.split(r"[\s,]", value)[0] if name in URL_ATTRIBUTES else value
    return ""


def moment_of(text: str, page: Page, recipe: Recipe, section: Section) -> Moment | None:
    """A list's time; a relative one (3 hours ago) gives none, for it would move with each run."""
    return read_time(text, zone_named(recipe.zone), page.fetched_at, language=section.language or recipe.language) if text else None


def next_page(tree: LexborHTMLParser, rules: HtmlList, links: Links) -> tuple[str, ...]:
    """The address of the next page, on the same site and another than this one."""
    if not rules.next:
        return ()
    for node in select(tree, rules.next):
        url = join(links.base, href_of(node, rules.next))
        if url and same_site(url, links.page.url) and address_key(url) != address_key(links.page.url):
            return (url,)
    return ()


def is_first(page: Page, section: Section) -> bool:
    """Whether this is where the section's list begins, and not one of its later pages."""
    first = next((url for way, url in first_addresses(section) if way == "list"), "")
    return address_key(first) in (address_key(page.url), address_key(page.requested_url or page.url))


def nothing_found(tree: LexborHTMLParser, rules: HtmlList, links: Links, entries: list[LexborNode], text: str) -> str:
    """Which selector found nothing, or why nothing was kept of what it found."""
    if PASSWORD.search(text) and links.refused.total() < FEW:
        return "is a login page, not a list of articles"
    if links.refused:
        return f"no link to an article: of what {rules.link!r} finds, {links.why_none()}"
    if rules.item and not entries:
        return f"the selector item: {rules.item!r} finds nothing; has the page changed?"
    if tree.css_first("a[href]") is None:
        return "the page holds no link at all: a script may make its list; a feed or sitemap is a better way in then"
    within = f" within {rules.item!r}" if rules.item else ""
    if select(tree, rules.link):
        return f"what link: {rules.link!r} finds{within} leads nowhere"
    return f"the selector link: {rules.link!r} finds nothing{within}; has the page changed?"
