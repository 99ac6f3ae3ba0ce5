"""Feeds that a workspace declares itself in broadsheet.yaml: of some sources or sections, filtered, under a title of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crawler.errors import FeedError
from crawler.feeds.query import Query, parse_query
from crawler.recipes.model import ID, RESERVED_IDS

FILTERS = tuple(f"{kind}{field}" for kind in ("filter", "filterout") for field in ("", "_title", "_description", "_author", "_category"))


class Declaration(BaseModel):
    """How a feed of one's own is written in broadsheet.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    sources: list[str] = []
    """Ids of sources, or `source/section`; empty: all sources that make up `all`."""
    limit: int = Field(50, ge=1, le=1000)
    filters: dict[str, str] = {}
    """RSSHub's parameters: `filter`, `filter_title`, …, `filterout`, …, `filter_case_sensitive`."""
    language: str = ""
    """BCP 47."""

    @field_validator("filters")
    @classmethod
    def known(cls, value: dict[str, str]) -> dict[str, str]:
        allowed = {*FILTERS, "filter_case_sensitive"}
        for name in value:
            if name not in allowed:
                raise ValueError(f"{name!r} is none of {', '.join(sorted(allowed))}")
        parse_query(value.items())
        return value


@dataclass(frozen=True, slots=True)
class CustomFeed:
    """A declared feed, checked."""

    id: str
    title: str
    sources: tuple[str, ...]
    """Ids of whole sources; with no section either: all."""
    sections: tuple[tuple[str, str], ...]
    """Source and section."""
    query: Query
    limit: int = 50
    language: str = ""


Known = Callable[[str], Collection[str] | None]
"""The ids of a source's sections; None: there is no such source."""


def custom_feeds(declared: Mapping[str, Any], known: Known | None = None) -> tuple[CustomFeed, ...]:
    """The feeds that broadsheet.yaml declares: name → declaration. `known`: which sources there are; None: they were looked at before.

    Raises FeedError naming the feed and what is wrong.
    """
    return tuple(custom_feed(name, value, known) for name, value in declared.items())


def custom_feed(name: str, value: Any, known: Known | None) -> CustomFeed:
    subject = f"feed {name!r} in broadsheet.yaml"
    if not re.match(ID, name) or name in RESERVED_IDS or (known and known(name) is not None):
        raise FeedError(subject, "a name of small letters, digits, - and _ is expected that no source has and that is not reserved")
    try:
        declaration = Declaration.model_validate(value)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors())
        raise FeedError(subject, told) from None
    except FeedError as error:
        raise FeedError(subject, str(error)) from None
    for wanted in declaration.sources:
        source, slash, section = wanted.partition("/")
        sections = known(source) if known else [section]
        if sections is None or (slash and section not in sections):
            raise FeedError(subject, f"there is no source {wanted!r}; it is written as its id, or as id/section")
    return CustomFeed(
        name,
        declaration.title,
        tuple(wanted for wanted in declaration.sources if "/" not in wanted),
        pairs([wanted for wanted in declaration.sources if "/" in wanted]),
        parse_query(declaration.filters.items()),
        declaration.limit,
        declaration.language,
    )


def pairs(wanted: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((source, section) for source, _, section in (path.partition("/") for path in wanted))
