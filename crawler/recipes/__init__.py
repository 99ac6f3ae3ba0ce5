"""What to crawl and how to read it: recipes, the sources made of them, and where they are found."""

from crawler.recipes.article_rules import ArticleRules, Expect, Filters, SinglePage
from crawler.recipes.catalogue import Catalogue, find_sources, load_source
from crawler.recipes.load import load_recipe, parse_recipe
from crawler.recipes.model import RESERVED_IDS, Recipe
from crawler.recipes.schema import recipe_schema
from crawler.recipes.sections import HtmlList, JsonList, Section
from crawler.recipes.selectors import Selector, parse_selector
from crawler.recipes.source import LoadedSource, Source, SourceRef
from crawler.recipes.ways import first_addresses

__all__ = [
    "RESERVED_IDS",
    "ArticleRules",
    "Catalogue",
    "Expect",
    "Filters",
    "HtmlList",
    "JsonList",
    "LoadedSource",
    "Recipe",
    "Section",
    "Selector",
    "SinglePage",
    "Source",
    "SourceRef",
    "find_sources",
    "first_addresses",
    "load_recipe",
    "load_source",
    "parse_recipe",
    "parse_selector",
    "recipe_schema",
]
