"""Pages, recipes and readings for the tests of listings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.errors import ListingError
from crawler.listings import read_listing
from crawler.outcome import Listing, Way
from crawler.page import Page
from crawler.recipes import Recipe

SITE = "https://news.example/"
FETCHED = datetime(2026, 4, 1, 6, tzinfo=UTC)


def page(body: str | bytes, url: str = SITE, content_type: str = "") -> Page:
    headers = {"content-type": content_type} if content_type else {}
    return Page(body.encode() if isinstance(body, str) else body, url, headers=headers, fetched_at=FETCHED)


def recipe(way: Way, rules: Any = SITE, *, pattern: str = "", **values: Any) -> Recipe:
    return Recipe.model_validate({"url": SITE, "sections": [{"id": "news", way: rules}], "article": {"url": pattern}, **values})


def read(
    way: Way, body: str | bytes, rules: Any = SITE, *, url: str = SITE, content_type: str = "", pattern: str = "", **values: Any
) -> Listing:
    """A listing of a recipe with one section, read from a body."""
    made = recipe(way, rules, pattern=pattern, **values)
    return read_listing(page(body, url, content_type), made, made.sections[0], way)


def refused(way: Way, body: str | bytes, rules: Any = SITE, **values: Any) -> str:
    """What the ListingError says; its subject is the page's address."""
    with pytest.raises(ListingError) as caught:
        read(way, body, rules, **values)
    assert caught.value.subject == values.get("url", SITE)
    return caught.value.problem


def urls(listing: Listing) -> list[str]:
    return [link.url for link in listing.links]
