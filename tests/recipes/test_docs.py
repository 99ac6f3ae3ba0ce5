"""docs/recipes.md: every example works, every key is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import RecipeError
from crawler.listings import read_listing
from crawler.page import Page
from crawler.recipes import parse_recipe, recipe_schema
from crawler.recipes.modules import sources_in
from crawler.recipes.selectors import parse_selector

DOCS = Path(__file__).parents[2] / "docs" / "recipes.md"
TEXT = DOCS.read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_example_is_a_recipe(block: str) -> None:
    whole = block if re.search("^url:", block, re.MULTILINE) else f"url: https://www.example.com/\n{block}"
    assert parse_recipe(whole, "docs/recipes.md").url == "https://www.example.com/"


def test_every_key_is_told_and_shown() -> None:
    schema = recipe_schema()
    keys = {name for part in (schema, *schema["$defs"].values()) for name in part["properties"]}
    shown = "".join(blocks("yaml"))
    assert [key for key in sorted(keys) if f"`{key}`" not in TEXT and f"{key}:" not in TEXT] == []
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}:", shown)] == []


def test_every_selector_in_the_table_is_one() -> None:
    table = TEXT.partition("### Selectors")[2].partition("## ")[0]
    found = [code for row in re.findall(r"^\| (`.*?) \| ", table, re.MULTILINE) for code in re.findall("`([^`]+)`", row)]
    assert [parse_selector(text).kind for text in found] == ["css", "css", "xpath", "meta", "jsonld", "jsonld", "regex", "url", "auto"]


def test_the_mistakes_are_told_in_these_words() -> None:
    (told,) = blocks("text")
    with pytest.raises(RecipeError) as caught:
        parse_recipe("url: https://www.example.com/\nlangauge: en\narticle:\n  title: 'h1['\n", "sources/x.yaml")
    assert str(caught.value) == told.rstrip("\n")


def test_the_python_example_works(tmp_path: Path) -> None:
    (code,) = blocks("python")
    (tmp_path / "example.py").write_text(code)
    (source,) = sources_in(tmp_path / "example.py")
    html = "".join(f"<a href=/{number}>x</a>" for number in range(20))
    page = Page(html.encode(), "https://www.example.com/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    listing = source.links(page, lambda given: read_listing(given, source.recipe, source.recipe.sections[0], "list"))
    assert source.recipe.id == "example"
    assert len(listing.links) == 10
