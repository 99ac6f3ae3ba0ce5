"""An HTML list page becomes links: the recipe's CSS selectors over the tree that a browser would make (lexbor, never libxml2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.bounds import bounded, is_deep
from crawler.errors import ListingError
from crawler.extraction.document import parse
from crawler.extraction.transforms import Surroundings, transformed
from crawler.listings.entries import LONGEST_TITLE, Entry, hints_of, select, surroundings
from crawler.listings.links import MOST, Links
from crawler.listings.sniffing import PASSWORD, other_form, sniff
from crawler.listings.text import text_of
from crawler.outcome import Listing
from crawler.page import Hints, Page
from crawler.recipes.choices import LinkChoice
from crawler.recipes.model import HtmlList, Recipe, Section
from crawler.recipes.selectors import parse_css
from crawler.recipes.ways import first_addresses
from crawler.urls import address_key, join, same_site

MOST_ENTRIES = 5_000
"""Entries of one page: a page of nested entries would cost the square of their number."""
MOST_ABOVE = 10
"""Elements above one that are looked at."""
MOST_FOLLOWED = 100
"""Further lists that a page leads to."""
FEW = 20
"""Links: with a field for a password, a page that has fewer and no article is a login; many sites show that field on every page."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def read_html(page: Page, recipe: Recipe, section: Section) -> Listing:
    """The links of a list page, with what the list shows of each. Raises ListingError.

    A list's first page without a link is an error; a later one is the list's end. Where it only leads to further lists (`follow`), that
    is enough.
    """
    rules = section.list
    if rules is None:
        raise ListingError(page.url, f"section {section.id!r} has no list")
    sniffed = sniff(page)
    if sniffed.form != "html":
        raise other_form(page, sniffed, "an HTML list page")
    text = bounded(sniffed.text)
    if len(text) < len(sniffed.text) and is_deep(text):
        raise ListingError(page.url, "its elements are nested more deeply than a page's ever are")
    tree = parse(text)
    links = Links(page, recipe, section, base_of(tree, page))
    around = surroundings(page, links.base, recipe, section)
    entries = entries_in(tree, rules)
    if rules.item:
        for entry in entries:
            read_entry(Entry(entry, around), rules, links)
    else:
        read_links(tree, rules, links, around)
    first = is_first(page, section)
    lists = followed(tree, rules, links, around) if first else ()
    if first and not links.found and not lists:
        raise ListingError(page.url, nothing_found(tree, rules, links, entries, sniffed.text))
    return Listing(links.all(), next_page(tree, rules, links, around), lists)


def base_of(tree: LexborHTMLParser, page: Page) -> str:
    """What relative links are resolved against: the first `<base href>`, else the page's address (HTML, 2.4.3)."""
    base = tree.css_first("base[href]")
    href = base.attributes.get("href") if base is not None else ""
    return join(page.url, href or "") or page.url


def entries_in(tree: LexborHTMLParser, rules: HtmlList) -> list[LexborNode]:
    """The entries that the first selector finds that finds any."""
    return next((found[:MOST_ENTRIES] for selector in rules.item if (found := select(tree, selector))), [])


def read_entry(entry: Entry, rules: HtmlList, links: Links) -> None:
    """One entry: its first link that leads to an article, and what stands beside it."""
    for choice in rules.link:
        for node in select(entry.node, choice.select):
            href = address_of(node, choice, entry.around)
            if href and links.add(href, hints_of(entry, rules, link_title(node))):
                return


def read_links(tree: LexborHTMLParser, rules: HtmlList, links: Links, around: Surroundings) -> None:
    """Links alone. Of several that lead to one article the first in a heading names it, else the first with a text."""
    for choice in rules.link:
        in_heading: dict[str, str] = {}
        pairs = []
        for node in select(tree, choice.select)[:MOST]:
            if href := address_of(node, choice, around):
                title = link_title(node)
                if title and is_headline(node):
                    in_heading.setdefault(join(links.base, href), title)
                pairs.append((href, title))
        for href, title in pairs:
            title = in_heading.get(join(links.base, href), title)
            links.add(href, Hints(title=title if len(title) <= LONGEST_TITLE else ""))
        if links.found:
            return


def address_of(node: LexborNode, choice: LinkChoice, around: Surroundings) -> str:
    """Where an element leads, as the recipe has it."""
    href = href_of(node, choice.select)
    return next(iter(transformed([href], choice, around)), "") if href else ""


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


def next_page(tree: LexborHTMLParser, rules: HtmlList, links: Links, around: Surroundings) -> tuple[str, ...]:
    """The address of the next page, on the same site and another than this one."""
    return tuple(islice(other_lists(tree, rules.next, links, around), 1))


def followed(tree: LexborHTMLParser, rules: HtmlList, links: Links, around: Surroundings) -> tuple[str, ...]:
    """The further lists that this one leads to."""
    return tuple(islice(dict.fromkeys(other_lists(tree, rules.follow, links, around)), MOST_FOLLOWED))


def other_lists(tree: LexborHTMLParser, choices: Iterable[LinkChoice], links: Links, around: Surroundings) -> Iterator[str]:
    """Addresses on the site that the first choice finds that finds any."""
    for choice in choices:
        found = [join(links.base, address_of(node, choice, around)) for node in select(tree, choice.select)]
        kept = [url for url in found if url and same_site(url, links.page.url) and address_key(url) != address_key(links.page.url)]
        if kept:
            yield from kept
            return


def is_first(page: Page, section: Section) -> bool:
    """Whether this is where the section's list begins, and not one of its later pages."""
    first = next((url for way, url in first_addresses(section) if way == "list"), "")
    return address_key(first) in (address_key(page.url), address_key(page.requested_url or page.url))


def nothing_found(tree: LexborHTMLParser, rules: HtmlList, links: Links, entries: list[LexborNode], text: str) -> str:
    """Which selector found nothing, or why nothing was kept of what it found."""
    if PASSWORD.search(text) and links.refused.total() < FEW:
        return "is a login page, not a list of articles"
    link = " or ".join(repr(choice.select) for choice in rules.link)
    item = " or ".join(map(repr, rules.item))
    if links.refused:
        return f"no link to an article: of what {link} finds, {links.why_none()}"
    if rules.item and not entries:
        return f"the selector item: {item} finds nothing; has the page changed?"
    if tree.css_first("a[href]") is None:
        return "the page holds no link at all: a script may make its list; a feed or sitemap is a better way in then"
    within = f" within {item}" if rules.item else ""
    if any(select(tree, choice.select) for choice in rules.link):
        return f"what link: {link} finds{within} leads nowhere"
    return f"the selector link: {link} finds nothing{within}; has the page changed?"
