"""Pages become an Article: each field from the recipe's selectors, else from the page, else from what the listing said."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from crawler.article import Article, DateFrom, Image, Moment
from crawler.errors import ExtractionError, NotAnArticle
from crawler.extraction.addresses import believed_canonical, canonical_of
from crawler.extraction.body import body_of_blocks, body_of_elements, choose_blocks
from crawler.extraction.clean import clean_html, text_of
from crawler.extraction.fields.choice import choose_authors, choose_date, choose_image, choose_title
from crawler.extraction.fields.date import day_in_url
from crawler.extraction.fields.names import names_in
from crawler.extraction.fields.updated import updated_in
from crawler.extraction.lines import allowed
from crawler.extraction.models import Models, shipped
from crawler.extraction.parts import joined
from crawler.extraction.recognise import kind_of
from crawler.extraction.scripted import SHOWN, scripted_body
from crawler.extraction.selected import body_elements, body_html, chosen_by, language_in, removed_places, without
from crawler.extraction.times import read_time
from crawler.extraction.view import View, view_of
from crawler.filters import compile_pattern
from crawler.page import Page
from crawler.recipes.model import ArticleRules, Recipe
from crawler.urls import path_and_query

LEAST = 1_000
"""Bytes: a page that shows no text may hold it in a script."""
NO_RULES = ArticleRules()
NO_WEIGHTS: Mapping[str, float] = {}
UNSURE = 0.8
"""Below this expected F1 a feed's full text is believed before the page (pages below .9 scored .76 on average)."""
FULL_TEXT = 600
"""Characters: a feed's text that is longer is no summary."""
WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\W\u3040-\u30ff\u3400-\u9fff]+")
BETWEEN_WORDS = {code: " " for code in range(128) if not WORD.fullmatch(chr(code))}
IMAGE = re.compile(r'<img src="([^"]*)"((?: [a-z]+="[^"]*")*)')
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


def article_of(pages: Sequence[Page], recipe: Recipe | None, models: Models | None = None) -> Article:
    """The article that these pages are the parts of. `models`: the weights, in place of the shipped ones (in training)."""
    models = models or shipped()
    if not pages:
        raise ExtractionError("", "no page was given")
    rules = recipe.article if recipe is not None else NO_RULES
    zone = recipe.zone if recipe is not None else ""
    views = [view_of(page, zone, keep_places=bool(rules.body or rules.remove)) for page in pages]
    view = views[0]
    page = view.page
    if not view.tree.tags or not (view.blocks.texts or page.hints.body or len(page.body) > LEAST):
        raise ExtractionError(page.url, "the page is empty")
    provenance: dict[str, Any] = {}
    body = joined([body_from(one, rules, models, provenance) for one in views])
    title, authors = title_from(view, rules, models, provenance), authors_from(view, rules, models, provenance)
    published, date_from = published_from(view, rules, models, provenance)
    text = text_of(body)
    sure = provenance["body"].get("confidence", 0.0) if isinstance(provenance.get("body"), dict) else None
    if sure is not None and (
        kind := kind_of(view, word_count(text), title, sure, NO_WEIGHTS if is_known(page.url, rules) else models.lists)
    ):
        raise NotAnArticle(page.url, f"the page is no article: {kind}")
    if not any(map(str.isalnum, text)):
        body = ""
    if not body and not title:
        raise ExtractionError(page.url, "the page holds no title and no text")
    canonical = canonical_of(view.parser, page.url, view.head, view.structured)
    url, refused = believed_canonical(canonical, page.url)
    if refused:
        provenance["canonical"] = refused
    updated = updated_from(view, rules, published, provenance)
    images = images_in(body)
    return Article(
        url=url,
        title=title,
        authors=tuple(authors),
        published=published,
        date_from=date_from,
        updated=updated,
        language=language_from(view, recipe, provenance),
        description=description_from(view, rules, provenance),
        body=body,
        image=image_from(view, rules, models, images, provenance),
        images=images,
        tags=tuple(tags_from(view, rules, provenance)),
        provenance=provenance,
    )


def is_known(url: str, rules: ArticleRules) -> bool:
    """Whether the recipe says that such an address is an article's."""
    return bool(rules.url) and compile_pattern(rules.url).search(path_and_query(url)) is not None


def word_count(text: str) -> int:
    """Words; of scripts without spaces letters."""
    return len(text.translate(BETWEEN_WORDS).split()) if text.isascii() else len(WORD.findall(text))


def plain(text: str) -> str:
    return " ".join(allowed(text).split())


def title_from(view: View, rules: ArticleRules, models: Models, provenance: dict[str, Any]) -> str:
    found, selector = chosen_by(rules.title, view)
    if found:
        provenance["title"] = selector
        return plain(found[0])
    choice = choose_title(view, models.fields)
    value, source = choice.value or "", choice.sources
    if not value and view.page.hints.title:
        value, source = view.page.hints.title, "listing"
    if value:
        provenance["title"] = source
    return plain(value)


