"""What was found out becomes a recipe: a YAML file with a word behind each line that was inferred, and the same for programs."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from crawler.discovery.ages import age_of
from crawler.discovery.found import Discovery
from crawler.discovery.pattern import UrlPattern
from crawler.discovery.ways import WayIn
from crawler.recipes.model import id_of_host
from crawler.urls import host_of, registrable

WIDTH = 110
COLUMN = 48
"""Where comments begin, if the line leaves room."""
HOME = {
    "zh": "首页",
    "de": "Startseite",
    "fr": "Accueil",
    "es": "Portada",
    "ja": "トップ",
    "it": "Home",
    "pl": "Strona główna",
    "ru": "Главная",
    "nl": "Voorpagina",
    "ko": "홈",
}
SCHEMA = "# yaml-language-server: $schema=../recipe.schema.json"
PLAIN_SUBDOMAINS = ("www", "m", "mobile", "edition", "amp")


def id_for(url: str, taken: set[str]) -> str:
    """A source's id: the name of its domain (`example` of www.example.com), with the subdomain where that tells; else of its host."""
    host = host_of(url).partition(":")[0]
    domain = registrable(host)
    name, subdomains = domain.partition(".")[0], host.removesuffix(domain).rstrip(".")
    if "." in domain and not re.fullmatch(r"[\d.]+", domain):
        labels = [label for label in subdomains.split(".") if label and label not in PLAIN_SUBDOMAINS]
        choices = ["-".join([name, *reversed(labels)]), id_of_host(url)]
    else:
        choices = [id_of_host(url)]
    tidy = [re.sub(r"[^a-z0-9]+", "-", choice).strip("-")[:60] for choice in choices]
    tidy += [f"{tidy[-1]}-{number}" for number in range(2, 100)]
    return next(choice for choice in tidy if choice and choice not in taken)


def recipe_of(found: Discovery, source_id: str, *, now: datetime, name: str = "", given: Mapping[str, Any] | None = None) -> CommentedMap:
    """The recipe, its keys in the order in which people write them, with comments. `given`: what a person's recipe says already."""
    said = dict(given or {})
    recipe = CommentedMap()
    recipe["id"] = source_id
    recipe["url"] = said.pop("url", "") or found.site.url
    put(recipe, "name", said.pop("name", "") or name or found.site.name, "" if given and given.get("name") else "as the site calls itself")
    put(recipe, "language", said.pop("language", "") or found.language, "" if given and given.get("language") else "as its pages say")
    zone_said = bool(given and given.get("zone"))
    put(recipe, "zone", said.pop("zone", "") or found.zone, "" if zone_said else found.zone_from)
    put(
        recipe,
        "icon",
        said.pop("icon", "") or found.site.icon,
        "" if given and given.get("icon") else "the largest that its front page names",
    )
    article = said.pop("article", None)
    for key, value in said.items():
        recipe[key] = value
    recipe["sections"] = sections_of(found, now)
    if article is not None:
        recipe["article"] = article
    elif found.pattern.text:
        rules = CommentedMap(url=SingleQuotedScalarString(found.pattern.text))
        rules.yaml_add_eol_comment(fit_of(found.pattern), "url", COLUMN)
        recipe["article"] = rules
    return recipe


def fit_of(pattern: UrlPattern) -> str:
    """How well a pattern fits, in numbers."""
    right = f"all {pattern.articles:,}" if pattern.right == pattern.articles else f"{pattern.right:,} of {pattern.articles:,}"
    wrong = "none" if not pattern.wrong else f"{pattern.wrong:,}"
    return f"matches {right} addresses taken for articles, and {wrong} of {pattern.others:,} others"


def put(mapping: CommentedMap, key: str, value: Any, comment: str = "") -> None:
    """A key that has a value, with a comment on it."""
    if value:
        mapping[key] = value
        if comment:
            mapping.yaml_add_eol_comment(comment, key, COLUMN)


def sections_of(found: Discovery, now: datetime) -> CommentedSeq:
    """The sections, those with a name of their own first: a document's category is the first section that lists it."""
    made = CommentedSeq()
    link = SingleQuotedScalarString(found.link) if found.link else ""
    for section in found.sections:
        one = CommentedMap(id=section.id, name=section.name)
        one["list"] = CommentedMap(url=section.url, link=link) if link else section.url
        one.yaml_add_eol_comment(f"from the navigation; {len(section.links)} articles now", "list", COLUMN)
        put(one, "feed", section.feed, "named by that page")
        made.append(one)
    name = HOME.get(found.language.partition("-")[0], "Home")
    homes = [CommentedMap(id="home", name=name)]
    for way in sorted((way for way in found.ways if way.chosen or way.beside), key=lambda way: not way.chosen):
        key, value = way_of(way, found)
        if key in homes[-1]:  # a section has one way of a kind
            homes.append(CommentedMap(id=f"home-{len(homes) + 1}", name=f"{name} {len(homes) + 1}"))
        put(homes[-1], key, value)
        told = told_of(way, found, now)
        if isinstance(value, CommentedMap):
            value.yaml_add_eol_comment(told, "url", COLUMN)
        else:
            homes[-1].yaml_add_eol_comment(told, key, COLUMN)
    made += homes
    return made


def way_of(way: WayIn, found: Discovery) -> tuple[str, Any]:
    """A way in as a section has it."""
    if way.kind == "feed":
        return "feed", way.url
    if way.kind in ("sitemap", "news sitemap"):
        return "sitemap", way.url
    rules = CommentedMap(url=found.paging.numbered or way.url)
    if way.kind == "json":
        if way.items is not None:
            put(rules, "in", SingleQuotedScalarString(way.items.place) if way.items.place else "", "where the page holds it")
            put(rules, "items", way.items.path if way.items.path != "." else "")
            for name, path in way.items.keys.items():
                put(rules, name, path)
        return "json", rules
    put(rules, "link", SingleQuotedScalarString(found.link) if found.link else "", "finds the links that were taken for articles")
    put(rules, "next", SingleQuotedScalarString(found.paging.next) if found.paging.next else "")
    if found.paging.pages > 1:
        put(rules, "pages", found.paging.pages, "as many as it shows, ten at most")
    return "list", rules if len(rules) > 1 else way.url


def told_of(way: WayIn, found: Discovery, now: datetime) -> str:
    """Why a way stands in the recipe."""
    newest = way.newest(now)
    parts = [f"{len(way.links):,} articles"]
    if newest is not None:
        parts.append(f"the newest {age_of(newest, now)} old")
    if way.beside:
        parts.append("another list in that JSON" if way.kind == "json" else "read beside the list, for what that doesn't say")
    elif found.unproved:
        parts.append(f"unproved: {found.unproved}")
    else:
        parts.append(f"{way.proved} of {way.proved + way.failed} that were asked for could be read")
    return ", ".join(parts)


def as_yaml(recipe: CommentedMap, head: str) -> str:
    """The file's text. `head`: comment lines that go before everything."""
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(recipe, out)
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return f"{comment}{out.getvalue()}"


def plain_of(value: Any) -> Any:
    """ruamel's mappings and strings as plain ones."""
    if isinstance(value, Mapping):
        return {str(key): plain_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain_of(one) for one in value]
    return str(value) if isinstance(value, str) else value
