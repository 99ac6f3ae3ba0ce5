"""The recipes' JSON Schema: what an editor completes and checks while a recipe is written."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent
from typing import Any

from crawler.recipes.choices import Shape
from crawler.recipes.model import Recipe


def recipe_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a recipe, with a description of every key. For yaml-language-server and others."""
    schema = Recipe.model_json_schema(by_alias=True, mode="validation")
    shapes = {Recipe.__name__: schema} | schema.get("$defs", {})
    for model in subclasses(Shape):
        for key, said in descriptions(model):
            if key in (properties := shapes.get(model.__name__, {}).get("properties", {})):
                properties[key].setdefault("description", said)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def subclasses(model: type[Shape]) -> Iterator[type[Shape]]:
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


def descriptions(model: type[Shape]) -> Iterator[tuple[str, str]]:
    """Key → the docstring under its field (PEP 257, "attribute docstrings"), those of the classes above too.

    Pydantic can do this itself when a class is made, but looks for the class's source in all modules that are loaded: of no use to a run.
    """
    for one in (each for each in model.__mro__ if issubclass(each, Shape)):
        (tree,) = ast.parse(dedent(inspect.getsource(one))).body
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        for field, below in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
                said = below.value.value if isinstance(below.value, ast.Constant) else None
                if isinstance(said, str) and (info := model.model_fields.get(field.target.id)):
                    yield info.alias or field.target.id, inspect.cleandoc(said)
