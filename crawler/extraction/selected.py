"""What a recipe's selectors find on a page: the first that holds wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import SelectolaxError

from crawler.extraction.document import MAX_DEPTH, parse
from crawler.extraction.embedded import json_in
from crawler.extraction.language import tidy_tag
from crawler.extraction.structured import text_in, texts_in
from crawler.extraction.transforms import Surroundings, captured, transformed
from crawler.filters import compile_pattern
from crawler.recipes.choices import Choice
from crawler.recipes.paths import parse_path, values_at
from crawler.recipes.selectors import Selector, parse_selector

if TYPE_CHECKING:
    from crawler.extraction.view import View

MOST = 50
"""Values one selector may give."""


def chosen_by(choices: Iterable[Choice], view: View) -> tuple[list[str], str]:
    """The values of the first choice that holds, and its selector; `auto` ends the search without one.

    An element's value is its text; of an image, link or time element that has none its address or moment.
    """
    for choice in choices:
        selector = parse_selector(choice.select)
        if selector.kind == "auto":
            break
        found = [value for value in transformed(values(selector, view), choice, around(view)) if value.strip()]
        if found:
            return found, choice.select
    return [], ""


def around(view: View) -> Surroundings:
    return Surroundings(view.links.base, view.zone, view.now, view.language)


def language_in(choices: Iterable[Choice], view: View) -> tuple[str, str]:
    """The language that a recipe's selectors find, and the selector."""
    found, written = chosen_by(choices, view)
    return next((tag for value in found if (tag := tidy_tag(value))), ""), written


def values(selector: Selector, view: View) -> Iterator[str]:
    match selector.kind:
        case "css":
            for element in elements(view, selector.value):
                yield value_of(element, selector.attribute)
        case "xpath":
            yield from xpath_values(lxml_tree(view), selector.value)
        case "meta":
            yield from view.structured.meta.get(selector.value.lower(), [])[:MOST]
        case "jsonld":
            yield from jsonld_values(view, selector.value)
        case "json":
            yield from json_values(json_in(view.text), selector.value)
        case "regex":
            if (found := captured(compile_pattern(selector.value), view.text)) is not None:
                yield found
        case "const":
            yield selector.value
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


def xpath_values(tree: Any, path: str) -> Iterator[str]:
    for one in xpath_found(tree, path):
        if isinstance(one, etree._Element):
            yield " ".join("".join(map(str, one.itertext())).split()) or one.get("content") or one.get("src") or one.get("href") or ""
        else:
            yield " ".join(str(one).split())


def xpath_found(tree: Any, path: str) -> list[Any]:
    """What an XPath leads to in lexbor's tree, written out and read again: libxml2 reads broken HTML otherwise than browsers do."""
    if tree is None:
        return []
    try:
        found = tree.xpath(path)
    except etree.XPathError:
        return []
    return found[:MOST] if isinstance(found, list) else [found]


def lxml_tree(view: View) -> Any:
    if view.depth > MAX_DEPTH // 2:
        return None
    written = view.parser.html or ""
    try:
        return lxml_html.document_fromstring(written)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def jsonld_values(view: View, path: str) -> Iterator[str]:
    for node in (*view.structured.articles, *view.structured.nodes):
        found = values_at(node, parse_path(path))
        texts = [text for value in found for text in (texts_in(value) if isinstance(value, list) else [text_in(value)]) if text]
        if texts:
            yield from texts[:MOST]
            return


def json_values(documents: Iterable[Any], path: str) -> Iterator[str]:
    """What a path leads to in the first of the page's JSON documents that has it: texts and numbers; of a list all of them."""
    for document in documents:
        found = [one for value in values_at(document, parse_path(path)) for one in (value if isinstance(value, list) else [value])]
        texts = [text for one in found[:MOST] if (text := one if isinstance(one, str) else text_in(one))]
        if texts:
            yield from texts
            return


def body_elements(choices: Sequence[Choice], view: View) -> tuple[list[int], str]:
    """The places, in the view's tree, of the elements that the first choice that holds finds, and its selector."""
    places, _, written = chosen_body(choices, view)
    return places, written if places else ""


def body_html(choices: Sequence[Choice], view: View, remove: Sequence[str] = ()) -> tuple[str, str]:
    """The body as HTML, not cleaned, where the first choice that holds gives one that way, and its selector."""
    _, html, written = chosen_body(choices, view)
    return without(html, remove), written if html else ""


def chosen_body(choices: Sequence[Choice], view: View) -> tuple[list[int], str, str]:
    """Elements or HTML of the first choice that holds, and its selector."""
    for choice in choices:
        selector = parse_selector(choice.select)
        if selector.kind == "auto":
            break
        if selector.kind == "css" and not selector.attribute and not choice.model_fields_set - {"select"}:
            places = [view.tree.places[element.mem_id] for element in elements(view, selector.value) if element.mem_id in view.tree.places]
            if any(view.tree.text(place) or has_picture(view, place) for place in places):
                return outermost(places, view), "", choice.select
        else:
            parts = transformed(html_values(selector, view), choice, around(view))
            if any(part.strip() for part in parts):
                return [], "\n".join(parts), choice.select
    return [], "", ""


def html_values(selector: Selector, view: View) -> Iterator[str]:
    """As `values`, but elements as their HTML."""
    if selector.kind == "css" and not selector.attribute:
        yield from (element.html or "" for element in elements(view, selector.value))
    elif selector.kind == "xpath":
        for one in xpath_found(lxml_tree(view), selector.value):
            yield etree.tostring(one, encoding="unicode", method="html", with_tail=False) if isinstance(one, etree._Element) else str(one)
    else:
        yield from values(selector, view)


def has_picture(view: View, place: int) -> bool:
    return any(place <= picture < view.tree.ends[place] for picture in view.blocks.pictures)


def outermost(places: list[int], view: View) -> list[int]:
    """Without those that lie in another of them, in document order."""
    kept: list[int] = []
    for place in sorted(set(places)):
        if not kept or place >= view.tree.ends[kept[-1]]:
            kept.append(place)
    return kept


def without(html: str, remove: Sequence[str]) -> str:
    """A piece of HTML without what the recipe takes out of the body."""
    if not html or not remove:
        return html
    parser = parse(html)
    for selector in remove:
        for element in parser.css(parse_selector(selector).value):
            element.decompose()
    body = parser.body
    return (body.inner_html or "") if body is not None else ""


def removed_places(selectors: Iterable[str], view: View) -> frozenset[int]:
    """Places of the elements that the recipe takes out of the body."""
    return frozenset(
        view.tree.places[element.mem_id]
        for selector in selectors
        for element in elements(view, parse_selector(selector).value)
        if element.mem_id in view.tree.places
    )
