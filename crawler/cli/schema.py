"""`broadsheet schema`: the recipes' JSON Schema, for editors."""

from __future__ import annotations

import json

import typer

from crawler.cli.app import app
from crawler.recipes import recipe_schema


@app.command()
def schema() -> None:
    """Print the JSON Schema of recipes.

    An editor with the YAML language server checks a recipe that begins with this line:

        # yaml-language-server: $schema=../recipe.schema.json

    Example:

        broadsheet schema > recipe.schema.json
    """
    typer.echo(json.dumps(recipe_schema(), ensure_ascii=False, indent=2))
