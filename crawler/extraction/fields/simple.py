"""Title, authors, date and picture by an order of sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Moment
from crawler.extraction.structured import text_in, texts_in
from crawler.extraction.times import read_time

if TYPE_CHECKING:
    from crawler.extraction.view import View


def title(view: View) -> tuple[str, str]:
    tree = view.tree
    h1 = [tree.text(place) for place in view.blocks.headings if tree.tags[place] == 84 or True]
    og = view.structured.first("og:title", "twitter:title")
    ld = [text_in(node.get("headline")) for node in view.structured.articles]
    for text in h1:
        if text and (text == og or text in ld or text in view.head.title):
            return text, "heading"
    for value, name in ((ld[0] if ld else "", "jsonld"), (og, "og"), (re.split(r"\s[|–—-]\s|_", view.head.title)[0], "title")):
        if value:
            return value, name
    return (h1[0], "heading") if h1 else ("", "")


def authors(view: View) -> tuple[list[str], str]:
    for node in view.structured.articles:
        if names := [name for name in texts_in(node.get("author")) if not name.startswith("http")]:
            return names, "jsonld"
    name = view.structured.first("author", "dc.creator", "parsely-author", "sailthru.author")
    if name and "@" not in name and not name.startswith("http"):
        return [name], "meta"
    return [], ""


def published(view: View) -> tuple[Moment | None, str]:
    for node in view.structured.articles:
        if moment := read_time(text_in(node.get("datePublished")), view.zone, view.now):
            return moment, "jsonld"
    value = view.structured.first("article:published_time", "datepublished", "pubdate", "dc.date", "dc.date.issued", "date")
    if value and (moment := read_time(value, view.zone, view.now)):
        return moment, "meta"
    for place in view.blocks.times:
        if moment := read_time(view.tree.attributes(place).get("datetime") or view.tree.text(place), view.zone, view.now):
            return moment, "time"
    for text in view.blocks.texts:
        if len(text) < 80 and (moment := read_time(text, view.zone, view.now, language=view.language)):
            return moment, "text"
    return None, ""


def updated(view: View) -> Moment | None:
    for node in view.structured.articles:
        if moment := read_time(text_in(node.get("dateModified")), view.zone, view.now):
            return moment
    value = view.structured.first("article:modified_time", "og:updated_time", "datemodified", "last-modified")
    return read_time(value, view.zone, view.now) if value else None


def image(view: View) -> tuple[str, str]:
    og = view.structured.first("og:image", "og:image:url", "twitter:image")
    return (og, "og") if og else ("", "")
