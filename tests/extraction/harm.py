"""What harm a piece of HTML could do, told by three parsers: lexbor and html5lib as browsers read it, libxml2 as older programs do."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

import html5lib
from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction.clean import ATTRIBUTES, TAGS

ALLOWED = {name: ATTRIBUTES.get(name, set()) | ATTRIBUTES["*"] for name in TAGS}
FRAME = {"html", "head", "body"}
"""What parsers put around a piece."""
ADDRESSES = {"href", "src", "poster"}
MEANT = {"http", "https", "mailto"}
STRIPPED = re.compile("[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028\u2029\ufeff]")
Element = tuple[str, dict[str, str]]
"""Name and attributes."""


def harm_in(clean: str, *, absolute: bool = True) -> list[str]:
    """What should not be there, in each parser's eyes; nothing for a clean piece."""
    found = []
    for parser, read in READERS.items():
        for name, attributes in read(clean):
            found += [f"{parser}: {problem}" for problem in problems(name, attributes, absolute)]
    return found


def problems(name: str, attributes: dict[str, str], absolute: bool) -> Iterator[str]:
    if name in FRAME and not attributes:
        return
    if name not in ALLOWED:
        yield f"<{name}>"
        return
    for key, value in attributes.items():
        if key not in ALLOWED[name]:
            yield f"<{name} {key}={value[:40]!r}>"
        elif key in ADDRESSES:
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", STRIPPED.sub("", value).lower())
            if (scheme and scheme.group(1) not in MEANT) or (absolute and not scheme):
                yield f"<{name} {key}={value[:60]!r}>"
            if re.search(r"[\x00-\x20\x7f]", value):
                yield f"<{name} {key}={value[:60]!r}> holds a control character"


def by_lexbor(text: str) -> Iterator[Element]:
    for scripting in (True, False):
        root = LexborHTMLParser(f"<body>{text}", scripting=scripting).root
        for node in root.traverse() if root is not None else ():
            if node.tag not in ("-text", "-document"):
                yield str(node.tag), {name: value or "" for name, value in node.attributes.items()}


def by_html5lib(text: str) -> Iterator[Element]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root: Any = html5lib.parse(f"<body>{text}", treebuilder="etree", namespaceHTMLElements=False)
    for node in root.iter():
        name = node.tag if isinstance(node.tag, str) else f"({node.tag.__name__})"  # a comment's tag is a function
        yield name.rpartition("}")[2], {str(key): str(value) for key, value in node.attrib.items()}


def by_libxml2(text: str) -> Iterator[Element]:
    if not text.strip():
        return
    for node in html.fromstring(f"<div>{text}</div>").iterdescendants():
        name = node.tag if isinstance(node.tag, str) else f"({node.tag.__name__})"
        yield name, {str(key): str(value) for key, value in node.attrib.items()}


READERS = {"lexbor": by_lexbor, "html5lib": by_html5lib, "libxml2": by_libxml2}


def in_xml(text: str) -> bool:
    """Whether XML can hold the text: feeds do."""
    element = etree.Element("x")
    try:
        element.text = text
    except ValueError:
        return False
    return True
