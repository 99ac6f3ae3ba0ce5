"""A page's text becomes a tree in flat lists and blocks of running text: one parse, one walk, shared by body and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.tags import DROPPED, NUMBER, TEXT

MAX_CHARACTERS = 3_000_000
"""What is read of a page's text; the longest article page of the corpus has 2.7 million."""
MAX_NODES = 40_000
"""Nodes walked; the largest page of the corpus has 30,000. What lies behind is not read."""
MAX_TAG = 15_000
"""Characters of a tag that may hold more attributes than the parser can bear: it compares each with all before (200,000 took 107 s)."""
MAX_ATTRIBUTES = 1_000
WHOLE_TAG = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
MAX_DEPTH = 400
"""Elements below are read as if they stood here."""

UNKNOWN = 1001
ATTRIBUTE = re.compile(r'([^\s=]+)="([^"]*)"')
Attributes = Mapping[str, str | None]
NONE: Attributes = {}

LINK = NUMBER["a"]
COMMENT = 4


@dataclass(slots=True)
class Tree:
    """The nodes of a page in document order, in lists that share their index."""

    tags: list[int] = field(default_factory=list)
    """lexbor's number of the element; TEXT for text, UNKNOWN for what HTML does not know."""
    items: list[str] = field(default_factory=list)
    """A text, or an element's start tag as written, without its brackets."""
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """The index behind the node's last descendant."""
    names: dict[int, str] = field(default_factory=dict)
    """Names of the UNKNOWN elements (`amp-img`)."""
    places: dict[int, int] = field(default_factory=dict)
    """lexbor's identity of an element to its index; filled only when asked for."""

    def attributes(self, place: int) -> Attributes:
        item = self.items[place]
        return attributes_in(item) if self.tags[place] != TEXT and " " in item else NONE

    def text(self, place: int) -> str:
        """All text in an element, white space folded."""
        stop = self.ends[place]
        if stop - place < 3:  # itself, or an element and what is in it
            return " ".join(self.items[stop - 1].split()) if self.tags[stop - 1] == TEXT else ""
        return " ".join(
            "".join([item for tag, item in zip(self.tags[place:stop], self.items[place:stop], strict=True) if tag == TEXT]).split()
        )


@lru_cache(4096)
def attributes_in(written: str) -> Attributes:
    """The attributes of a start tag as a parser serialises it: each with a value in double quotes."""
    found = dict(ATTRIBUTE.findall(written))
    if "&" in written:
        for name, value in found.items():
            if "&" in value:
                found[name] = (
                    value.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
                )
    return found


def parse(text: str) -> LexborHTMLParser:
    """The page as a browser with scripts on reads it: what stands in a noscript doesn't end the head."""
    return LexborHTMLParser(bearable(text[:MAX_CHARACTERS]), scripting=True)


def bearable(text: str) -> str:
    """The text with the attributes cut off from tags that have a thousand or more."""
    # a gap of MAX_TAG between two "<" holds a multiple of half of it with no "<" for the other half
    half = MAX_TAG // 2
    if not any(text.find("<", at, at + half) < 0 for at in range(0, len(text) - half, half)):
        return text
    pieces = text.split("<")
    for place, piece in enumerate(pieces):
        if len(piece) >= MAX_TAG and place and piece[:1].isalpha():
            tag = WHOLE_TAG.match(piece)
            head = tag.group() if tag else piece
            if len(head.split(None, MAX_ATTRIBUTES)) > MAX_ATTRIBUTES and len(head) >= MAX_TAG:
                pieces[place] = re.split(r"[\s/>]", piece, maxsplit=1)[0][:40] + ">" + piece[len(head) :].removeprefix(">")
    return "<".join(pieces)


def element_places(root: LexborNode, tree: Tree) -> dict[int, int]:
    """lexbor's identity of each element below a root to its place in the tree that was read from the root's HTML."""
    places = iter([place for place, tag in enumerate(tree.tags) if tag != TEXT])
    found: dict[int, int] = {}
    for node in root.traverse(include_text=False):
        if node.tag_id == COMMENT:
            continue
        place = next(places, -1)
        if place < 0:
            break
        found[node.mem_id] = place
    return found


def strip(parser: LexborHTMLParser) -> None:
    """Take out what holds no text of the page."""
    parser.strip_tags(DROPPED)
