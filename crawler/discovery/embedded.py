"""JSON that a page holds or loads becomes links: lists of things that have an address and a headline, with the paths that lead to them."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from crawler.discovery.anchors import Anchor, anchors_of, as_list, soup_of, split_name, word_count
from crawler.extraction.embedded import ASSIGNED, LARGEST, json_behind, json_of
from crawler.urls import address_key, join, same_site

MOST_NODES = 200_000
"""Values of one document that are looked at."""
FEWEST = 3
"""Items that make a list."""
MANY = 2
"""JSON is asked for links where it has so many times more headlines than the page's own links."""
HEADLINE = 4
"""Words of a link from which on it may be a headline."""
LINK_KEYS = (
    "url", "link", "href", "permalink", "canonicalUrl", "canonical_url", "canonicalURL", "webUrl", "web_url", "website_url", "articleUrl", "article_url", "shareUrl", "share_url", "fullUrl",
    "pageUrl", "page_url", "pc_url", "docurl", "newsurl", "uri", "path", "URL",
)  # fmt: skip
TITLE_KEYS = (
    "headline", "title", "headLine", "Title", "headlines.basic", "headline.default", "headline.main", "headline.text", "title.rendered", "title.text", "shortTitle", "short_title", "teaserTitle", "name",
    "label", "text",
)  # fmt: skip
TIME_KEYS = (
    "published", "publishedAt", "published_at", "publishDate", "publish_date", "publishTime", "publish_time", "datePublished", "date_published", "firstPublished", "first_published_at", "pubDate", "pub_date",
    "pubtime", "ptime", "display_date", "displayDate", "date", "ctime", "created_at", "createdAt", "time", "timestamp",
)  # fmt: skip
TEXT_KEYS = ("description", "abstract", "summary", "excerpt.rendered", "excerpt", "teaser", "digest", "subheadline", "dek", "intro")
BODY_KEYS = ("content.rendered", "content_html", "body_html", "content", "body")
PLAIN_KEY = re.compile(r"^[^\s.\[\]\"']+$")
ADDRESS = re.compile(r"^(?:https?:)?//\S{4,}$|^/[^\s/]\S*$")


@dataclass(slots=True)
class Item:
    """One thing in JSON that has an address."""

    url: str
    title: str = ""
    time: Any = None
    text: str = ""
    body: str = ""


@dataclass(slots=True)
class Items:
    """Things in one list, or in lists that lie in the same place of several things, and the recipe's words for where they are."""

    place: str
    """Where an HTML page has the document: `script#__NEXT_DATA__`; empty: the answer itself."""
    path: str
    """To the items: `data.list`, `items[].assets[]`."""
    keys: dict[str, str] = field(default_factory=dict)
    """Paths within an item: link, title, published, description, body."""
    found: list[Item] = field(default_factory=list)


def anchors_in(text: str, url: str) -> list[Anchor]:
    """A page's links in its order; those that lie in its JSON after them, where its list is there rather than in its links."""
    soup = soup_of(text)
    return with_embedded(anchors_of(soup, url), embedded_lists(soup, url))


def with_embedded(anchors: list[Anchor], lists: list[Items]) -> list[Anchor]:
    """The links, and those of the page's JSON where most of its headlines are there."""
    shown = {address_key(anchor.url) for anchor in anchors if word_count(anchor.text) >= HEADLINE}
    held = {address_key(item.url) for one in lists for item in one.found if word_count(item.title) >= HEADLINE}
    return [*anchors, *anchors_of_items(lists, len(anchors))] if len(held) > MANY * len(shown) else anchors


def embedded_lists(soup: BeautifulSoup, url: str) -> list[Items]:
    """The lists in the JSON that a page holds, in its order."""
    found = []
    for place, document in documents_in(soup):
        found += lists_in(document, url, place)
    return found


