"""The one cleaner: HTML from anywhere becomes what a document, feed or page may show. Rule 7 of the design gives the order."""

from __future__ import annotations

import re

import nh3

from crawler.extraction.document import MAX_CHARACTERS, parse, strip
from crawler.extraction.lines import allowed
from crawler.extraction.reading import folded, read
from crawler.extraction.repair import Links
from crawler.extraction.tags import CONTAINERS, INLINE, LEAVES, MATH
from crawler.extraction.writer import Writer

TAGS = set(INLINE | LEAVES | CONTAINERS | MATH | {"br", "img", "video", "audio"})
GENERAL = {"dir"}
ATTRIBUTES = {
    "*": GENERAL,
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "class", "width", "height", "referrerpolicy"},
    "video": {"src", "poster", "controls"},
    "audio": {"src", "controls"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "time": {"datetime"},
}
SANITISER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
    set_tag_attribute_values={"img": {"referrerpolicy": "no-referrer"}},
)
UNDER_PICTURE = re.compile(r"<figcaption[^>]*>.*?</figcaption>", re.DOTALL)
BREAK = re.compile(r"<br>|</(?:td|th)>(?=\n?<t[dh])")
BLOCK_END = re.compile(
    r"</?(?:p|h[1-6]|pre|blockquote|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|td|th|figure|figcaption)(?: [^>]*)?>"
)
TAG = re.compile(r"<[^>\"]*(?:\"[^\"]*\"[^>\"]*)*>")


def clean_html(html: str, base_url: str = "") -> str:
    """HTML that no reader, browser or site builder runs anything of, one block a line, without white space at its ends.

    `base_url` makes addresses absolute; without one a relative address stays. Scripts, forms, frames, styles and comments go; an embedded
    video becomes its poster picture and a link; lazy pictures get their source. What comes out, put in again, comes out unchanged.
    """
    parser = parse(allowed(html[:MAX_CHARACTERS]))
    strip(parser)
    if parser.body is None:
        return ""
    tree, _ = read(parser.body.html or "")
    return sanitise(Writer(tree, Links(base_url)).write(range(1, len(tree.tags))))


def sanitise(html: str) -> str:
    """The last step; nothing touches the HTML after it."""
    return str(SANITISER.clean(html))


def text_of(html: str) -> str:
    """The running text of clean HTML, one line a block: what stands under a picture is not of it."""
    from html import unescape

    text = UNDER_PICTURE.sub("\n", html) if "<figcaption" in html else html
    if "<br>" in text or "</t" in text:
        text = BREAK.sub("\n", text)
    text = BLOCK_END.sub("\n", text)
    text = unescape(TAG.sub("", text))
    return "\n".join(line for line in map(folded, text.split("\n")) if line)
