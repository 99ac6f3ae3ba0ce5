"""The ways into a site: feeds, sitemaps, JSON and list pages, each read as a crawl would read it, and measured."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal

from crawler.article import Moment
from crawler.charset import decode
from crawler.discovery.embedded import Items, lists_in
from crawler.discovery.kinds import other_kind
from crawler.discovery.shapes import shape_of
from crawler.errors import BroadsheetError
from crawler.extraction.embedded import json_of
from crawler.extraction.times import read_time
from crawler.filters import Pattern
from crawler.listings import read_listing
from crawler.outcome import Link, Way
from crawler.page import Hints, Page
from crawler.recipes import Recipe, Section
from crawler.urls import address_key, path_and_query, same_site
from crawler.zones import zone_named

Kind = Literal["feed", "news sitemap", "sitemap", "front page", "json"]
FEWEST = 3
"""Articles that make a list."""
FULL_TEXT = 600
"""Characters from which on a feed's text is no summary, as the extractor takes it."""
HALF, NEARLY_ALL = 0.5, 0.9
CHILDREN = re.compile(r"news|post|article|artikel|stor(?:y|ies)|content", re.IGNORECASE)
NO_ARTICLES = re.compile(
    r"categor|tags?\b|topic|author|image|video|page[-_]?sitemap|pages\b|product|archive|local|misc|taxonom|user|forum|gallery",
    re.IGNORECASE,
)


