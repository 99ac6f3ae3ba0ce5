"""A feed (RSS, Atom, RDF; JSON Feed) becomes links with all that its items say of their articles."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

import feedparser

from crawler.errors import ListingError
from crawler.listings.items import hints_of
from crawler.listings.jsonfeed import read_json_feed
from crawler.listings.links import Links
from crawler.listings.sniffing import other_form, sniff
from crawler.listings.text import FORBIDDEN, text_of
from crawler.outcome import Listing
from crawler.page import Page
from crawler.recipes.model import Recipe, Section
from crawler.urls import join

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def read_feed(page: Page, recipe: Recipe, section: Section) -> Listing:
    """The links of a feed's items, in its order. Raises ListingError for what is no feed.

    A feed without items is read as such: a news feed may be empty at night.
    """
    sniffed = sniff(page)
    if sniffed.form == "json":
        return read_json_feed(page, sniffed.text, recipe, section)
    if sniffed.form != "feed":
        raise other_form(page, sniffed, "a feed")
    parsed = parse(sniffed.text, page.url)
    if not parsed.entries and parsed.get("bozo"):
        raise ListingError(page.url, f"is broken XML ({reason(parsed.bozo_exception)})")
    language = text_of(parsed.feed.get("language"))
    base = join(page.url, parsed.feed.get("link") or "") or page.url
    links = Links(page, recipe, section, base=base, any_site=True)
    for entry in parsed.entries:
        if href := address_in(entry):
            links.add(href, hints_of(entry, links.base, recipe, section, page, language))
    if parsed.entries and not links.found:
        why = f": of its {len(parsed.entries)} items' links {links.why_none()}" if links.refused else ": its items have none"
        raise ListingError(page.url, f"no link to an article{why}")
    return Listing(links.all())


def parse(text: str, url: str) -> Any:
    """feedparser over text that is Unicode already. It resolves relative addresses, for xml:base is known only here; the cleaner sanitises.

    Bytes in a file object: text alone could be taken for an address to fetch.
    """
    body = DECLARATION.sub("", FORBIDDEN.sub("", text), count=1).encode()
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    with warnings.catch_warnings():
        # of its own mapping of `updated` to `published`
        warnings.simplefilter("ignore")
        return feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)


def address_in(entry: Any) -> str:
    """Where an item leads: not through FeedBurner's counter, and by its guid where that is its permalink."""
    for value in (entry.get("feedburner_origlink"), entry.get("link")):
        if isinstance(value, str) and value.strip():
            return value.strip()
    # RSS 2.0: a guid is a permalink unless it says otherwise
    guid = entry.get("id") or ""
    return guid.strip() if entry.get("guidislink", True) and guid.startswith(("http://", "https://")) else ""


def reason(error: Any) -> str:
    """An XML parser's complaint in one line."""
    get_message, get_line = getattr(error, "getMessage", None), getattr(error, "getLineNumber", None)
    if get_message and get_line:
        return f"{get_message()}, line {get_line()}"
    return " ".join(str(error).split())[:200]
