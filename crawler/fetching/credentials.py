"""A recipe's headers and cookies on their way: to the hosts that it names, and nowhere else; what a site repeats of them is hidden."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from crawler.recipes.environment import variables_in
from crawler.recipes.model import Recipe
from crawler.urls import host_of

SHORTEST = 8
"""Letters: a shorter value is no secret worth the name, and stands in texts by chance."""
HIDDEN = "***"


def may_have(url: str, recipe: Recipe) -> bool:
    """Whether an address gets what a recipe sends along: a host and port that it names, never unencrypted where it says https."""
    scheme, host = urlsplit(url).scheme, host_of(url)
    return any(host == host_of(named) and (scheme == "https" or urlsplit(named).scheme == "http") for named in recipe.addresses())


def secrets_in(recipe: Recipe, environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The values that come from the environment, longest first, in the spellings in which a site may send them back."""
    found: set[str] = set()
    for name in variables_in(recipe):
        value = environment.get(name, "")
        if len(value) >= SHORTEST:
            found.update((value, quote(value, safe="")))
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def without(secrets: Iterable[str], text: bytes) -> bytes:
    """A text of a site without the secrets that were sent to it: what a page repeats would stand in documents, logs, kept pages."""
    for secret in secrets:
        if (raw := secret.encode()) in text:
            text = text.replace(raw, HIDDEN.encode())
    return text
