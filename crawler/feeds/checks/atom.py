"""RFC 4287, section 4, over a feed's bytes: what an atom:feed, atom:entry and atom:source MUST and MUST NOT have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawler.feeds.checks.rules import ADDRESS, LANGUAGE, URN, content_faults, is_rfc3339, parse, twice

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ONCE = ("generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated", "content", "published", "source", "summary")


def atom_faults(content: bytes) -> Iterator[str]:
    """What is wrong with an Atom feed, in plain words."""
    try:
        root = parse(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield f"not well-formed: {error}"
        return
    if root.tag != f"{ATOM}feed":
        yield f"its root is {root.tag}, not atom:feed"
        return
    entries = root.findall(f"{ATOM}entry")
    yield from holder_faults(root, "feed", ("id", "title", "updated"))
    for entry in entries:
        of = f"entry {text(entry, 'id')}"
        yield from holder_faults(entry, of, ("id", "title", "updated", "published", "link"))
        if not entry.findall(f"{ATOM}author") and root.find(f"{ATOM}author") is None and entry.find(f"{ATOM}source/{ATOM}author") is None:
            yield f"{of}: no author, and none of the feed or its source"
        source = entry.find(f"{ATOM}source")
        if source is not None:
            yield from holder_faults(source, f"{of}: its source", ("id", "title", "updated"))
        body = entry.find(f"{ATOM}content")
        if body is not None:
            if body.get("type") != "html":
                yield f"{of}: its content has the type {body.get('type')!r}"
            yield from content_faults(body.text or "", of)
    yield from twice(text(entry, "id") for entry in entries)
    for element in root.iter():
        if element.get(LANG) is not None and not LANGUAGE.match(element.get(LANG)):
            yield f"xml:lang {element.get(LANG)!r} is no language"


def holder_faults(holder: Any, of: str, names: tuple[str, ...]) -> Iterator[str]:
    """Faults of a feed, entry or source alike."""
    children: dict[Any, list[Any]] = {}
    for child in holder:
        children.setdefault(child.tag, []).append(child)
    for name in names:
        found = children.get(ATOM + name)
        if not found or not ((found[0].text or "").strip() or found[0].get("href")):
            yield f"{of} without {name}"
    for name in ONCE:
        times = len(children.get(ATOM + name, ()))
        if times > 1:
            yield f"{of}: {name} stands in it {times} times"
    if text(holder, "id") and not URN.match(text(holder, "id")):
        yield f"{of}: its id {text(holder, 'id')!r} is no urn: or tag:"
    for name in ("updated", "published"):
        for date in children.get(ATOM + name, ()):
            if not is_rfc3339(date.text):
                yield f"{of}: {name} {date.text!r} is no RFC 3339 date"
    links = children.get(f"{ATOM}link", [])
    for link in links:
        if not ADDRESS.match(link.get("href") or ""):
            yield f"{of}: link {link.get('href')!r} is no absolute address"
    # 4.1.1: no two alternates of one type and language
    same = Counter((link.get("type"), link.get("hreflang")) for link in links if link.get("rel", "alternate") == "alternate")
    if any(times > 1 for times in same.values()):
        yield f"{of}: two alternate links of one type"
    for person in children.get(f"{ATOM}author", ()):
        if not text(person, "name"):
            yield f"{of}: an author without name"
    for category in children.get(f"{ATOM}category", ()):
        if not category.get("term"):
            yield f"{of}: a category without term"


def text(parent: Any, name: str) -> str:
    return (parent.findtext(ATOM + name) or "").strip()
