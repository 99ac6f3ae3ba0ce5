"""JSON that lists articles (an API's answer, or what a page holds) becomes links, by the recipe's paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Moment
from crawler.errors import ListingError
from crawler.extraction.document import parse
from crawler.extraction.embedded import json_behind, json_in_script, json_of
from crawler.extraction.times import believable, read_time
from crawler.extraction.transforms import Surroundings, since_1970, transformed
from crawler.filters import compile_pattern
from crawler.listings.entries import surroundings
from crawler.listings.html import base_of
from crawler.listings.items import LONGEST_BODY, LONGEST_SUMMARY, LONGEST_TITLE
from crawler.listings.links import MOST, Links
from crawler.listings.sniffing import Sniffed, other_form, sniff
from crawler.listings.text import FORBIDDEN, plain
from crawler.outcome import Listing
from crawler.page import Hints, Page
from crawler.recipes.choices import PathChoice, PathTimeChoice
from crawler.recipes.model import Recipe, Section
from crawler.recipes.paths import parse_path, values_at
from crawler.recipes.sections import JsonList
from crawler.recipes.selectors import parse_json_selector, parse_selector
from crawler.recipes.ways import first_addresses
from crawler.urls import address_key, join, same_site

SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
MILLISECONDS = re.compile(r"\d{12,13}")
TOLD_KEYS = 8


def read_json(page: Page, recipe: Recipe, section: Section) -> Listing:
    """The links of a list in JSON, with what its items say of their articles. Raises ListingError that says which path leads nowhere.

    A first page without items is an error; a later one is the list's end.
    """
    rules = section.json_list
    if rules is None:
        raise ListingError(page.url, f"section {section.id!r} has no json")
    sniffed = sniff(page)
    documents, base = documents_in(page, sniffed, rules)
    items, document = items_in(documents, rules)
    links = Links(page, recipe, section, base)
    around = surroundings(page, base, recipe, section)
    for item in items[:MOST]:
        for href in texts_of(item, rules.link, around):
            if links.add(href, hints_of(item, rules, around)):
                break
    if not links.found and is_first(page, section):
        raise ListingError(page.url, nothing_found(documents, items, rules, links))
    return Listing(links.all(), next_page(document, rules, page, around) if items else ())


def documents_in(page: Page, sniffed: Sniffed, rules: JsonList) -> tuple[list[Any], str]:
    """The JSON of an answer, and what its addresses are resolved against. Raises ListingError."""
    if sniffed.form == "json" or (sniffed.form == "text" and not rules.in_):
        whole = json_of(sniffed.text)
        if whole is None:
            raise ListingError(page.url, "is broken JSON" if sniffed.form == "json" else "is plain text, not JSON")
        return [whole], page.url
    if sniffed.form != "html":
        raise other_form(page, sniffed, "JSON")
    if not rules.in_:
        has = f"; it holds JSON: name where with in:, as {suggestion}" if (suggestion := place_in(sniffed.text)) else ""
        raise ListingError(page.url, f"{other_form(page, sniffed, 'JSON').problem}{has}")
    tree = parse(sniffed.text)
    for place in rules.in_:
        if found := [one for one in behind(place, tree, sniffed.text) if one is not None]:
            return found, base_of(tree, page)
    raise ListingError(page.url, f"in: {' or '.join(map(repr, rules.in_))} leads to no JSON; has the page changed?")


def behind(place: str, tree: LexborHTMLParser, text: str) -> Iterator[Any]:
    """The JSON at a place of an HTML page."""
    selector = parse_selector(place)
    if selector.kind == "regex":
        for match in compile_pattern(selector.value).find_all(text):
            yield json_behind(text, match.span[1]) if not match.groups() else json_of(match.group(1) or "")
        return
    for element in tree.css(selector.value):
        yield from json_in_script((element.attributes.get(selector.attribute) or "") if selector.attribute else element.text())


def place_in(text: str) -> str:
    """Where an HTML page that was taken for JSON holds some, as `in:` would say it."""
    for script in parse(text).css('script[type$="json"][id]'):
        if "ld+json" not in (script.attributes.get("type") or ""):
            return f"script#{script.attributes.get('id')}"
    return ""


def items_in(documents: Sequence[Any], rules: JsonList) -> tuple[list[Any], Any]:
    """The items of the first document that has any, and that document."""
    for document in documents:
        found = values_at(document, parse_path(rules.items)) if rules.items else [document]
        items = found[0] if len(found) == 1 and isinstance(found[0], list) else found
        flat = [one for item in items for one in (item if isinstance(item, list) else [item])]
        if rules.items or isinstance(document, list):
            kept = [item for item in flat if isinstance(item, (dict, str))]
            if kept:
                return kept, document
    return [], documents[0] if documents else None


def texts_of(item: Any, choices: Iterable[PathChoice], around: Surroundings) -> list[str]:
    """What the first choice that holds finds in an item: texts and numbers; of a list all of them."""
    for choice in choices:
        selector = parse_json_selector(choice.select)
        found = [selector.value] if selector.kind == "const" else values_at(item, parse_path(selector.value))
        texts = [text for one in found for each in (one if isinstance(one, list) else [one]) if (text := scalar(each))]
        values = [value for value in transformed(texts, choice, around) if value.strip()]
        if values:
            return values
    return []


def scalar(value: Any) -> str:
    """A text or a number; "" for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def hints_of(item: Any, rules: JsonList, around: Surroundings) -> Hints:
    def first(choices: Sequence[PathChoice], longest: int) -> str:
        return next((text[:longest] for value in texts_of(item, choices, around) if (text := plain(value))), "")

    def all_of(choices: Sequence[PathChoice]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for value in texts_of(item, choices, around) if (text := plain(value))))

    published, updated = moment(item, rules.published, around), moment(item, rules.updated, around)
    body = "\n".join(texts_of(item, rules.body, around))
    return Hints(
        title=first(rules.title, LONGEST_TITLE),
        published=published,
        updated=updated if published and updated and updated.at > published.at else None,
        authors=all_of(rules.authors),
        summary=first(rules.description, LONGEST_SUMMARY),
        body=FORBIDDEN.sub("", body) if len(body) <= LONGEST_BODY else "",
        image=next((url for value in texts_of(item, rules.image, around) if (url := join(around.base, value))), ""),
        tags=all_of(rules.tags),
    )


