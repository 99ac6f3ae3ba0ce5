"""Where a site's feeds, sitemaps and interfaces may be: what its pages name, then the paths that most sites use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from crawler.discovery.site import FEED_ADDRESS, FeedLink, Site
from crawler.urls import address_key, join, same_site

WELL_KNOWN_FEEDS = ("feed/", "rss.xml", "feed.xml", "rss", "atom.xml", "index.xml", "feed.json")
WELL_KNOWN_SITEMAPS = ("sitemap.xml", "news-sitemap.xml", "sitemap_index.xml", "sitemap-news.xml")
MOST_TAGS, MOST_LINKS = 4, 3
SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
POSTS = "wp/v2/posts?per_page=50"
"""WordPress's posts, the newest first, with their texts."""
ENDPOINT = re.compile(r"""["'`]((?:https?:)?/{1,2}[\w./-]*(?:/api/|/ajax/|/json/|\.json\b|/graphql-get/)[\w./?=&%,:-]*)["'`]""")
NO_LIST = re.compile(
    r"manifest|package|config|locale|i18n|translation|analytics|consent|oembed|weather|/v\d+/users|search\b|schema|\bads?\b", re.IGNORECASE
)
LIST_NAMES = re.compile(r"news|article|artikel|stor(?:y|ies)|post|list|feed|latest|headline|roll|index|home|front", re.IGNORECASE)


def root_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def feed_candidates(site: Site) -> list[FeedLink]:
    """What the page says are its feeds, and links that look like feeds; each once."""
    chosen: dict[str, FeedLink] = {}
    for found, most in (("link tag", MOST_TAGS), ("link", MOST_LINKS)):
        some = [link for link in site.feeds if link.found == found]
        if found == "link":
            some.sort(key=lambda link: not FEED_ADDRESS.search(link.url))
        for link in some[:most]:
            chosen.setdefault(address_key(link.url), link)
    return list(chosen.values())


def well_known_feeds(url: str) -> Iterator[FeedLink]:
    """The paths that most sites use, below the given page's folder first where it is no root."""
    for path in WELL_KNOWN_FEEDS:
        yield FeedLink(join(root_of(url), path), "", "well-known path")


def sitemap_candidates(robots: str, url: str) -> list[str]:
    """The sitemaps that robots.txt names, those of news first; without any the paths that most sites use."""
    named = dict.fromkeys(join(url, line) for line in SITEMAP_LINE.findall(robots))
    found = sorted((one for one in named if one), key=lambda one: ("news" not in one.lower(), one))
    return found or [join(root_of(url), path) for path in WELL_KNOWN_SITEMAPS]


def interface_candidates(soup: BeautifulSoup, site: Site) -> list[str]:
    """Addresses of JSON that lists articles, as far as the page shows which it loads: WordPress's own, then those in its scripts."""
    found = [join(site.interface, POSTS)] if site.interface else []
    seen: dict[str, None] = {}
    for script in soup.find_all(["script", "link"]):
        if not isinstance(script, Tag):
            continue
        if script.name == "link":
            if "preload" in str(script.get("rel") or "") and script.get("as") == "fetch" and script.get("href"):
                seen[join(site.url, str(script["href"]))] = None
            continue
        for address in ENDPOINT.findall((script.string or "")[:500_000]):
            seen[join(site.url, address.replace("\\/", "/"))] = None
    for tag in soup.find_all(True, attrs={"data-url": True})[:20] + soup.find_all(True, attrs={"data-api": True})[:20]:
        value = str(tag.get("data-url") or tag.get("data-api"))
        if "json" in value or "/api" in value:
            seen[join(site.url, value)] = None
    kept = [one for one in seen if one and same_site(one, site.url) and not NO_LIST.search(one)]
    return found + sorted(kept, key=lambda one: not LIST_NAMES.search(one))
