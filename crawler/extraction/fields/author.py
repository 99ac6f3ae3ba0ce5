"""Who wrote it: JSON-LD, meta elements, marked elements and the lines around the title that read like a byline."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.extraction.classes import BYLINE, COMMENT, PROP, RELATED
from crawler.extraction.document import LINK
from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.fields.names import key_of, like_person, names_in, shape_of
from crawler.extraction.structured import text_in, types_of
from crawler.urls import registrable

if TYPE_CHECKING:
    from crawler.extraction.view import View

METAS = (
    ("author", "meta author"), ("article:author", "meta article"), ("dc.creator", "meta dc"), ("dcterms.creator", "meta dc"), ("dc.contributor", "meta dc"), ("parsely-author", "meta parsely"), ("sailthru.author", "meta sailthru"),
    ("byl", "meta byl"), ("cxenseparse:author", "meta cxense"), ("article:author:name", "meta name"), ("og:article:author", "meta og"), ("citation_author", "meta citation"), ("creator", "meta creator"), ("article_author", "meta name"), ("authors", "meta name"),
    ("og:author", "meta og"), ("book:author", "meta og"), ("bt:author", "meta name"), ("rbauthors", "meta name"), ("vr:author", "meta name"), ("dcsext.author", "meta name"),
)  # fmt: skip
BY = re.compile(
    r"^\W{0,3}(?:(?:written|posted|published|story|reported|words|text|ein \w+|eine \w+|kommentar|interview|analyse)\s+)?(?:by|von|par|por|di|av|af|door|oleh|text|autor(?:in|en)?|author|auteur|autore|автор|συντάκτης|tekst|作者|记者|記者|文|撰文|责任编辑|编辑)(?:\s*[:：/|／]|\s|$)",
    re.I,
)
_HAN_NAMES = r"([\u4e00-\u9fff·]{2,4}(?:[\s、，,]{1,2}[\u4e00-\u9fff·]{2,4}){0,5})"
HAN_BYLINE = re.compile(
    rf"(?:作者|撰文|撰稿|责编|责任编辑|責任編輯|编辑)\s*[:：/／]\s*{_HAN_NAMES}|(?:记者|記者|通讯员|文)\s*[:：/／]?\s*{_HAN_NAMES}(?=\s|$|[)）\]】，,。]|发自|报道|報道|摄|文|[:：])"
    rf"|[(（]{_HAN_NAMES}\s*(?:报道|發自|发自)?[)）]\s*$"
)
POSTED_BY = re.compile(r"^(\S{2,20})\s*(?:发表于|發表於|发布于)|由\s*(\S{2,16})\s*(?:发表|发布|张贴)")
DATED = re.compile(r"(?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./]\d\d")
LONGEST = 160


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

    def where(at: int) -> list[str]:
        if at > body_ends:
            return [bucket("behind end", at - body_ends, 2, 6, 20)]
        return [bucket("before body", body_at - at, -30, -6, 0, 1, 3, 6, 15)]

    looked = 0
    together: list[tuple[int, list[str]]] = []
    for place, marks in blocks.marked:
        if not marks & BYLINE or looked >= 30:
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
        traits = where(at)
        inherited = view.inherited_at(place)
        if inherited & COMMENT:
            traits.append("in comments")
        if inherited & RELATED:
            traits.append("in related")
        if marks & PROP:
            source = "rel author" if "rel" in attributes else "itemprop"
        else:
            name = (attributes.get("class") or attributes.get("id") or "").lower()
            source = "class author" if "author" in name or "autor" in name else "class byline" if "byline" in name else "class other"
        if tree.tags[place] == LINK:
            traits.append("is link")
        if BY.match(text):
            traits.append("by")
        spaced = view.spaced_text(place) if size > 2 else text
        add(spaced, source, 2, *traits)
        if body_at - 12 <= at <= body_at + 3 and (one := names_in(spaced)) and all(like_person(name) for name in one):
            together.append((at, one))
        links = [at for at in range(place + 1, tree.ends[place]) if tree.tags[at] == LINK]
        if 0 < len(links) <= 4:
            add([tree.text(link) for link in links], source + " link", 2, *traits)
    everybody = list(dict.fromkeys(name for _, names in together for name in names))
    if 1 < len(everybody) < 7 and together[-1][0] - together[0][0] < 8:
        add(everybody, "bylines together", 3, *where(together[0][0]))
    linked: list[str] = []
    for place in author_links(view):
        at = blocks.block_before.get(place, view.blocks_before(place))
        add(tree.text(place), "author link", 2, *where(at))
        linked += [name for name in names_in(tree.text(place)) if like_person(name) and body_at - 12 <= at <= body_at + 3]
    if len(set(linked)) > 1:
        add(list(dict.fromkeys(linked)), "author links together", 3)
    title_at = view.title_block
    low, high = max(0, body_at - 16), min(len(blocks.texts), body_at + 4)
    for number in [*range(low, high), *range(max(high, body_ends - 2), min(body_ends + 6, len(blocks.texts)))]:
        text = blocks.texts[number]
        if len(text) > LONGEST * 2:
            if match := HAN_BYLINE.search(text[:120]) or HAN_BYLINE.search(text[-60:]):
                add(next(filter(None, match.groups())), "han byline in text", 3, *where(number))
            continue
        if match := POSTED_BY.search(text):
            add(next(filter(None, match.groups())), "posted by", 2, *where(number))
        elif match := HAN_BYLINE.search(text):
            add(next(filter(None, match.groups())), "han byline", 2, *where(number))
        elif len(text) <= LONGEST and (by := BY.match(text)):
            rest = text[by.end() :].strip()
            if rest:
                add(text, "by line", 2, *where(number))
            elif number + 1 < len(blocks.texts) and len(blocks.texts[number + 1]) < 80:
                add(blocks.texts[number + 1], "by then line", 2, *where(number))
        elif len(text) < 50 and body_at - 8 <= number <= body_at + 2:
            traits = where(number)
            if number == title_at + 1:
                traits.append("under title")
            if number + 1 < len(blocks.texts) and DATED.search(blocks.texts[number + 1]):
                traits.append("over a date")
            if number and DATED.search(blocks.texts[number - 1]):
                traits.append("under a date")
            add(text, "short line", 4, *traits)
    finish(found, view)
    return found


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
        href = tree.attributes(place).get("href") or ""
        if AUTHOR_PATH.search(href):
            found.append(place)
            if len(found) >= 6:
                break
    return found


def finish(found: Candidates[list[str]], view: View) -> None:
    site = set(re.findall(r"\w+", view.structured.first("og:site_name", "application-name").casefold()))
    host = view.page.url.split("/")[2] if view.page.url.count("/") > 1 else ""
    label = registrable(host).split(".")[0].replace("-", "") if host else ""
    publishers = {text_in(node.get("publisher")).casefold() for node in view.structured.articles[:2]}
    groups = list(found)
    for group in groups:
        traits = group.traits
        words = set(group.key) if isinstance(group.key, tuple) else set()
        structured = sum(source.startswith(("jsonld", "meta", "twitter")) for source in group.sources)
        shown = len(group.sources) - structured
        traits.add(f"structured {min(structured, 3)}")
        traits.add(f"shown {min(shown, 3)}")
        traits.add(f"both {int(structured > 0)}{int(shown > 0)}")
        traits.update(shape_of(group.value))
        joined = "".join(sorted(words))
        if (words and words <= site) or (label and "".join(group.value).lower().replace(" ", "") == label):
            traits.add("is site")
        elif words & site:
            traits.add("with site")
        if " ".join(group.value).casefold() in publishers:
            traits.add("is publisher")
        if "person" in traits:
            for source in group.sources:
                traits.add(source + " person")
        if any(words < set(other.key) for other in groups if isinstance(other.key, tuple)):
            traits.add("part of another")
        if any(set(other.key) < words for other in groups if isinstance(other.key, tuple)):
            traits.add("holds another")
        if len(group.sources) == 1:
            traits.add("only " + group.sources[0])
        del joined
