"""The title: every heading, meta element, JSON-LD headline and part of the title element is a candidate; where they agree lies the truth."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from crawler.extraction.blocks import HEADING_LEVEL
from crawler.extraction.classes import COMMENT, FOOT, NAVIGATION, RELATED, TITLE
from crawler.extraction.document import LINK
from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.structured import text_in
from crawler.extraction.tags import TEXT
from crawler.urls import registrable

if TYPE_CHECKING:
    from crawler.extraction.view import View

SEPARATOR = re.compile(r"\s+[|\-–—―·»«:•~/<>›→¦]+\s+|\s*[|_»«‖丨ㅣ｜▷►]+\s*|\s+::?\s+|--+|\s*—\s*|:\s+")
LONGEST = 300
MARKED = 12
"""Elements with a title's class that are looked at."""
HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
WORD = re.compile(r"\w+")
NOT_WORD = re.compile(r"[\W_]+")
ELLIPSIS = ("...", "…")


def key_of(text: str) -> str:
    """What two spellings of a title share: letters and digits, case folded."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return NOT_WORD.sub("", text.casefold())


def title_candidates(view: View) -> Candidates[str]:
    found: Candidates[str] = Candidates()
    structured, blocks, tree = view.structured, view.blocks, view.tree

    def add(text: str, source: str, rank: int, *traits: str) -> str:
        text = " ".join(text.split())
        key = key_of(text) if 0 < len(text) <= LONGEST else ""
        if key:
            found.add(key, text, source, rank, *traits)
        return key

    whole = add(view.head.title, "title", 8)
    parts = [part for part in SEPARATOR.split(view.head.title[:LONGEST]) if part.strip()] if view.head.title else []
    if len(parts) > 1:
        add(parts[0], "title first", 7)
        add(max(parts, key=len), "title longest", 7)
        if len(parts) > 2:
            add(parts[1], "title second", 7)
        ends = [match.start() for match in SEPARATOR.finditer(view.head.title)]
        add(view.head.title[: ends[-1]], "title without last", 7)
        if len(ends) > 1:
            add(view.head.title[: ends[-2]], "title without two", 7)
        add(SEPARATOR.split(view.head.title, maxsplit=1)[1], "title without first", 7)
        add(parts[-1], "title last", 7)
    for name, source, rank in (("og:title", "og", 3), ("twitter:title", "twitter", 4), ("dc.title", "dc", 5), ("title", "meta", 5), ("parsely-title", "parsely", 3), ("sailthru.title", "sailthru", 3), ("headline", "meta headline", 3)):  # fmt: skip
        for value in structured.meta.get(name, ())[:1]:
            add(value, source, rank)
            if name in ("og:title", "twitter:title") and len(split := SEPARATOR.split(value)) > 1:
                add(value[: [match.start() for match in SEPARATOR.finditer(value)][-1]], source + " without last", rank + 1)
                add(split[0], source + " first", rank + 1)
    for node in structured.articles[:3]:
        add(text_in(node.get("headline")), "jsonld", 2)
        add(text_in(node.get("name")), "jsonld name", 4)
    for node in structured.pages[:1]:
        add(text_in(node.get("name")), "jsonld page", 5)

    body_at = view.body_begins
    h1_seen = h2_seen = 0
    levels = [HEADING_LEVEL[tree.tags[place]] for place in blocks.headings[:40]]
    above = [at for place in blocks.headings[:40] if (at := blocks.block_before.get(place, 0)) < body_at + 1 and tree.text(place)]
    nearest = max(above, default=-1)
    for place in blocks.headings[:40]:
        level = HEADING_LEVEL[tree.tags[place]]
        at = blocks.block_before.get(place, 0)
        text = tree.text(place)
        if not text:
            continue
        traits = [bucket("before", body_at - at, -12, -2, 0, 1, 4, 10, 30)]
        if at == nearest:
            traits.append("next above the body")
        if level == 1:
            h1_seen += 1
            if levels.count(1) == 1:
                traits.append("one h1")
            traits.append("h1 first" if h1_seen == 1 else "h1 later")
        elif level == 2:
            h2_seen += 1
            traits.append("h2 first" if h2_seen == 1 else "h2 later")
        traits += around(view, place)
        add(text, f"h{level}", 0 if level == 1 else 1, *traits)
        if tree.ends[place] - place > 3 and level <= 2:
            texts = [child for child in children_texts(view, place) if child]
            if len(texts) > 1 and not texts[-1].startswith((":", ",", ".", "–", "-")) and not texts[0].endswith((":", ",", "-")):
                add(texts[-1], f"h{level} last child", 1, *traits)
            if len(texts) > 1:
                add(texts[0], f"h{level} first child", 1, *traits)
                add(" ".join(texts[1:]), f"h{level} without first", 1, *traits)
                add(" ".join(texts), f"h{level} joined", 0, *traits)
    marked = 0
    for place, marks in blocks.marked:
        if (
            marks & TITLE
            and not marks & (COMMENT | RELATED | NAVIGATION)
            and tree.tags[place] not in HEADING_LEVEL
            and tree.ends[place] - place < 12
        ):
            text = tree.text(place)
            if 4 < len(text) <= LONGEST:
                marked += 1
                at = blocks.block_before.get(place, 0)
                add(text, "class", 2, bucket("before", body_at - at, -12, -2, 0, 1, 4, 10, 30), *around(view, place))
                if marked >= MARKED:
                    break
    # old pages: the line before the text that the title element repeats
    if whole:
        for number in range(max(0, body_at - 12), min(body_at + 3, len(blocks.texts))):
            text = blocks.texts[number]
            if 4 < len(text) < 160:
                key = key_of(text)
                if key and key in whole:
                    add(text, "line", 3, bucket("before", body_at - number, -12, -2, 0, 1, 4, 10, 30))
    finish(found, view, whole)
    return found


def words_of(text: str) -> frozenset[str]:
    """The words of a title; of scripts without spaces pairs of letters."""
    text = text.casefold()
    if not text.isascii() and HAN.search(text):
        return frozenset(text[at : at + 2] for at in range(len(text) - 1))
    return frozenset(WORD.findall(text))


def around(view: View, place: int) -> list[str]:
    tree = view.tree
    above, seen = tree.parents[place], []
    for _ in range(4):
        if above < 0:
            break
        if tree.tags[above] == LINK:
            seen.append("in link")
        above = tree.parents[above]
    if tree.ends[place] > place + 1 and tree.tags[place + 1] == LINK:
        href = tree.attributes(place + 1).get("href") or ""
        seen.append("holds link" if len(href) > 1 and view.links.link(href).rstrip("/").count("/") > 2 else "links to root")
    inherited = view.inherited_at(place)
    if inherited & NAVIGATION:
        seen.append("in navigation")
    if inherited & RELATED:
        seen.append("in related")
    if inherited & FOOT:
        seen.append("in foot")
    if inherited & COMMENT:
        seen.append("in comments")
    return seen


def children_texts(view: View, place: int) -> list[str]:
    tree = view.tree
    texts: list[str] = []
    at = place + 1
    while at < tree.ends[place] and len(texts) < 6:
        texts.append(" ".join(str(tree.items[at]).split()) if tree.tags[at] == TEXT else tree.text(at))
        at = tree.ends[at]
    return [text for text in texts if text]


def finish(found: Candidates[str], view: View, whole: str) -> None:
    """What can only be told once all candidates are known."""
    site = key_of(view.structured.first("og:site_name", "application-name"))
    host = view.page.url.split("/")[2] if view.page.url.count("/") > 1 else ""
    label = key_of(registrable(host).split(".")[0]) if host else ""
    description = view.structured.first("og:description", "description")
    strong = [group.key for group in found if {"og", "jsonld", "h1"} & group.traits]
    told = [(source, words_of(group.value)) for group in found for source in ("og", "title", "jsonld") if source in group.traits]
    for group in found:
        traits, key = group.traits, str(group.key)
        sources = {source.split(" ")[0] for source in group.sources}
        traits.add(f"agree {min(len(sources), 5)}")
        metas = len(sources & {"og", "twitter", "jsonld", "parsely", "dc", "sailthru", "meta"})
        traits.add(f"metas {min(metas, 3)}")
        heading = "h1" if "h1" in traits else "heading" if traits & {"h2", "h3", "h4"} else "class" if "class" in traits else ""
        if heading:
            traits.add(f"{heading} & metas {min(metas, 2)}")
            if whole and key == whole:
                traits.add(f"{heading} & title")
            elif whole and key in whole:
                traits.add(f"{heading} in title")
            if whole and whole.startswith(key):
                traits.add(f"{heading} begins title")
            own = words_of(group.value)
            for source, words in told:
                if source not in traits:
                    shared = len(own & words) / max(len(own), 1)
                    traits.add(
                        f"{heading} shares with {source} "
                        + (
                            "all"
                            if shared > 0.99
                            else "most"
                            if shared >= 0.66
                            else "half"
                            if shared >= 0.45
                            else "some"
                            if shared > 0.2
                            else "none"
                        )
                    )
        if whole and key in whole and key != whole:
            traits.add("in title")
        if site and key == site:
            traits.add("is site")
        elif site and len(site) > 3 and (key.endswith(site) or key.startswith(site)):
            traits.add("with site")
        if label and key == label:
            traits.add("is host")
        elif len(label) > 4 and (key.endswith(label) or key.startswith(label)):
            traits.add("with host")
        traits.add(bucket("size", len(key), 4, 8, 16, 30, 60, 100, 160))
        if str(group.value).endswith(ELLIPSIS):
            traits.add("ellipsis")
        if any(other != key and key in str(other) for other in strong):
            traits.add("in a strong one")
        if any(other != key and str(other) in key for other in strong):
            traits.add("holds a strong one")
        if description and str(group.value)[:40] in description:
            traits.add("in description")
        if len(sources) == 1:
            traits.add("only " + group.sources[0])
