"""What pydantic finds wrong in a recipe, in a recipe's words: the key, what was expected, the nearest right one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from crawler.errors import RecipeError, did_you_mean
from crawler.recipes.model import Recipe
from crawler.recipes.reading import KeyPath, Mistake


def problems_in(error: ValidationError, values: Any) -> list[tuple[KeyPath, str]]:
    """All that is wrong with a recipe's values: the place in the file, and what is said about it.

    A key that is missing because it is misspelt is one mistake, not two.
    """
    found = [(written_place(problem["loc"], values), problem) for problem in error.errors()]
    misspelt = {(*place[:-1], near) for place, problem in found if problem["type"] == "extra_forbidden" for near in nearest(place)}
    kept = [(place, problem) for place, problem in found if problem["type"] != "missing" or place not in misspelt]
    return [(place, told({**problem, "loc": place})) for place, problem in kept]


def nearest(place: KeyPath) -> list[str]:
    return get_close_matches(str(place[-1]), keys_at(place[:-1]), n=1)


def written_place(place: Sequence[str | int], values: Any) -> KeyPath:
    """pydantic's place in a recipe, without what short forms left out: the list around one block, the `select` of a selector alone."""
    found: list[str | int] = []
    at = values
    for step in place:
        if isinstance(at, list) and isinstance(step, int):
            at = at[step] if step < len(at) else None
        elif isinstance(at, dict) and isinstance(step, str):
            at = at.get(step)  # one that is missing or unknown is told by its name
        else:
            continue
        found.append(step)
    return tuple(found)


def told(problem: Mapping[str, Any]) -> str:
    """pydantic's finding in a recipe's words."""
    place, kind = tuple(problem["loc"]), problem["type"]
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        known = keys_at(place[:-1])
        return f"unknown key {key!r}{did_you_mean(key, known) or '; known here: ' + ', '.join(known)}"
    if kind == "missing":
        return f"the key {key!r} is missing"
    expected = EXPECTED.get(kind)
    if expected:
        bounds = {name: f"{bound:g}" if isinstance(bound, float) else bound for name, bound in problem.get("ctx", {}).items()}
        problem_text = f"{expected.format(**bounds)} is expected, found {found(problem['input'])}"
    else:
        problem_text = problem["msg"].removeprefix("Value error, ")
    return f"{key}: {problem_text}" if key else problem_text


EXPECTED = {
    "string_type": "text",
    "string_too_short": "text",
    "string_too_long": "text of at most {max_length} letters",
    "string_pattern_mismatch": "a word of small letters, digits, - and _",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "too_short": "at least one",
    "dict_type": "`key: value` lines",
    "model_type": "`key: value` lines",
    "model_attributes_type": "`key: value` lines",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
    "literal_error": "one of {expected}",
}


def found(value: Any) -> str:
    if isinstance(value, dict):
        return "`key: value` lines"
    if isinstance(value, list):
        return "a list"
    if value is None or value == "":
        return "nothing"
    return repr(value if len(str(value)) <= 60 else str(value)[:60] + "…")


def keys_at(place: KeyPath) -> list[str]:
    """The keys that are known at this place of a recipe."""
    model: type[BaseModel] = Recipe
    for part in place:
        if isinstance(part, str):
            known = {info.alias or name: info for name, info in model.model_fields.items()}
            if part not in known:
                return []
            model = next(models_in(known[part].annotation), model)
    return [info.alias or name for name, info in model.model_fields.items()]


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def recipe_error(name: str, mistakes: Sequence[Mistake]) -> RecipeError:
    """All mistakes in one error, in the file's order, one a line; those in files that it shares with others come last."""
    ordered = sorted(dict.fromkeys(mistakes), key=lambda mistake: (mistake.line.file != name, mistake.line.file, mistake.line.number))
    if len(ordered) == 1:
        only = ordered[0]
        return RecipeError(f"{only.line.file}, line {only.line.number}" if only.line.number else only.line.file, only.problem)
    lines = [f"  {where(mistake, name)}{mistake.problem}" for mistake in ordered]
    return RecipeError(name, "\n".join([f"{len(ordered)} mistakes", *lines]))


def where(mistake: Mistake, name: str) -> str:
    line = f"line {mistake.line.number}: " if mistake.line.number else ""
    return line if mistake.line.file == name else f"{mistake.line.file}, {line}"
