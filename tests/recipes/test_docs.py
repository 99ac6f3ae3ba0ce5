"""docs/recipes.md: every example is run, every key is told and shown."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Broadsheet, write_recipe
from local_site import Answer, Site, article

from crawler.errors import RecipeError
from crawler.health.recordings import fields_of
from crawler.listings import first_addresses, read_listing
from crawler.outcome import Failure, Link
from crawler.page import Page
from crawler.pipelines.contract import breach
from crawler.pipelines.filtering import left_out_by
from crawler.recipes import Recipe, Source, SourceRef, load_recipe, parse_recipe, recipe_schema
from crawler.recipes.modules import sources_in
from crawler.recipes.selectors import parse_selector
from crawler.spiders.gathering import gather, single_page
from crawler.spiders.reading import ArticleJob, Reading, read_article

DOCS = Path(__file__).parents[2] / "docs" / "recipes.md"
TEXT = DOCS.read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.DOTALL | re.MULTILINE)
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
SITE = "url: https://www.example.com/\n"


def blocks(language: str) -> list[str]:
    return [text for kind, address, text in BLOCK.findall(TEXT) if kind == language and not address]


@dataclass
class Example:
    """A recipe, the pages that it reads, and what comes out."""

    recipe: str
    pages: dict[str, str] = field(default_factory=dict)
    gives: dict[str, Any] = field(default_factory=dict)


def examples() -> list[Example]:
    found: list[Example] = []
    for kind, address, text in BLOCK.findall(TEXT):
        if kind == "yaml":
            found.append(Example(text))
        elif address:
            found[-1].pages[address] = text
        elif kind == "json":
            found[-1].gives = json.loads(text)
    return found


def recipe_of(example: Example) -> Recipe:
    return parse_recipe(example.recipe if re.search("^url:", example.recipe, re.MULTILINE) else SITE + example.recipe, "docs/recipes.md")


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if "use:" not in block])
def test_example_is_a_recipe(block: str) -> None:
    assert recipe_of(Example(block)).url.endswith("://www.example.com/")


@pytest.mark.parametrize("example", [one for one in examples() if one.gives], ids=lambda one: one.recipe[:60])
def test_example_gives_what_is_said(example: Example) -> None:
    recipe = recipe_of(example)
    found = listing_of(example, recipe) if recipe.sections else article_of(example, recipe)
    assert {key: found.get(key) for key in example.gives} == example.gives


def test_most_examples_are_run() -> None:
    assert len([one for one in examples() if one.gives]) >= 12


def listing_of(example: Example, recipe: Recipe) -> dict[str, Any]:
    section = recipe.sections[0]
    way, address = first_addresses(section)[0]
    listing = read_listing(page(address, example.pages[address]), recipe, section, way)
    return {"links": [said_of(link) for link in listing.links], "further": list(listing.further), "lists": list(listing.lists)}


def said_of(link: Link) -> dict[str, Any]:
    hints = link.hints
    said = {"url": link.url, "title": hints.title, "published": str(hints.published or ""), "authors": list(hints.authors)}
    said |= {"description": hints.summary, "body": hints.body, "image": hints.image, "tags": list(hints.tags)}
    return {key: value for key, value in said.items() if value}


def article_of(example: Example, recipe: Recipe) -> dict[str, Any]:
    """As a crawl reads it: the first page is the listed one, the others are there for those who ask."""
    source = Source(recipe, SourceRef("recipe", "docs/recipes.md"))
    fetched = {url: page(url, text) for url, text in example.pages.items()}

    async def read(job: ArticleJob) -> Reading:
        return read_article(source, job)

    async def fetch(url: str) -> Page | Failure:
        return fetched.get(url) or Failure("HTTP 404 Not Found", "later")

    address = next(iter(example.pages))
    first = fetched.get(single_page(address, recipe)) or fetched[address]
    reading = asyncio.run(gather(source.ref, first, read, fetch)).reading
    if reading.moved_to:
        reading = asyncio.run(gather(source.ref, fetched[reading.moved_to], read, fetch)).reading
    assert reading.article is not None
    refused = breach(reading.article, recipe)
    said = {"left_out": left_out_by(reading.article, (), recipe, NOW), "refused": refused.reason if refused else ""}
    return fields_of(reading.article) | said


def page(url: str, text: str) -> Page:
    return Page(text.encode(), url, headers={"content-type": "text/html; charset=utf-8"}, fetched_at=NOW)


def test_the_sources_keys_work_in_a_crawl(broadsheet: Broadsheet, tmp_path: Path) -> None:
    """The example of all keys of a source is crawled: the site stands behind a proxy, as www.example.com."""
    (text,) = [block for block in blocks("yaml") if "EXAMPLE_TOKEN" in block]
    write_recipe(tmp_path, "example", text)
    host = "http://www.example.com"
    picture = (Path(__file__).parents[2] / "docs" / "result.png").read_bytes()
    story = article("The ferry returns").replace("</h1>", '</h1><p><img src="/p.png" width=600 height=400></p>')
    pages = {f"{host}/": '<a href="/news/1">The ferry returns</a>', f"{host}/news/1": story, f"{host}/p.png": Answer(picture)}
    with Site(pages) as site:
        without = broadsheet("crawl", code=2, http_proxy=site.address)
        assert "the environment's variables EXAMPLE_SESSION, EXAMPLE_TOKEN" in without.stderr
        assert site.asked == []
        broadsheet("crawl", http_proxy=site.address, EXAMPLE_TOKEN="t0", EXAMPLE_SESSION="s1")
    assert all(one.headers["authorization"] == "Bearer t0" and one.headers["cookie"] == "session=s1" for one in site.asked)
    assert site.paths()[0] == f"{host}/robots.txt"
    (document,) = (tmp_path / "output" / "example").rglob("*.md")
    written = document.read_text("utf-8")
    assert "- Newspapers\n - Example News\n - Home" in written
    assert "harbour" in written
    assert list((tmp_path / "output" / "assets").rglob("*.png"))
    assert list((tmp_path / ".broadsheet" / "pages" / "example").glob("*.warc.gz"))
    assert not any(secret in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() for secret in (b"Bearer t0", b"=s1"))


def test_the_shared_settings_are_joined_as_told(tmp_path: Path) -> None:
    own, shared = (block for block in blocks("yaml") if "# sources/" in block)
    (tmp_path / "example.yaml").write_text(own)
    (tmp_path / "_regional.yaml").write_text(shared)
    recipe = load_recipe(tmp_path / "example.yaml")
    assert (recipe.group, recipe.delay, recipe.every) == ("Regional", 2, "1h")
    assert [choice.select for choice in recipe.article.title] == ["h2"]
    assert recipe.article.remove == (".share",)


def test_the_redesigns_first_block_reads_what_was_fetched_before() -> None:
    (example,) = (one for one in examples() if "until:" in one.recipe)
    recipe = recipe_of(example)
    assert recipe.at(datetime(2026, 3, 31, 23, tzinfo=UTC)).article.title[0].select == "h1.old"
    assert recipe.at(datetime(2026, 4, 1, 0, tzinfo=UTC)).article.title[0].select == "h1.new"


def test_every_key_is_told_and_shown() -> None:
    schema = recipe_schema()
    keys = {name for part in (schema, *schema["$defs"].values()) for name in part["properties"]}
    shown = "".join(blocks("yaml"))
    assert [key for key in sorted(keys) if f"`{key}`" not in TEXT] == []
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}:", shown)] == []


def test_every_selector_in_the_table_is_one() -> None:
    table = TEXT.partition("### Selectors")[2].partition("```")[0]
    found = [code for row in re.findall(r"^\| (`.*?) \| ", table, re.MULTILINE) for code in re.findall("`([^`]+)`", row)]
    kinds = ["css", "css", "xpath", "meta", "jsonld", "jsonld", "json", "regex", "const", "url", "auto"]
    assert [parse_selector(text).kind for text in found] == kinds


def test_the_mistakes_are_told_in_these_words() -> None:
    (told,) = blocks("text")
    with pytest.raises(RecipeError) as caught:
        parse_recipe("url: https://www.example.com/\nlangauge: en\narticle:\n  title: 'h1['\n  url: '^/news(?=/)'\n", "sources/x.yaml")
    assert str(caught.value) == told.rstrip("\n")


def test_the_python_example_works(tmp_path: Path) -> None:
    (code,) = blocks("python")
    (tmp_path / "example.py").write_text(code)
    (source,) = sources_in(tmp_path / "example.py")
    html = "".join(f"<a href=/{number}>x</a>" for number in range(20))
    found = Page(html.encode(), "https://www.example.com/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    listing = source.links(found, lambda given: read_listing(given, source.recipe, source.recipe.sections[0], "list"))
    assert source.recipe.id == "example"
    assert len(listing.links) == 10
