"""What a worker process does with a page: bytes in, links or an article out. Pure but for loading the source's code once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.article import Article
from crawler.bounds import in_bounds
from crawler.errors import BroadsheetError, ExtractionError
from crawler.extraction import cleaned, continues, extract, link_in, next_part, numbered_part, redirect_in
from crawler.listings import read_listing
from crawler.outcome import Failure, SectionListing, Way
from crawler.page import Page
from crawler.recipes import LoadedSource, Recipe, Source, SourceRef, load_source

SMALL = 20_000  # bytes; a page that only sends its reader on by a script has little else
ANY = "^"  # a pattern that all addresses match: a part may be short, which alone would make it look like a list
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
    single_tried: bool = False
    """The form with all parts on one page was asked for already."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of it; exactly one field but `used` is set."""

    listings: tuple[SectionListing, ...] = ()
    article: Article | None = None
    failure: Failure | None = None
    moved_to: str = ""
    """The page only sends its reader on (meta refresh)."""
    next_part: str = ""
    """One more page may belong to the article."""
    single_page: str = ""
    """All its parts may stand on that page."""
    used: int = 0
    """Of an article: how many of the pages it was made of; the last one turned out to be something else. 0: all."""


_loaded: dict[SourceRef, LoadedSource] = {}


def keep_sources(sources: Iterable[LoadedSource]) -> None:
    """From now on these are read as they are given here: a recipe that is edited while a crawl runs holds from the next one on."""
    _loaded.update((source.ref, source) for source in sources)
    source_of.cache_clear()


@lru_cache(64)
def source_of(ref: SourceRef) -> Source:
    return load_source(ref, _loaded.get(ref))


def read(job: ListJob | ArticleJob, source: Source | None = None) -> Reading:
    """Does a job, for a source that is at hand or is loaded. Never raises: whatever goes wrong with one page is that page's failure."""
    try:
        source = source or source_of(job.source)
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
    return len(page.body) < SMALL or (b"refresh" in page.body[:SMALL].lower() and REFRESH.search(page.body, 0, SMALL) is not None)


def read_article(source: Source, job: ArticleJob) -> Reading:
    pages: Sequence[Page] = [in_bounds(page) for page in job.pages]
    recipe = source.recipe.at(pages[0].fetched_at)
    rules = recipe.article
    if len(pages) == 1:
        if may_send_on(pages[0]) and (target := redirect_in(pages[0])):
            return Reading(moved_to=target)
        if rules.follow and not job.whole and (target := link_in(pages[0], rules.follow, recipe)):
            return Reading(moved_to=target)
        if rules.single_page is not None and not job.single_tried and (whole := link_in(pages[0], rules.single_page.select, recipe)):
            return Reading(single_page=whole)

    def article(given: Sequence[Page]) -> Article:
        made = source.article(given, lambda asked: extract(asked, source.recipe))
        return made if type(source).article is Source.article else cleaned(made)

    if len(pages) > 1 and not job.whole and not is_next_part(pages, source.recipe):
        return Reading(article=article(pages[:-1]), used=len(pages) - 1)
    if not job.whole and (further := next_of(pages, source.recipe)):
        return Reading(next_part=further)
    return Reading(article=article(pages))


def next_of(pages: Sequence[Page], recipe: Recipe) -> str:
    """The address of what may be the next part: by the recipe's selectors, else by its number. A page that is no article has none."""
    if named := next_part(pages[-1], recipe):
        return named
    if not numbers_are_read(recipe, pages[0]):
        return ""
    numbered = numbered_part(pages)
    if numbered and len(pages) == 1:
        extract(pages, recipe)  # raises for a list, whose further pages are no parts
    return numbered


def is_next_part(pages: Sequence[Page], recipe: Recipe) -> bool:
    """Whether the last page continues those before it."""
    named = bool(next_part(pages[-2], recipe)) or not numbers_are_read(recipe, pages[0])
    known = recipe.model_copy(update={"articles": tuple(block.model_copy(update={"url": ANY}) for block in recipe.articles)})
    try:
        *before, last = (extract([page], known) for page in pages)
    except ExtractionError:
        return False
    return continues(before, last, asked_for=named)


def numbers_are_read(recipe: Recipe, page: Page) -> bool:
    return any(choice.select == "auto" for choice in recipe.at(page.fetched_at).article.next_page)