@dataclass
class WayIn:
    """One way into a site."""

    kind: Kind
    url: str
    links: list[Link] = field(default_factory=list)
    """Of articles, in the way's own order."""
    title: str = ""
    problem: str = ""
    """Why it can't be taken; empty: it can."""
    proved: int = 0
    """How many of its articles were fetched and read …"""
    failed: int = 0
    """… and how many of those that were asked for were not."""
    chosen: bool = False
    beside: bool = False
    """Read beside the chosen one, for what that lacks."""
    cost: int = 1
    """Requests that a run sends for it."""
    items: Items | None = None
    """Where the articles lie in JSON."""

    @property
    def works(self) -> bool:
        return not self.problem and bool(self.links)

    @cached_property
    def keys(self) -> set[str]:
        """Of its links (`crawler.urls.address_key`); they stay as they were first read."""
        return {address_key(link.url) for link in self.links}

    @property
    def dates(self) -> Literal["yes", "in the URL", "no"]:
        """Whether it dates its articles."""
        if share(link.hints.published is not None for link in self.links) >= HALF:
            return "yes"
        return "in the URL" if share(shape_of(link.url).has_day for link in self.links) >= HALF else "no"

    @property
    def full_text(self) -> bool:
        return share(len(link.hints.body) >= FULL_TEXT for link in self.links) >= HALF

    def newest(self, now: datetime) -> Moment | None:
        """When its newest article was published, as far as it says so itself."""
        latest = now + timedelta(days=1)
        found = [moment for link in self.links if (moment := link.hints.published) and moment.at <= latest]
        if not found:
            days = [day for link in self.links if (day := shape_of(link.url).day)]
            found = [moment for day in days if (moment := Moment(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")).at <= latest]
        if not found and self.kind == "sitemap":
            found = [moment for link in self.links if (moment := link.hints.updated) and moment.at <= latest]
        return max(found, key=lambda moment: moment.at, default=None)


def share(values: Iterable[bool]) -> float:
    given = list(values)
    return sum(given) / len(given) if given else 0.0


def reader_of(site: str) -> Recipe:
    """A recipe that does nothing but say which site it is: what the listings' readers want."""
    return Recipe(url=site)


def read_as(way: Way, page: Page, site: str) -> tuple[list[Link], tuple[str, ...]]:
    """A feed's or sitemap's links, and further pages, as a crawl would read them. Raises ListingError."""
    section = Section.model_validate({"id": "way", way: page.url})
    listing = read_listing(page, reader_of(site), section, way)
    return list(listing.links), listing.further


def feed_of(page: Page, site: str) -> WayIn | BroadsheetError:
    """A feed with its articles; the reason where a page is none, or leads to no articles."""
    try:
        links, _ = read_as("feed", page, site)
    except BroadsheetError as error:
        return error
    kept = only_articles(links, site)
    way = WayIn("feed", page.requested_url or page.url, kept)
    if links and not kept:
        way.problem = f"leads to {what_instead(links, site)}"
    elif not links:
        way.problem = "has no items"
    return way


def sitemap_of(page: Page, site: str, matches: Pattern | None) -> tuple[WayIn, list[str]] | BroadsheetError:
    """A sitemap's articles, or the sitemaps that an index names, those of articles first.

    `matches`: what the addresses of the site's articles look like, as far as it is known: a plain sitemap holds everything.
    """
    try:
        links, children = read_as("sitemap", page, site)
    except BroadsheetError as error:
        return error
    if children:
        return WayIn("sitemap", page.requested_url or page.url), in_order(children)
    news = share(bool(link.hints.title) for link in links) >= HALF
    kept = only_articles(links, site)
    if not news:
        kept = of_form(kept, matches)
    way = WayIn("news sitemap" if news else "sitemap", page.requested_url or page.url, kept)
    if not kept:
        way.problem = "lists no articles" if links else "is empty"
    return way, []


def json_ways(page: Page, site: str, matches: Pattern | None) -> list[WayIn]:
    """The lists of articles in an answer that is JSON, the longest first."""
    document = json_of(decode(page.body, page.headers.get("content-type", ""))[0])
    return sorted(
        (way for items in lists_in(document, site) if (way := json_way(items, page.requested_url or page.url, site, matches)) is not None),
        key=lambda way: -len(way.links),
    )


def json_way(items: Items, url: str, site: str, matches: Pattern | None) -> WayIn | None:
    """A list in JSON as a way in; None where it lists something else."""
    zone = zone_named("")
    links: dict[str, Link] = {}
    for item in items.found:
        if other_kind(shape_of(item.url), shape_of(site).host) or not (
            matches.search(path_and_query(item.url)) if matches else looks_like_article(item.url)
        ):
            continue
        text = str(item.time) if item.time is not None else ""
        published = read_time(text, zone, datetime.now(UTC)) if text and not text.isdigit() else None
        links.setdefault(
            address_key(item.url), Link(item.url, Hints(title=item.title, published=published, summary=item.text, body=item.body))
        )
    if len(links) < FEWEST or not any(item.title for item in items.found):
        return None
    return WayIn("json", url, list(links.values()), items=items)


def of_form(links: Sequence[Link], matches: Pattern | None) -> list[Link]:
    """Those of a plain sitemap that are articles: of the form known; where nearly all in a folder are, all of it."""
    known = [link for link in links if (matches.search(path_and_query(link.url)) if matches else looks_like_article(link.url))]
    every, right = Counter(map(folder_of, links)), Counter(map(folder_of, known))
    whole = {folder for folder, count in right.items() if folder.count("/") > 1 and count >= NEARLY_ALL * every[folder]}
    keys = {link.url for link in known}
    return [link for link in links if link.url in keys or folder_of(link) in whole]


def folder_of(link: Link) -> str:
    """An address's path without its last step."""
    return path_and_query(link.url).partition("?")[0].rstrip("/").rpartition("/")[0] + "/"


def in_order(children: Sequence[str]) -> list[str]:
    """The sitemaps of an index that may hold articles: news first, then by what their names say; of numbered ones the last first."""
    kept = [
        url for url in children if not NO_ARTICLES.search(path_and_query(url)) or CHILDREN.search(path_and_query(url).rpartition("/")[2])
    ]
    return sorted(
        kept, key=lambda url: ("news" not in url.lower(), not CHILDREN.search(url), [-int(one) for one in re.findall(r"\d+", url)[:3]], url)
    )


def only_articles(links: Sequence[Link], site: str) -> list[Link]:
    """Without what is certainly something else: videos, galleries, tags …"""
    home = shape_of(site).host
    return [
        link for link in links if not other_kind(shape_of(link.url), home) or (not same_site(link.url, site) and shape_of(link.url).steps)
    ]


def what_instead(links: Sequence[Link], site: str) -> str:
    home = shape_of(site).host
    kinds = sorted({kind for link in links[:50] if (kind := other_kind(shape_of(link.url), home))})
    return f"no articles ({', '.join(kinds)})" if kinds else "no articles"


def looks_like_article(url: str) -> bool:
    shape = shape_of(url)
    return shape.has_day or shape.has_id or shape.slug_words >= 4


def without_bodies(link: Link) -> Link:
    """A link without the full text that a feed gave: for what is kept in memory for many."""
    return replace(link, hints=replace(link.hints, body="")) if link.hints.body else link
