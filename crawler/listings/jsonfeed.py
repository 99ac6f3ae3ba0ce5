"""A JSON Feed (jsonfeed.org, 1.0 and 1.1) becomes links with all that its items say of their articles."""

from __future__ import annotations

import json
from typing import Any

from crawler.article import Moment
from crawler.bounds import bounded
from crawler.errors import ListingError
from crawler.extraction.language import tidy_tag
from crawler.extraction.times import read_time
from crawler.listings.items import LONGEST_BODY, LONGEST_SUMMARY, LONGEST_TITLE
from crawler.listings.links import MOST, Links
from crawler.listings.text import FORBIDDEN, plain, text_of
from crawler.outcome import Listing
from crawler.page import Hints, Page
from crawler.recipes.model import Recipe, Section
from crawler.urls import join
from crawler.zones import zone_named


def read_json_feed(page: Page, text: str, recipe: Recipe, section: Section) -> Listing:
    """The links of a JSON Feed's items. Raises ListingError for other JSON."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise ListingError(page.url, "is broken JSON, not a feed") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version")):
        raise ListingError(page.url, "is JSON, but no JSON Feed (jsonfeed.org), nor RSS or Atom")
    links = Links(page, recipe, section, base=page.url, any_site=True)
    for item in items[:MOST]:
        if isinstance(item, dict) and (href := address_in(item)):
            links.add(href, hints_of(item, feed, page, recipe))
    if items and not links.found:
        why = links.why_none() or "its items have none"
        raise ListingError(page.url, f"no link to an article: {why}")
    return Listing(links.all())


def address_in(item: dict[str, Any]) -> str:
    """An item's own address, else the one elsewhere that it is about, else an id that is one."""
    values = (item.get("url"), item.get("external_url"), item.get("id"))
    return next((value for value in values if isinstance(value, str) and value.startswith(("http://", "https://", "/"))), "")


def hints_of(item: dict[str, Any], feed: dict[str, Any], page: Page, recipe: Recipe) -> Hints:
    published = moment(item.get("date_published"), page, recipe)
    updated = moment(item.get("date_modified"), page, recipe)
    language = text_of(item.get("language")) or text_of(feed.get("language"))
    people = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author") or []
    names = [text_of(one.get("name")) for one in (people if isinstance(people, list) else [people]) if isinstance(one, dict)]
    tags = item.get("tags")
    body = item.get("content_html")
    pictures = [one for one in (item.get("image"), item.get("banner_image")) if isinstance(one, str)]
    return Hints(
        title=plain(text_of(item.get("title")))[:LONGEST_TITLE],
        published=published or updated,
        updated=updated if published and updated and updated.at > published.at else None,
        authors=tuple(dict.fromkeys(name for name in names if name)),
        summary=plain(text_of(item.get("summary")))[:LONGEST_SUMMARY],
        body=bounded(FORBIDDEN.sub("", body)) if isinstance(body, str) and len(body) <= LONGEST_BODY else "",
        image=join(page.url, pictures[0]) if pictures else "",
        tags=tuple(dict.fromkeys(text_of(tag) for tag in (tags if isinstance(tags, list) else []) if text_of(tag))),
        language=tidy_tag(language),
    )


def moment(value: Any, page: Page, recipe: Recipe) -> Moment | None:
    return read_time(value, zone_named(recipe.zone), page.fetched_at) if isinstance(value, str) else None
