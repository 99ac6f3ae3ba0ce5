"""A recipe's file becomes a Recipe; each mistake in it is told with its line, what was expected and the nearest right key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from crawler.errors import RecipeError, did_you_mean
from crawler.recipes.model import Recipe

LARGEST = 1_000_000
"""Bytes of a recipe's file."""
MOST_NODES = 20_000
"""Values in it; aliases may make few bytes into many."""
NOTHING = ("", "~", "null", "Null", "NULL")
NULL_TAG = "tag:yaml.org,2002:null"
MERGE = "<<"

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and in which line (from 1; 0: in none of its own)."""

    line: int
    problem: str


@dataclass(slots=True)
class Reading:
    """A file's values, where each of them stands, and what was wrong on the way."""

    lines: dict[Path_, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    nodes: int = 0


def load_recipe(path: Path) -> Recipe:
    """The recipe in a YAML file; without an `id` the file's name is it.

    Raises RecipeError that tells all mistakes, each with its line.
    """
    return parse_recipe(read_text(path), shown(path), default_id=path.stem)


def parse_recipe(text: str, name: str, *, default_id: str = "") -> Recipe:
    """The recipe in a YAML text; `name` is what the errors call it. Raises RecipeError."""
    reading = Reading()
    values = read_yaml(text, name, reading)
    if default_id and not values.get("id") and ("id",) not in reading.lines:
        values["id"] = default_id
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        reading.mistakes += [Mistake(line_of(reading, problem["loc"]), told(problem, values)) for problem in error.errors()]
        raise recipe_error(name, reading.mistakes) from None
    if reading.mistakes:
        raise recipe_error(name, reading.mistakes)
    return recipe


def shown(path: Path) -> str:
    """A path as a person sees it: from where they stand, if it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def read_text(path: Path) -> str:
    name = shown(path)
    try:
        if path.stat().st_size > LARGEST:
            raise RecipeError(name, f"is larger than {LARGEST:,} bytes; a recipe is some lines of YAML")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise RecipeError(name, "there is no such file") from None
    except OSError as error:
        raise RecipeError(name, f"can't be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RecipeError(f"{name}, line {line}", "is not in UTF-8; save it in that encoding") from None


def read_yaml(text: str, name: str, reading: Reading) -> dict[str, Any]:
    """The top mapping of a YAML text. Raises RecipeError where there is none."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RecipeError(f"{name}, line {mark.line + 1}" if mark else name, yaml_problem(error)) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise RecipeError(f"{name}, line {line}", f"holds a character that YAML forbids (U+{error.character:04X})") from None
    except RecursionError:
        raise RecipeError(name, "is nested too deeply") from None
    if node is None or (isinstance(node, ScalarNode) and node.value in NOTHING):
        raise RecipeError(name, "is empty; the smallest recipe is `url: https://www.example.com/`")
    if not isinstance(node, MappingNode):
        kind = "a list" if isinstance(node, SequenceNode) else f"{node.value[:40]!r}"
        raise RecipeError(f"{name}, line {node.start_mark.line + 1}", f"`key: value` lines are expected, found {kind}")
    values = value_of(node, (), reading)
    assert isinstance(values, dict)
    return values


def yaml_problem(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "is no YAML"
    if "'\\t'" in problem:
        return "a tab stands here; YAML is indented with spaces"
    if problem == "mapping values are not allowed here":
        return "a second `: ` in one line; put the value in quotes, or its key in a line of its own"
    if "found unknown escape character" in problem:
        return f"{problem}; in double quotes a backslash is an escape, so put the pattern in single quotes"
    if "could not find expected ':'" in problem:
        return "a `key: value` line is expected"
    return f"is no YAML ({problem})"


def value_of(node: Node, path: Path_, reading: Reading) -> Any:
    """A node's value. Scalars stay text: pydantic makes of it what the key wants, so that `no` is Norwegian and `1e3` a name."""
    reading.lines.setdefault(path, node.start_mark.line + 1)
    reading.nodes += 1
    if reading.nodes > MOST_NODES or len(path) > 50:
        if reading.nodes == MOST_NODES + 1 or len(path) == 51:
            reading.mistakes.append(Mistake(node.start_mark.line + 1, "too many or too deeply nested values"))
        return None
    if isinstance(node, ScalarNode):
        return None if node.tag == NULL_TAG and node.style is None else node.value
    if isinstance(node, SequenceNode):
        return [value_of(child, (*path, place), reading) for place, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    return dict(items_of(node, path, reading))


def items_of(node: MappingNode, path: Path_, reading: Reading) -> Iterator[tuple[str, Any]]:
    """A mapping's items. YAML lets a later key win silently over the same one before; here that is a mistake."""
    seen: dict[str, int] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            reading.mistakes.append(Mistake(line, "a key is a word"))
            continue
        key = key_node.value
        if key == MERGE and key_node.style is None:
            reading.mistakes.append(Mistake(line, "merge keys (<<) are not read; write the keys out"))
            continue
        if key in seen:
            reading.mistakes.append(Mistake(line, f"{key!r} stands in line {seen[key]} already"))
            continue
        seen[key] = line
        reading.lines[(*path, key)] = line
        value = value_of(child, (*path, key), reading)
        if value is not None:
            yield key, value


def line_of(reading: Reading, place: Path_) -> int:
    """The line of a value, or of the nearest one that holds it."""
    for end in range(len(place), -1, -1):
        if line := reading.lines.get(tuple(place[:end])):
            return line
    return 0


def told(problem: Mapping[str, Any], values: Any) -> str:
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


def keys_at(place: Path_) -> list[str]:
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


def recipe_error(name: str, mistakes: list[Mistake]) -> RecipeError:
    """All mistakes in one error, in the file's order, one a line."""
    ordered = sorted(dict.fromkeys(mistakes), key=lambda mistake: mistake.line)
    if len(ordered) == 1:
        only = ordered[0]
        return RecipeError(f"{name}, line {only.line}" if only.line else name, only.problem)
    lines = [f"  line {mistake.line}: {mistake.problem}" if mistake.line else f"  {mistake.problem}" for mistake in ordered]
    return RecipeError(name, "\n".join([f"{len(ordered)} mistakes", *lines]))
