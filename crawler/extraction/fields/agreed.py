"""Fields that need no search: where what the page says for machines agrees with itself or with what it shows, that is taken at once."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Moment
from crawler.extraction.fields.author import people_in
from crawler.extraction.fields.author_traits import key_text, site_names
from crawler.extraction.fields.candidates import Choice
from crawler.extraction.fields.date import day_in_url
from crawler.extraction.fields.image import BAD, path_of, picture_sources
from crawler.extraction.fields.names import key_of as name_key
from crawler.extraction.fields.names import like_person, names_in
from crawler.extraction.fields.title import key_of as title_key
from crawler.extraction.structured import text_in
from crawler.extraction.tags import NUMBER
from crawler.extraction.times import read_time

if TYPE_CHECKING:
    from crawler.extraction.view import View

H1 = NUMBER["h1"]
IS_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif)$", re.I)


def agreed_title(view: View) -> Choice[str] | None:
    """The first h1, where the title element begins with it and nothing that the page says for machines differs."""
    blocks, tree = view.blocks, view.tree
    place = next((place for place in blocks.headings if tree.tags[place] == H1), -1)
    if place < 0 or blocks.block_before[place] > view.body_begins + 1:
        return None
    text = tree.text(place)
    key = title_key(text)
    if len(key) < 8 or not title_key(view.head.title).startswith(key):
        return None
    headline = text_in(view.structured.articles[0].get("headline")) if view.structured.articles else ""
    told = [(source, text) for source, text in (("og", view.structured.first("og:title")), ("jsonld", headline)) if text]
    if told and all(title_key(other) == key for _, other in told):
        return Choice(text, 1.0, "+".join(["h1", *(source for source, _ in told)]))
    return None


def agreed_image(view: View) -> Choice[str] | None:
    """The picture that the page names for sharing, where the page shows that very file near the article's beginning."""
    shared = view.structured.first("og:image")
    if not shared:
        return None
    address = view.links.picture(shared)
    name = path_of(address).rpartition("/")[2]
    if len(name) < 8 or not IS_PICTURE.search(name) or BAD.search(name):
        return None
    blocks, tree = view.blocks, view.tree
    for place in blocks.pictures:
        at = blocks.block_before.get(place, 0)
        if at > view.body_begins + 3:
            break
        if name in tree.items[place] and any(
            path_of(one) == path_of(address) for one in picture_sources(tree.attributes(place), place, view)
        ):
            return Choice(address, 1.0, "og+shown")
    return None


def agreed_authors(view: View) -> Choice[list[str]] | None:
    """People that JSON-LD and a meta element both name."""
    if not view.structured.articles:
        return None
    sites = site_names(view)
    names = [name for text in people_in(view.structured.articles[0].get("author"), view.structured.nodes) for name in names_in(text)]
    if not names or len(names) > 6 or not all(like_person(name) and key_text(name) not in sites for name in names):
        return None
    if any(
        name_key(names_in(value)) == name_key(names)
        for value in (view.structured.first("author"), view.structured.first("article:author", "parsely-author"))
        if value
    ):
        return Choice(names, 1.0, "jsonld+meta author")
    return None


def agreed_date(view: View) -> Choice[Moment] | None:
    """The day that two of JSON-LD, a meta element, the address and the first time element give, where none tells of a change on another day."""
    structured = view.structured
    article = structured.articles[0] if structured.articles else {}
    said: list[tuple[str, Moment]] = []
    for source, text in (
        ("jsonld", text_in(article.get("datePublished"))),
        ("meta article", structured.first("article:published_time", "datepublished", "parsely-pub-date")),
    ):
        if text and (moment := read_time(text, view.zone, view.now)):
            said.append((source, moment))
    if not said:
        return None
    changed = (text_in(article.get("dateModified")), structured.first("article:modified_time", "og:updated_time"))
    if any(text and (moment := read_time(text, view.zone, view.now)) and moment.at.date() != said[0][1].at.date() for text in changed):
        return None
    if len(said) == 1 and (moment := day_in_url(view.page.url, view)):
        said.append(("url", moment))
    if len(said) == 1 and view.blocks.times:
        text = view.tree.attributes(view.blocks.times[0]).get("datetime") or ""
        if moment := read_time(text, view.zone, view.now):
            said.append(("time", moment))
    if len(said) < 2 or said[0][1].at.date() != said[1][1].at.date():
        return None
    best = said[0][1] if said[0][1].precision != "day" else said[1][1]
    return Choice(best, 1.0, "+".join(source for source, _ in said))
