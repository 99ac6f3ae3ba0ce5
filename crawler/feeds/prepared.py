"""Articles as feeds show them, kept from one publication to the next: of fifty in a feed one is new, and only that one is read again.

What is kept is never believed without a look: a document that was written since, another section's name, a picture that came or went,
another Broadsheet make it void. It may be deleted at any time.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.article import Precision
from crawler.documents.noted import SETTLED
from crawler.documents.noted import mark_of as documents_mark
from crawler.feeds.feed import Item, Picture
from crawler.files import TEMPORARY

Arrival = tuple[datetime, datetime, str]

SAME = "="
"""A text for pages that is the item's."""
Refused = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a document holds, as feeds show it."""

    item: Item
    source: str
    arrival: Arrival
    precision: Precision
    path: str
    sections: tuple[str, ...] = ()
    """Ids."""
    assets: Mapping[str, int] | None = None
    """Kept pictures: file under the assets folder → bytes; -1: it is missing."""
    copies: Mapping[str, str] | None = None
    """Address of a picture as the item has it → path of our copy under the output."""
    text: str = ""
    """The full text for pages, kept pictures under LOCAL; empty: not made yet."""


@dataclass(frozen=True, slots=True)
class PreparedAt:
    """Where prepared articles are kept, and what they are checked against."""

    folder: Path
    documents: Path
    assets: Path
    key: str
    """Another one where what is kept is void: of the writer's code and the settings that are in it."""


class Prepared:
    """The articles of one publication's feeds, as far as they were prepared before."""

    def __init__(self, at: PreparedAt | None) -> None:
        self.at = at
        self.records: dict[str, dict[str, Any]] = {}
        """By path of a document."""
        self.opened: dict[str, list[str]] = {}
        """Path of a feed → documents whose records its file holds."""
        self.refused: dict[str, Refused] = {}
        """Path of a feed of one's own → the documents that it did not want."""
        self.new: set[str] = set()
        """Documents whose records are in no file yet."""

    def open(self, feed: str, wants: str = "") -> None:
        """Takes in what was kept of a feed's articles. `wants`: what it asks of them; void is what another wish refused."""
        if self.at is None or feed in self.opened:
            return
        try:
            held = json.loads(self.file(feed).read_bytes())
            records: dict[str, Any] = held["records"] if held["key"] == self.at.key else {}
            refused: Refused = held["refused"] if (held["key"], held["wants"]) == (self.at.key, wants) else {}
        except (OSError, ValueError, KeyError, TypeError):
            records, refused = {}, {}
        self.opened[feed], self.refused[feed] = list(records), refused
        for path, record in records.items():
            self.records.setdefault(path, record)

    def find(self, path: str) -> tuple[Found, list[str]] | None:
        """What was kept of a document, and what its feeds said of its source then; None where it is no longer true."""
        record = self.records.get(path)
        if record is None or self.at is None:
            return None
        try:
            if record["mark"] != mark_of(self.at.documents / path):
                return None
            if any(size_of(self.at.assets / name) != size for name, size in record["assets"].items()):
                return None
            return decode(path, record), record["said"]
        except (KeyError, TypeError, ValueError):
            return None

    def mark(self, path: str) -> list[int] | None:
        """A document's mark before it is read; None where it can't be relied on: it was written a moment ago."""
        mark = mark_of(self.at.documents / path) if self.at else None
        return mark if mark and max(mark[:2]) < time.time_ns() - SETTLED else None

    def put(self, found: Found, said: Sequence[str], mark: list[int] | None) -> None:
        if self.at is not None and mark is not None:
            self.records[found.path] = encode(found, said, mark)
            self.new.add(found.path)
        else:
            self.records.pop(found.path, None)

    def drop(self, path: str) -> None:
        """Forgets what is in no file yet: archives go through any number, and what live feeds show of it is prepared again if need be."""
        if path in self.new:
            self.new.discard(path)
            self.records.pop(path, None)

    def put_text(self, found: Found) -> None:
        """Its text for pages was made, and is kept too."""
        if found.path in self.records:
            self.records[found.path]["text"] = SAME if found.text == found.item.content else found.text
            self.new.add(found.path)

    def close(self, feed: str, paths: Iterable[str], wants: str = "", refused: Mapping[str, Sequence[str]] | None = None) -> None:
        """Keeps what a feed shows now, and nothing else of it. `refused`: documents it does not want, each with what was said of it."""
        if self.at is None:
            return
        records = {path: self.records[path] for path in paths if path in self.records}
        kept = self.refused.get(feed, {})
        unwanted: Refused = {}
        for path, said in (refused or {}).items():
            record = self.records.get(path)
            if record:
                unwanted[path] = [record["mark"], record["source"], record["sections"], list(said)]
            elif path in kept:
                unwanted[path] = kept[path]
        if self.new.isdisjoint(records) and self.opened.get(feed) == list(records) and unwanted == kept:
            return
        held = {"key": self.at.key, "wants": wants, "records": records, "refused": unwanted}
        content = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        file = self.file(feed)
        temporary = file.with_name(TEMPORARY + file.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content.encode("utf-8", "surrogatepass"))  # not durable: what a power cut leaves of it is no JSON, or true
        os.replace(temporary, file)

    def was_refused(self, feed: str, path: str, said: Callable[[str, Sequence[str]], list[str]]) -> bool:
        """Whether a feed of one's own looked at this document before, as it is now, and did not want it."""
        try:
            mark, source, sections, then = self.refused[feed][path]
        except (KeyError, ValueError, TypeError):
            return False
        return self.at is not None and mark == mark_of(self.at.documents / path) and then == said(source, sections)

    def forget(self, feed: str) -> None:
        if self.at is not None:
            self.file(feed).unlink(missing_ok=True)

    def file(self, feed: str) -> Path:
        assert self.at is not None
        return self.at.folder / f"{feed}.json"


def mark_of(path: Path) -> list[int] | None:
    """A file's mark as JSON gives it back."""
    mark = documents_mark(path)
    return list(mark) if mark else None


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def encode(found: Found, said: Sequence[str], mark: list[int]) -> dict[str, Any]:
    item = found.item
    picture = item.image
    return {
        "mark": mark,
        "said": list(said),
        "source": found.source,
        "sections": list(found.sections),
        "arrival": [found.arrival[0].isoformat(), found.arrival[1].isoformat()],
        "precision": found.precision,
        "assets": dict(found.assets or {}),
        "copies": dict(found.copies or {}),
        "text": SAME if found.text and found.text == found.item.content else found.text,
        "item": [
            item.guid,
            item.url,
            item.title,
            item.published.isoformat(),
            item.updated.isoformat(),
            item.summary,
            item.content,
            list(item.authors),
            list(item.categories),
            item.language,
            [picture.url, picture.type, picture.length, picture.width, picture.height, picture.asset] if picture else None,
        ],
    }


def decode(path: str, record: Mapping[str, Any]) -> Found:
    guid, url, title, published, updated, summary, content, authors, categories, language, picture = record["item"]
    item = Item(
        guid,
        url,
        title,
        datetime.fromisoformat(published),
        datetime.fromisoformat(updated),
        summary,
        content,
        tuple(authors),
        tuple(categories),
        language,
        Picture(*picture) if picture else None,
    )
    first_seen, at = map(datetime.fromisoformat, record["arrival"])
    return Found(
        item,
        record["source"],
        (first_seen, at, guid),
        record["precision"],
        path,
        tuple(record["sections"]),
        record["assets"],
        record["copies"],
        content if record["text"] == SAME else record["text"],
    )
