"""Links of saved list pages, labelled by hand: which lead to articles. The labels lie in tests/discovery/labels, the pages elsewhere."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from crawler.charset import decode
from crawler.urls import address_key
from tools.corpus import site_label

LABELS = Path(__file__).resolve().parents[1] / "tests" / "discovery" / "labels"
Half = Literal["building", "measuring", "blog"]
"""What the last step learns from; what it is judged by; and the front pages of whole sites, by which it is judged too."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A list page: where it is, and what its links lead to."""

    name: str
    url: str
    snapshot: int
    half: Half
    articles: frozenset[str]
    """Keys of addresses (`crawler.urls.address_key`) of articles …"""
    others: frozenset[str]
    """… and of anything else. Links in neither are not judged."""
    text: str = field(repr=False, default="")
    """The page, where it was found."""

    @property
    def site(self) -> str:
        return site_label(self.url)


def read_labels(folder: Path = LABELS) -> Iterator[Labelled]:
    """All labelled pages by name, without their texts.

    A file begins with `# URL` and `# snapshot N, half`; then a line for each link: `+` an article, `-` something else, `?` hard to say.
    """
    for path in sorted(folder.glob("*.txt")):
        half: Half
        first, second, *lines = path.read_text("utf-8").splitlines()
        snapshot, called = second.removeprefix("# snapshot ").split(";")[0].split(", ")
        half = "building" if called == "building" else "measuring" if called == "measuring" else "blog"
        said = {address_key(line[2:]): line[0] for line in lines if line[:1] in ("+", "-", "?")}
        yield Labelled(
            path.stem,
            first.removeprefix("# "),
            int(snapshot),
            half,
            frozenset(key for key, mark in said.items() if mark == "+"),
            frozenset(key for key, mark in said.items() if mark == "-"),
        )


def with_pages(replay: Path) -> Iterator[Labelled]:
    """The labelled pages with their texts, as a replay folder has them."""
    saved = {
        (one["url"], one.get("snapshot", 0)): one for one in json.loads((replay / "manifest.json").read_text("utf-8")) if "file" in one
    }
    for labelled in read_labels():
        entry = saved[labelled.url, labelled.snapshot]
        body = (replay / entry["file"]).read_bytes()
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        kind = entry["content_type"] + (f"; charset={entry['charset']}" if entry.get("charset") else "")
        yield Labelled(
            labelled.name, labelled.url, labelled.snapshot, labelled.half, labelled.articles, labelled.others, decode(body, kind)[0]
        )


@dataclass(slots=True)
class Count:
    """How many links were taken rightly, wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, taken: Mapping[str, bool], labelled: Labelled) -> Count:
        """Counts a page: `taken` says of each address key whether it was taken for an article's. What was not seen counts as not taken."""
        self.right += sum(taken.get(key, False) for key in labelled.articles)
        self.missed += sum(not taken.get(key, False) for key in labelled.articles)
        self.wrong += sum(taken.get(key, False) for key in labelled.others)
        return self

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)
