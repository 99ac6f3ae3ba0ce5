"""The page's text cut into blocks: runs of text between the elements (and line breaks) that end a line, and the containers they stand in."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extraction.tags import NUMBER

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
MAX_BLOCKS = 8_000
"""Blocks that are looked at; the longest page of the corpus has 3,100."""


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
