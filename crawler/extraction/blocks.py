"""The page's text cut into blocks: runs of text between the elements (and line breaks) that end a line, and the containers they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extraction.classes import FIELD_MARKS, marks_of
from crawler.extraction.document import BLOCK_NUMBERS, BOLD, CUTS, LINK, SILENT, Attributes, Tree
from crawler.extraction.tags import NUMBER, TEXT

HEADING_LEVEL = {NUMBER[f"h{level}"]: level for level in range(1, 7)}
STANDS_IN = {
    NUMBER[name]: 1 << (16 + bit)
    for bit, names in enumerate(
        ("ul ol dl menu dir", "table", "nav", "header", "footer", "aside", "form", "article", "main", "section", "figure", "blockquote", "p", "td th", "li dd dt")
    )
    for name in names.split()
}
"""The bit, behind those of the marks, that tells that a block stands in such an element."""
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
    texts, first, last, containers = found.texts, found.first, found.last, found.containers
    total = len(tags)
    open_containers: list[int] = []
    ends_open: list[int] = [total + 1]
    signatures: dict[tuple[int, int, str], int] = {}
    pieces: list[str] = []
    start = end = 0
    link_end = bold_end = 0
    link_length = link_count = bold_length = images = broken = 0
    time_tag, img_tag = NUMBER["time"], NUMBER["img"]

    place = 0
    while place < total:
        if place >= ends_open[-1] or (tags[place] != TEXT and (tags[place] in BLOCK_NUMBERS or tags[place] in CUTS)):
            if pieces:
                text = " ".join("".join(pieces).split())
                if text:
                    texts.append(text)
                    first.append(start)
                    last.append(end)
                    containers.append(open_containers[-1] if open_containers else 0)
                    found.link_lengths.append(link_length)
                    found.link_counts.append(link_count)
                    found.bold_lengths.append(bold_length)
                    found.after_break.append(broken)
                    found.images.append(images)
                    images = 0
                    broken = 0
                pieces = []
                link_length = link_count = bold_length = 0
            while place >= ends_open[-1]:
                ends_open.pop()
                found.stops[open_containers.pop()] = len(texts)
        tag = tags[place]
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
            if tag == NUMBER["iframe"]:
                images += 1
                found.pictures.append(place)
            place = ends[place]
            continue
        attributes = items[place]
        marks = marks_of(tag, attributes) if attributes else 0  # type: ignore[arg-type]
        if marks & FIELD_MARKS:
            found.marked.append((place, marks))
            found.block_before[place] = len(texts)
        if tag in BLOCK_NUMBERS:
            number = len(found.places)
            found.places.append(place)
            parent = open_containers[-1] if open_containers else -1
            found.parents.append(parent)
            name = written_name(attributes) if attributes else ""  # type: ignore[arg-type]
            found.names.append(name)
            signature = (found.signatures[parent] if parent >= 0 else 0, tag, name)
            found.signatures.append(signatures.setdefault(signature, len(signatures)))
            found.inherited.append(marks | STANDS_IN.get(tag, 0) | (found.inherited[parent] if parent >= 0 else 0))
            found.depths.append(len(open_containers))
            found.tags.append(tag)
            found.marks.append(marks)
            found.begins.append(len(texts))
            found.stops.append(0)
            if ends[place] > place + 1:
                open_containers.append(number)
                ends_open.append(ends[place])
            else:
                found.stops[number] = len(texts)
            broken = 0
            level = HEADING_LEVEL.get(tag, 9)
            if level <= 4:
                found.headings.append(place)
                found.block_before[place] = len(texts)
        elif tag in CUTS:
            broken = 1
        elif tag == LINK:
            link_end = ends[place]
            link_count += 1
        elif tag in BOLD:
            bold_end = max(bold_end, ends[place])
        elif tag == img_tag or tag in IMAGES:
            images += 1
            found.pictures.append(place)
            found.block_before[place] = len(texts)
        elif tag == time_tag:
            found.times.append(place)
            found.block_before[place] = len(texts)
        place += 1
    if pieces and (text := " ".join("".join(pieces).split())):
        texts.append(text)
        first.append(start)
        last.append(end)
        containers.append(open_containers[-1] if open_containers else 0)
        found.link_lengths.append(link_length)
        found.link_counts.append(link_count)
        found.bold_lengths.append(bold_length)
        found.after_break.append(broken)
        found.images.append(images)
    for number in open_containers:
        found.stops[number] = len(texts)
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
