"""Whether links lead to articles: a few of them are fetched and read as a crawl would read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.article import Article
from crawler.discovery.anchors import word_count
from crawler.discovery.asking import Desk
from crawler.errors import BroadsheetError
from crawler.extraction import extract, next_part, redirect_in
from crawler.extraction.clean import text_of
from crawler.outcome import Failure, Link
from crawler.page import Page
from crawler.recipes import Recipe
from crawler.urls import address_key

SHORT = 100
"""Words of a body below which a person should have a look."""
MOST_PARTS = 4
"""Of one article, the first among them."""
SMALL = 20_000
"""Bytes: a page that only sends its reader on is smaller."""


@dataclass(slots=True)
class Proof:
    """What came of one link."""

    url: str
    """As the way in has it."""
    article: Article | None = None
    pages: tuple[Page, ...] = ()
    """The article's, its parts in order."""
    problem: str = ""
    """Why there is no article; empty where there is one."""
    more_parts: bool = False
    """It has more parts than were fetched."""
    title: str = ""
    """What the way in calls it."""

    @property
    def words(self) -> int:
        return int(word_count(text_of(self.article.body))) if self.article is not None else 0

    @property
    def is_sound(self) -> bool:
        return self.article is not None and bool(self.article.title) and self.words >= SHORT

    @property
    def doubt(self) -> str:
        """What a person should look at; empty: nothing."""
        if self.article is None:
            return self.problem
        if self.words < SHORT:
            return "a live page?" if "live" in self.url.lower() or "live" in self.article.title.lower() else "a short one"
        return "" if self.article.published else "no date"


@dataclass(slots=True)
class Proofs:
    """All links that were tried, in the order in which they were."""

    found: dict[str, Proof] = field(default_factory=dict)

    async def prove(self, desk: Desk, link: Link, recipe: Recipe, *, keep: int) -> Proof:
        """Tries a link, once. `keep`: requests that must be left."""
        key = address_key(link.url)
        if key not in self.found:
            self.found[key] = await read_article(desk, link, recipe, keep=keep)
            self.found[key].title = link.hints.title
        return self.found[key]

    @property
    def all(self) -> list[Proof]:
        return list(self.found.values())

    @property
    def sound(self) -> list[Proof]:
        """Those that gave articles that differ: a site that answers everything with the same page (a soft 404) proves nothing."""
        return [proof for proof in self.all if proof.article is not None and not self.is_repeated(proof)]

    def is_repeated(self, proof: Proof) -> bool:
        """Whether other addresses gave the same text."""
        assert proof.article is not None
        body = proof.article.body
        return any(
            other.article is not None and other is not proof and other.article.body == body and other.article.url != proof.article.url
            for other in self.all
        )

    @property
    def reason(self) -> str:
        """Why none was proved, where it is the same for all; else that they failed."""
        if any(proof.article is not None and self.is_repeated(proof) for proof in self.all):
            return "different addresses answer with the same page"
        reasons = {proof.problem for proof in self.all}
        return reasons.pop() if len(reasons) == 1 else "none of those that were asked for gave an article"


async def read_article(desk: Desk, link: Link, recipe: Recipe, *, keep: int) -> Proof:
    """One link's article with its parts, or why there is none."""
    page = await desk.page(link.url, keep=keep)
    if isinstance(page, Page) and len(page.body) < SMALL and (target := redirect_in(page)):
        page = await desk.page(target, keep=keep)
    if isinstance(page, Failure):
        return Proof(link.url, problem=page.reason)
    pages = [page]
    further = next_part(page, recipe)
    while further and len(pages) < MOST_PARTS and further not in {one.url for one in pages}:
        part = await desk.page(further, keep=keep)
        if isinstance(part, Failure):
            break
        pages.append(part)
        further = next_part(part, recipe)
    try:
        article = extract(pages, recipe)
    except BroadsheetError as error:
        return Proof(link.url, problem=error.problem)
    return Proof(link.url, article, tuple(pages), more_parts=bool(further) and further not in {one.url for one in pages})


def to_prove(candidates: Sequence[Link], tried: set[str]) -> Link | None:
    """The next link that is worth a request."""
    return next((link for link in candidates if address_key(link.url) not in tried), None)
