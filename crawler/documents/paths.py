"""The name of a document's file: day, slug and hash, safe on every disk and in every consumer. It never changes once written."""

from __future__ import annotations

import unicodedata
from datetime import date

import regex

from crawler.documents.text import cut, without_tags
from crawler.identity import hash8

SLUG_BYTES = 80
# letters, marks and digits: without the marks Hindi and Thai fall apart
SEPARATORS = regex.compile(r"[^\p{L}\p{M}\p{Nd}]+")
LEADING = regex.compile(r"^[-\p{M}]+")
WITHOUT_TITLE = "article"


def document_path(source: str, title: str, guid: str, day: date) -> str:
    """`<source>/YYYY/MM/YYYY-MM-DD-<slug>-<hash8>.md`, relative to the documents folder.

    `day`: of publication, in the source's zone. The day in front is what Jekyll needs; slug and hash make the name one that no consumer
    skips: none begins with `_ . # ~`, no two differ in case alone (docs/documents.md, "Files").
    """
    text = day.isoformat()
    return f"{source}/{text[:4]}/{text[5:7]}/{text}-{slug(without_tags(title))}-{hash8(guid)}.md"


def slug(title: str) -> str:
    """The title in lower case, `-` for all that is no letter, mark or digit; 80 bytes at most, cut between graphemes; never empty."""
    text = title.encode("utf-8", "ignore").decode()
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    text = LEADING.sub("", SEPARATORS.sub("-", text)).rstrip("-")
    return cut(text, SLUG_BYTES).rstrip("-") or WITHOUT_TITLE
