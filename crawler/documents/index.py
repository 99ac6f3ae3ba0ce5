"""The index: one line of JSON for each document, in a file for each source and month. For search engines and tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import regex

from crawler.article import zulu
from crawler.documents.fields import write_json
from crawler.entry import Entry
from crawler.extraction.clean import text_of
from crawler.zones import day_in

VERSION = 1
SCHEMA = Path(__file__).with_name("index.schema.json")
# Chinese and Japanese: every character is a word. Thai, Lao, Khmer, Burmese, which don't part words either: every letter with its marks.
# All others: a run of letters and digits, an apostrophe, hyphen or point within it included.
WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]|[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&\p{L}]\p{M}*"
    r"|[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]"
    r"(?:['’.‑-]?[[\p{L}\p{M}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]])*",
    regex.V1,
)
# the same of what holds Latin, Greek and Cyrillic letters alone, and quicker; what it holds besides makes it go the long way
OTHER = re.compile("[^\x00-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u203a]")
PARTED = re.compile(r"[^\W_]+(?:['’.‑-][^\W_]+)*")
LETTER, JOINT, BETWEEN = b"a- "
ASCII = bytes(LETTER if chr(code).isalnum() and code < 128 else JOINT if code in b"'.-" else BETWEEN for code in range(256))


def index_path(entry: Entry, zone: str) -> str:
    """The index file that lists an entry, relative to the index folder: `guancha/2022-03.ndjson`, the month in the source's zone."""
    return f"{entry.source}/{day_in(entry.published, zone).isoformat()[:7]}.ndjson"


def index_line(entry: Entry, content_hash: str, text: str | None = None) -> str:
    """The line of a document, with its line break, keys in the order of the schema.

    `entry`: as `Documents.read` gives it; `content_hash`: what the document's header states; `text`: its body's, where it is
    at hand. Lines of a file are sorted by `index_order`.
    """
    words = words_in(text_of(entry.article.body) if text is None else text)
    return write_json(record(entry, content_hash, words), sort_keys=False) + "\n"


def index_order(line: dict[str, Any]) -> tuple[str, str]:
    """Sort key of a line that was read: published, then guid."""
    return line["published"], line["guid"]


def record(entry: Entry, content_hash: str, words: int) -> dict[str, Any]:
    article = entry.article
    return {
        "v": VERSION,
        "guid": entry.guid,
        "id": entry.guid.removeprefix("urn:uuid:"),
        "path": entry.path,
        "url": article.url,
        "also_at": list(entry.also_at),
        "source": entry.source,
        "sections": list(entry.sections),
        "categories": list(entry.categories),
        "title": article.title,
        "authors": list(article.authors),
        "published": entry.published.zulu(),
        "date_precision": entry.published.precision,
        "updated": entry.updated.zulu(),
        "first_seen": zulu(entry.first_seen),
        "language": article.language,
        "tags": list(article.tags),
        "summary": article.description,
        "image": article.image.url if article.image else "",
        "words": words,
        "content_hash": content_hash,
        "provenance": json.loads(write_json(article.provenance)),
    }


def count_words(body: str) -> int:
    """Words of a body; how they are counted where none are parted by spaces: see `WORD`."""
    return words_in(text_of(body))


def words_in(text: str) -> int:
    if text.isascii():  # a letter for each letter and digit: a word begins where one stands behind a space
        letters = text.encode().translate(ASCII)
        for _ in range(2):  # in `a-a-a` the second one begins where the first ends
            letters = letters.replace(b"a-a", b"aaa")
        return (b" " + letters.replace(b"-", b" ")).count(b" a")
    return len((WORD if OTHER.search(text) else PARTED).findall(text))


def index_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an index line."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return schema
