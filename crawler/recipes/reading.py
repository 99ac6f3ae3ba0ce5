"""A recipe's YAML becomes values, each with its file and line; what YAML lets pass and a recipe doesn't is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from crawler.errors import RecipeError

LARGEST = 1_000_000
"""Bytes of a recipe's file."""
MOST_NODES = 20_000
"""Values in it; aliases may make few bytes into many."""
NOTHING = ("", "~", "null", "Null", "NULL")
NULL_TAG = "tag:yaml.org,2002:null"
MERGE = "<<"

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Where a value stands: file and line (from 1)."""

    file: str
    number: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where."""

    line: Line
    problem: str


@dataclass(slots=True)
class Reading:
    """A file's values, where each of them stands, and what was wrong on the way."""

    name: str
    """Of the file, as errors call it."""
    lines: dict[KeyPath, Line] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    nodes: int = 0

    def line_of(self, place: KeyPath) -> Line:
        """The line of a value, or of the nearest one that holds it."""
        for end in range(len(place), -1, -1):
            if line := self.lines.get(place[:end]):
                return line
        return Line(self.name, 0)

    def mistake(self, node: Node, problem: str) -> None:
        self.mistakes.append(Mistake(self.at(node), problem))

    def at(self, node: Node) -> Line:
        return Line(self.name, node.start_mark.line + 1)


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


def read_yaml(text: str, reading: Reading) -> dict[str, Any]:
    """The top mapping of a YAML text. Raises RecipeError where there is none."""
    name = reading.name
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


def value_of(node: Node, path: KeyPath, reading: Reading) -> Any:
    """A node's value. Scalars stay text: pydantic makes of it what the key wants, so that `no` is Norwegian and `1e3` a name."""
    reading.lines.setdefault(path, reading.at(node))
    reading.nodes += 1
    if reading.nodes > MOST_NODES or len(path) > 50:
        if reading.nodes == MOST_NODES + 1 or len(path) == 51:
            reading.mistake(node, "too many or too deeply nested values")
        return None
    if isinstance(node, ScalarNode):
        return None if node.tag == NULL_TAG and node.style is None else node.value
    if isinstance(node, SequenceNode):
        return [value_of(child, (*path, place), reading) for place, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    return dict(items_of(node, path, reading))


def items_of(node: MappingNode, path: KeyPath, reading: Reading) -> Iterator[tuple[str, Any]]:
    """A mapping's items. YAML lets a later key win silently over the same one before; here that is a mistake."""
    seen: dict[str, int] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, ScalarNode):
            reading.mistake(key_node, "a key is a word")
            continue
        key = key_node.value
        if key == MERGE and key_node.style is None:
            reading.mistake(key_node, "merge keys (<<) are not read; write the keys out, or share them: use: _shared.yaml")
            continue
        if key in seen:
            reading.mistake(key_node, f"{key!r} stands in line {seen[key]} already")
            continue
        seen[key] = key_node.start_mark.line + 1
        reading.lines[(*path, key)] = reading.at(key_node)
        value = value_of(child, (*path, key), reading)
        if value is not None:
            yield key, value
