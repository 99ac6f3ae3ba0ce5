"""Is an article wanted? The recipe's filters, over the article; what its list already says saves the request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.article import Article, Moment
from crawler.extraction.clean import text_of
from crawler.filters import compile_pattern
from crawler.frontier.queueing import Placed
from crawler.recipes import Recipe, Section
from crawler.recipes.values import duration

KINDS = ("title", "author", "category", "text")


def left_out_by(article: Article, sections: Sequence[Section], recipe: Recipe, now: datetime) -> str:
    """Which of the recipe's filters leaves an article out, in words; "" where it is wanted. `now`: the run's start."""
    filters = recipe.filters
    if filters == type(filters)():
        return ""
    texts: dict[str, tuple[str, ...]] = {
        "title": (article.title,),
        "author": article.authors,
        "category": (*(name for section in sections for name in (section.id, section.title)), *article.tags),
        "text": (article.description, text_of(article.body)),
    }
    for kind in KINDS:
        include = getattr(filters.include, kind)
        if include and not any_found(include, texts[kind]):
            return f"left out: no {kind} that include asks for"
        if found := any_found(getattr(filters.exclude, kind), texts[kind]):
            return f"left out: exclude {kind} {found!r}"
    return too_old(article.published, recipe, now)


def left_out_by_list(placed: Placed, recipe: Recipe, now: datetime) -> bool:
    """Whether an article can be left out by what its lists say of it already: by headline, keywords or age."""
    filters, hints = recipe.filters, placed.link.hints
    if filters == type(filters)():
        return False
    excluded = any_found(filters.exclude.title, (hints.title,)) or any_found(filters.exclude.category, hints.tags)
    return bool(excluded or too_old(hints.published, recipe, now))


def any_found(patterns: Iterable[str], texts: Iterable[str]) -> str:
    """The first pattern that is found in one of the texts."""
    given = [text for text in texts if text]
    return next((pattern for pattern in patterns if any(compile_pattern(pattern).search(text) for text in given)), "")


def too_old(published: Moment | None, recipe: Recipe, now: datetime) -> str:
    """An article without a date is of no age."""
    ages = [age for age in (recipe.filters.include.age, recipe.filters.exclude.age) if age]
    if published is None or not ages:
        return ""
    oldest = min(ages, key=duration)
    return f"left out: older than {oldest}" if now - published.at > duration(oldest) else ""
