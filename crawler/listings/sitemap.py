"""A sitemap (urlset, news sitemap, index, plain text; gzip by its content) becomes links, or the sitemaps that it names."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from itertools import islice

from lxml import etree

from crawler.article import Moment
from crawler.bounds import TooLarge, gunzip
from crawler.errors import ListingError
from crawler.extraction.language import tidy_tag
from crawler.extraction.times import read_time
from crawler.listings.links import MOST, Links
from crawler.listings.sniffing import Sniffed, other_form, sniff
from crawler.listings.text import FORBIDDEN, plain
from crawler.outcome import Listing
from crawler.page import Hints, Page
from crawler.recipes.model import Recipe, Section
from crawler.urls import join
from crawler.zones import zone_named

LARGEST = 16 * 1024 * 1024
"""Bytes of a sitemap, uncompressed: what any answer may have. The protocol allows 50 MB; who makes such has a news sitemap too."""
GZIP = b"\x1f\x8b"
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
LONE_AMPERSAND = re.compile(r"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)")


def read_sitemap(page: Page, recipe: Recipe, section: Section) -> Listing:
    """The links of a sitemap, with the title, time, tags, language and picture that news and image sitemaps give; of an index its sitemaps.

    At most 50,000 addresses. Raises ListingError for what is no sitemap. One without addresses is read as such.
    """
    page = replace(page, body=unzipped(page))
    sniffed = sniff(page)
    links = Links(page, recipe, section, base=page.url)
    if sniffed.form == "text" and (lines := addresses_in(sniffed.text)):
        for line in lines:
            links.add(line)
        return listing_of(links, len(lines), page)
    if sniffed.form != "sitemap":
        raise other_form(page, sniffed, "a sitemap")
    if sniffed.root == "sitemapindex":
        return Listing((), children(page, sniffed))
    zone = zone_named(recipe.zone)
    count = 0
    for said in entries(page, sniffed, "url"):
        count += 1
        if loc := said.get("loc"):
            links.add(loc, hints_of(said, page, zone))
        if count >= MOST:
            break
    return listing_of(links, count, page)


def listing_of(links: Links, count: int, page: Page) -> Listing:
    if count and not links.found:
        raise ListingError(page.url, f"no link to an article: of its {count} addresses {links.why_none() or 'none can be read'}")
    return Listing(links.all())


def unzipped(page: Page) -> bytes:
    """The body, uncompressed where it is gzip: a `.gz` file is served with any content type."""
    if not page.body.startswith(GZIP):
        return page.body
    try:
        return gunzip(page.body, LARGEST)
    except TooLarge:
        raise ListingError(page.url, f"holds more than {LARGEST // 2**20} MiB when uncompressed; cut it into several") from None
    except EOFError:
        raise ListingError(page.url, "is a gzip file that is cut off") from None
    except zlib.error:
        raise ListingError(page.url, "is a broken gzip file") from None


def addresses_in(text: str) -> list[str]:
    """The lines of a plain-text sitemap; none where one of them is no address."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[:MOST] if all(line.startswith(("http://", "https://")) and " " not in line for line in lines) else []


def children(page: Page, sniffed: Sniffed) -> tuple[str, ...]:
    """The sitemaps that an index names, in its order, each once."""
    said = islice(entries(page, sniffed, "sitemap"), MOST)
    return tuple(url for url in dict.fromkeys(join(page.url, one.get("loc", "")) for one in said) if url)


def entries(page: Page, sniffed: Sniffed, name: str) -> Iterator[dict[str, str]]:
    """What each element of that name says, one after the other, each forgotten after use. Raises ListingError for broken XML.

    A lone `&` in an address is what sitemaps get wrong most; it is read as what is meant.
    """
    text = LONE_AMPERSAND.sub("&amp;", FORBIDDEN.sub("", DECLARATION.sub("", sniffed.text, count=1)))
    events = etree.iterparse(
        io.BytesIO(text.lstrip().encode()), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _, element in events:
            if local(element) == name:
                said: dict[str, str] = {}
                gather(element, "", said)
                yield said
                element.clear()
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ListingError(page.url, f"is broken XML ({error.msg})") from None


def gather(element: etree._Element, path: str, said: dict[str, str], depth: int = 3) -> None:
    """The texts below an element by their path, of each the first: `loc`, `news/title`, `news/publication/language`."""
    for child in element:
        name = path + local(child)
        if child.text and (text := " ".join(child.text.split())):
            said.setdefault(name, text)
        if depth > 1 and len(child):
            gather(child, f"{name}/", said, depth - 1)


def local(element: etree._Element) -> str:
    """An element's name without its namespace: makers of sitemaps get the namespace wrong."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def hints_of(said: dict[str, str], page: Page, zone: tzinfo) -> Hints:
    published = moment(said.get("news/publication_date", ""), page, zone)
    changed = moment(said.get("lastmod", ""), page, zone)
    keywords = said.get("news/keywords", "")
    return Hints(
        title=plain(said.get("news/title", "")),
        published=published,
        updated=changed if changed is not None and (published is None or changed.at > published.at) else None,
        image=join(page.url, said["image/loc"]) if "image/loc" in said else "",
        tags=tuple(dict.fromkeys(filter(None, re.split(r"\s*[,，;；]\s*", keywords)))) if keywords else (),
        language=tidy_tag(said.get("news/publication/language", "")),
    )


def moment(text: str, page: Page, zone: tzinfo) -> Moment | None:
    return read_time(text, zone, page.fetched_at) if text else None
