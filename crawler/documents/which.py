"""Which shipped profile a document was written in: a workspace that changes its profile still has to read the old ones."""

from __future__ import annotations

import re

from crawler.documents.sealing import HEADER_END

# what only one profile's header has, before the shared keys; tried in this order
SIGNS = {
    "hexo": re.compile(rb"^comments: false\n", re.MULTILINE),
    "hugo": re.compile(rb"^lastmod: ", re.MULTILINE),
    "jekyll": re.compile(rb"^layout: post\n", re.MULTILINE),
    "obsidian": re.compile(rb"^date: [0-9T:.-]+\n", re.MULTILINE),
    "plain": re.compile(rb'^date: "', re.MULTILINE),
    "eleventy": re.compile(rb"^date: '[0-9T:-]+Z'\n", re.MULTILINE),
}


def profile_of(content: bytes) -> str:
    """The name of the shipped profile that these bytes are a document of; "" where it is none of them."""
    own = re.split(rb"^guid: ", content[: content.find(HEADER_END, 4) + 1], maxsplit=1, flags=re.MULTILINE)
    if len(own) < 2:
        return ""
    return next((name for name, sign in SIGNS.items() if sign.search(own[0])), "")
