"""A recipe: what to crawl and how to read it. The shape that a YAML file is checked against."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

RESERVED_IDS = frozenset({"all", "status", "index", "feeds", "assets"})
ID = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"


def as_list(value: Any) -> Any:
    """One selector may be written without its list."""
    return [value] if isinstance(value, str) else value


Selectors = Annotated[list[str], BeforeValidator(as_list)]
"""Tried in order; the first that holds wins. The grammar: `crawler.recipes.selectors`."""


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class HtmlList(Shape):
    """An HTML list page."""

    url: str
    """Absolute; `{page}` in it stands for the page's number, from 1 on."""
    item: str = ""
    """CSS selector of one entry; empty: the links alone are enough."""
    link: str = "a[href]"
    """CSS selector of an entry's link, within `item` where that is given."""
    title: str = ""
    """Within `item`; empty: the link's text."""
    published: str = ""
    """Within `item`."""
    image: str = ""
    """Within `item`."""
    pages: int = Field(1, ge=1, le=10_000)
    """How many pages at most: of `{page}` by number, or along `next`."""
    next: str = ""
    """CSS selector of the link to the next page."""


class Section(Shape):
    """One list of a site: the articles it shows carry this section."""

    id: str = Field(pattern=ID, max_length=64)
    name: str = ""
    list: HtmlList | None = None
    feed: str = ""
    sitemap: str = ""
    language: str = ""
    """BCP 47, where it is not the source's."""

    @model_validator(mode="after")
    def one_way_in(self) -> Section:
        if sum(map(bool, (self.list, self.feed, self.sitemap))) != 1:
            raise ValueError(f"section {self.id!r} needs exactly one of list, feed, sitemap")
        return self

    @property
    def title(self) -> str:
        return self.name or self.id


class SinglePage(Shape):
    """How an article's address becomes that of its form with all parts on one page."""

    replace: str
    """RE2 pattern."""
    with_: str = Field(alias="with")


class ArticleRules(Shape):
    """How an article page is known and read. All optional: what no selector finds is found generically."""

    url: str = ""
    """RE2 pattern that the path and query of an article's address match; `(?P<id>…)` names its key."""
    single_page: SinglePage | None = None
    next_page: str = ""
    """CSS selector of the link to the next part."""
    title: Selectors = []
    published: Selectors = []
    updated: Selectors = []
    authors: Selectors = []
    description: Selectors = []
    body: Selectors = []
    image: Selectors = []
    tags: Selectors = []
    remove: list[str] = []
    """CSS selectors of what is taken out of the body."""


class Expect(Shape):
    """The contract: what a good run of this source looks like."""

    items: int = Field(1, ge=0)
    """Articles listed a run, at least."""
    body: int = Field(0, ge=0)
    """Characters of text in a body, at least."""
    require: list[Literal["title", "published", "updated", "body", "authors", "image", "language", "description"]] = ["title", "body"]
    newest: str = ""
    """Age of the newest article, at most: `24h`, `7d`."""


class Recipe(Shape):
    """One site."""

    id: str = Field(pattern=ID, max_length=64)
    """Stable: part of every guid."""
    url: str
    name: str = ""
    group: str = ""
    zone: str = ""
    """IANA name, `Asia/Shanghai`; empty: unknown, wall clocks are read as UTC and marked so."""
    language: str = ""
    """BCP 47."""
    every: str = ""
    sections: list[Section] = []
    article: ArticleRules = ArticleRules()
    expect: Expect = Expect()
    allow_private: bool = False
    delay: float | None = Field(None, ge=0, le=3600)
    """Seconds between two requests to a host; None: the workspace's."""
    concurrency: int | None = Field(None, ge=1, le=32)
    headers: dict[str, str] = {}
    robots: bool = True
    icon: str = ""

    @field_validator("id")
    @classmethod
    def not_reserved(cls, value: str) -> str:
        if value in RESERVED_IDS:
            raise ValueError(f"{value!r} is reserved")
        return value

    @field_validator("url")
    @classmethod
    def absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address that begins with http:// or https:// is expected")
        return value

    @field_validator("zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"{value!r} is no IANA time zone (one looks like Asia/Shanghai)") from None
        return value

    @property
    def title(self) -> str:
        """The source's name as people see it."""
        return self.name or self.id

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)