def documents_in(soup: BeautifulSoup) -> Iterator[tuple[str, Any]]:
    """The page's JSON documents with where they are, as a recipe's `in:` says it."""
    for script in soup.find_all("script"):
        content = script.string or ""
        if not isinstance(script, Tag) or len(content) < 100 or "ld+json" in str(script.get("type") or ""):
            continue
        if content.lstrip()[:1] in "{[":
            yield selector_of(script), json_of(content)
            continue
        for match in ASSIGNED.finditer(content[:LARGEST]):
            name = match.group().rstrip("JSON.parse(").rstrip("= ").strip()
            yield rf"regex:{re.escape(name)}\s*=\s*", json_behind(content, match.end())


def selector_of(script: Tag) -> str:
    """A CSS selector for a script that is JSON."""
    if script.get("id") and re.match(r"^[A-Za-z_][\w-]*$", str(script["id"])):
        return f"script#{script['id']}"
    names = [name for name in as_list(script.get("class")) if re.match(r"^[A-Za-z_][\w-]*$", name)]
    if names:
        return "script." + ".".join(names)
    return f'script[type="{script.get("type")}"]' if script.get("type") else "script"


def lists_in(document: Any, url: str, place: str = "") -> list[Items]:
    """The lists of a document whose things have addresses on the site, in its order."""
    found: dict[tuple[str, str], Items] = {}
    for path, node in nodes_of(document):
        key = next((key for key in LINK_KEYS if isinstance(node.get(key), str) and ADDRESS.match(node[key])), "")
        address = join(url, node[key]) if key else ""
        if not address or not same_site(address, url):
            continue
        items = found.setdefault((path, key), Items(place, path, {"link": key}))
        item = Item(address)
        for name, keys in (("title", TITLE_KEYS), ("published", TIME_KEYS), ("description", TEXT_KEYS), ("body", BODY_KEYS)):
            known = items.keys.get(name)
            where = known if known and value_at(node, known) else next((one for one in keys if told(value_at(node, one), name)), "")
            if where:
                items.keys.setdefault(name, where)
                value = value_at(node, where)
                if name == "published":
                    item.time = value
                else:
                    setattr(item, {"description": "text"}.get(name, name), " ".join(str(value).split()))
        items.found.append(item)
    return [one for one in found.values() if len({address_key(item.url) for item in one.found}) >= FEWEST]


def told(value: Any, name: str) -> bool:
    """Whether a value is what the field wants: a text, and for a time also a number."""
    if isinstance(value, str):
        return bool(value.strip())
    return name == "published" and isinstance(value, (int, float)) and not isinstance(value, bool) and value > 10**8


def value_at(node: Any, path: str) -> Any:
    for key in path.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return node


def nodes_of(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """All objects of a document in its order, each with the path that leads to those like it: `[]` stands for each of a list."""
    waiting: list[tuple[str, Any]] = [("", document)]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        path, node = waiting.pop()
        if isinstance(node, dict):
            yield path or ".", node
            waiting += [(joined(path, key), value) for key, value in reversed(node.items()) if isinstance(value, (dict, list))]
        elif isinstance(node, list):
            waiting += [(f"{path}[]", value) for value in reversed(node) if isinstance(value, (dict, list))]


def joined(path: str, key: str) -> str:
    if PLAIN_KEY.match(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def anchors_of_items(lists: list[Items], order: int) -> list[Anchor]:
    """Links for what JSON lists: the keys of its path are what surrounds it, its title is a headline."""
    found: list[Anchor] = []
    for one in lists:
        names = frozenset(word for key in re.findall(r"[\w$-]+", one.path) for word in split_name(key))
        words = sum(word_count(item.title) for item in one.found) / len(one.found)
        size = len({address_key(item.url) for item in one.found})
        for item in one.found:
            found.append(
                Anchor(
                    item.url,
                    item.title,
                    order + len(found),
                    in_heading=bool(item.title),
                    names=names,
                    track=f"{one.place} {one.path}",
                    group=size,
                    group_words=words,
                    first_in_group=True,
                    entry_time=item.time is not None,
                    entry_text=int(word_count(item.text)),
                    embedded=True,
                )
            )
    return found
