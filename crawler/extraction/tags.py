"""HTML's elements by what they are to an article, as lexbor numbers them. Numbers, because a walk meets thousands of nodes."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from selectolax.lexbor import create_tag

TEXT = 2

DROPPED = [
    "script",
    "style",
    "template",
    "svg",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "xmp",
    "datalist",
    "canvas",
    "map",
    "textarea",
    "select",
    "button",
    "input",
]
"""Elements whose content is no text of the page; taken out before the walk, in C."""

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
"""Elements that begin and end a line of text."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LEAVES = HEADINGS | {"p", "pre"}
"""Blocks of a clean body that hold text and no block."""
CONTAINERS = frozenset(
    [
        "blockquote",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "figure",
        "figcaption",
    ]
)
"""Elements of a clean body that hold blocks."""
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "ruby",
        "rp",
        "rt",
        "s",
        "samp",
        "small",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
    ]
)
"""Inline elements that a clean body keeps."""
RENAMED = {"strike": "s", "tt": "code", "acronym": "abbr", "listing": "pre", "dir": "ul", "menu": "ul"}
MATH = frozenset(
    [
        "math",
        "mi",
        "mn",
        "mo",
        "ms",
        "mrow",
        "mfrac",
        "msqrt",
        "mroot",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mspace",
        "mstyle",
        "mpadded",
        "mphantom",
    ]
)
FRAMES = frozenset({"iframe", "embed", "object", "frame", "applet"})
MEDIA = frozenset({"img", "amp-img", "image", "video", "audio", "picture", "source"})

NAME = {
    number: name
    for name in sorted(BLOCKS | INLINE | CONTAINERS | FRAMES | MEDIA | MATH | set(RENAMED) | {"br", "hr", "wbr", "noscript", "head", "meta", "link", "base", "title", "font", "span", "label", "big"})
    if (number := create_tag(name).tag_id) and number < 1000  # lexbor numbers the elements it doesn't know by an address in memory
}  # fmt: skip
NUMBER = {name: number for number, name in NAME.items()}