def moment(item: Any, choices: Sequence[PathTimeChoice], around: Surroundings) -> Moment | None:
    """A time as it is written, or seconds or milliseconds since 1970."""
    for choice in choices:
        for text in texts_of(item, [choice], around):
            unix = "unix_ms" if MILLISECONDS.fullmatch(text) else "unix" if SECONDS.fullmatch(text) else ""
            found = believable(since_1970(text.partition(".")[0], unix, around.zone), around.now) if unix else None
            found = found or read_time(text, around.zone, around.now, language=around.language)
            if found is not None:
                return found
    return None


def next_page(document: Any, rules: JsonList, page: Page, around: Surroundings) -> tuple[str, ...]:
    """The address of the next page, on the same site and another than this one."""
    for value in texts_of(document, rules.next, around):
        url = join(page.url, value)
        if url and same_site(url, page.url) and address_key(url) != address_key(page.url):
            return (url,)
    return ()


def is_first(page: Page, section: Section) -> bool:
    first = next((url for way, url in first_addresses(section) if way == "json"), "")
    return address_key(first) in (address_key(page.url), address_key(page.requested_url or page.url))


def nothing_found(documents: Sequence[Any], items: Sequence[Any], rules: JsonList, links: Links) -> str:
    """Which path leads nowhere, and what is there instead."""
    if not items:
        path = f"items: {rules.items!r} finds no items" if rules.items else "the answer is no list; say where it lies with items:"
        return f"{path}; at the top there {keys_of(documents[0])}"
    link = " or ".join(repr(choice.select) for choice in rules.link)
    if links.refused:
        return f"no link to an article: of what {link} finds, {links.why_none()}"
    return f"link: {link} finds nothing in its {len(items):,} items; an item {keys_of(items[0], 'has')}"


def keys_of(value: Any, verb: str = "are") -> str:
    if isinstance(value, list):
        return f"{verb} {len(value):,} elements"
    if not isinstance(value, dict) or not value:
        return f"{verb} no keys"
    return f"{verb} {', '.join(map(str, list(value)[:TOLD_KEYS]))}{' …' if len(value) > TOLD_KEYS else ''}"