def authors_from(view: View, rules: ArticleRules, models: Models, provenance: dict[str, Any]) -> list[str]:
    found, selector = chosen_by(rules.authors, view)
    if found:
        provenance["authors"] = selector
        return list(dict.fromkeys(plain(name) for text in found for name in (names_in(text) or [text])))
    choice = choose_authors(view, models.fields)
    names, source = choice.value or [], choice.sources
    if not names and view.page.hints.authors:
        names, source = list(view.page.hints.authors), "listing"
    if names:
        provenance["authors"] = source
    return [plain(name) for name in names]


def published_from(
    view: View, rules: ArticleRules, models: Models, provenance: dict[str, Any]
) -> tuple[Moment | None, DateFrom | Literal[""]]:
    hints = view.page.hints
    for selector in rules.published:
        if selector.select == "auto":
            break
        found, written = chosen_by([selector], view)
        for value in found:
            if written == "url":
                if moment := day_in_url(value, view):
                    return said(moment, "url", view, provenance), "url"
            elif moment := read_time(value, view.zone, view.now, language=view.language, month_first=view.month_first):
                return said(moment, written, view, provenance), "page"
    choice = choose_date(view, models.fields)
    if choice.value is not None:
        only_url = choice.sources in ("url", "canonical url", "url+canonical url", "og url", "url+og url", "url+canonical url+og url")
        moment = choice.value
        if only_url and hints.published and hints.published.at.date() == moment.at.date():
            return said(hints.published, "listing", view, provenance), "listing"
        return said(moment, choice.sources, view, provenance), "url" if only_url else "page"
    if hints.published:
        return said(hints.published, "listing", view, provenance), "listing"
    return None, ""


def said(moment: Moment, source: str, view: View, provenance: dict[str, Any]) -> Moment:
    """Notes where the date came from, and that its zone is unknown where neither page nor recipe names one."""
    guessed = moment.at.tzinfo is view.zone and not view.zone_known
    provenance["published"] = {"from": source, "zone": "unknown"} if guessed else source
    return moment


def updated_from(view: View, rules: ArticleRules, published: Moment | None, provenance: dict[str, Any]) -> Moment | None:
    """When it was changed, where that is later than its publication."""
    found, selector = chosen_by(rules.updated, view)
    moment = (
        next((at for value in found if (at := read_time(value, view.zone, view.now, language=view.language))), None)
        if found
        else updated_in(view)
    )
    source = "listing" if moment is None else selector or "page"
    moment = moment or view.page.hints.updated
    if not moment or not published or moment.at <= published.at:
        return None
    provenance["updated"] = source
    return moment


def language_from(view: View, recipe: Recipe | None, provenance: dict[str, Any]) -> str:
    rules = recipe.article if recipe is not None else NO_RULES
    found, selector = language_in(rules.language, view)
    own = recipe.language if recipe is not None else ""
    for value, source in ((found, selector), (own, "recipe"), (view.language, "page"), (view.page.hints.language, "listing")):
        if value:
            provenance["language"] = source
            return value
    return ""


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


def body_from(view: View, rules: ArticleRules, models: Models, provenance: dict[str, Any]) -> str:
    places, selector = body_elements(rules.body, view)
    removed = removed_places(rules.remove, view)
    if places:
        provenance["body"] = selector
        return body_of_elements(view, places, removed)
    raw, selector = body_html(rules.body, view, rules.remove)
    if raw:
        provenance["body"] = selector
        return clean_html(raw, view.links.base)
    view.chosen, expected = choose_blocks(view, models.body)
    body = body_of_blocks(view, view.chosen, removed)
    if len(body) < 4 * SHOWN and len(text_of(body)) < SHOWN and (scripted := scripted_body(view)):
        provenance["body"] = "script"
        return scripted
    hinted = clean_html(without(view.page.hints.body, rules.remove), view.page.url) if view.page.hints.body else ""
    if hinted and (not body or len(text_of(hinted)) > len(text_of(body)) or (expected < UNSURE and len(text_of(hinted)) > FULL_TEXT)):
        provenance["body"] = "listing"
        return hinted
    provenance["body"] = {"from": "model", "confidence": round(expected, 2)}
    return body


def image_from(view: View, rules: ArticleRules, models: Models, images: Sequence[Image], provenance: dict[str, Any]) -> Image | None:
    found, selector = chosen_by(rules.image, view)
    if found:
        value, source = found[0], selector
    else:
        choice = choose_image(view, models.fields)
        value, source = choice.value or "", choice.sources
    for url, where in ((value, source), (images[0].url if images else "", "body"), (view.page.hints.image, "listing")):
        if url and (address := view.links.picture(url)):
            provenance["image"] = where
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
