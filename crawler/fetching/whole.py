"""Whether a body ends where its document ends: HTTP can't tell where neither length nor chunks frame it, or a cache kept half a page."""

from __future__ import annotations

import re

HEAD = 5_000
"""Bytes in which a document says what it is."""
SMALLEST = 2_000
"""Bytes from which on a framed body is looked at: a few lines of HTML need no end."""
HTML = re.compile(rb"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
HTML_END = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
XML = re.compile(rb"<(?:[\w-]+:)?(rss|feed|rdf|urlset|sitemapindex|opml)\b", re.IGNORECASE)
# elements whose end nobody may leave out, and nobody does by mistake
PAIRED = re.compile(rb"<(/?)(article|section|main|div|script|style)\b", re.IGNORECASE)


def seems_cut(body: bytes, *, framed: bool) -> bool:
    """Whether a body stops in the middle.

    `framed`: its length was announced, and came. Then only what is certain counts: an HTML page without an end tag that stops behind no
    `>` at all (none of 2,174 saved pages does). A body that ends with its connection must also have closed what it opened; a feed,
    a sitemap or JSON must have its end.
    """
    head = body[:HEAD]
    if HTML.search(head):
        return html_is_cut(body, framed)
    if framed:
        return False
    if root := XML.search(head):
        return re.search(rb"</(?:[\w-]+:)?" + root.group(1) + rb"\s*>", body[-HEAD:], re.IGNORECASE) is None
    start, end = body.lstrip()[:1], body.rstrip()[-1:]
    return (start == b"{" and end != b"}") or (start == b"[" and end != b"]")


def html_is_cut(body: bytes, framed: bool) -> bool:
    if framed and len(body) < SMALLEST:
        return False
    if HTML_END.search(body[-HEAD:]) or HTML_END.search(body):
        return False
    if not body.rstrip().endswith(b">"):
        return True
    return not framed and left_open(body)


def left_open(body: bytes) -> bool:
    """Whether an element that has to be closed is not."""
    opened: dict[bytes, int] = {}
    for closing, name in PAIRED.findall(body):
        key = name.lower()
        opened[key] = opened.get(key, 0) + (-1 if closing else 1)
    return any(count > 0 for count in opened.values())
