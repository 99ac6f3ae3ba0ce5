"""A recipe's file becomes a Recipe; each mistake in it is told with its file and line, what was expected and the nearest right key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.errors import RecipeError
from crawler.recipes.mistakes import problems_in, recipe_error
from crawler.recipes.model import Recipe
from crawler.recipes.reading import KeyPath, Mistake, Reading, read_text, read_yaml, shown
from crawler.recipes.values import SHARED_FILE

USE = "use"


def load_recipe(path: Path) -> Recipe:
    """The recipe in a YAML file; without an `id` the file's name is it.

    Raises RecipeError that tells all mistakes, each with its line.
    """
    return parse_recipe(read_text(path), shown(path), default_id=path.stem, folder=path.parent)


def parse_recipe(text: str, name: str, *, default_id: str = "", folder: Path | None = None) -> Recipe:
    """The recipe in a YAML text; `name` is what the errors call it, `folder` where the files lie that it shares keys with.

    Raises RecipeError.
    """
    reading = Reading(name)
    values = read_yaml(text, reading)
    if default_id and not values.get("id") and ("id",) not in reading.lines:
        values["id"] = default_id
    values = with_shared(values, reading, folder)
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        reading.mistakes += [Mistake(reading.line_of(place), problem) for place, problem in problems_in(error, values)]
        raise recipe_error(name, reading.mistakes) from None
    if reading.mistakes:
        raise recipe_error(name, reading.mistakes)
    return recipe


def with_shared(values: dict[str, Any], reading: Reading, folder: Path | None) -> dict[str, Any]:
    """A recipe's values and, where it says nothing, those of the files that it shares. Mistakes in them are noted with their own lines."""
    given = values.get(USE)
    names = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    for number, name in enumerate(names):
        if not isinstance(name, str) or not SHARED_FILE.match(name):
            continue  # the model tells it
        place = reading.lines.get((USE, number)) or reading.line_of((USE,))
        if folder is None:
            reading.mistakes.append(Mistake(place, f"use: {name} can be read in a workspace's sources/ folder alone"))
            continue
        shared = Reading(shown(folder / name))
        try:
            theirs = read_yaml(read_text(folder / name), shared)
        except RecipeError as error:
            reading.mistakes.append(Mistake(place, f"use: {error}"))
            continue
        for key in (USE, "id", "url", "name"):
            if theirs.pop(key, None) is not None:
                shared.mistakes.append(Mistake(shared.line_of((key,)), f"{key} can't be shared: it is each recipe's own"))
        reading.mistakes += shared.mistakes
        values = merged(values, theirs, (), reading, shared)
    return values


def merged(own: dict[str, Any], theirs: dict[str, Any], place: KeyPath, reading: Reading, shared: Reading) -> dict[str, Any]:
    """`key: value` lines are joined key by key; of anything else the recipe's own holds. A key without a value counts as said."""
    found = dict(own)
    for key, value in theirs.items():
        here = (*place, key)
        if key in own:
            if isinstance(own[key], dict) and isinstance(value, dict):
                found[key] = merged(own[key], value, here, reading, shared)
        elif here not in reading.lines:
            found[key] = value
            reading.lines |= {path: line for path, line in shared.lines.items() if path[: len(here)] == here}
    return found
