"""What a recipe's selectors find on a page: the first that holds wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import SelectolaxError

from crawler.extraction.document import MAX_DEPTH
from crawler.extraction.structured import text_in, texts_in
from crawler.filters import compile_pattern
from crawler.recipes.selectors import Selector, parse_selector

if TYPE_CHECKING:
    from crawler.extraction.view import View

MOST = 50
"""Values one selector may give."""


def chosen_by(selectors: Iterable[str], view: View) -> tuple[list[str], str]:
    """The values of the first selector that holds, and that selector; `auto` ends the search without one.

    An element's value is its text; of an image, link or time element that has none its address or moment.
    """
    for written in selectors:
        selector = parse_selector(written)
        if selector.kind == "auto":
            break
        found = [value for value in values(selector, view) if value.strip()]
        if found:
            return found, written
    return [], ""


def values(selector: Selector, view: View) -> Iterator[str]:
    match selector.kind:
        case "css":
            for element in elements(view, selector.value):
                yield value_of(element, selector.attribute)
        case "xpath":
            yield from xpath_values(view, selector.value)
        case "meta":
            yield from view.structured.meta.get(selector.value.lower(), [])[:MOST]
        case "jsonld":
            yield from jsonld_values(view, selector.value)
        case "regex":
            if found := compile_pattern(selector.value).search(view.text):
                groups = found.groupdict()
                yield groups.get("value") or (found.group(1) if found.groups() else found.group()) or ""
        case "url":
            yield view.page.url


def elements(view: View, selector: str) -> list[Any]:
    try:
        return view.parser.css(selector)[:MOST]
    except SelectolaxError:
        return []


def value_of(element: Any, attribute: str) -> str:
    given = element.attributes
    if attribute:
        return given.get(attribute) or ""
    if element.tag == "meta":
        return given.get("content") or ""
    if element.tag == "img":
        return given.get("data-src") or given.get("data-original") or given.get("src") or ""
    text = " ".join((element.text(separator=" ") if element.tag != "a" else element.text()).split())
    if element.tag == "time" and given.get("datetime"):
        return given["datetime"] or text
    return text or given.get("datetime") or given.get("href") or ""


def xpath_values(view: View, path: str) -> Iterator[str]:
    """Over lexbor's tree, written out and read again: libxml2 reads broken HTML otherwise than browsers do."""
    tree = lxml_tree(view)
    if tree is None:
        return
    try:
        found = tree.xpath(path)
    except etree.XPathError:
        return
    for one in found[:MOST] if isinstance(found, list) else [found]:
        if isinstance(one, etree._Element):
            yield " ".join("".join(map(str, one.itertext())).split()) or one.get("content") or one.get("src") or one.get("href") or ""
        else:
            yield " ".join(str(one).split())


def lxml_tree(view: View) -> Any:
    if view.depth > MAX_DEPTH // 2:
        return None
    written = view.parser.html or ""
    try:
        return lxml_html.document_fromstring(written)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def jsonld_values(view: View, path: str) -> Iterator[str]:
    steps = re.findall(r"@?\w+|\[\d+\]", path)
    for node in (*view.structured.articles, *view.structured.nodes):
        value: Any = node
        for step in steps:
            if step.startswith("["):
                place = int(step[1:-1])
                value = value[place] if isinstance(value, list) and place < len(value) else None
            else:
                if isinstance(value, list):
                    value = value[0] if value else None
                value = value.get(step) if isinstance(value, dict) else None
        if value:
            texts = texts_in(value) if isinstance(value, list) else [text_in(value)]
            if any(texts):
                yield from texts
                return


def body_elements(selectors: Iterable[str], view: View) -> tuple[list[int], str]:
    """The places, in the view's tree, of the elements that the first body selector that holds finds, and that selector."""
    for written in selectors:
        selector = parse_selector(written)
        if selector.kind == "auto":
            break
        if selector.kind == "css":
            places = [view.tree.places[element.mem_id] for element in elements(view, selector.value) if element.mem_id in view.tree.places]
            if any(view.tree.text(place) or has_picture(view, place) for place in places):
                return outermost(places, view), written
    return [], ""


def has_picture(view: View, place: int) -> bool:
    return any(place <= picture < view.tree.ends[place] for picture in view.blocks.pictures)


def outermost(places: list[int], view: View) -> list[int]:
    """Without those that lie in another of them, in document order."""
    kept: list[int] = []
    for place in sorted(set(places)):
        if not kept or place >= view.tree.ends[kept[-1]]:
            kept.append(place)
    return kept


def body_html(selectors: Iterable[str], view: View) -> tuple[str, str]:
    """A body that an XPath, JSON-LD or pattern gives as HTML, not cleaned, and the selector."""
    for written in selectors:
        selector = parse_selector(written)
        if selector.kind == "auto":
            break
        if selector.kind == "xpath" and (tree := lxml_tree(view)) is not None:
            try:
                found = tree.xpath(selector.value)
            except etree.XPathError:
                continue
            parts = [
                etree.tostring(one, encoding="unicode", method="html") if isinstance(one, etree._Element) else str(one)
                for one in (found if isinstance(found, list) else [found])[:MOST]
            ]
            if any(part.strip() for part in parts):
                return "".join(parts), written
        elif selector.kind in ("jsonld", "regex", "meta") and (texts := [value for value in values(selector, view) if value.strip()]):
            return "".join(texts), written
    return "", ""


def removed_places(selectors: Iterable[str], view: View) -> frozenset[int]:
    """Places of the elements that the recipe takes out of the body."""
    return frozenset(
        view.tree.places[element.mem_id]
        for selector in selectors
        for element in elements(view, parse_selector(selector).value)
        if element.mem_id in view.tree.places
    )
