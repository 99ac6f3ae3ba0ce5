"""How much is read of what a site sends: no more elements than pages have that people read, no more bytes than gzip may grow to."""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from crawler.page import Page

MOST_TAGS = 200_000
"""Start tags of a page. The largest of 2,200 saved pages has 30,000 nodes; a list of twenty thousand links has some more."""
MOST_DEEP = 10_000
"""… of one that is nested more than a thousand deep. Four times as many within each other take the parser three to forty seconds: with
each one HTML asks for all that are open (HTML standard, "has an element in scope"). Browsers stop at 512."""
DEEP = 1_000
TAG = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|d[dt]|t[rdh]|option)\b)[a-z]", re.IGNORECASE
)
"""A tag of an element that is open until it is closed."""
START = re.compile(r"<[A-Za-z]")


def bounded(html: str) -> str:
    """The text up to where its elements become too many, or too many for their depth."""
    if html.count("<") <= MOST_DEEP:
        return html
    most = MOST_DEEP if is_deep(html) else MOST_TAGS
    end = next(islice(START.finditer(html), most, None), None)
    return html if end is None else html[: end.start()]


def is_deep(html: str) -> bool:
    depth = 0
    for tag in TAG.finditer(html):
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > DEEP:
            return True
    return False


def bounded_body(body: bytes) -> bytes:
    """The same of a page's bytes, in any charset: UTF-16 has a zero beside each letter."""
    if body.count(b"<") <= MOST_DEEP:
        return body
    wide = b"<\0" in body[:1000] or b"\0<" in body[:1000]
    text = (body.replace(b"\0", b"") if wide else body).decode("latin-1")
    kept = bounded(text)
    return body if kept is text else body[: len(kept) * (2 if wide else 1)]


def in_bounds(page: Page) -> Page:
    """The page as far as it is read."""
    body = bounded_body(page.body)
    return page if body is page.body else replace(page, body=body)


PIECE = 64 * 1024
"""Bytes that are uncompressed at a time."""
MOST_MEMBERS = 1_000
"""Of one gzip or zstd body: what compresses in blocks makes some hundreds of 16 MiB; millions of empty ones hold nothing and cost much."""
GZIP = b"\x1f\x8b\x08"


class TooLarge(ValueError):
    """What is uncompressed is larger than is allowed."""


def gunzip(body: bytes, most: int) -> bytes:
    """A gzip file's content, `most` bytes at most. Raises TooLarge, EOFError where it is cut off, zlib.error where it is broken."""
    out: list[bytes] = []
    size = 0
    for piece in gunzipped(body):
        size += len(piece)
        if size > most:
            raise TooLarge
        out.append(piece)
    return b"".join(out)


def gunzipped(body: bytes) -> Iterator[bytes]:
    """gzip may be several members, one behind the other (RFC 1952, 2.2); what stands behind the last one and is none is no text."""
    place = 0
    for _ in range(MOST_MEMBERS):
        stream = zlib.decompressobj(wbits=31)
        place = yield from inflated(stream, body, place)
        if body[place : place + 2] != GZIP[:2]:
            return
    raise zlib.error("too many members")


def inflated(stream: Any, body: bytes, place: int) -> Generator[bytes, None, int]:
    """What a stream gives of the body from `place` on; gives where it ended. Raises EOFError, zlib.error."""
    while not stream.eof:
        rest = stream.unconsumed_tail
        if not rest:
            rest = body[place : place + PIECE]
            place += len(rest)
            if not rest:
                raise EOFError
        yield stream.decompress(rest, PIECE)
    return place - len(stream.unused_data)
