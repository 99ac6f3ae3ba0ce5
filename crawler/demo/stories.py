"""The demo newspaper's stories: files under `pages/`, a YAML header and an HTML body each, read into values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PAGES = Path(__file__).with_name("pages")
PART_BREAK = "<!-- next part -->"


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote below a story."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its desk wrote it. What the header leaves out is empty here."""

    address: str
    """Path on the site, as the lists link it."""
    title: str
    published: datetime
    """Aware. Every story has one, for the lists; a `dateless` page doesn't show it."""
    sections: tuple[str, ...] = ()
    """Of the sections whose lists show it, the first is its own."""
    layout: str = "modern"
    """Which template, of `templates/`, makes its page."""
    language: str = "en"
    updated: datetime | None = None
    dateless: bool = False
    authors: tuple[str, ...] = ()
    agency: str = ""
    """Where the text came from: 来源."""
    description: str = ""
    picture: str = ""
    """Name of the picture that social networks show, without suffix."""
    pictures: tuple[tuple[str, str], ...] = ()
    """Name of each of its pictures, and the scene it shows: `crawler.demo.pictures`."""
    tags: tuple[str, ...] = ()
    canonical: str = ""
    """Path that the page names as its own, where that is not `address`."""
    charset: str = "utf-8"
    status: int = 200
    full_text_in_feed: bool = False
    parts: tuple[str, ...] = ("",)
    """HTML of each part of the body."""
    comments: tuple[Comment, ...] = ()

    def address_of(self, part: int) -> str:
        """Path of a part, counted from 0: `/news/x.html`, `/news/x-2.html`."""
        return self.address if part == 0 else f"{self.address.removesuffix('.html')}-{part + 1}.html"


@cache
def stories() -> tuple[Story, ...]:
    """All stories, newest first."""
    found = [read_story(path.read_text(encoding="utf-8")) for path in sorted(PAGES.glob("*/*.html"))]
    return tuple(sorted(found, key=lambda story: (story.published, story.address), reverse=True))


def read_story(text: str) -> Story:
    """A file's text as a story: the header between two `---` lines, the body below, split at each `PART_BREAK`."""
    _, header, body = text.split("---\n", 2)
    # BaseLoader leaves every scalar a string: no date, number or `no` is guessed
    fields: dict[str, Any] = yaml.load(header, Loader=yaml.BaseLoader)
    for name, read in READ.items():
        if name in fields:
            fields[name] = read(fields[name])
    return Story(**fields, parts=tuple(part.strip() for part in body.split(PART_BREAK)))


READ: dict[str, Callable[[Any], Any]] = {
    "published": datetime.fromisoformat,
    "updated": datetime.fromisoformat,
    "sections": tuple,
    "authors": tuple,
    "tags": tuple,
    "pictures": lambda scenes: tuple(scenes.items()),
    "comments": lambda comments: tuple(Comment(**comment) for comment in comments),
    "status": int,
    "dateless": "yes".__eq__,
    "full_text_in_feed": "yes".__eq__,
}
"""How each header field becomes what a `Story` holds; the others are text."""
