"""An index file: its lines put in, taken out and kept in order, so that one article's change touches one file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from crawler.documents.index import index_order


class BrokenIndex(ValueError):
    """A line of an index file is none of ours: the file is made again from its documents."""


def lines_of(content: bytes) -> dict[str, str]:
    """guid → line with its line break. Raises BrokenIndex where a line is broken or stands twice."""
    found: dict[str, str] = {}
    lines = content.split(b"\n")
    if lines.pop():
        raise BrokenIndex(f"line {len(lines) + 1} is cut off")
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8")
            order = index_order(json.loads(text))
        except (ValueError, KeyError, TypeError):
            raise BrokenIndex(f"line {number} is broken") from None
        if not all(isinstance(key, str) for key in order) or order[1] in found:
            raise BrokenIndex(f"line {number} is none of ours, or stands there twice")
        found[order[1]] = text + "\n"
    return found


def with_lines(lines: Mapping[str, str], changed: Mapping[str, str | None]) -> bytes:
    """The file with these lines put in, in place of the article's earlier one; None takes it out."""
    merged = {guid: line for guid, line in {**lines, **changed}.items() if line is not None}
    return in_order(merged.values())


def in_order(lines: Iterable[str]) -> bytes:
    """Lines in the order of the file: published, then guid."""
    return "".join(sorted(lines, key=lambda line: index_order(json.loads(line)))).encode()
