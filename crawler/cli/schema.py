"""`broadsheet schema`: the JSON Schemas of recipes, for editors, and of index lines, for programs."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from crawler.cli.app import app
from crawler.documents.index import index_schema
from crawler.errors import WorkspaceError, did_you_mean
from crawler.recipes import recipe_schema

SCHEMAS = {"recipe": recipe_schema, "index": index_schema}


@app.command()
def schema(
    what: Annotated[str, typer.Argument(metavar="[recipe|index]", help="Of a recipe, or of a line of the index.")] = "recipe",
) -> None:
    """Print the JSON Schema of recipes, or of the lines of the index.

    An editor with the YAML language server checks a recipe that begins with this line:

        # yaml-language-server: $schema=../recipe.schema.json

    Examples:

        broadsheet schema > recipe.schema.json

        broadsheet schema index > index.schema.json
    """
    if what not in SCHEMAS:
        raise WorkspaceError("schema", f"{what!r} is none of {', '.join(SCHEMAS)}{did_you_mean(what, SCHEMAS)}")
    typer.echo(json.dumps(SCHEMAS[what](), ensure_ascii=False, indent=2))
