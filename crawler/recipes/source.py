"""A source: a recipe and how its pages are read. A site that selectors can't describe gets a Python subclass. No Scrapy here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from crawler.article import Article
from crawler.outcome import Listing
from crawler.page import Page
from crawler.recipes.model import Recipe


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a source comes from: enough for another process to load it. Hashable and picklable."""

    kind: Literal["recipe", "python", "shipped"]
    path: str
    """Of the file, absolute."""
    name: str = ""
    """Of a Python module's class."""


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """A source as it was when a run began: another process makes the same of it, whatever became of its files meanwhile."""

    ref: SourceRef
    recipe: Recipe
    code: bytes = b""
    """Of the Python module that reads it."""


class Source:
    """One site. A subclass in a workspace's `sources/foo.py` names its recipe and overrides what it reads otherwise:

        class Example(Source):
            recipe = Recipe(url="https://www.example.com/", sections=[...])   # or a dict, or recipe_file = "example.yaml"

            def article(self, pages, extract):
                return replace(extract(pages), authors=("The Example",))

    Methods get and give values alone: they run in worker processes, and again over kept pages.
    """

    recipe: Recipe
    """Of a class: a Recipe or a dict of its keys."""
    recipe_file: ClassVar[str] = ""
    """Of a class without `recipe`: its file, beside the module."""
    ref: SourceRef
    """Where it was loaded from."""
    code: bytes = b""
    """Of a Python module: its text."""

    def __init__(self, recipe: Recipe, ref: SourceRef) -> None:
        self.recipe = recipe
        self.ref = ref

    def links(self, page: Page, read: Callable[[Page], Listing]) -> Listing:
        """What a list page leads to. `read` reads it by the recipe; raises ListingError."""
        return read(page)

    def article(self, pages: Sequence[Page], extract: Callable[[Sequence[Page]], Article]) -> Article:
        """The article that its parts make. `extract` reads them by the recipe; raises ExtractionError."""
        return extract(pages)

    def loaded(self) -> LoadedSource:
        """What another process needs to make this very source."""
        return LoadedSource(self.ref, self.recipe, self.code)

    def __repr__(self) -> str:
        return f"<Source {self.recipe.id} {self.ref.path}>"
