"""A recipe's selectors: where on a page a field of the article stands, in one line of text each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.errors import PatternError
from crawler.filters import compile_pattern
from crawler.recipes.paths import parse_path

Kind = Literal["css", "xpath", "meta", "url", "jsonld", "json", "regex", "const", "auto"]
GRAMMAR = "li.main > h1, a.pic::attr(href), xpath://h1, meta:og:title, jsonld:headline, json:a.b, regex:'([^']+)', const:Text, url, auto"

ATTRIBUTE = re.compile(r"^(.*?)\s*::attr\(\s*([^\s()]+)\s*\)$", re.DOTALL)
OTHER_PSEUDO = re.compile(r"::(text|html|attr|before|after)\b.*$", re.DOTALL)
QUOTED = re.compile(r"""\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""", re.DOTALL)
PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a value stands.

    css: `value` selects elements, of which the text or `attribute` counts; xpath: XPath 1.0; meta: the name or property of a meta element;
    jsonld: a path in the page's JSON-LD; json: a path in other JSON that the page holds or is; regex: an RE2 pattern over the page's
    source, whose group `value`, else first group, else whole counts; const: `value` itself; url: the page's address; auto: what is found
    without a selector.
    """

    kind: Kind
    value: str = ""
    attribute: str = ""


@lru_cache(1024)
def parse_selector(text: str) -> Selector:
    """Reads one selector. Raises PatternError that says what is wrong with it."""
    text = text.strip()
    if text in ("url", "auto"):
        return Selector(text)  # type: ignore[arg-type]
    prefix, colon, value = text.partition(":")
    value = value.strip()
    if colon and prefix in PREFIXES:
        if not value:
            raise PatternError(text, f"something is expected behind {prefix}:")
        return PREFIXES[prefix](value)
    return css(text)


def parse_css(text: str) -> Selector:
    """Reads a selector where only CSS can stand: in HTML lists and what is removed. Raises PatternError."""
    selector = parse_selector(text)
    if selector.kind != "css":
        raise PatternError(text, "a CSS selector is expected here")
    return selector


def parse_item_selector(text: str) -> Selector:
    """Reads a selector within an entry of a list. Raises PatternError for one that only a whole page has an answer to."""
    selector = parse_selector(text)
    if selector.kind not in ("css", "xpath", "regex", "const"):
        raise PatternError(text, "CSS, xpath:, regex: or const: is expected within an entry of a list")
    return selector


def parse_json_selector(text: str) -> Selector:
    """Reads a path within an item of JSON, or `const:TEXT`. Raises PatternError."""
    text = text.strip()
    if text.startswith("const:"):
        return parse_selector(text)
    parse_path(text)
    return Selector("json", text)


def css(text: str) -> Selector:
    if not text:
        raise PatternError(text, f"the selector is empty; one looks like {GRAMMAR}")
    value, attribute = text, ""
    if match := ATTRIBUTE.match(text):
        value, attribute = match.group(1).strip(), match.group(2).lower()
    if match := OTHER_PSEUDO.search(value):
        hint = "an element gives its text without it" if match.group(1) == "text" else "only ::attr(name) is known, at the end"
        raise PatternError(text, f"{match.group()} can't be read; {hint}")
    check_brackets(text, value)
    try:
        EMPTY.css_first(value)
    except SelectolaxError:
        raise PatternError(text, "is no CSS selector") from None
    return Selector("css", value, attribute)


EMPTY = LexborHTMLParser("<html></html>")


def check_brackets(text: str, value: str) -> None:
    """CSS closes what its end leaves open (css-syntax-3, 5.4.8); in a recipe that is a slip."""
    opened: list[str] = []
    for letter in QUOTED.sub("", value):
        if letter in "([":
            opened.append(letter)
        elif letter in PAIRS and (not opened or opened.pop() != PAIRS[letter]):
            raise PatternError(text, f"a {letter} has no {PAIRS[letter]}")
        elif letter in "\"'":
            raise PatternError(text, f"a {letter} is not closed")
    if opened:
        raise PatternError(text, f"a {opened[-1]} is not closed")


def xpath(value: str) -> Selector:
    try:
        # evaluated once: unknown functions and prefixes show only then. EXSLT's regular expressions are Python's, which can hang: off
        etree.XPath(value, regexp=False)(etree.Element("html"))
    except (etree.XPathError, ValueError) as error:
        raise PatternError(f"xpath:{value}", f"is no XPath 1.0 ({error})") from None
    return Selector("xpath", value)


def meta(value: str) -> Selector:
    return Selector("meta", value)


def jsonld(value: str) -> Selector:
    parse_path(value)
    return Selector("jsonld", value)


def json_path(value: str) -> Selector:
    parse_path(value)
    return Selector("json", value)


def const(value: str) -> Selector:
    return Selector("const", value)


def regex(value: str) -> Selector:
    compile_pattern(value)
    return Selector("regex", value)


PREFIXES = {"xpath": xpath, "meta": meta, "jsonld": jsonld, "json": json_path, "regex": regex, "const": const}
