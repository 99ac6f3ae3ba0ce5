"""Does a source still make of its recorded pages what it made of them then? Offline, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.article import Article
from crawler.errors import BroadsheetError
from crawler.extraction import extract
from crawler.filters import compile_pattern
from crawler.health.recordings import Recording, fields_of, list_fields_of
from crawler.listings import read_listing
from crawler.outcome import Listing
from crawler.page import Page
from crawler.pipelines.contract import breach
from crawler.recipes import Recipe, Source
from crawler.urls import path_and_query

Made = tuple[Article, Sequence[Page]]
Make = Callable[[Source, Sequence[Page]], Made]
"""An article and the pages that it was made of."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that came out otherwise than it must."""

    field: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one recording."""

    recording: Recording
    differences: tuple[Difference, ...] = ()
    problem: str = ""
    """Why nothing came of it; or what else is wrong."""
    found: Mapping[str, Any] = field(default_factory=dict)
    """What came out, as a recording has it; empty where nothing did."""

    @property
    def passed(self) -> bool:
        return not self.differences and not self.problem


def made_plainly(source: Source, pages: Sequence[Page]) -> Made:
    """The article of these pages, taken as its parts."""
    return source.article(pages, lambda given: extract(given, source.recipe)), pages


def check(source: Source, recording: Recording, make: Make = made_plainly) -> Checked:
    """What the source makes of a recording now, compared with what it must give.

    `make` finds the parts among the recorded pages, as a crawl does; without it they are taken as they stand.
    """
    try:
        if recording.is_list:
            return compared(recording, list_fields_of(listing_of(source, recording)))
        article, used = make(source, recording.pages)
    except BroadsheetError as error:
        return Checked(recording, problem=error.problem)
    return judged(source.recipe, recording, article, used)


def judged(recipe: Recipe, recording: Recording, article: Article, pages: Sequence[Page]) -> Checked:
    """An article, found in recorded pages or fetched anew, beside what a recording expects."""
    recipe = recipe.at(recording.pages[0].fetched_at)
    problem = ""
    pattern = recipe.article.url
    if pattern and not compile_pattern(pattern).search(path_and_query(recording.url)):
        problem = f"its address doesn't match article.url ({pattern})"
    elif refused := breach(article, recipe):
        problem = refused.reason
    elif len(pages) != len(recording.pages):
        problem = f"made of {len(pages)} pages where {len(recording.pages)} were recorded"
    return compared(recording, fields_of(article), problem)


def listing_of(source: Source, recording: Recording) -> Listing:
    section = source.recipe.section(recording.section)
    if section is None or recording.way not in section.ways:
        raise BroadsheetError(recording.name, f"the recipe's section {recording.section!r} has no {recording.way} any more")
    return source.links(recording.pages[0], lambda page: read_listing(page, source.recipe, section, recording.way))


def compared(recording: Recording, found: Mapping[str, Any], problem: str = "") -> Checked:
    differences = tuple(Difference(name, wanted, found[name]) for name, wanted in recording.expected.items() if found[name] != wanted)
    return Checked(recording, differences, problem, found)
