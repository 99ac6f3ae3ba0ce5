"""The labelled pages: cases with their gold, read from a corpus folder, and the folds that keep a site's pages together."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDS = 5
SECOND_LEVEL = frozenset(["com", "co", "org", "net", "gov", "edu", "ac", "or", "ne", "go"])


@dataclass(frozen=True)
class Case:
    id: str
    url: str
    language: str
    source: str
    """The data set."""
    page_type: str
    gold: dict[str, Any]
    body: bytes
    scored: bool
    """In `dev`; the others are only learnt from."""

    @property
    def site(self) -> str:
        return site_label(self.url)

    @property
    def fold(self) -> int:
        return hashlib.sha256(f"broadsheet {self.site}".encode()).digest()[0] % FOLDS


def site_label(url: str) -> str:
    """`sina` of sina.com.cn and sina.com.tw: what the corpus was split by."""
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    labels = host.split(".")
    if len(labels) > 1:
        labels.pop()
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    return re.sub(r"[^a-z0-9-]", "", labels[-1].lower()) or host


def read_cases(root: Path) -> Iterator[Case]:
    """All cases of a corpus, in the order of their names."""
    for folder, scored in ((root / "dev", True), (root / "more", False)):
        for described in sorted(folder.rglob("*.json")):
            page = described.with_name(described.name.removesuffix(".json") + ".html.gz")
            if not page.is_file():
                continue
            told = json.loads(described.read_text(encoding="utf-8"))
            if "gold" not in told:
                continue
            yield Case(
                told["id"], told["url"], told["language"], told["source_dataset"], told.get("page_type", "article"), told["gold"], gzip.decompress(page.read_bytes()), scored
            )  # fmt: skip
