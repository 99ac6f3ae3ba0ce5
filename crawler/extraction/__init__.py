"""A page's bytes become an Article: the public face of the room. Everything here is pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from crawler.extraction import one_thread as one_thread  # isort: skip  (before anything that loads numpy)
from crawler.article import Article
from crawler.binary import binary_kind
from crawler.bounds import bounded, in_bounds
from crawler.errors import NotAnArticle
from crawler.extraction.version import VERSION
from crawler.page import Page
from crawler.urls import tidy

if TYPE_CHECKING:
    from crawler.extraction.addresses import canonical_in, link_in, next_part, redirect_in
    from crawler.extraction.parts import continues, numbered_part
    from crawler.recipes.model import Recipe

LATER = {
    "canonical_in": "addresses",
    "link_in": "addresses",
    "next_part": "addresses",
    "redirect_in": "addresses",
    "continues": "parts",
    "numbered_part": "parts",
}
"""Name → its module, loaded when it is first asked for: a process that reads no page loads no extractor."""
__all__ = ["VERSION", "canonical_in", "cleaned", "continues", "extract", "link_in", "next_part", "numbered_part", "redirect_in"]


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"crawler.extraction.{LATER[name]}"), name)


def extract(pages: Sequence[Page], recipe: Recipe | None = None) -> Article:
    """The article that these pages hold: one page, or the parts of one article in their order.

    Bodies are joined; all other fields are the first page's. Of a recipe with dated blocks those hold that held when the page was fetched.
    Raises NotAnArticle for an error, login, paywall, consent or list page,
    ExtractionError for one that holds nothing; both name the page's address.
    """
    from crawler.extraction.article import article_of

    if pages and (kind := binary_kind(pages[0].body)):
        raise NotAnArticle(pages[0].url, f"is {kind}, not an article")
    given = [in_bounds(page) for page in pages]
    article = article_of(given, recipe.at(pages[0].fetched_at) if recipe is not None and pages else recipe)
    if recipe is None or not recipe.tags:
        return article
    return replace(article, tags=tuple(dict.fromkeys((*article.tags, *recipe.tags))))


def cleaned(article: Article) -> Article:
    """An article that other code than ours made (a Python source, another Scrapy project), its body and pictures as ours would be.

    Whatever becomes HTML goes through the one cleaner; a picture without an http(s) address is none.
    """
    from crawler.extraction.clean import clean_html

    image = article.image if article.image and tidy(article.image.url) else None
    images = tuple(picture for picture in article.images if tidy(picture.url))
    body = clean_html(bounded(article.body), article.url)
    if (body, image, images) == (article.body, article.image, article.images):
        return article
    return replace(article, body=body, image=image, images=images)
