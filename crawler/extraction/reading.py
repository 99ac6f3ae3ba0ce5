"""The page's one walk: its parsed text, serialised again by the parser, becomes a tree in flat lists and blocks of running text."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.extraction.blocks import HEADING_LEVEL, MAX_BLOCKS, STANDS_IN, Blocks
from crawler.extraction.classes import FIELD_MARKS, marks_of
from crawler.extraction.document import MAX_NODES, UNKNOWN, Attributes, Tree, attributes_in
from crawler.extraction.tags import BLOCKS, FRAMES, NUMBER, TEXT

PIECE = re.compile(r"<([^>]*)>")
"""A tag. In what a parser serialises no attribute and no text holds a bare angle bracket (HTML standard, "Serializing HTML fragments")."""
RAW = re.compile(r"(<iframe(?: [^>]*)?>).*?</iframe>", re.S)
"""A frame, whose content is serialised as it stands."""
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
FRAME = NUMBER["iframe"]
MOST_REMEMBERED = 40_000
ROOT = (0, -1, 0, 0, 0, "", 0, 0, 0)


class Element(NamedTuple):
    """What a start tag says, whichever page it stands on."""

    tag: int
    kind: int
    marks: int
    """Of its class, id, role … (crawler.extraction.classes)."""
    name: str
    """Its element's name; "" for one that has no end tag."""
    written: str
    """What the classes' score is looked up by."""


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
            element = SPOKEN[spoken] = Element(
                NUMBER.get(name, UNKNOWN), KIND.get(name, OTHER), marks_of(attributes) if attributes else 0, "" if name in VOID else name, written_name(attributes) if attributes else ""
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


def plain(text: str) -> str:
    """Serialised text without its four references."""
    return text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without_comments(html: str) -> str:
    start = html.find("<!--")
    if start >= 0:
        kept, behind = [], 0
        while start >= 0 and (stop := html.find("-->", start + 4)) >= 0:
            kept.append(html[behind:start])
            behind = stop + 3
            start = html.find("<!--", behind)
        html = "".join(kept) + html[behind:]
    return RAW.sub(r"\1", html) if "<iframe" in html else html


def read(html: str) -> tuple[Tree, Blocks]:
    """The tree and the blocks of an element as `LexborNode.html` serialises it."""
    tree, found = Tree(), Blocks()
    tags, items, parents, ends, names = tree.tags, tree.items, tree.parents, tree.ends, tree.names
    add_tag, add_item, add_parent, add_end = tags.append, items.append, parents.append, ends.append
    pictures, times, headings, marked, block_before, stops = (
        found.pictures,
        found.times,
        found.headings,
        found.marked,
        found.block_before,
        found.stops,
    )
    rows: list[tuple[str, int, int, int, int, int, int, int, int]] = []
    containers: list[tuple[int, int, int, int, int, str, int, int, int]] = []
    signatures: dict[tuple[int, int, str], int] = {}
    # open elements: name, place, kind, number of the container
    stack: list[tuple[str, int, int, int]] = []
    open_containers: list[int] = []
    run: list[str] = []
    start = end = link_length = link_count = bold_length = images = broken = 0
    in_link = in_bold = silent = 0
    above = -1
    split = PIECE.split(without_comments(html))
    for at in range(1, len(split), 2):
        written, text = split[at], split[at + 1]
        if written[:1] == "/":
            if stack and stack[-1][0] == written[1:]:
                _, place, kind, number = stack.pop()
                ends[place] = len(tags)
                above = stack[-1][1] if stack else -1
                if kind == BLOCK:
                    if number >= 0:
                        if run:
                            if line := " ".join("".join(run).split()):
                                rows.append((line, start, end, number, link_length, link_count, bold_length, broken, images))
                                images = broken = 0
                            run = []
                            link_length = link_count = bold_length = 0
                        open_containers.pop()
                        stops[number] = len(rows)
                elif kind == LINK:
                    in_link -= 1
                elif kind == BOLD:
                    in_bold -= 1
                elif kind == SILENT:
                    silent -= 1
        else:
            start_tag = written[:2]
            if start_tag == "a ":
                tag, kind, marks, name, class_name = ELEMENTS[HREF.sub("", written)]
            elif start_tag == "im" and written[:4] == "img ":
                tag, kind, marks, name, class_name = IMAGE
            else:
                tag, kind, marks, name, class_name = ELEMENTS[written]
            place = len(tags)
            if place >= MAX_NODES:
                break
            add_tag(tag)
            add_item(written)
            add_parent(above)
            add_end(place + 1)
            if tag == UNKNOWN:
                names[place] = written.partition(" ")[0]
            number = -1
            if silent:
                pass
            elif kind == SILENT:
                if tag == FRAME:
                    images += 1
                    pictures.append(place)
                    block_before[place] = len(rows)
            else:
                if kind <= BREAK and run:
                    if line := " ".join("".join(run).split()):
                        rows.append(
                            (
                                line,
                                start,
                                end,
                                open_containers[-1] if open_containers else 0,
                                link_length,
                                link_count,
                                bold_length,
                                broken,
                                images,
                            )
                        )
                        images = broken = 0
                    run = []
                    link_length = link_count = bold_length = 0
                    if len(rows) >= MAX_BLOCKS:
                        silent = 1 << 30
                if marks & FIELD_MARKS:
                    marked.append((place, marks))
                    block_before[place] = len(rows)
                if kind == BLOCK:
                    number = len(containers)
                    parent = open_containers[-1] if open_containers else -1
                    upper = containers[parent] if parent >= 0 else ROOT
                    signature = (upper[6], tag, class_name)
                    containers.append(
                        (place, parent, tag, len(open_containers), marks, class_name, signatures.setdefault(signature, len(signatures)), marks | STANDS_IN.get(tag, 0) | upper[7], len(rows))
                    )  # fmt: skip
                    stops.append(len(rows))
                    open_containers.append(number)
                    broken = 0
                    if HEADING_LEVEL.get(tag, 9) <= 4:
                        headings.append(place)
                        block_before[place] = len(rows)
                elif kind == LINK:
                    link_count += 1
                elif kind == PICTURE:
                    images += 1
                    pictures.append(place)
                    block_before[place] = len(rows)
                elif kind == BREAK:
                    broken = 1
                elif kind == TIME:
                    times.append(place)
                    block_before[place] = len(rows)
            if name:
                stack.append((name, place, kind, number))
                above = place
                if kind == LINK:
                    in_link += 1
                elif kind == BOLD:
                    in_bold += 1
                elif kind == SILENT:
                    silent += 1
        if text:
            if "&" in text:
                text = plain(text)
            place = len(tags)
            if place >= MAX_NODES:
                break
            add_tag(TEXT)
            add_item(text)
            add_parent(above)
            add_end(place + 1)
            if silent:
                continue
            if not run:
                if text.isspace():
                    continue
                start = place
            run.append(text)
            end = place
            if in_link:
                link_length += len(text)
            if in_bold:
                bold_length += len(text)
    for _, place, _, _ in stack:
        ends[place] = len(tags)
    if run and (line := " ".join("".join(run).split())):
        rows.append((line, start, end, open_containers[-1] if open_containers else 0, link_length, link_count, bold_length, broken, images))
    for number in open_containers:
        stops[number] = len(rows)
    if rows:
        (
            found.texts,
            found.first,
            found.last,
            found.containers,
            found.link_lengths,
            found.link_counts,
            found.bold_lengths,
            found.after_break,
            found.images,
        ) = map(list, zip(*rows, strict=True))
    if containers:
        (
            found.places,
            found.parents,
            found.tags,
            found.depths,
            found.marks,
            found.names,
            found.signatures,
            found.inherited,
            found.begins,
        ) = map(list, zip(*containers, strict=True))
    return tree, found
