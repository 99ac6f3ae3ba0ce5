"""Addresses in a page's source as it is written, found without parsing: what may be the next part, what the page calls canonical."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

WRITTEN = re.compile(rb"href\s{0,3}=\s{0,3}[\"']?([^\"'\s<>]{1,2000})")
"""Addresses in a page's source, cheaply: links, and the scripts of buttons that say `location.href=`."""
SHOUTED = re.compile(rb"(?:HREF|location(?:\.(?:replace|assign))?)\s{0,3}[=(]\s{0,3}[\"']?([^\"'\s<>]{1,2000})")
"""… on old pages, and other ways of scripts."""
CANONICAL = re.compile(
    rb"<link\b(?:[^>]{0,300}\brel=[\"']?canonical\b[^>]{0,300}\bhref=[\"']?(?P<one>[^\"'\s>]{1,2000})"
    rb"|[^>]{0,300}\bhref=[\"']?(?P<other>[^\"'\s>]{1,2000})[^>]{0,300}\brel=[\"']?canonical\b)",
    re.IGNORECASE,
)


def canonical_links(body: bytes) -> Iterator[re.Match[bytes]]:
    """CANONICAL's matches. It is tried at link tags alone that hold the word: letters of any case make it slow to search a page with."""
    low = body.lower()
    at = behind = -1
    while (at := low.find(b"<link", at + 1)) >= 0:
        close = low.find(b">", at)
        if at >= behind and low.find(b"canonical", at, close if close >= 0 else len(low)) >= 0 and (match := CANONICAL.match(body, at)):
            behind = match.end()
            yield match


def shouted_in(body: bytes) -> Iterator[bytes]:
    """What SHOUTED finds, tried only where it can begin."""
    begins: list[int] = []
    for word in (b"HREF", b"location"):
        at = -1
        while (at := body.find(word, at + 1)) >= 0:
            begins.append(at)
    behind = 0
    for at in sorted(begins):
        if at >= behind and (match := SHOUTED.match(body, at)):
            behind = match.end()
            yield match[1]


def written_in_source(body: bytes, sought: int) -> Iterator[str]:
    """The addresses in a page's source that hold the part's number, or the one before it; each once."""
    number = re.compile(rb"(?<!\d)(?:%d|%d)(?!\d)" % (sought, sought - 1))
    for written in filter(number.search, dict.fromkeys((*WRITTEN.findall(body), *shouted_in(body)))):
        yield unescape(written.decode("utf-8", "replace"))
