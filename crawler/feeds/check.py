"""Whether a feed's bytes may be published: well-formed, whole, no id twice. What fails here is never written. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

from crawler.feeds.item import FORBIDDEN
from crawler.feeds.jsonfeed import VERSION

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z")


def faults(suffix: str, content: bytes) -> list[str]:
    """What is wrong with a feed, in plain words; empty where nothing is."""
    return list(CHECKS[suffix](content))


def rss_faults(content: bytes) -> Iterator[str]:
    """RSS 2.0.11 and what the W3C's validator calls an error."""
    try:
        channel = parse(content).find("channel")
    except (etree.XMLSyntaxError, ValueError) as error:
        yield f"not well-formed: {error}"
        return
    if channel is None:
        yield "no channel"
        return
    yield from missing(channel, ("title", "link", "description"), "channel")
    items = channel.findall("item")
    for item in items:
        yield from missing(item, ("title", "link", "guid", "pubDate", "description"), "item")
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false":
            yield f'item {guid.text}: its guid has to say isPermaLink="false"'
    yield from twice(item.findtext("guid") for item in items)
    for date in channel.iter("pubDate", "lastBuildDate"):
        if not is_rfc822(date.text or ""):
            yield f"{date.tag} {date.text!r} is no RFC 822 date"
    for link in channel.iter("link"):
        if not ADDRESS.match(link.text or ""):
            yield f"link {link.text!r} is no absolute address"


def atom_faults(content: bytes) -> Iterator[str]:
    """RFC 4287, section 4: what an atom:feed and an atom:entry MUST have."""
    try:
        root = parse(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield f"not well-formed: {error}"
        return
    if root.tag != f"{ATOM}feed":
        yield f"its root is {root.tag}, not atom:feed"
        return
    yield from missing(root, tuple(ATOM + name for name in ("id", "title", "updated")), "feed")
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        yield from missing(entry, tuple(ATOM + name for name in ("id", "title", "updated", "published", "link")), "entry")
    yield from twice(entry.findtext(f"{ATOM}id") for entry in entries)
    for date in root.iter(f"{ATOM}updated", f"{ATOM}published"):
        if not is_rfc3339(date.text or ""):
            yield f"{date.text!r} is no RFC 3339 date"
    for link in root.iter(f"{ATOM}link"):
        if not ADDRESS.match(link.get("href") or ""):
            yield f"link {link.get('href')!r} is no absolute address"


def json_faults(content: bytes) -> Iterator[str]:
    """JSON Feed 1.1: the required members and their kinds."""
    try:
        document = json.loads(content.decode("utf-8"))
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    if not isinstance(document, dict) or document.get("version") != VERSION:
        yield f"its version is not {VERSION}"
        return
    if not document.get("title"):
        yield "feed without title"
    items = document.get("items")
    if not isinstance(items, list):
        yield "items is no list"
        return
    for item in items:
        identity = item.get("id")
        if not identity or not isinstance(identity, str):
            yield "item without id"
        if not item.get("content_html") and not item.get("content_text"):
            yield f"item {identity}: neither content_html nor content_text"
        for name in ("date_published", "date_modified"):
            if name in item and not is_rfc3339(item[name]):
                yield f"item {identity}: {name} {item[name]!r} is no RFC 3339 date"
        for name in ("url", "external_url", "image"):
            if name in item and not ADDRESS.match(item[name]):
                yield f"item {identity}: {name} {item[name]!r} is no absolute address"
    yield from twice(item.get("id") for item in items)
    for text in strings(document):
        if FORBIDDEN.search(text):
            yield f"a forbidden character in {text[:40]!r}"


CHECKS = {"rss": rss_faults, "atom": atom_faults, "json": json_faults}


def parse(content: bytes) -> Any:
    """The root of an XML document. Raises where it has a byte order mark, a DTD, or is not well-formed."""
    if content.startswith(b"\xef\xbb\xbf"):
        raise ValueError("a byte order mark")
    root: Any = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True))
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type")
    return root


def missing(parent: Any, names: tuple[str, ...], kind: str) -> Iterator[str]:
    for name in names:
        found = parent.find(name)
        if found is None or not ((found.text or "").strip() or found.get("href")):
            of = parent.findtext("guid") or parent.findtext(f"{ATOM}id")
            yield f"{kind} {of} without {name.rpartition('}')[2]}" if of else f"{kind} without {name.rpartition('}')[2]}"


def twice(ids: Iterable[str | None]) -> Iterator[str]:
    for identity, times in Counter(ids).items():
        if times > 1:
            yield f"id {identity} stands in it {times} times"


def is_rfc822(text: str) -> bool:
    try:
        return parsedate_to_datetime(text).tzinfo is not None
    except ValueError:
        return False


def is_rfc3339(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
