"""Does the article hold what its recipe expects of every page? One page is judged here; health judges a source."""

from __future__ import annotations

from crawler.article import Article
from crawler.extraction.clean import text_of
from crawler.outcome import Failure
from crawler.recipes import Recipe


def breach(article: Article, recipe: Recipe) -> Failure | None:
    """Why the page is no article by its recipe's contract; None where it is one."""
    missing = [field for field in recipe.expect.require if not getattr(article, field)]
    if missing:
        return Failure(f"the page has no {' and no '.join(missing)}", "later")
    if recipe.expect.body:
        found = len(text_of(article.body))
        if found < recipe.expect.body:
            return Failure(f"the body has {found} characters, the recipe expects {recipe.expect.body}", "later")
    return None
