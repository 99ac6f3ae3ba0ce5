"""JSON Feed 1.1 over a feed's bytes: the required members, and of every member its kind (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.feeds.checks.rules import ADDRESS, LANGUAGE, content_faults, is_rfc3339, twice
from crawler.feeds.item import FORBIDDEN
from crawler.feeds.jsonfeed import VERSION

FEED = {
    "version": str,
    "title": str,
    "home_page_url": "address",
    "feed_url": "address",
    "description": str,
    "user_comment": str,
    "next_url": "address",
    "icon": "address",
    "favicon": "address",
    "authors": [{"name": str, "url": "address", "avatar": "address"}],
    "language": "language",
    "expired": bool,
    "hubs": [{"type": str, "url": "address"}],
    "items": [dict],
}
ITEM = {
    "id": str,
    "url": "address",
    "external_url": "address",
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "image": "address",
    "banner_image": "address",
    "date_published": "date",
    "date_modified": "date",
    "authors": FEED["authors"],
    "tags": [str],
    "language": "language",
    "attachments": [{"url": "address", "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}],
}
ESCAPED = re.compile(r"\\[ubf]")


def json_faults(content: bytes) -> Iterator[str]:
    """What is wrong with a JSON feed, in plain words."""
    try:
        text = content.decode("utf-8")
        document = json.loads(text)
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    if not isinstance(document, dict) or document.get("version") != VERSION:
        yield f"its version is not {VERSION}"
        return
    if not document.get("title"):
        yield "feed without title"
    yield from kind_faults(document, FEED, "feed")
    items = [item for item in as_list(document.get("items")) if isinstance(item, dict)]
    if not isinstance(document.get("items"), list):
        yield "items is no list"
    for item in items:
        of = f"item {item.get('id')}"
        if not item.get("id") or not isinstance(item["id"], str):
            yield "item without id"
        if not item.get("content_html") and not item.get("content_text"):
            yield f"{of}: neither content_html nor content_text"
        yield from kind_faults(item, ITEM, of)
        yield from content_faults(str(item.get("content_html", "")), of)
    yield from twice(str(item.get("id")) for item in items)
    # the parser has refused what stands there bare; the others are escaped, or behind all that is more common
    if ESCAPED.search(text) or "\ufffe" in text or "\uffff" in text:
        for string in strings(document):
            if FORBIDDEN.search(string):
                yield f"a forbidden character in {string[:40]!r}"


def kind_faults(members: dict[str, Any], kinds: dict[str, Any], of: str) -> Iterator[str]:
    for name, value in members.items():
        if name.startswith("_"):  # an extension's: any object
            if not isinstance(value, dict):
                yield f"{of}: {name} is no object"
        elif name not in kinds:
            yield f"{of}: JSON Feed has no member {name!r}"
        elif kinds[name] is not str or not isinstance(value, str):
            yield from kind_fault(value, kinds[name], f"{of}: {name}")


def kind_fault(value: Any, kind: Any, of: str) -> Iterator[str]:
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield f"{of} is no list"
        else:
            for inner in value:
                yield from kind_fault(inner, kind[0], of)
    elif isinstance(kind, dict):
        if isinstance(value, dict):
            yield from kind_faults(value, kind, of)
        else:
            yield f"{of} is no object"
    elif kind == "address":
        if not isinstance(value, str) or not ADDRESS.match(value):
            yield f"{of} {value!r} is no absolute address"
    elif kind == "date":
        if not is_rfc3339(value):
            yield f"{of} {value!r} is no RFC 3339 date"
    elif kind == "language":
        if not isinstance(value, str) or not LANGUAGE.match(value):
            yield f"{of} {value!r} is no language"
    elif not isinstance(value, kind):
        yield f"{of} {value!r} is no {kind.__name__}"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
