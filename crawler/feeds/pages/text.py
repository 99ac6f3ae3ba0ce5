"""A full text as pages show it: its pictures are asked for only when it is opened, kept ones from beside the page. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction.clean import clean_html

LOCAL = "https://here.invalid/"
"""What stands for the output's folder until it is known where the page lies."""
IMAGE = re.compile(r'<img( (?:[^<>"]|"[^"<]*")*)>')


def for_pages(content: str, copies: Mapping[str, str]) -> str:
    """Clean HTML for any page. `copies`: address of a picture in it → path of our copy under the output.

    The cleaner has the last word (DESIGN, rule 7): where it does not find its own output again, nothing is asked for lazily.
    """
    if "<img" not in content:
        return content
    tree = LexborHTMLParser(f"<body>{content}</body>")
    assert tree.body is not None
    for picture in tree.css("img"):
        copy = copies.get(picture.attrs.sget("src"))
        if copy:
            picture.attrs["src"] = LOCAL + quote(copy)
    cleaned = clean_html(tree.body.inner_html or "") if copies else content
    lazy = IMAGE.sub(lazily, cleaned)
    return lazy if clean_html(lazy) == cleaned else cleaned


def lazily(image: re.Match[str]) -> str:
    attributes = image[1]
    if ' alt="' not in attributes:  # else a screen reader reads the address out
        attributes += ' alt=""'
    return f'<img{attributes} loading="lazy">'


def placed(text: str, up: str) -> str:
    """The text on a page from which this way (`../`, or nothing) leads to the output's folder."""
    return text.replace(f'src="{LOCAL}', f'src="{up}')
