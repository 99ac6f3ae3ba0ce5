"""What a site says of itself on its front page: its name, language and picture, and where its feeds and interfaces are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from crawler.discovery.anchors import Anchor, as_list, base_of
from crawler.extraction.language import tidy_tag
from crawler.listings.text import plain
from crawler.urls import join, registrable

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
COMMENTS = re.compile(r"comment|kommentar|commentaire|评论|評論", re.IGNORECASE)
FEED_LINK = re.compile(r"\b(?:rss|atom|feeds?|xml)\b", re.IGNORECASE)
FEED_ADDRESS = re.compile(
    r"(?:[/.](?:rss|atom|rdf|feed)(?:\d|\.xml|\.php|/)?(?:[?/].*)?$)|(?:rss|atom|feed)[^/]*\.xml|feed\.json$|[?&]feed=", re.IGNORECASE
)
NAME_CUT = re.compile(r"(?<=[\u3400-\u9fff])[-—_](?=[\u3400-\u9fff])|\s+[|\-–—·•»:]+\s+|\s*[|_–—»]\s*|:\s+")
SLOGAN = re.compile(
    r"\b(?:home(?:page)?|startseite|official site|latest news|breaking news|news and|nachrichten|aktuell|首页|主页)\b", re.IGNORECASE
)
LONGEST_NAME = 40
WORDPRESS = "https://api.w.org/"
REGION = re.compile(r"^([a-z]{2,3})[-_]([A-Za-z]{2})$")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address that may be a feed's."""

    url: str
    title: str = ""
    found: str = "link tag"
    """Where: `link tag`, `link`, `well-known path`."""


@dataclass(slots=True)
class Site:
    """A site by its front page."""

    url: str
    """Of the front page, as it answered."""
    name: str = ""
    language: str = ""
    """BCP 47, as the page says."""
    region: str = ""
    """ISO 3166, capital letters; from the language tag or the locale."""
    icon: str = ""
    feeds: list[FeedLink] = field(default_factory=list)
    interface: str = ""
    """Of WordPress's JSON interface."""
    next_page: str = ""


def read_site(soup: BeautifulSoup, url: str, anchors: list[Anchor]) -> Site:
    """What a front page says of its site."""
    base = base_of(soup, url)
    language, region = language_in(soup)
    return Site(
        url,
        name=name_in(soup, url),
        language=language,
        region=region,
        icon=icon_in(soup, base),
        feeds=[*feed_tags(soup, base), *feed_anchors(anchors)],
        interface=next((join(base, str(tag["href"])) for tag in links_with(soup, WORDPRESS)), ""),
    )


def links_with(soup: BeautifulSoup, relation: str) -> Iterator[Tag]:
    """The link elements of this relation that have an address."""
    for tag in soup.find_all("link", href=True):
        if isinstance(tag, Tag) and relation in [one.lower() for one in as_list(tag.get("rel"))]:
            yield tag


def meta(soup: BeautifulSoup, *names: str) -> str:
    """The first of these meta elements that says something."""
    for name in names:
        for key in ("property", "name", "http-equiv"):
            tag = soup.find("meta", attrs={key: re.compile(rf"^{re.escape(name)}$", re.IGNORECASE)})
            if isinstance(tag, Tag) and str(tag.get("content") or "").strip():
                return plain(str(tag["content"]))
    return ""


def name_in(soup: BeautifulSoup, url: str) -> str:
    """The site's name: what it says for machines, else the shortest part of its title that looks like the host's name, else the first."""
    said = [meta(soup, "og:site_name"), *names_for_machines(soup), meta(soup, "application-name", "apple-mobile-web-app-title")]
    for name in said:
        if name and len(name) <= LONGEST_NAME and not name.startswith(("http", "www.", "@")):
            return name
    title = soup.find("title")
    parts = [part.strip() for part in NAME_CUT.split(plain(title.get_text())) if part.strip()] if isinstance(title, Tag) else []
    host = re.sub(r"\W", "", registrable(url.split("/")[2].partition(":")[0]).partition(".")[0]).lower()
    alike = [
        part
        for part in parts
        if len(part) <= LONGEST_NAME and (squeezed := re.sub(r"\W", "", part).lower()) and (squeezed in host or host in squeezed)
    ]
    plain_parts = [part for part in parts if len(part) <= LONGEST_NAME and not SLOGAN.search(part)]
    return min(alike, key=len, default="") or next(iter(plain_parts), "")


def names_for_machines(soup: BeautifulSoup) -> Iterator[str]:
    """The names of a WebSite or an organisation in JSON-LD."""
    for script in soup.find_all("script", type="application/ld+json")[:10]:
        try:
            said: Any = json.loads(script.string or "", strict=False)
        except (ValueError, RecursionError):
            continue
        nodes = said if isinstance(said, list) else said.get("@graph", [said]) if isinstance(said, dict) else []
        for node in nodes if isinstance(nodes, list) else []:
            if isinstance(node, dict) and any(kind in str(node.get("@type")) for kind in ("WebSite", "Organization", "NewsMedia")):
                yield plain(str(node.get("name") or ""))


def language_in(soup: BeautifulSoup) -> tuple[str, str]:
    """The page's language and region."""
    html = soup.find("html")
    said = [
        str(html.get("lang") or html.get("xml:lang") or "") if isinstance(html, Tag) else "",
        meta(soup, "content-language"),
        meta(soup, "og:locale"),
    ]
    tags = [tidy_tag(one.split(",")[0].strip().replace("_", "-")) for one in said if one]
    language = next((tag for tag in tags if tag), "")
    region = next((match.group(2).upper() for tag in tags if tag and (match := REGION.match(tag)) and tag[:2] == language[:2]), "")
    return language, region


def icon_in(soup: BeautifulSoup, base: str) -> str:
    """The largest picture that stands for the site: a touch icon before a favicon."""
    found: list[tuple[int, int, str]] = []
    for tag in soup.find_all("link", href=True):
        relations = [one.lower() for one in as_list(tag.get("rel"))]
        touch = any(one.startswith("apple-touch-icon") for one in relations)
        if touch or "icon" in relations:
            sizes = [int(size) for size in re.findall(r"(\d+)x\d+", str(tag.get("sizes") or ""))]
            address = join(base, str(tag["href"]))
            if address and not address.endswith(".svg"):
                found.append((touch, max(sizes, default=1), address))
    return max(found, key=lambda one: one[:2], default=(0, 0, ""))[2]


def feed_tags(soup: BeautifulSoup, base: str) -> Iterator[FeedLink]:
    """Feeds that the page names in its head (RSS autodiscovery), those of comments left out."""
    for tag in links_with(soup, "alternate"):
        kind = str(tag.get("type") or "").lower().split(";")[0].strip()
        title, address = plain(str(tag.get("title") or "")), join(base, str(tag["href"]))
        if kind in FEED_TYPES and address and not COMMENTS.search(title) and not COMMENTS.search(address):
            yield FeedLink(address, title)


def feed_anchors(anchors: list[Anchor]) -> Iterator[FeedLink]:
    """Links that look like a feed's, or like a page about feeds."""
    seen: set[str] = set()
    for anchor in anchors:
        named = FEED_LINK.search(anchor.text) is not None and len(anchor.text) <= 40
        if (FEED_ADDRESS.search(anchor.url) or named) and anchor.url not in seen and not COMMENTS.search(anchor.url):
            seen.add(anchor.url)
            yield FeedLink(anchor.url, anchor.text, "link")
