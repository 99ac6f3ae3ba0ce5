"""Who wrote it: JSON-LD, meta elements, marked elements and the lines around the title that read like a byline."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from crawler.extraction.classes import BYLINE, COMMENT, PROP, RELATED
from crawler.extraction.document import LINK
from crawler.extraction.fields.author_traits import compare
from crawler.extraction.fields.bylines import names_said
from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.fields.names import key_of, like_person, names_in
from crawler.extraction.structured import text_in, types_of

if TYPE_CHECKING:
    from crawler.extraction.view import View

METAS = (
    ("author", "meta author"), ("article:author", "meta article"), ("dc.creator", "meta dc"), ("dcterms.creator", "meta dc"), ("dc.contributor", "meta dc"), ("parsely-author", "meta parsely"), ("sailthru.author", "meta sailthru"),
    ("byl", "meta byl"), ("cxenseparse:author", "meta cxense"), ("article:author:name", "meta name"), ("og:article:author", "meta og"), ("citation_author", "meta citation"), ("creator", "meta creator"), ("article_author", "meta name"), ("authors", "meta name"),
    ("og:author", "meta og"), ("book:author", "meta og"), ("bt:author", "meta name"), ("rbauthors", "meta name"), ("vr:author", "meta name"), ("dcsext.author", "meta name"),
)  # fmt: skip
DATED = re.compile(r"(?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./]\d\d")
PERSONAL = re.compile(r"name|link|fn\b")
BOX = re.compile(r"bio|about|box|desc|avatar|image|social|job|title|role")
"""Of the classes of marked elements."""
LONGEST = 160
"""Characters of a marked element that may be a byline."""
MOST_MARKED = 30
HEAD, TAIL = 16, 10
"""Blocks before the body and behind it whose lines are read."""
SCRIPT_KEYS = ("author", "Author", "byline")
SCRIPT_AUTHOR = re.compile(r"(?:author|Author|byline)(?:_?[nN]ame)?s?[\"']\s*:\s*\[?\s*[\"']([^\"'{}<>\[\]]{4,60})[\"']")
MOST_KEYS = 40


def author_candidates(view: View) -> Candidates[list[str]]:
    found: Candidates[list[str]] = Candidates()
    structured, blocks, tree = view.structured, view.blocks, view.tree

    def add(text: str | list[str], source: str, rank: int, *traits: str) -> None:
        if isinstance(text, str):
            if not text or len(text) > 400 or text.startswith(("http://", "https://")):
                return
            names = names_in(text)
        else:
            names = list(dict.fromkeys(name for one in text if not one.startswith("http") for name in names_in(one)))
        if names:
            found.add(key_of(names), names, source, rank, *traits)
            if len(names) > 1 and isinstance(text, str) and rank > 0:
                found.add(key_of(names[:1]), names[:1], source + " first", rank, *traits)

    for node in structured.articles[:4]:
        for key, source in (("author", "jsonld"), ("creator", "jsonld creator"), ("editor", "jsonld editor")):
            value = node.get(key)
            if value:
                add(people_in(value, structured.nodes), source, 0, *kinds_in(value, structured.nodes))
                if isinstance(value, list) and len(value) > 1:
                    add(people_in(value[:1], structured.nodes), source + " first", 1)
    if not structured.articles:
        for node in structured.nodes[:30]:
            if types_of(node) & {"person"}:
                add(text_in(node.get("name")), "jsonld person", 2)
            elif node.get("author"):
                add(people_in(node["author"], structured.nodes), "jsonld other", 2)
    for name, source in METAS:
        values = structured.meta.get(name, [])
        if values:
            add(values[0], source, 3)
            if len(values) > 1:
                add(values, source + " all", 3)
    for number in ("1", "2"):
        label = structured.first(f"twitter:label{number}").lower()
        if re.search(r"written|author|verfasst|von|by|écrit|escrito|autor|geschrieben", label):
            add(structured.first(f"twitter:data{number}"), "twitter data", 2)
    body_at, body_ends = view.body_begins, view.body_ends
    title_at = view.title_block
    texts = blocks.texts

    def where(at: int) -> str:
        if at >= body_ends:
            return bucket("behind end", at - body_ends, 1, 3, 6, 20)
        return bucket("before body", body_at - at, -30, -6, -2, 0, 1, 3, 6, 15)

    def spot(at: int) -> str:
        """Where on the page, in one word."""
        if at >= body_ends:
            return "tail" if at < body_ends + 4 else "far"
        if at > body_at + 2:
            return "last" if at >= body_ends - 2 else "in"
        return "lead" if at >= body_at else "head" if at >= body_at - 6 or at > title_at >= 0 else "above"

    places: dict[int, tuple[str, str]] = {}

    def say(text: str | list[str], source: str, rank: int, at: int, *traits: str) -> None:
        place = places.get(at)
        if place is None:
            place = places[at] = spot(at), where(at)
        add(text, source, rank, f"{source} @{place[0]}", place[1], *traits)

    looked = 0
    together: list[tuple[int, list[str]]] = []
    for place, marks in blocks.marked:
        if not marks & BYLINE or looked >= MOST_MARKED:
            continue
        size = tree.ends[place] - place
        if size > 60:
            continue
        attributes = tree.attributes(place)
        text = tree.text(place)
        if not 1 < len(text) < LONGEST:
            if not text and (content := attributes.get("content")):
                add(content, "itemprop content", 2)
            continue
        looked += 1
        at = blocks.block_before.get(place, 0)
        traits: list[str] = []
        inherited = view.inherited_at(place)
        if inherited & COMMENT:
            traits.append("in comments")
        if inherited & RELATED:
            traits.append("in related")
        if looked <= 2:
            traits.append(f"marked {looked}")
        if marks & PROP:
            source = "rel author" if "rel" in attributes else "itemprop"
        else:
            name = (attributes.get("class") or attributes.get("id") or "").lower()
            source = "class author" if "author" in name or "autor" in name else "class byline" if "byline" in name else "class other"
            if source == "class author" and PERSONAL.search(name):
                traits.append("author name")
            if BOX.search(name):
                traits.append("author box")
        if tree.tags[place] == LINK:
            traits.append("is link")
        spaced = view.spaced_text(place) if size > 2 else text
        said = names_said(spaced)
        if said and said[0][1] == "by line":
            traits.append("by")
        say(spaced, source, 2, at, *traits)
        for part, how in said:
            if how != "by line":
                say(part, f"{source} {'part' if how.startswith('part') else how}", 2, at, *traits)
        if body_at - 12 <= at <= body_at + 3 and (one := names_in(spaced)) and all(like_person(name) for name in one):
            together.append((at, one))
        links = [at for at in range(place + 1, tree.ends[place]) if tree.tags[at] == LINK]
        if 0 < len(links) <= 4:
            say([tree.text(link) for link in links], source + " link", 2, at, *traits)
    everybody = list(dict.fromkeys(name for _, names in together for name in names))
    if 1 < len(everybody) < 7 and together[-1][0] - together[0][0] < 8:
        say(everybody, "bylines together", 3, together[0][0])
    linked: list[str] = []
    for place in author_links(view):
        at = blocks.block_before.get(place, view.blocks_before(place))
        say(tree.text(place), "author link", 2, at)
        linked += [name for name in names_in(tree.text(place)) if like_person(name) and body_at - 12 <= at <= body_at + 3]
    if len(set(linked)) > 1:
        add(list(dict.fromkeys(linked)), "author links together", 3)
    low, high = max(0, min(body_at, title_at if title_at >= 0 else body_at) - HEAD), min(len(texts), body_at + 5)
    for number in [*range(low, high), *range(max(high, body_ends - 2), min(body_ends + TAIL, len(texts)))]:
        text = texts[number]
        traits = []
        if number == title_at + 1:
            traits.append("under title")
        if number + 1 < len(texts) and DATED.search(texts[number + 1][:40]):
            traits.append("over a date")
        if number and DATED.search(texts[number - 1][-40:]):
            traits.append("under a date")
        said = names_said(text)
        for part, how in said:
            if how in ("by line", "by editor") and not names_in(part):
                if number + 1 < len(texts) and len(texts[number + 1]) < 80:
                    say(texts[number + 1], "by then line", 2, number, *traits)
            elif not how.startswith("part") or all(map(like_person, names_in(part))):
                say(part, how, 2 if how.startswith(("by", "han a")) else 3, number, *traits)
        if len(text) < 60 and not said and (body_at - 10 <= number <= body_at + 3 or number >= body_ends - 1):
            if number + 1 < len(texts) and texts[number + 1].startswith(text[:20]) and len(texts[number + 1]) > len(text) + 20:
                traits.append("bio follows")
            if traits or all(map(like_person, names_in(text))):
                say(text, "short line", 4, number, *traits)
    if not any(source.startswith(("jsonld", "meta")) for group in found for source in group.sources):
        for name in islice(script_names(view.text), 3):
            add(unescape(name), "script", 5)
    compare(found, view)
    return found


def script_names(text: str) -> Iterator[str]:
    """What the scripts of a page call its author."""
    for key in SCRIPT_KEYS:
        at = -1
        for _ in range(MOST_KEYS):
            at = text.find(key, at + 1)
            if at < 0:
                break
            if match := SCRIPT_AUTHOR.match(text, at):
                yield match.group(1)


def people_in(value: Any, nodes: list[dict[str, Any]]) -> list[str]:
    """Names in a JSON-LD author: strings, objects, lists of them, references into the graph."""
    names: list[str] = []
    for one in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(one, dict) and not one.get("name") and isinstance(one.get("@id"), str):
            one = next((node for node in nodes if node.get("@id") == one["@id"] and node.get("name")), one)
            if not one.get("name"):
                continue
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list):
            names += [text_in(part) for part in name[:5]]
        elif name:
            names.append(text_in(name))
    return [name for name in names if name]


def kinds_in(value: Any, nodes: list[dict[str, Any]]) -> list[str]:
    one = value[0] if isinstance(value, list) and value else value
    if isinstance(one, dict):
        kinds = types_of(one)
        return (
            ["a person"]
            if "person" in kinds
            else ["an organisation"]
            if "organization" in kinds or "newsmediaorganization" in kinds
            else []
        )
    return ["a string"]


AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es)?|profile|people|contributors?|writers?|staff|by|reporters?|journalist\w*|auteurs?|redakcja|redaktion|team)/[^/?#]{3,}",
    re.I,
)


def author_links(view: View) -> list[int]:
    """Places of the links that lead to an author's page, around the body's beginning and end."""
    found: list[int] = []
    tree = view.tree
    for place in view.links_around_body:
        # as the parser writes a link, its address is found in it too
        if AUTHOR_PATH.search(tree.items[place]) and AUTHOR_PATH.search(tree.attributes(place).get("href") or ""):
            found.append(place)
            if len(found) >= 6:
                break
    return found
