"""What a page says of itself for machines: JSON-LD and meta elements, in the shapes they are found in the wild."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

MAX_JSON = 400_000
"""Characters of one JSON-LD script that are read."""
MAX_NODES = 2_000
MAX_DEPTH = 12

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "reviewnewsarticle",
        "backgroundnewsarticle",
        "askpublicnewsarticle",
        "techarticle",
        "scholarlyarticle",
        "report",
        "socialmediaposting",
        "liveblogposting",
        "medicalscholarlyarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "discussionforumposting",
        "posting",
        "review",
        "recipe",
        "podcastepisode",
        "howto",
    ]
)
LINE_BREAKS = re.compile(r"[\x00-\x1f]+")
TRAILING_COMMA = re.compile(r",\s*([}\]])")
COMMENT = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?:(?://\s*)?\]\]>|-->)\s*(?://)?\s*$")
BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


@dataclass(slots=True)
class Structured:
    meta: dict[str, list[str]] = field(default_factory=dict)
    """Content of the meta elements, by name in lower case (`og:title`, `dc.date`, `article:author`)."""
    nodes: list[dict[str, Any]] = field(default_factory=list)
    """All objects of the page's JSON-LD, graphs and arrays opened."""
    articles: list[dict[str, Any]] = field(default_factory=list)
    """Those that are articles."""
    pages: list[dict[str, Any]] = field(default_factory=list)
    """Those that are WebPage."""
    has_own_address: bool = False
    """Whether a meta element, be it an empty one, is called og:url."""

    def first(self, *names: str) -> str:
        """The first meta content under one of these names."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return ""


def read_structured(parser: LexborHTMLParser) -> Structured:
    found = Structured()
    for element in parser.css("meta"):
        attributes = element.attributes
        content = attributes.get("content") or ""
        if "og:url" in ((attributes.get("property") or "").lower(), (attributes.get("name") or "").lower()):
            found.has_own_address = True
        if not content:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key)
            if name:
                found.meta.setdefault(name.lower(), []).append(" ".join(content.split())[:4000])
    for script in parser.css('script[type*="ld+json" i]'):
        text = script.text()
        if len(text) <= MAX_JSON:
            for node in objects(load_json(text)):
                add(found, node)
    return found


def add(found: Structured, node: dict[str, Any]) -> None:
    if len(found.nodes) >= MAX_NODES:
        return
    found.nodes.append(node)
    kinds = types_of(node)
    if kinds & ARTICLE_TYPES:
        found.articles.append(node)
    elif "webpage" in kinds:
        found.pages.append(node)


def types_of(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1].lower() for kind in named if isinstance(kind, str)}


def load_json(text: str) -> Any:
    """JSON as sites write it: with raw line breaks, HTML comments around it, trailing commas, stray escapes. None where it can't be read."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    text = COMMENT.sub("", COMMENT.sub("", text.strip().rstrip(";")))
    text = BAD_ESCAPE.sub(r"\\\\", TRAILING_COMMA.sub(r"\1", text))
    for attempt in (text, unescape(text)):
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt.lstrip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD value that may describe the page: itself, its list's, its graph's, its main entity."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    given = 0
    while waiting and given < MAX_NODES:
        one, depth = waiting.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(one, list):
            waiting.extend((item, depth + 1) for item in reversed(one[:200]))
        elif isinstance(one, dict):
            given += 1
            yield one
            waiting.extend(
                (one[key], depth + 1) for key in ("mainEntity", "mainEntityOfPage", "@graph") if isinstance(one.get(key), (dict, list))
            )


def text_in(value: Any) -> str:
    """A JSON-LD value as plain text: a string, a number, the name or value of an object, the first of a list."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url") or value.get("@id")
        else:
            break
    if isinstance(value, str):
        text = unescape(value) if "&" in value else value
        return " ".join(LINE_BREAKS.sub(" ", text).split())
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def texts_in(value: Any) -> list[str]:
    """Every text of a value that may be a list."""
    many = value if isinstance(value, list) else [value]
    return [text for one in many[:100] if (text := text_in(one))]
