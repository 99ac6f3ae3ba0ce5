"""The last line of a document's header: a hash of all the other bytes, so that an edit by hand is seen."""

from __future__ import annotations

import hashlib
import re

HASH_LINE = re.compile(rb"^content_hash: (?:'([0-9a-f]{64})'|\"([0-9a-f]{64})\")\n", re.MULTILINE)
HEADER_END = b"\n---\n"


def with_hash(content: bytes, quote: str = "'") -> bytes:
    """The document with its last header line: the SHA-256 of all the other bytes, in the quotes of its profile."""
    place = content.index(HEADER_END, 4) + 1
    return content[:place] + f"content_hash: {quote}{hashlib.sha256(content).hexdigest()}{quote}\n".encode() + content[place:]


def content_hash(content: bytes) -> str:
    """The hash that a document's header states; "" where it states none."""
    line = hash_line(content)
    return stated(line) if line else ""


def hash_fits(content: bytes) -> bool:
    """Whether the document is as it was written: a mismatch means that somebody edited it."""
    line = hash_line(content)
    return line is not None and stated(line) == present_hash(content)


def present_hash(content: bytes) -> str:
    """The SHA-256 of a file's bytes without the line that states one: it changes exactly when the document does, by whomever."""
    line = hash_line(content)
    return hashlib.sha256(content[: line.start()] + content[line.end() :] if line else content).hexdigest()


def hash_line(content: bytes) -> re.Match[bytes] | None:
    end = content.find(HEADER_END, 4)
    return HASH_LINE.search(content, 0, end + 1) if end > 0 else None


def stated(line: re.Match[bytes]) -> str:
    return (line[1] or line[2]).decode()
