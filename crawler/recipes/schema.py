"""The recipes' JSON Schema: what an editor completes and checks while a recipe is written."""

from __future__ import annotations

from typing import Any

from crawler.recipes.model import Recipe


def recipe_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a recipe, with a description of every key. For yaml-language-server and others."""
    schema = Recipe.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
