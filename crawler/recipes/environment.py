"""Secrets stay out of recipes: `${NAME}` in a header or cookie is a variable of the environment, looked up when a request is made."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from crawler.errors import RecipeError

if TYPE_CHECKING:
    from crawler.recipes.model import Recipe

REFERENCE = re.compile(r"\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)\})")
HALF = re.compile(r"\$(?:\$|\{[A-Za-z_][A-Za-z0-9_]*\})|(\$\{[^}]*\}?)")


def check_reference(name: str, text: str) -> None:
    """Raises ValueError for a `${` that names no variable."""
    for match in HALF.finditer(text):
        if match.group(1):
            raise ValueError(f"{name}: {match.group(1)} names no variable; one is written ${{NAME}}, a dollar sign before a brace $$")


def variables_in(recipe: Recipe) -> tuple[str, ...]:
    """The variables of the environment that a recipe's requests need, sorted."""
    texts = (*recipe.headers.values(), *recipe.cookies.values())
    return tuple(sorted({name for text in texts for name in REFERENCE.findall(text) if name}))


def check_environment(recipe: Recipe, environ: Mapping[str, str] = os.environ) -> None:
    """Raises RecipeError that names the variables a recipe needs and the environment lacks, or holds in a form that can't be sent."""
    from crawler.recipes.values import is_sendable

    needed = variables_in(recipe)
    missing = [name for name in needed if not environ.get(name)]
    if missing:
        many = "variables" if len(missing) > 1 else "variable"
        raise RecipeError(
            recipe.id,
            f"its headers or cookies need the environment's {many} {', '.join(missing)}; set {'them' if len(missing) > 1 else 'it'} before",
        )
    for name in needed:
        if not is_sendable(environ[name]):
            raise RecipeError(recipe.id, f"the environment's variable {name} must be one line of printable ASCII to be sent")


def sent_headers(recipe: Recipe, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """A recipe's headers and cookies with the environment's values. Raises RecipeError where one is missing."""
    check_environment(recipe, environ)
    headers = {name: filled(text, environ) for name, text in recipe.headers.items()}
    if recipe.cookies:
        headers["Cookie"] = "; ".join(f"{name}={filled(text, environ)}" for name, text in recipe.cookies.items())
    return headers


def filled(text: str, environ: Mapping[str, str]) -> str:
    return REFERENCE.sub(lambda match: environ[match.group(1)] if match.group(1) else "$", text)
