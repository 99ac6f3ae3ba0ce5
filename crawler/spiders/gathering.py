"""An article's pages, one after the other: its form on one page where there is one, else its parts, until no further one is found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from crawler.fetching.answers import MOST_HOPS
from crawler.filters import compile_pattern
from crawler.outcome import Failure
from crawler.page import NO_HINTS, Hints, Page
from crawler.recipes import Recipe, Source, SourceRef
from crawler.spiders.reading import ArticleJob, Reading
from crawler.urls import path_and_query

MOST_PARTS = 30  # of one article

Read = Callable[[ArticleJob], Awaitable[Reading]]
Fetch = Callable[[str], Awaitable[Page | Failure]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the pages that belong together gave, and which they are."""

    reading: Reading
    pages: tuple[Page, ...] = ()


async def gather(ref: SourceRef, page: Page, read: Read, fetch: Fetch) -> Gathered:
    """The article that a page begins, with all its parts. `fetch` asks for one more page in its turn.

    A part that the site itself has lost (404, 410) is left out, which `provenance` tells; any other failure of a part fails the article.
    """
    pages: tuple[Page, ...] = (page,)
    single_tried = False
    while True:
        reading = await read(ArticleJob(ref, pages, whole=len(pages) >= MOST_PARTS, single_tried=single_tried))
        if reading.single_page:
            single_tried = True
            found = await fetch(reading.single_page)
            if isinstance(found, Page):
                whole = await read(ArticleJob(ref, (found,), single_tried=True))
                if whole.failure is None and not whole.moved_to:
                    pages = (found,)
            continue
        if not reading.next_part:
            return Gathered(reading, pages[: reading.used or len(pages)])
        if reading.next_part in {one.url for one in pages}:
            return Gathered(await read(ArticleJob(ref, pages, whole=True)), pages)
        part = await fetch(reading.next_part)
        if isinstance(part, Page):
            pages = (*pages, part)
        elif part.again == "later":  # the site itself has lost it: what is there is kept
            reading = await read(ArticleJob(ref, pages, whole=True))
            return Gathered(with_lost_part(reading, f"part {len(pages) + 1}: {part.reason}"), pages)
        else:
            reason = f"its part {len(pages) + 1} ({reading.next_part}): {part.reason}"
            return Gathered(Reading(failure=replace(part, reason=reason)))


async def bring(source: Source, url: str, hints: Hints, read: Read, fetch: Callable[[str, Hints], Awaitable[Page | Failure]]) -> Gathered:
    """The article at an address, as a crawl comes to it: in the form on one page where that is there, through what only leads on to it."""

    async def fetch_part(part: str) -> Page | Failure:
        return await fetch(part, NO_HINTS)

    whole = single_page(url, source.recipe)
    if whole != url:
        page = await fetch(whole, hints)
        if isinstance(page, Page) and path_and_query(page.url) == path_and_query(whole):
            found = await gather(source.ref, page, read, fetch_part)
            if found.reading.article is not None:
                return found
    for _ in range(MOST_HOPS):
        answer = await fetch(url, hints)
        if isinstance(answer, Failure):
            return Gathered(Reading(failure=answer))
        found = await gather(source.ref, answer, read, fetch_part)
        if not found.reading.moved_to:
            return found
        url = found.reading.moved_to
    return Gathered(Reading(failure=Failure(f"leads on more than {MOST_HOPS} times", "later")))


def single_page(url: str, recipe: Recipe) -> str:
    """An article's address in the form that has all parts on one page, where the recipe knows one by its address."""
    rule = recipe.article.single_page
    if rule is None or not rule.replace:
        return url
    head, mark, tail = url.partition(path_and_query(url))
    pattern = compile_pattern(rule.replace)
    return head + pattern.sub(rule.with_, mark + tail) if mark else url


def with_lost_part(reading: Reading, lost: str) -> Reading:
    """An article that says which of its parts its site no longer has."""
    if reading.article is None:
        return reading
    return replace(reading, article=replace(reading.article, provenance={**reading.article.provenance, "lost": lost}))
