"""Text of pages and files made fit for a terminal and a log: nothing in it moves the cursor, hides or turns round what stands beside it."""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from typing import Any

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode's categories of control and format characters, half characters, private ones, line and paragraph separators."""
JOINERS = "\u200c\u200d"
"""Format characters that words of Persian and Hindi and pictures of families are made with."""
UNSHOWN = re.compile("[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""What JSON lets through and a terminal may obey; below U+0020 it escapes all by itself."""


def plain(text: str) -> str:
    """Text in one line, without control characters and bidirectional overrides."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(letter, text))


def letter(character: str) -> str:
    if character in "\n\t" or character in JOINERS:
        return " " if character in "\n\t" else character
    return "�" if unicodedata.category(character) in HIDDEN else character


def plain_lines(text: str) -> str:
    """The same, its lines kept."""
    return "\n".join(plain(line) for line in text.split("\n"))


def to_json(value: Any, indent: int | None = 2) -> str:
    """JSON in the letters of its languages, but with an escape for whatever a terminal could obey: any reader of JSON reads the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return UNSHOWN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


class PlainFormatter(logging.Formatter):
    """A log's own formatter with its result made plain: addresses, titles and what errors say come from pages."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self.inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        return plain_lines(self.inner.format(record))


def make_logs_plain() -> None:
    """From now on whatever is logged is fit for a terminal."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, PlainFormatter):
            handler.setFormatter(PlainFormatter(handler.formatter))


def number(count: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`, `12,345 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes as a person reads them: `812 B`, `214 kB`, `3.1 MB`, `12.0 GB`."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:,.0f} kB"
    return f"{count / 1_000_000:,.1f} MB" if count < 1_000_000_000 else f"{count / 1_000_000_000:,.1f} GB"
