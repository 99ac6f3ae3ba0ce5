"""A list page, read for discovery: its links with what they lead to, what its JSON lists, and what it says of its site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bs4 import BeautifulSoup

from crawler.discovery.anchors import Anchor, anchors_of, soup_of
from crawler.discovery.embedded import Items, embedded_lists, with_embedded
from crawler.discovery.ranking import MARKED, Ranked, rank
from crawler.discovery.site import Site, read_site
from crawler.filters import Pattern
from crawler.listings.sniffing import sniff
from crawler.outcome import Link
from crawler.page import Hints, Page
from crawler.urls import address_key, path_and_query

LONGEST_TITLE = 300
NEARLY = 0.1
"""How likely a link must be that has the form of an article's address."""
FEW_LINKS = 8
"""Same-site links: a page that has fewer is filled by a script, or is no list."""


@dataclass
class ListRead:
    """One HTML page with its links."""

    page: Page
    text: str

    @property
    def url(self) -> str:
        return self.page.url

    @cached_property
    def soup(self) -> BeautifulSoup:
        return soup_of(self.text)

    @cached_property
    def shown(self) -> list[Anchor]:
        """Its links to its own site."""
        return anchors_of(self.soup, self.url)

    @cached_property
    def held(self) -> list[Items]:
        """What its JSON lists."""
        return embedded_lists(self.soup, self.url)

    @cached_property
    def ranked(self) -> list[Ranked]:
        return rank(with_embedded(self.shown, self.held), self.url)

    @cached_property
    def site(self) -> Site:
        return read_site(self.soup, self.url, self.shown)

    @property
    def articles(self) -> list[Link]:
        return [as_link(one) for one in self.ranked if one.is_article]

    def taken(self, matches: Pattern | None, *, sure: float = 0.5) -> list[Link]:
        """The links that it is taken to list: those that are likely enough, and those whose address has the form of the articles known.

        `matches`: that form, where one is known. `sure`: how likely a link must be that hasn't it.
        """
        found = []
        for one in self.ranked:
            has_form = matches is not None and matches.search(path_and_query(one.url)) is not None
            if one.score >= sure or (one.score >= NEARLY and has_form) or (one.is_article and matches is None):
                found.append(as_link(one))
        return found

    @property
    def others(self) -> dict[str, str]:
        """Addresses that are no articles', each with its kind; what has an article's address but is shown as a film is left out."""
        return {one.url: one.kind for one in self.ranked if not one.is_article and one.kind != MARKED}

    @property
    def in_json(self) -> bool:
        """Whether its articles lie in its JSON rather than in its links."""
        shown = {address_key(anchor.url) for anchor in self.shown}
        articles = [address_key(link.url) for link in self.articles]
        return bool(articles) and sum(key in shown for key in articles) < len(articles) / 2

    @cached_property
    def off_site(self) -> int:
        """Links that lead to other sites."""
        every = sum(str(tag["href"]).startswith(("http:", "https:", "//")) for tag in self.soup.find_all("a", href=True))
        return max(0, every - sum(anchor.url.startswith("http") for anchor in self.shown))

    @property
    def is_filled_by_script(self) -> bool:
        """A page without links, and with scripts that would make them (a single-page app)."""
        body = self.soup.body
        words = len(body.get_text(" ").split()) if body is not None else 0
        return len(self.shown) < FEW_LINKS and len(self.soup.find_all("script")) > 0 and words < 400


def read_list(page: Page) -> ListRead:
    """An HTML page for discovery. Raises ListingError for an empty or binary one."""
    return ListRead(page, sniff(page).text)


def as_link(one: Ranked) -> Link:
    title = one.candidate.text
    return Link(one.url, Hints(title=title if len(title) <= LONGEST_TITLE else ""))


def matching(links: Sequence[Link], keys: set[str]) -> list[Link]:
    return [link for link in links if address_key(link.url) in keys]
