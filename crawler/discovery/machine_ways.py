"""The ways in that a site makes for machines: its feeds, its sitemaps, the JSON that its pages load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.discovery.candidates import feed_candidates, interface_candidates, sitemap_candidates, well_known_feeds
from crawler.discovery.front import read_list
from crawler.discovery.ways import WayIn, feed_of, json_ways, sitemap_of
from crawler.errors import BroadsheetError
from crawler.page import Page
from crawler.urls import address_key

if TYPE_CHECKING:
    from crawler.discovery.discover import Look

CHILDREN = 2
"""Sitemaps of an index that are asked for."""
INTERFACES = 2
FEW_ARTICLES = 8
KEEP_AFTER_FEEDS, KEEP_AFTER_SITEMAPS, KEEP_AFTER_INTERFACES = 20, 16, 8
"""Requests that must be left for what comes after."""


async def for_feeds(look: Look) -> None:
    """The feeds that the page names; without one that works those at well-known paths."""
    for link in feed_candidates(look.front.site):
        await try_feed(look, link.url, link.title, follow=True)
    if not any(way.kind == "feed" and way.works for way in look.ways):
        for link in well_known_feeds(look.url):
            if await try_feed(look, link.url, ""):
                break


async def try_feed(look: Look, url: str, title: str, *, follow: bool = False) -> bool:
    """Asks an address that may be a feed's. `follow`: an HTML page about feeds is looked through for them."""
    if any(address_key(way.url) == address_key(url) for way in look.ways):
        return False
    page = await look.desk.page(url, keep=KEEP_AFTER_FEEDS)
    if not isinstance(page, Page):
        return False
    way = feed_of(page, look.url)
    if isinstance(way, WayIn):
        way.title = title
        if not any(other.keys == way.keys for other in look.ways if other.kind == "feed"):
            look.ways.append(way)
        return way.works
    if follow:
        for link in feeds_on(page)[:2]:
            await try_feed(look, link, "")
    return False


async def for_sitemaps(look: Look) -> None:
    """The sitemaps that robots.txt names, else those at well-known paths; of an index the most promising children."""
    for url in sitemap_candidates(look.desk.ask.robots_text(look.url), look.url):
        children = await try_sitemap(look, url)
        for child in children[:CHILDREN]:
            await try_sitemap(look, child)
        if any(way.kind == "news sitemap" and way.works for way in look.ways):
            break
        if any(way.kind == "sitemap" and way.works for way in look.ways) and "news" not in url:
            break


async def try_sitemap(look: Look, url: str) -> list[str]:
    """Asks for a sitemap; gives those that it names, if it is an index."""
    if any(address_key(way.url) == address_key(url) for way in look.ways):
        return []
    page = await look.desk.page(url, keep=KEEP_AFTER_SITEMAPS)
    found = sitemap_of(page, look.url, look.matches) if isinstance(page, Page) else None
    if not isinstance(found, tuple):
        return []
    way, children = found
    if not children:
        look.ways.append(way)
    return children


async def for_interfaces(look: Look) -> None:
    """JSON that the page loads, where neither a feed nor a sitemap dates the articles, or the page shows few."""
    dated = any(way.works and way.dates == "yes" for way in look.ways)
    if dated and len(look.front.articles) >= FEW_ARTICLES:
        return
    for url in interface_candidates(look.front.soup, look.front.site)[:INTERFACES]:
        page = await look.desk.page(url, keep=KEEP_AFTER_INTERFACES)
        if isinstance(page, Page):
            look.ways += json_ways(page, look.url, look.matches)[:1]


def feeds_on(page: Page) -> list[str]:
    """Addresses on an HTML page that look like feeds'."""
    try:
        return [link.url for link in feed_candidates(read_list(page).site) if address_key(link.url) != address_key(page.url)]
    except BroadsheetError:
        return []
