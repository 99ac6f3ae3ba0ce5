"""What was inferred for a recipe that is only an address: kept in the workspace, and valid as long as the recipe says the same."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.errors import RecipeError
from crawler.recipes.load import parse_recipe
from crawler.recipes.model import Recipe

FOLDER = (".broadsheet", "inferred")
MARK = "# of: "
"""Begins the line with the fingerprint of the recipe that it was inferred for."""


def inferred_path(recipe_path: Path, source_id: str) -> Path:
    """Where it is kept: `.broadsheet/inferred/example.yaml` for `sources/example.yaml`."""
    return recipe_path.resolve().parent.parent.joinpath(*FOLDER, f"{source_id}.yaml")


def needs_inference(recipe: Recipe) -> bool:
    """Whether a recipe says nothing of where its articles are listed."""
    return not recipe.sections


def with_inferred(recipe: Recipe, path: Path) -> Recipe:
    """The recipe in this file, or what was inferred for it where it has no sections itself.

    What was inferred for another wording of the recipe, or can't be read any more, doesn't count: it is inferred again.
    """
    if not needs_inference(recipe):
        return recipe
    kept = inferred_path(path, recipe.id)
    try:
        text = kept.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return recipe
    mark = re.search(rf"^{MARK}(\S+)$", text, re.MULTILINE)
    if mark is None or mark.group(1) != recipe.fingerprint():
        return recipe
    try:
        found = parse_recipe(text, kept.as_posix(), default_id=recipe.id)
    except RecipeError:
        return recipe
    return found if found.id == recipe.id and found.sections else recipe
