"""What the names of classes and ids, learnt from other sites, say of an element: does the article's text stand in it?"""

from __future__ import annotations

import re
from collections.abc import Mapping

PART = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


def words_of(name: str) -> list[str]:
    """The words and four-letter stems of an element's class, id, itemprop, role that a score is learnt for."""
    found: list[str] = []
    for whole in name.lower().split():
        found.append(whole[:40])
    for part in PART.findall(name[:300]):
        word = part.lower()
        found.append(word)
        if len(word) > 4:
            found.append(word[:4] + "~")
    return list(dict.fromkeys(found))[:24]


class ClassScores:
    """The log-odds that an element of this name holds the article's text; remembers names it has seen."""

    def __init__(self, words: Mapping[str, float]) -> None:
        self.words = words
        self.seen: dict[str, float] = {"": 0.0}

    def score(self, name: str) -> float:
        known = self.seen.get(name)
        if known is None:
            if len(self.seen) > 50_000:
                self.seen = {"": 0.0}
            scores = [score for word in words_of(name) if (score := self.words.get(word)) is not None]
            known = self.seen[name] = float(sum(scores) / (len(scores) + 0.5)) if scores else 0.0
        return known
