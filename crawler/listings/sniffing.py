"""What a listing's bytes are before anything parses them: HTML, a feed, a sitemap, or nothing that lists articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from crawler.binary import binary_kind
from crawler.charset import LIMIT, decode
from crawler.errors import ListingError
from crawler.page import Page

Form = Literal["html", "feed", "sitemap", "json", "text", "xml"]

ROOTS: dict[str, Form] = {
    "html": "html", "rss": "feed", "feed": "feed", "rdf": "feed", "channel": "feed", "urlset": "sitemap", "sitemapindex": "sitemap",
}  # fmt: skip
NAMES = {"html": "an HTML page", "feed": "a feed", "sitemap": "a sitemap", "json": "JSON", "text": "plain text", "xml": "some other XML"}

BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
ENTITY = re.compile(r"<!ENTITY\s+(%?)", re.IGNORECASE)
TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)
PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
PROLOG = 100_000
"""Characters of comments and document type that may stand before the root element."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A listing's text and what it is."""

    text: str
    """Without byte-order mark; of XML also without a document type."""
    form: Form
    root: str = ""
    """Local name of the root element, lower case."""


def sniff(page: Page) -> Sniffed:
    """Decodes a listing and tells its form. Raises ListingError for an empty or binary one, and XML that declares entities."""
    refuse_binary(page)
    text = text_in(page)
    if not text.strip():
        raise ListingError(page.url, "the page is empty")
    return sniff_text(page, text)


def text_in(page: Page) -> str:
    if len(page.body) > LIMIT:  # a large sitemap, uncompressed; the protocol wants UTF-8
        return page.body.decode("utf-8-sig", "replace")
    return decode(page.body, page.headers.get("content-type", ""), xml=looks_like_xml(page.body))[0].lstrip("\ufeff")


def looks_like_xml(body: bytes) -> bool:
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rss", b"<feed", b"<rdf:", b"<urlset", b"<sitemapindex"))


def refuse_binary(page: Page) -> None:
    if not page.body.strip():
        raise ListingError(page.url, "the page is empty")
    if kind := binary_kind(page.body):
        raise ListingError(page.url, f"is {kind}, not a list of articles")


def sniff_text(page: Page, text: str) -> Sniffed:
    stripped = text.lstrip()
    if stripped[:1] in "{[":
        return Sniffed(text, "json")
    place = skip(text, 0)
    if DOCTYPE.match(text, place):
        end = end_of_doctype(text, place)
        doctype = text[place:end]
        if re.match(r"<!DOCTYPE\s+html", doctype, re.IGNORECASE):
            return Sniffed(text, "html", "html")
        refuse_entities(page, doctype)
        text = text[:place] + text[end:]
        place = skip(text, place)
    root = ROOT.match(text, place)
    if not root:
        return Sniffed(text, "html" if re.search(r"<(?:html|body|a|div)\b", text[:PROLOG], re.IGNORECASE) else "text")
    name = root.group(2).lower()
    form = ROOTS.get(name)
    if form is None:
        form = "xml" if text.lstrip().startswith("<?xml") and "<html" not in text[:PROLOG].lower() else "html"
    return Sniffed(text, form, name)


def skip(text: str, place: int) -> int:
    """Where white space, comments and processing instructions end."""
    while place < PROLOG and (match := BEFORE_ROOT.match(text, place)):
        place = match.end()
    return place


def end_of_doctype(text: str, place: int) -> int:
    """Behind the `>` that ends a document type, its quotes, comments and internal subset skipped."""
    depth, quote = 0, ""
    end = min(len(text), place + PROLOG)
    while place < end:
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif text.startswith("<!--", place):
            place = text.find("-->", place)
            if place < 0:
                return end
            place += 2
        elif letter in "[<":
            depth += 1
        elif letter in "]>":
            depth -= 1
            if depth == 0:
                return place + 1
        place += 1
    return end


def refuse_entities(page: Page, doctype: str) -> None:
    """Entities of one's own are how a few bytes become gigabytes, and how files are read (billion laughs, XXE).

    Parameter entities alone (RSS 1.0 names HTML's characters that way) are left out with the document type.
    """
    if any(not match.group(1) for match in ENTITY.finditer(doctype)):
        raise ListingError(page.url, "its document type declares entities; such XML is not read")


def other_form(page: Page, sniffed: Sniffed, expected: str) -> ListingError:
    """The error that says what stands where something else was expected, and what the recipe should say."""
    if sniffed.form == "html" and PASSWORD.search(sniffed.text):
        return ListingError(page.url, f"is a login page, not {expected}")
    title = TITLE.search(sniffed.text) if sniffed.form == "html" else None
    called = f" ({' '.join(title.group(1).split())!r})" if title and title.group(1).strip() else ""
    advice = {"feed": "; write it as feed:", "sitemap": "; write it as sitemap:", "html": "; a list page is written as list:"}
    return ListingError(page.url, f"is {NAMES[sniffed.form]}{called}, not {expected}{advice.get(sniffed.form, '')}")
