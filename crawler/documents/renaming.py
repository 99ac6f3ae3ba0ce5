"""A document of a source that has another id now: one header line changes, and the hash with it; an edit by hand stays one."""

from __future__ import annotations

import hashlib
import re

from crawler.documents.header import Double, Quoted, lines
from crawler.documents.sealing import HEADER_END, hash_fits, hash_line

SOURCE = re.compile(rb"^source_id: .*\n", re.MULTILINE)


def with_source(content: bytes, old: str, new: str) -> bytes:
    """The document with `source_id: new`, every other byte but its hash as it was. One of another source comes back as it is."""
    end = content.find(HEADER_END, 4) + 1
    line = SOURCE.search(content, 0, end)
    style = style_of(line.group().decode("utf-8", "replace"), old) if line else None
    if line is None or style is None:
        return content
    changed = content[: line.start()] + lines("source_id", style(new)).encode() + content[line.end() :]
    return sealed_again(changed) if hash_fits(content) else changed


def style_of(line: str, source: str) -> type[str] | None:
    """How the line writes the source's id; None where it names another source."""
    return next((style for style in (str, Quoted, Double) if line == lines("source_id", style(source))), None)


def sealed_again(content: bytes) -> bytes:
    """The document with the hash of its present bytes in place of the one it states."""
    line = hash_line(content)
    if line is None:
        return content
    start = line.start(1) if line[1] else line.start(2)
    digest = hashlib.sha256(content[: line.start()] + content[line.end() :]).hexdigest()
    return content[:start] + digest.encode() + content[start + len(digest) :]
