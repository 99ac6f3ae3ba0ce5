"""Which items of a feed a reader asked for, by RSSHub's parameters (docs/feeds.md), so that subscribers need not relearn. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from itertools import islice
from typing import Any

from crawler.errors import FeedError
from crawler.extraction.clean import text_of
from crawler.feeds.feed import SUFFIXES, Item
from crawler.filters import compile_pattern

FIELDS = ("title", "description", "author", "category")
FILTER = re.compile(r"^(filter|filterout)(?:_(title|description|author|category))?$")
MAX_PARAMETERS = 20
MAX_PATTERN = 500
"""Letters of one pattern."""
MAX_LIMIT = 1000
MIN_BRIEF = 100
LONGEST = 100 * 366 * 86400
"""Seconds that `filter_time` may reach back."""


class QueryError(FeedError):
    """A parameter of a query is wrong. Subject: the parameter."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern and where it is looked for."""

    parameter: str
    text: str
    """The pattern as it is compiled."""
    pattern: Any
    field: str = ""
    """One of FIELDS; empty: any of them."""
    keeps: bool = True
    """Whether what it matches is kept or dropped."""

    def admits(self, item: Item) -> bool:
        fields = (self.field,) if self.field else FIELDS
        return any(self.pattern.search(text) for field in fields for text in texts_of(item, field)) is self.keeps


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked for; without any parameter everything as it is."""

    rules: tuple[Rule, ...] = ()
    seconds: int | None = None
    """How old an item may be, counted from its publication."""
    limit: int | None = None
    in_order_of_arrival: bool = False
    brief: int = 0
    """Letters of plain text instead of the full text; 0: the full text."""
    format: str = ""

    @property
    def text(self) -> str:
        """Its filters as text: the same for the same ones."""
        return repr([(rule.parameter, rule.text) for rule in self.rules])

    @property
    def filters(self) -> bool:
        return bool(self.rules) or self.seconds is not None


def parse_query(parameters: Iterable[tuple[str, str]]) -> Query:
    """The query that these parameters make; unknown ones (a tracker's) are passed over.

    Raises QueryError naming the parameter that is wrong.
    """
    given = list(parameters)
    if len(given) > MAX_PARAMETERS:
        raise QueryError("query", f"it has {len(given)} parameters; at most {MAX_PARAMETERS} are read")
    last = dict(given)
    sensitive = yes_or_no(last, "filter_case_sensitive", default=True)
    rules = [rule_of(name, value, sensitive) for name, value in given if value and FILTER.match(name)]
    if last.get("opencc"):
        raise QueryError("opencc", "characters are not converted here; leave it out")
    suffix = last.get("format", "")
    if suffix and suffix not in SUFFIXES:
        raise QueryError("format", f"{suffix!r} is none of {', '.join(SUFFIXES)}")
    return Query(
        tuple(rules),
        number(last, "filter_time", 0, LONGEST),
        number(last, "limit", 1, MAX_LIMIT),
        not yes_or_no(last, "sorted", default=True),
        number(last, "brief", MIN_BRIEF, 1_000_000) or 0,
        suffix,
    )


def rule_of(name: str, value: str, sensitive: bool) -> Rule:
    found = FILTER.match(name)
    assert found
    if len(value) > MAX_PATTERN:
        raise QueryError(name, f"the pattern has {len(value)} letters; at most {MAX_PATTERN} are read")
    try:
        text = value if sensitive else f"(?i:{value})"
        pattern = compile_pattern(text)
    except Exception as error:
        raise QueryError(name, f"{value!r} is no pattern: {error}") from None
    return Rule(name, text, pattern, found.group(2) or "", found.group(1) == "filter")


def number(given: dict[str, str], name: str, least: int, most: int) -> int | None:
    text = given.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 12 or not least <= int(text) <= most:
        raise QueryError(name, f"{text!r}: a number from {least} to {most} is expected")
    return int(text)


def yes_or_no(given: dict[str, str], name: str, *, default: bool) -> bool:
    text = given.get(name, "").lower()
    if text and text not in ("true", "false", "1", "0"):
        raise QueryError(name, f"{text!r}: true or false is expected")
    return text in ("true", "1") if text else default


def select(query: Query, items: Iterable[Item], now: datetime | None = None) -> Iterator[Item]:
    """The items that a query keeps, in the order in which they come, at most `limit` of them, shortened where it says so.

    `now` counts for `filter_time` alone: an article's age at the time of asking.
    """
    kept = (item for item in items if admits(query, item, now))
    for item in islice(kept, query.limit):
        yield shortened(item, query.brief) if query.brief else item


def admits(query: Query, item: Item, now: datetime | None) -> bool:
    if query.seconds is not None and now is not None and item.published < now - timedelta(seconds=query.seconds):
        return False
    return all(rule.admits(item) for rule in query.rules)


def texts_of(item: Item, field: str) -> tuple[str, ...]:
    if field == "title":
        return (item.title,)
    if field == "author":
        return item.authors
    if field == "category":
        return item.categories
    return item.summary, text_of(item.content)


def shortened(item: Item, letters: int) -> Item:
    """The item with the beginning of its text instead of the whole (RSSHub's `brief`)."""
    text = text_of(item.content) or item.summary
    short = text if len(text) <= letters else text[:letters].rstrip() + "…"
    paragraphs = "".join(f"<p>{escape(line, quote=False)}</p>" for line in short.split("\n") if line)
    return replace(item, content=paragraphs)
