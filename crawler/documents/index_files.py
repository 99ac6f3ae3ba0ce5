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
    if content and not content.endswith(b"\n"):
        raise BrokenIndex("the last line is cut off")
    try:
        for line in content.decode("utf-8").split("\n")[:-1]:
            order = index_order(json.loads(line))
            if not all(isinstance(key, str) for key in order) or order[1] in found:
                raise BrokenIndex(line[:80])
            found[order[1]] = line + "\n"
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenIndex(str(error)) from None
    return found


def with_lines(lines: Mapping[str, str], changed: Mapping[str, str | None]) -> bytes:
    """The file with these lines put in, in place of the article's earlier one; None takes it out."""
    merged = {guid: line for guid, line in {**lines, **changed}.items() if line is not None}
    return in_order(merged.values())


def in_order(lines: Iterable[str]) -> bytes:
    """Lines in the order of the file: published, then guid."""
    return "".join(sorted(lines, key=lambda line: index_order(json.loads(line)))).encode()
