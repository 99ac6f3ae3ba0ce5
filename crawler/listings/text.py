"""Plain text of what a listing says: HTML taken out, entities resolved, white space folded, nothing in it that XML cannot hold."""

from __future__ import annotations

import re
import warnings
from typing import Any

# what XML 1.0 forbids (production 2, Char), and careless makers write all the same; JSON can hold half characters
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def text_of(value: Any) -> str:
    """A text in one line; "" for what is none."""
    return " ".join(FORBIDDEN.sub("", value).split()) if isinstance(value, str) else ""


def plain(html: str) -> str:
    """The text of a piece of HTML in one line."""
    if "<" not in html and "&" not in html:
        return text_of(html)
    from bs4 import BeautifulSoup  # a tenth of a second that HTML lists need not take

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a title that is an address or a file name is one
        return text_of(BeautifulSoup(html, "html.parser").get_text())
