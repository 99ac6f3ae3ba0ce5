"""JSON that a page holds besides JSON-LD: in scripts of a JSON type, behind assignments, or the page itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from crawler.extraction.document import parse
from crawler.extraction.structured import load_json

LARGEST = 3_000_000
"""Characters of one script."""
MOST_ASSIGNED = 20
"""Assignments of a script that are read."""
ASSIGNED = re.compile(
    r"(?:\b(?:window|self|globalThis)\b[\w.$\[\]\"']{1,80}|\b(?:var|let|const)\s{1,3}[\w$]{1,60})\s{0,3}=\s{0,3}(?=[{\[]|JSON\.parse\()"
)
PARSED = re.compile(r"\s{0,3}JSON\.parse\(\s{0,3}")
CALLBACK = re.compile(r"^\s*(?:/\*\*/\s*)?[\w.$]{1,100}\(\s*(?=[{\[])")


@lru_cache(8)
def json_in(text: str) -> tuple[Any, ...]:
    """All JSON of a page, in its order, JSON-LD left out. What can't be read is passed over."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        whole = json_of(text)
        return () if whole is None else (whole,)
    return tuple(found for found in pieces(text) if found is not None)


def pieces(text: str) -> Iterator[Any]:
    for script in parse(text).css("script"):
        kind = (script.attributes.get("type") or "").lower()
        content = script.text()[:LARGEST]
        if "ld+json" not in kind and (not kind or "json" in kind or "javascript" in kind or kind == "module"):
            yield from json_in_script(content)


def json_in_script(content: str) -> Iterator[Any]:
    """The JSON that a script is, or that it assigns to its variables."""
    if content.lstrip()[:1] in ("{", "["):
        yield load_json(content)
        return
    for match in islice(ASSIGNED.finditer(content), MOST_ASSIGNED):
        yield json_behind(content, match.end())


def json_behind(text: str, at: int) -> Any:
    """The JSON that begins at this place of a text, whatever follows it; written as a string literal (`JSON.parse("…")`) too."""
    if match := PARSED.match(text, at):
        at = match.end()
    found = json_of(text[at : at + LARGEST])
    return json_of(found) if isinstance(found, str) else found


def json_of(text: str) -> Any:
    """JSON, as a callback's argument (JSONP) too; None where it can't be read."""
    text = text.lstrip("\ufeff \t\r\n")
    if match := CALLBACK.match(text):
        text = text[match.end() :]
    if text[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return load_json(text)
