"""Which article a page is: its key, its guid, and what makes two titles the same. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from uuid import NAMESPACE_URL, uuid5

from crawler.filters import compile_pattern
from crawler.recipes.model import Recipe
from crawler.urls import path_and_query, without_scheme


def key_of(url: str, recipe: Recipe | None) -> str:
    """What identifies an article within its source (FORMATS, "Ids and addresses").

    That is what the recipe's `article.url` names `id`, else the canonical address without its scheme.
    """
    named = id_in(url, recipe)
    return named or without_scheme(url)


def id_in(url: str, recipe: Recipe | None) -> str:
    """What the recipe's `article.url` names `(?P<id>…)` in this address; "" where it names nothing."""
    pattern = recipe.article.url if recipe else ""
    if "(?P<id>" not in pattern:
        return ""
    match = compile_pattern(pattern).search(path_and_query(url))
    return (match.group("id") or "") if match else ""


def without_idle_query(url: str, recipe: Recipe) -> str:
    """An article's address without its query, where the recipe's `id` stands in the path alone: `?s=sywglbt` tells nothing there."""
    head, mark, _ = url.partition("?")
    named = id_in(url, recipe) if mark else ""
    return head if named and id_in(head, recipe) == named else url


def guid_of(source: str, key: str) -> str:
    """The id of the article with this key: `urn:uuid:` and the UUID (version 5, RFC 9562) of source and key."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'broadsheet:{source}:{key}')}"


def hash8(guid: str) -> str:
    """The first eight hexadecimal digits of the guid's SHA-256: it stands in file names."""
    return hashlib.sha256(guid.encode()).hexdigest()[:8]


def title_key(title: str) -> str:
    """What two spellings of one headline share: letters and digits, case and width folded; for a long one its hash."""
    folded = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title).casefold())
    return folded if len(folded) <= 64 else hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
