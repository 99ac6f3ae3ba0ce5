"""Which addresses of a listing are kept: on the site, matching the recipe's pattern, each once, in the listing's order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.filters import Pattern, compile_pattern
from crawler.outcome import Link
from crawler.page import NO_HINTS, Hints, Page
from crawler.recipes.model import Recipe, Section
from crawler.recipes.ways import first_addresses
from crawler.urls import address_key, join, path_and_query, same_site

MOST = 50_000
"""Links of one listing: what the sitemap protocol allows (sitemaps.org/protocol.html)."""
# what is certainly no page
NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|css|js|mjs|woff2?|mp[34]|m4[av]|avi|mov|webm|wav|ogg|flv|zip|gz|tgz|rar|7z|exe|msi|apk|dmg|iso"
    r"|pdf|docx?|xlsx?|pptx?|xml|rss|atom|ics)$",
    re.IGNORECASE,
)
OTHER_SITE = "lead to other sites"
NO_MATCH = "don't match article.url"
ITSELF = "are the list itself"
FILE = "are files, not pages"


@dataclass
class Links:
    """Gathers a listing's links."""

    page: Page
    recipe: Recipe
    section: Section
    base: str
    """What relative addresses are resolved against."""
    any_site: bool = False
    """Whether an address on another site is taken: a feed says of each that it is an article."""
    found: dict[str, Link] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    pattern: Pattern | None = field(init=False)
    own: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pattern = compile_pattern(self.recipe.article.url) if self.recipe.article.url else None
        given = (self.page.url, self.page.requested_url, self.recipe.url)
        self.own = lists_of(self.section).union(address_key(url) for url in given if url)

    def add(self, href: str, hints: Hints = NO_HINTS) -> bool:
        """Takes a link, or what is new in its hints where the address is there already; gives whether it is an article's."""
        url = join(self.base, href)
        if not url:
            return False
        if self.section.language:
            hints = replace(hints, language=self.section.language)
        key = address_key(url)
        if (old := self.found.get(key)) is not None:
            self.found[key] = Link(old.url, joined(old.hints, hints))
            return True
        if reason := self.refusal(url, key):
            self.refused[reason] += 1
            return False
        if len(self.found) < MOST:
            self.found[key] = Link(url, hints)
        return True

    def refusal(self, url: str, key: str) -> str:
        """Why an address is no article's; "" where it may be one."""
        if not self.any_site and not same_site(url, self.page.url) and not same_site(url, self.recipe.url):
            return OTHER_SITE
        if self.pattern is not None:
            return "" if self.pattern.search(path_and_query(url)) else NO_MATCH
        if key in self.own:
            return ITSELF
        return FILE if NO_PAGE.search(urlsplit(url).path) else ""

    def all(self) -> tuple[Link, ...]:
        return tuple(self.found.values())

    def why_none(self) -> str:
        """Of what was refused, how many and why: `3 lead to other sites, 12 don't match article.url`."""
        return ", ".join(f"{count} {reason}" for reason, count in sorted(self.refused.items()))


@lru_cache(64)
def lists_of(section: Section) -> frozenset[str]:
    """Where a section starts from, as address keys: up to 10,000 pages by number."""
    return frozenset(address_key(url) for _, url in first_addresses(section))


def joined(first: Hints, second: Hints) -> Hints:
    """What both say; where both do, the first."""
    if second == NO_HINTS or first == second:
        return first
    missing = {name: getattr(second, name) for name in Hints.__slots__ if not getattr(first, name) and getattr(second, name)}
    return replace(first, **missing) if missing else first
