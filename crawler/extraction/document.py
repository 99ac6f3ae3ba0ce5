"""A page's text becomes a tree in flat lists and blocks of running text: one parse, one walk, shared by body and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.tags import BLOCKS, DROPPED, FRAMES, NUMBER, TEXT

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

Attributes = Mapping[str, str | None]
NONE: Attributes = {}

BLOCK_NUMBERS = frozenset(NUMBER[name] for name in BLOCKS)
CUTS = frozenset({NUMBER["br"], NUMBER["hr"]})
LINK = NUMBER["a"]
COMMENT = 4
BOLD = frozenset({NUMBER["b"], NUMBER["strong"]})
SILENT = frozenset({NUMBER["noscript"], NUMBER["title"], *(NUMBER[name] for name in FRAMES if name in NUMBER)})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(slots=True)
class Tree:
    """The nodes of a page in document order, in lists that share their index."""

    tags: list[int] = field(default_factory=list)
    """lexbor's number of the element; TEXT for text."""
    items: list[str | Attributes] = field(default_factory=list)
    """An element's attributes, or a text."""
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """The index behind the node's last descendant."""
    names: dict[int, str] = field(default_factory=dict)
    """Names of elements that have no number of their own (`amp-img`)."""
    places: dict[int, int] = field(default_factory=dict)
    """lexbor's identity of an element to its index; filled only when asked for."""

    def attributes(self, place: int) -> Attributes:
        item = self.items[place]
        return NONE if isinstance(item, str) else item

    def text(self, place: int) -> str:
        """All text in an element, white space folded."""
        tags, items = self.tags, self.items
        return " ".join("".join([items[at] for at in range(place, self.ends[place]) if tags[at] == TEXT]).split())  # type: ignore[misc]


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


def read_tree(root: LexborNode, *, keep_places: bool = False) -> Tree:
    """Walk an element's subtree, without recursion."""
    tree = Tree()
    tags, items, parents, ends = tree.tags, tree.items, tree.parents, tree.ends
    stack: list[int] = []
    identities: list[int] = []
    open_identity, last_identity, last = -1, -1, -1
    place = -1
    add_tag, add_item, add_parent, add_end = tags.append, items.append, parents.append, ends.append
    above = -1
    for node in root.traverse(include_text=True):
        tag = node.tag_id
        if tag == COMMENT:
            continue
        if place >= 0:
            parent = node.parent
            identity = parent.mem_id if parent is not None else -1
            if identity != open_identity:
                if identity == last_identity:
                    stack.append(last)
                    identities.append(last_identity)
                else:
                    while identities and identities[-1] != identity:
                        ends[stack.pop()] = place + 1
                        identities.pop()
                open_identity = identity
                above = stack[-1] if stack else -1
        place += 1
        if place >= MAX_NODES:
            break
        add_tag(tag)
        add_parent(above)
        add_end(place + 1)
        if tag == TEXT:
            add_item(node.text_content or "")
        else:
            add_item(node.attributes)
            last_identity, last = node.mem_id, place
            if tag > 1000:
                tree.names[place] = node.tag or ""
            if keep_places:
                tree.places[last_identity] = place
    for open_place in stack:
        ends[open_place] = len(tags)
    return tree


def strip(parser: LexborHTMLParser) -> None:
    """Take out what holds no text of the page."""
    parser.strip_tags(DROPPED)
