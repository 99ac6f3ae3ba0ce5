"""The page's one walk: its parsed text, serialised again by the parser, becomes a tree in flat lists and blocks of running text."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from itertools import islice

from crawler.extraction.blocks import HEADING_LEVEL, MAX_BLOCKS, Blocks
from crawler.extraction.classes import FIELD_MARKS
from crawler.extraction.document import MAX_NODES, UNKNOWN, Tree
from crawler.extraction.start_tags import BLOCK, BOLD, BREAK, ELEMENTS, IMAGE, LINK, PICTURE, SILENT, TIME, link_element
from crawler.extraction.tags import NUMBER, TEXT

PIECE = re.compile(r"<([^>]*)>")
"""A tag. In what a parser serialises no attribute and no text holds a bare angle bracket (HTML standard, "Serializing HTML fragments")."""
RAW = re.compile(r"(<iframe(?: [^>]*)?>).*?</iframe>", re.S)
"""A frame, whose content is serialised as it stands."""
FRAME = NUMBER["iframe"]
HEADING_TAGS = frozenset(tag for tag, level in HEADING_LEVEL.items() if level <= 4)
ROOT = (0, -1, 0, 0, 0, "", 0, 0, 0)


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


def folded(text: str) -> str:
    """The text with its white space folded, none at its ends. Most texts have nothing to fold: no white space can be printed but a space."""
    return text.strip(" ") if text.isprintable() and "  " not in text else " ".join(text.split())


def pieces_of(html: str) -> list[str]:
    """A text, then a tag without its brackets and the text behind it, again and again, as far as there are no more than MAX_NODES nodes."""
    pieces = html.replace(">", "<").split("<")
    if len(pieces) != 2 * html.count(">") + 1:  # a tag's name, or an attribute's, holds an opening bracket
        pieces = PIECE.split(html)
    if len(pieces) > MAX_NODES:
        nodes = (at for at in range(1, len(pieces)) if (pieces[at] if at % 2 == 0 else pieces[at][:1] != "/"))
        first = next(islice(nodes, MAX_NODES, None), len(pieces))
        del pieces[first:]
        if len(pieces) % 2 == 0:
            pieces.append("")
    return pieces


def read(html: str) -> tuple[Tree, Blocks]:
    """The tree and the blocks of an element as `LexborNode.html` serialises it."""
    tree, found = Tree(), Blocks()
    tags, items, parents, names = tree.tags, tree.items, tree.parents, tree.names
    add_tag, add_item, add_parent = tags.append, items.append, parents.append
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
    # open elements: the end tag that was awaited before, place, kind, number of the container
    stack: list[tuple[str, int, int, int]] = []
    open_containers: list[int] = []
    run: list[str] = []
    start = end = link_length = link_count = bold_length = images = broken = 0
    in_link = in_bold = silent = 0
    place = above = -1
    awaited = ">"  # no tag holds one
    pieces = pieces_of(without_comments(html))
    ends = tree.ends = list(range(1, len(pieces) + 1))
    each = iter(pieces)
    next(each)
    for written, text in zip(each, each, strict=True):
        if written == awaited:
            awaited, closed, kind, number = stack.pop()
            ends[closed] = place + 1
            above = parents[closed]
            if kind == BLOCK:
                if number >= 0:
                    if run:
                        if line := folded("".join(run)):
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
        elif written[:1] != "/":
            start_tag = written[:2]
            if start_tag == "a ":
                tag, kind, marks, end_tag, class_name, inherited = link_element(written)
            elif start_tag == "im" and written[:4] == "img ":
                tag, kind, marks, end_tag, class_name, inherited = IMAGE
            else:
                tag, kind, marks, end_tag, class_name, inherited = ELEMENTS[written]
            place += 1
            add_tag(tag)
            add_item(written)
            add_parent(above)
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
                    if line := folded("".join(run)):
                        upper_number = open_containers[-1] if open_containers else 0
                        rows.append((line, start, end, upper_number, link_length, link_count, bold_length, broken, images))
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
                        (place, parent, tag, len(open_containers), marks, class_name, signatures.setdefault(signature, len(signatures)), inherited | upper[7], len(rows))
                    )  # fmt: skip
                    stops.append(len(rows))
                    open_containers.append(number)
                    broken = 0
                    if tag in HEADING_TAGS:
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
            if end_tag:
                stack.append((awaited, place, kind, number))
                awaited = end_tag
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
            place += 1
            add_tag(TEXT)
            add_item(text)
            add_parent(above)
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
    del ends[len(tags) :]
    for _, place, _, _ in stack:
        ends[place] = len(tags)
    if run and (line := folded("".join(run))):
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
