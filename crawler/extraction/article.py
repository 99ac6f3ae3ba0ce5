"""Pages become an Article: each field from the recipe's selectors, else from the page, else from what the listing said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from crawler.article import Article, DateFrom, Image, Moment
from crawler.errors import ExtractionError
from crawler.extraction.addresses import believed_canonical, canonical_of
from crawler.extraction.body import body_of_blocks, body_of_elements, simple_blocks
from crawler.extraction.clean import clean_html, text_of
from crawler.extraction.fields import simple
from crawler.extraction.selected import body_elements, body_html, chosen_by, removed_places
from crawler.extraction.times import read_time
from crawler.extraction.view import View, view_of
from crawler.extraction.writer import FORBIDDEN
from crawler.page import Page
from crawler.recipes.model import ArticleRules, Recipe

NO_RULES = ArticleRules()
URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_.]?(1[0-2]|0?[1-9])[-/_.]?(3[01]|[12]\d|0?[1-9])(?!\d)")
IMAGE = re.compile(r'<img src="([^"]*)"((?: [a-z]+="[^"]*")*)')
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


def article_of(pages: Sequence[Page], recipe: Recipe | None) -> Article:
    """The article that these pages are the parts of."""
    if not pages:
        raise ExtractionError("", "no page was given")
    rules = recipe.article if recipe is not None else NO_RULES
    zone = recipe.zone if recipe is not None else ""
    selecting = rules is not NO_RULES and rules != NO_RULES
    views = [view_of(page, zone, keep_places=selecting) for page in pages]
    view = views[0]
    page = view.page
    if not view.tree.tags or not (view.blocks.texts or page.hints.body):
        raise ExtractionError(page.url, "the page is empty")
    provenance: dict[str, Any] = {}
    body = "\n".join(part for one in views if (part := body_from(one, rules, provenance)))
    title, authors = title_from(view, rules, provenance), authors_from(view, rules, provenance)
    published, date_from = published_from(view, rules, provenance)
    if not body and not title:
        raise ExtractionError(page.url, "the page holds no title and no text")
    canonical = canonical_of(view.parser, page.url)
    url, refused = believed_canonical(canonical, page.url)
    if refused:
        provenance["canonical"] = refused
    updated = updated_from(view, rules, published)
    images = images_in(body)
    return Article(
        url=url,
        title=title,
        authors=tuple(authors),
        published=published,
        date_from=date_from,
        updated=updated,
        language=(recipe.language if recipe is not None and recipe.language else view.language) or page.hints.language,
        description=description_from(view, rules, provenance),
        body=body,
        image=image_from(view, rules, images, provenance),
        images=images,
        tags=tuple(tags_from(view, rules, provenance)),
        provenance=provenance,
    )


def plain(text: str) -> str:
    return " ".join(FORBIDDEN.sub("", text).split())


def title_from(view: View, rules: ArticleRules, provenance: dict[str, Any]) -> str:
    found, selector = chosen_by(rules.title, view)
    if found:
        provenance["title"] = selector
        return plain(found[0])
    value, source = simple.title(view)
    if not value and view.page.hints.title:
        value, source = view.page.hints.title, "listing"
    if value:
        provenance["title"] = source
    return plain(value)


def authors_from(view: View, rules: ArticleRules, provenance: dict[str, Any]) -> list[str]:
    found, selector = chosen_by(rules.authors, view)
    if found:
        provenance["authors"] = selector
        return list(dict.fromkeys(plain(name) for name in found))
    names, source = simple.authors(view)
    if not names and view.page.hints.authors:
        names, source = list(view.page.hints.authors), "listing"
    if names:
        provenance["authors"] = source
    return [plain(name) for name in names]


def published_from(view: View, rules: ArticleRules, provenance: dict[str, Any]) -> tuple[Moment | None, DateFrom | str]:
    hints = view.page.hints
    for selector in rules.published:
        found, written = chosen_by([selector], view)
        for value in found:
            if written == "url":
                if moment := day_in_url(value, view):
                    provenance["published"] = "url"
                    return moment, "url"
            elif moment := read_time(value, view.zone, view.now, language=view.language, month_first=view.month_first):
                provenance["published"] = (
                    written if view.zone_known or moment.at.tzinfo is not view.zone else {"from": written, "zone": "unknown"}
                )
                return moment, "page"
    moment, source = simple.published(view)
    if moment:
        provenance["published"] = source
        return moment, "page"
    if moment := day_in_url(view.page.url, view):
        provenance["published"] = "url"
        return moment, "url"
    if hints.published:
        provenance["published"] = "listing"
        return hints.published, "listing"
    return None, ""


def day_in_url(url: str, view: View) -> Moment | None:
    match = URL_DAY.search(url)
    return read_time("-".join(match.groups()), view.zone, view.now) if match else None


def updated_from(view: View, rules: ArticleRules, published: Moment | None) -> Moment | None:
    found, _ = chosen_by(rules.updated, view)
    moment = (
        next((at for value in found if (at := read_time(value, view.zone, view.now, language=view.language))), None)
        if found
        else simple.updated(view)
    )
    moment = moment or view.page.hints.updated
    return moment if moment and published and moment.at > published.at else None


def description_from(view: View, rules: ArticleRules, provenance: dict[str, Any]) -> str:
    found, selector = chosen_by(rules.description, view)
    for value, source in ((found[0] if found else "", selector), (view.structured.first("og:description", "description", "twitter:description", "dc.description"), "meta"), (view.page.hints.summary, "listing")):  # fmt: skip
        if value and plain(value):
            provenance["description"] = source
            return plain(value)
    return ""


def tags_from(view: View, rules: ArticleRules, provenance: dict[str, Any]) -> list[str]:
    found, selector = chosen_by(rules.tags, view)
    source = selector
    if not found:
        found, source = view.structured.meta.get("article:tag", []), "meta"
    if not found:
        found, source = list(view.page.hints.tags), "listing"
    names = [name for value in found for part in re.split(r"[,，;；、|]", value) if (name := plain(part))]
    if names:
        provenance["tags"] = source
    return list(dict.fromkeys(names))[:30]


def body_from(view: View, rules: ArticleRules, provenance: dict[str, Any]) -> str:
    places, selector = body_elements(rules.body, view)
    removed = removed_places(rules.remove, view)
    if places:
        provenance["body"] = selector
        return body_of_elements(view, places, removed)
    raw, selector = body_html(rules.body, view)
    if raw:
        provenance["body"] = selector
        return clean_html(raw, view.links.base)
    body = body_of_blocks(view, simple_blocks(view))
    if view.page.hints.body and len(text_of(hinted := clean_html(view.page.hints.body, view.page.url))) > len(text_of(body)):
        provenance["body"] = "listing"
        return hinted
    provenance["body"] = {"from": "model"}
    return body


def image_from(view: View, rules: ArticleRules, images: Sequence[Image], provenance: dict[str, Any]) -> Image | None:
    found, selector = chosen_by(rules.image, view)
    for value, source in (
        (found[0] if found else "", selector),
        (simple.image(view)),
        (images[0].url if images else "", "body"),
        (view.page.hints.image, "listing"),
    ):
        if value and (address := view.links.picture(value)):
            provenance["image"] = source
            return next((one for one in images if one.url == address), Image(address))
    return None


def images_in(body: str) -> tuple[Image, ...]:
    """The pictures of a clean body, in its order, each once."""
    from html import unescape

    found: dict[str, Image] = {}
    for src, rest in IMAGE.findall(body):
        given = dict(ATTRIBUTE.findall(rest))
        url = unescape(src)
        found.setdefault(
            url,
            Image(
                url,
                int(given["width"]) if "width" in given else None,
                int(given["height"]) if "height" in given else None,
                unescape(given.get("alt", "")),
            ),
        )
    return tuple(found.values())
