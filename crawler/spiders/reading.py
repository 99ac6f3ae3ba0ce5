"""What a worker process does with a page: bytes in, links or an article out. Pure but for loading the source's code once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.article import Article
from crawler.errors import BroadsheetError
from crawler.extraction import extract, next_part, redirect_in
from crawler.listings import read_listing
from crawler.outcome import Failure, SectionListing, Way
from crawler.page import Page
from crawler.recipes import Source, SourceRef, load_source

SMALL = 20_000  # bytes; a page that only sends its reader on by a script has little else
REFRESH = re.compile(rb"http-equiv\s*=\s*[\"']?refresh", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListJob:
    """Read a list page for each section that asks for it."""

    source: SourceRef
    page: Page
    ways: tuple[tuple[str, Way], ...]


@dataclass(frozen=True, slots=True)
class ArticleJob:
    """Make an article of its page, or of all its parts."""

    source: SourceRef
    pages: tuple[Page, ...]
    whole: bool = False
    """No further part is looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of it; exactly one field is set."""

    listings: tuple[SectionListing, ...] = ()
    article: Article | None = None
    failure: Failure | None = None
    moved_to: str = ""
    """The page only sends its reader on (meta refresh)."""
    next_part: str = ""
    """One more page belongs to the article."""


@lru_cache(64)
def source_of(ref: SourceRef) -> Source:
    return load_source(ref)


def read(job: ListJob | ArticleJob) -> Reading:
    """Does a job. Never raises: whatever goes wrong with one page is that page's failure."""
    try:
        source = source_of(job.source)
        return read_list(source, job) if isinstance(job, ListJob) else read_article(source, job)
    except BroadsheetError as error:
        return Reading(failure=Failure(error.problem, "later"))
    except RecursionError:
        return Reading(failure=Failure("the page is nested too deeply", "later"))
    except MemoryError:
        return Reading(failure=Failure("the page needs too much memory", "later"))
    except Exception as error:
        return Reading(failure=Failure(f"reading it failed ({type(error).__name__}: {error})", "next run"))


def read_list(source: Source, job: ListJob) -> Reading:
    return Reading(listings=tuple(read_section(source, job.page, section, way) for section, way in job.ways))


def read_section(source: Source, page: Page, section_id: str, way: Way) -> SectionListing:
    recipe = source.recipe
    section = recipe.section(section_id)
    if section is None:
        return SectionListing(section_id, way, problem="the recipe has no such section any more")
    try:
        listing = source.links(page, lambda given: read_listing(given, recipe, section, way))
    except BroadsheetError as error:
        return SectionListing(section_id, way, problem=error.problem)
    return SectionListing(section_id, way, listing)


def may_send_on(page: Page) -> bool:
    """Whether a page is worth a look for a redirect in its text: a small one, or one whose head speaks of a refresh."""
    return len(page.body) < SMALL or REFRESH.search(page.body, 0, SMALL) is not None


def read_article(source: Source, job: ArticleJob) -> Reading:
    pages: Sequence[Page] = job.pages
    if len(pages) == 1 and may_send_on(pages[0]) and (target := redirect_in(pages[0])):
        return Reading(moved_to=target)
    if not job.whole and (further := next_part(pages[-1], source.recipe)):
        return Reading(next_part=further)
    return Reading(article=source.article(pages, lambda given: extract(given, source.recipe)))
