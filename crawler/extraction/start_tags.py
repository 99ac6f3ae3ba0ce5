"""What a start tag says of its element, as a parser writes it. Read once: a page, and a site, repeats its tags."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.extraction.blocks import STANDS_IN
from crawler.extraction.classes import marks_of
from crawler.extraction.document import UNKNOWN, Attributes, attributes_in
from crawler.extraction.tags import BLOCKS, FRAMES, NUMBER

VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "iframe",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
HREF = re.compile(r' href="[^"]*"| (?:title|data-[a-z-]*|onclick|aria-label)="[^"]*"')
SPEAKING = re.compile(r' (class|id|itemprop|rel|role|property|hidden|aria-hidden|style)="([^"]*)"')
"""The attributes that say what an element is to an article."""
BLOCK, BREAK, SILENT, LINK, BOLD, PICTURE, TIME, OTHER = range(8)
KIND = {
    "br": BREAK,
    "hr": BREAK,
    "title": SILENT,
    "noscript": SILENT,
    "a": LINK,
    "b": BOLD,
    "strong": BOLD,
    "img": PICTURE,
    "video": PICTURE,
    "time": TIME,
}
KIND |= dict.fromkeys(FRAMES, SILENT) | dict.fromkeys(BLOCKS, BLOCK)
MOST_REMEMBERED = 40_000


class Element(NamedTuple):
    """What a start tag says, whichever page it stands on."""

    tag: int
    kind: int
    marks: int
    """Of its class, id, role … (crawler.extraction.classes)."""
    end: str
    """Its end tag as written, without its brackets; "" for one that has none."""
    written: str
    """What the classes' score is looked up by."""
    inherited: int
    """What those in it inherit: its marks, and which element stands above."""


class Elements(dict[str, Element]):
    """Start tags as written, read once: a page, and a site, repeats them. Those that differ only in what says nothing share one reading."""

    def __missing__(self, written: str) -> Element:
        if len(self) > MOST_REMEMBERED:
            self.clear()
            SPOKEN.clear()
        name = written.partition(" ")[0]
        spoken = (name, *SPEAKING.findall(written)) if len(name) < len(written) else (name,)
        element = SPOKEN.get(spoken)
        if element is None:
            attributes = dict(spoken[1:])
            if "&" in written:
                attributes = {key: value for key, value in attributes_in(written).items() if key in attributes}
            tag, marks = NUMBER.get(name, UNKNOWN), marks_of(attributes) if attributes else 0
            element = SPOKEN[spoken] = Element(
                tag, KIND.get(name, OTHER), marks, "" if name in VOID else "/" + name, written_name(attributes) if attributes else "", marks | STANDS_IN.get(tag, 0)
            )  # fmt: skip
        self[written] = element
        return element


SPOKEN: dict[tuple[object, ...], Element] = {}
ELEMENTS = Elements()
IMAGE = ELEMENTS["img"]


def written_name(attributes: Attributes) -> str:
    """Class, id, itemprop and role, with a space between."""
    get = attributes.get
    name = get("class") or ""
    if more := get("id"):
        name += " #" + more
    if "itemprop" in attributes:
        name += " @" + (get("itemprop") or "")
    if "role" in attributes:
        name += " " + (get("role") or "")
    return name


def link_element(written: str) -> Element:
    """What a link's start tag says. Where it leads differs from link to link, and says nothing: it is cut out before the tag is looked up."""
    before, is_there, behind = written.partition(' href="')
    told = before + behind.partition('"')[2] if is_there else written
    element = ELEMENTS.get(told)
    if element is None:
        for name in (' title="', ' aria-label="'):
            before, is_there, behind = told.partition(name)
            if is_there:
                told = before + behind.partition('"')[2]
        element = ELEMENTS.get(told)
    return element if element is not None else ELEMENTS[HREF.sub("", told)]
