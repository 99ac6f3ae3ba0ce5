"""Whether a site moved its addresses so that known articles come back under new ids: readers must not be flooded with them. Pure.

The rule is FORMATS', "Ids and addresses": new entries whose body, or title and day, are those of a known entry of the same source under
another guid count as changed; more than a fifth of the source's known entries, and at least five, stop its feeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.entry import Entry
from crawler.extraction.clean import text_of
from crawler.identity import title_key

LEAST = 5
SHARE = 5
"""A flood is more than one in so many."""
SHORTEST_BODY = 200
"""Letters of a text from which on it is taken for an article's own: shorter ones are often the same ("Subscribe to read on")."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What two entries of one article share, whatever their guids."""

    guid: str
    title: str
    """`crawler.identity.title_key` of the headline; empty where it has no letters."""
    day: str
    """Day of publication; empty without a date."""
    body: str
    """SHA-256 of the text; empty where it is too short to tell."""
    path: str = ""
    shown: str = ""
    """The headline as it is."""


@dataclass(frozen=True, slots=True)
class Return:
    """A new entry that looks like a known one."""

    new: Fingerprint
    known: Fingerprint

    def __str__(self) -> str:
        return f"{self.new.path or self.new.guid} “{self.new.shown}” is {self.known.path or self.known.guid} under another id"


def fingerprint(entry: Entry, day: str = "") -> Fingerprint:
    """An entry's fingerprint. `day`: of its publication in its source's zone; empty where it has no date."""
    body = text_hash(text_of(entry.article.body))
    return Fingerprint(entry.guid, title_key(entry.article.title), day, body, entry.path, entry.article.title)


def text_hash(text: str) -> str:
    """SHA-256 of a body's text without white space; empty where it is too short to tell."""
    text = "".join(text.split())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if len(text) >= SHORTEST_BODY else ""


def returns(new: Iterable[Fingerprint], known: Iterable[Fingerprint]) -> list[Return]:
    """The new entries that have the text, or the headline and day, of a known entry of the same source under another guid."""
    by_body: dict[str, Fingerprint] = {}
    by_title: dict[tuple[str, str], Fingerprint] = {}
    for one in known:
        if one.body:
            by_body.setdefault(one.body, one)
        if one.title and one.day:
            by_title.setdefault((one.title, one.day), one)
    found = []
    for one in new:
        same = by_body.get(one.body) if one.body else None
        same = same or (by_title.get((one.title, one.day)) if one.title and one.day else None)
        if same and same.guid != one.guid:
            found.append(Return(one, same))
    return found


def is_flood(found: int, known: int) -> bool:
    """Whether so many returns among so many known entries of a source stop its feeds."""
    return found >= LEAST and found * SHARE > known
