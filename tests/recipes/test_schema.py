"""The JSON Schema that editors check recipes with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.recipes import recipe_schema


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (schema, *schema["$defs"].values()):
        yield from ((f"{part['title']}.{name}", value) for name, value in part["properties"].items())


def test_every_key_is_described() -> None:
    schema = recipe_schema()
    assert [name for name, value in properties(schema) if not value.get("description")] == []
    assert len(list(properties(schema))) > 40


def test_it_is_draft_2020_12_and_names_the_keys_as_recipes_write_them() -> None:
    schema = recipe_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["url"]
    assert set(schema["$defs"]["SinglePage"]["properties"]) == {"select", "replace", "with"}
    assert {"list", "json"} <= set(schema["$defs"]["Section"]["properties"])
    assert schema["additionalProperties"] is False


def test_short_forms_are_allowed() -> None:
    schema = recipe_schema()
    title = schema["$defs"]["ArticleRules"]["properties"]["title"]
    assert {"type": "string"} in title["anyOf"]
    assert {"type": "string"} in schema["$defs"]["Section"]["properties"]["list"]["anyOf"]


def test_a_way_in_is_wanted_and_an_address_alone_is_enough() -> None:
    assert [way["required"] for way in recipe_schema()["$defs"]["Section"]["anyOf"]] == [["list"], ["feed"], ["sitemap"], ["json"]]
