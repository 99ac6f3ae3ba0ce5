"""The page's text cut into blocks: runs of text between the elements (and line breaks) that end a line, and the containers they stand in."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extraction.classes import FIELD_MARKS, marks_of
from crawler.extraction.document import BLOCK_NUMBERS, BOLD, CUTS, LINK, SILENT, Attributes, Tree
from crawler.extraction.tags import NUMBER, TEXT

HEADING_LEVEL = {NUMBER[f"h{level}"]: level for level in range(1, 7)}
STANDS_IN = {
    NUMBER[name]: 1 << (16 + bit)
    for bit, names in enumerate(
        (
            "ul ol dl menu dir",
            "table",
            "nav",
            "header",
            "footer",
            "aside",
            "form",
            "article",
            "main",
            "section",
            "figure",
            "blockquote",
            "p",
            "td th",
            "li dd dt",
        )
    )
    for name in names.split()
}
"""The bit, behind those of the marks, that tells that a block stands in such an element."""
ENDING = BLOCK_NUMBERS | CUTS
FRAME, TIME = NUMBER["iframe"], NUMBER["time"]
ROOT = (0, -1, 0, 0, 0, "", 0, 0, 0)
MAX_BLOCKS = 8_000
"""Blocks that are looked at; the longest page of the corpus has 3,100."""
IMAGES = frozenset({NUMBER["img"], NUMBER["video"], NUMBER["iframe"]})


@dataclass(slots=True)
class Blocks:
    """Lists that share a block's number, and lists that share a container's."""

    texts: list[str] = field(default_factory=list)
    """White space folded; never empty."""
    first: list[int] = field(default_factory=list)
    """Place in the tree of the block's first text."""
    last: list[int] = field(default_factory=list)
    containers: list[int] = field(default_factory=list)
    link_lengths: list[int] = field(default_factory=list)
    link_counts: list[int] = field(default_factory=list)
    bold_lengths: list[int] = field(default_factory=list)
    after_break: list[int] = field(default_factory=list)
    """1: a `<br>` stands before it, not an element's edge."""
    images: list[int] = field(default_factory=list)
    """Pictures, videos and frames between the block before and this one."""

    places: list[int] = field(default_factory=list)
    """Of each container, its place in the tree."""
    parents: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    """What class, id, role and tag of the container itself say (crawler.extraction.classes)."""
    names: list[str] = field(default_factory=list)
    """Class, id and itemprop as written, with a space between."""
    signatures: list[int] = field(default_factory=list)
    """Containers of one number have the same tags and classes up to the root."""
    inherited: list[int] = field(default_factory=list)
    """Marks of the container and of all above it, and which elements stand above (STANDS_IN)."""
    begins: list[int] = field(default_factory=list)
    """The first block in it."""
    stops: list[int] = field(default_factory=list)
    """The block behind its last one."""

    headings: list[int] = field(default_factory=list)
    """Places of h1 to h4."""
    pictures: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    """Places of time elements."""
    marked: list[tuple[int, int]] = field(default_factory=list)
    """Place and marks of every element whose class or attributes speak of a field (byline, date, title …)."""
    block_before: dict[int, int] = field(default_factory=dict)
    """Of a heading, picture, time or marked element: how many blocks stand before it."""


def cut(tree: Tree) -> Blocks:
    """Cut a page's tree into blocks."""
    found = Blocks()
    tags, items, ends = tree.tags, tree.items, tree.ends
    total = len(tags)
    rows: list[tuple[str, int, int, int, int, int, int, int, int]] = []
    containers: list[tuple[int, int, int, int, int, str, int, int, int]] = []
    stops = found.stops
    pictures, times, headings, marked, block_before = found.pictures, found.times, found.headings, found.marked, found.block_before
    open_containers: list[int] = []
    ends_open: list[int] = [total + 1]
    next_end = total + 1
    signatures: dict[tuple[int, int, str], int] = {}
    pieces: list[str] = []
    start = end = link_end = bold_end = link_length = link_count = bold_length = images = broken = 0
    said = marks_of
    place = 0
    while place < total and len(rows) < MAX_BLOCKS:
        tag = tags[place]
        cuts = tag in ENDING
        if cuts or place >= next_end:
            if pieces:
                text = " ".join("".join(pieces).split())
                if text:
                    rows.append(
                        (
                            text,
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
                pieces = []
                link_length = link_count = bold_length = 0
            while place >= next_end:
                ends_open.pop()
                next_end = ends_open[-1]
                stops[open_containers.pop()] = len(rows)
        if tag == TEXT:
            text = items[place]  # type: ignore[assignment]
            if not pieces:
                if text.isspace():
                    place += 1
                    continue
                start = place
            pieces.append(text)
            end = place
            if place < link_end:
                link_length += len(text)
            if place < bold_end:
                bold_length += len(text)
            place += 1
            continue
        if tag in SILENT:
            if tag == FRAME:
                images += 1
                pictures.append(place)
                block_before[place] = len(rows)
            place = ends[place]
            continue
        attributes = items[place]
        marks = said(attributes) if attributes else 0  # type: ignore[arg-type]
        if marks & FIELD_MARKS:
            marked.append((place, marks))
            block_before[place] = len(rows)
        if cuts:
            if tag in CUTS:
                broken = 1
                place += 1
                continue
            number = len(containers)
            parent = open_containers[-1] if open_containers else -1
            name = written_name(attributes) if attributes else ""  # type: ignore[arg-type]
            above = containers[parent] if parent >= 0 else ROOT
            signature = (above[6], tag, name)
            containers.append(
                (place, parent, tag, len(open_containers), marks, name, signatures.setdefault(signature, len(signatures)), marks | STANDS_IN.get(tag, 0) | above[7], len(rows))
            )  # fmt: skip
            stops.append(len(rows))
            if ends[place] > place + 1:
                open_containers.append(number)
                next_end = ends[place]
                ends_open.append(next_end)
            broken = 0
            if HEADING_LEVEL.get(tag, 9) <= 4:
                headings.append(place)
                block_before[place] = len(rows)
        elif tag == LINK:
            link_end = ends[place]
            link_count += 1
        elif tag in BOLD:
            bold_end = max(bold_end, ends[place])
        elif tag in IMAGES:
            images += 1
            pictures.append(place)
            block_before[place] = len(rows)
        elif tag == TIME:
            times.append(place)
            block_before[place] = len(rows)
        place += 1
    if pieces and (text := " ".join("".join(pieces).split())):
        rows.append((text, start, end, open_containers[-1] if open_containers else 0, link_length, link_count, bold_length, broken, images))
    for number in open_containers:
        stops[number] = len(rows)
    if rows:
        columns = map(list, zip(*rows, strict=True))
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
        ) = columns
    if containers:
        columns = map(list, zip(*containers, strict=True))
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
        ) = columns
    return found


def written_name(attributes: Attributes) -> str:
    """What the classes' score is looked up by."""
    get = attributes.get
    name = get("class") or ""
    if more := get("id"):
        name += " #" + more
    if "itemprop" in attributes:
        name += " @" + (get("itemprop") or "")
    if "role" in attributes:
        name += " " + (get("role") or "")
    return name
