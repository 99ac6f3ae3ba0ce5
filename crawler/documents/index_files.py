"""An index file: its lines put in, taken out and kept in order, so that one article's change touches one file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import merge
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

from crawler.documents.index import index_order

Order: TypeAlias = tuple[str, str]
"""published, guid."""


class BrokenIndex(ValueError):
    """A line of an index file is none of ours: the file is made again from its documents."""


class LinesMissing(Exception):
    """An index file lacks lines, or is broken and so lacks them all: `guids` are the articles'."""

    def __init__(self, guids: Collection[str]) -> None:
        super().__init__(f"no line of {', '.join(sorted(guids))}")
        self.guids = guids


def lines_of(content: bytes) -> dict[str, str]:
    """guid → line with its line break. Raises BrokenIndex where a line is broken or stands twice."""
    found: dict[str, str] = {}
    for number, ((_, guid), line) in enumerate(read_lines(BytesIO(content)), 1):
        if guid in found:
            raise BrokenIndex(f"line {number} stands there twice")
        found[guid] = line.decode("utf-8")
    return found


def read_lines(lines: Iterable[bytes]) -> Iterator[tuple[Order, bytes]]:
    """Each line and where it belongs. Raises BrokenIndex where one is broken."""
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            raise BrokenIndex(f"line {number} is cut off")
        try:
            order = index_order(json.loads(line.decode("utf-8")))
        except (ValueError, KeyError, TypeError):
            raise BrokenIndex(f"line {number} is broken") from None
        if not all(isinstance(key, str) for key in order):
            raise BrokenIndex(f"line {number} is none of ours")
        yield order, line


def with_lines(path: Path, kept: Collection[str], changed: Mapping[str, str | None]) -> Iterator[bytes]:
    """The lines of an index file in their order, as it is to be: those of the articles `kept` as they are, those `changed` put in.

    `changed`: guid → line, None: taken out. The file is read while its lines come: no month is held in memory. Raises LinesMissing
    where it lacks lines of `kept`, is broken, out of order, can't be read or isn't there.
    """
    missing = set(kept) - changed.keys()

    def read() -> Iterator[tuple[Order, bytes]]:
        before = ("", "")
        with path.open("rb") as file:
            for order, line in read_lines(file):
                if order < before:
                    raise BrokenIndex("its lines are out of order")
                before = order
                if order[1] in missing:
                    missing.remove(order[1])
                    yield order, line

    fresh = sorted((index_order(json.loads(line)), line.encode()) for line in changed.values() if line is not None)
    try:
        for _, line in merge(read() if missing else (), fresh, key=itemgetter(0)):
            yield line
    except (OSError, BrokenIndex):
        raise LinesMissing(set(kept) - changed.keys()) from None
    if missing:
        raise LinesMissing(missing)


def in_order(lines: Iterable[str]) -> bytes:
    """Lines in the order of the file: published, then guid."""
    return "".join(sorted(lines, key=lambda line: index_order(json.loads(line)))).encode()
