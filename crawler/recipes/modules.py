"""Python modules in a workspace's `sources/` folder, and the Source subclasses in them."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from crawler.errors import RecipeError
from crawler.recipes.load import load_recipe, with_shared
from crawler.recipes.mistakes import problems_in, recipe_error, told
from crawler.recipes.model import Recipe
from crawler.recipes.reading import Line, Mistake, Reading, shown
from crawler.recipes.source import LoadedSource, Source, SourceRef


def sources_in(path: Path) -> list[Source]:
    """The sources that a module defines, by class name. Raises RecipeError naming file and line where it can't be run."""
    module, code = run_module(path)
    classes = [value for name, value in sorted(vars(module).items()) if is_own_source(value, module) and not name.startswith("_")]
    if not classes:
        raise RecipeError(shown(path), "defines no subclass of crawler.recipes.Source; a module that holds none begins with _")
    return [make_source(each, path, code) for each in classes]


def source_in(path: Path, name: str, loaded: LoadedSource | None = None) -> Source:
    """The source of one class of a module; `loaded`: as it was then, with nothing read again. Raises RecipeError."""
    module, code = run_module(path, loaded.code if loaded else None)
    found = getattr(module, name, None)
    if not is_own_source(found, module):
        raise RecipeError(shown(path), f"has no subclass of Source named {name!r}")
    assert isinstance(found, type)
    return make_source(found, path, code, loaded.recipe if loaded else None)


def is_own_source(value: object, module: ModuleType) -> bool:
    return isinstance(value, type) and issubclass(value, Source) and value.__module__ == module.__name__


def run_module(path: Path, code: bytes | None = None) -> tuple[ModuleType, bytes]:
    """Runs a file as a module of its own. It is code that the workspace's owner wrote, as a Scrapy spider is."""
    try:
        code = path.read_bytes() if code is None else code
    except OSError as error:
        raise RecipeError(shown(path), f"can't be read ({error.strerror})") from None
    module = ModuleType(f"broadsheet_sources.{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses and pickle look their classes' module up there
    try:
        exec(compile(code, str(path), "exec"), module.__dict__)
    except RecipeError:
        raise
    except (Exception, SystemExit) as error:
        raise failed(path, error) from None
    return module, code


def make_source(found: type[Source], path: Path, code: bytes, recipe: Recipe | None = None) -> Source:
    recipe = recipe or recipe_of(found, path).read_by(code)
    try:
        source = found(recipe, SourceRef("python", str(path.resolve()), found.__name__))
    except Exception as error:
        raise failed(path, error) from None
    source.code = code
    return source


def recipe_of(found: type[Source], path: Path) -> Recipe:
    """A class's recipe: a Recipe, a dict of its keys, or the file beside the module that it names."""
    given: Any = getattr(found, "recipe", None)
    name = f"{shown(path)}, class {found.__name__}"
    if isinstance(given, Recipe):
        return given
    if isinstance(given, Mapping):
        reading = Reading(name)
        values = with_shared({"id": path.stem, **given}, reading, path.parent)
        try:
            recipe = Recipe.model_validate(values)
        except ValidationError as error:
            reading.mistakes += [Mistake(Line(name, 0), problem) for _, problem in problems_in(error, values)]
            raise recipe_error(name, reading.mistakes) from None
        if reading.mistakes:
            raise recipe_error(name, reading.mistakes)
        return recipe
    if given is None and found.recipe_file:
        return load_recipe(path.parent / found.recipe_file)
    raise RecipeError(name, "needs recipe = Recipe(…), recipe = {…} or recipe_file = 'name.yaml'")


def failed(path: Path, error: BaseException) -> RecipeError:
    """An exception of somebody's module as an error that names file and line."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return RecipeError(f"{shown(path)}, line {error.lineno}", f"is no Python ({error.msg})")
    told_problems = "; ".join(told(one) for one in error.errors()) if isinstance(error, ValidationError) else ""
    problem = told_problems or f"{type(error).__name__}: {error}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return RecipeError(f"{shown(path)}, line {lines[-1]}" if lines else shown(path), problem)
