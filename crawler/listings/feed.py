"""A feed (RSS, Atom, RDF; JSON Feed) becomes links with all that its items say of their articles."""

from __future__ import annotations

import io
import re
import warnings
from itertools import islice
from typing import Any

import feedparser

from crawler.errors import ListingError
from crawler.extraction.document import bearable
from crawler.filters import compile_pattern
from crawler.listings.items import hints_of
from crawler.listings.jsonfeed import read_json_feed
from crawler.listings.links import MOST, Links
from crawler.listings.sniffing import other_form, sniff
from crawler.listings.text import FORBIDDEN, text_of
from crawler.outcome import Listing
from crawler.page import Page
from crawler.recipes.model import Recipe, Section
from crawler.urls import join

MOST_ELEMENTS = 300_000
"""Of a feed: as many take the reader some seconds. Ten thousand items have a tenth."""
LONG_NAME = (
    r"(<(?:[\w-]+:)?(?:author|creator|contributor|managingeditor|webmaster|owner|publisher|name|email)(?:\s[^<>]*)?>(?:<!\[CDATA\[)?[^<]{1000})"
    r"[^<]+"
)
"""A person's name of more than a thousand letters; feedparser's pattern for mail addresses takes the square of its length."""
ITEM = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
ROOT = re.compile(r"<((?:[\w-]+:)?(?:rss|feed|rdf))[\s>]", re.IGNORECASE)
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
    parsed = parse(in_bounds(sniffed.text, page.url), page.url)
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


def in_bounds(text: str, url: str) -> str:
    """What of a feed its parser can bear: 50,000 items, no tag of thousands of attributes, no endless name.

    Raises ListingError for too many elements.
    """
    if text.count("<") > 2 * MOST_ELEMENTS:
        raise ListingError(url, f"holds more than {MOST_ELEMENTS:,} elements; a feed has some thousands")
    further = next(islice(ITEM.finditer(text), MOST, None), None)
    if further is not None:
        root = ROOT.search(text)
        head = text[: further.start()]
        channel = "</channel>" if "<channel" in head and "</channel>" not in head else ""
        text = f"{head}{channel}</{root.group(1)}>" if root else head
    return bearable(compile_pattern(LONG_NAME, case_sensitive=False).sub(r"\1", text))


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
