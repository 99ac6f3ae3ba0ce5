"""The given address: a list page, or a feed or sitemap whose site has a front page; why not, where it is neither."""

from __future__ import annotations

from crawler.discovery.asking import Desk
from crawler.discovery.candidates import root_of
from crawler.discovery.front import ListRead, read_list
from crawler.discovery.ways import WayIn, feed_of, json_ways, sitemap_of
from crawler.errors import BroadsheetError, DiscoveryError
from crawler.extraction import redirect_in
from crawler.listings.sniffing import PASSWORD, sniff
from crawler.outcome import Failure
from crawler.page import Page
from crawler.urls import site_of

MOST_JUMPS = 3
FEW = 20
"""Links: a page with a password field that has fewer is a login."""


async def first_page(desk: Desk, url: str) -> tuple[ListRead, WayIn | None, list[str]]:
    """The site's list page, the way in that the address itself is (a feed, a sitemap), and what a person should know.

    Raises DiscoveryError that says what is wrong with the address and what helps.
    """
    page = await answered(desk, url)
    notes = [f"{url} leads to {page.url}"] if site_of(page.url) != site_of(url) else []
    try:
        is_html = sniff(page).form == "html"
    except BroadsheetError as error:
        if not error.problem.startswith("is a gzip"):
            raise DiscoveryError(url, f"{error.problem}; give the address of a site or of a page that lists articles") from None
        is_html = False
    if is_html:
        read = read_list(page)
        if PASSWORD.search(read.text) and len(read.shown) < FEW:
            raise DiscoveryError(url, "is a login page; give the address of a page that everyone may read")
        return read, None, notes
    way = way_of(page)
    if way is None:
        raise DiscoveryError(url, "is neither a web page nor a feed, a sitemap or JSON that lists articles")
    way.url = url
    home = home_of(page, way)
    try:
        read = read_list(await answered(desk, home))
    except BroadsheetError as error:
        notes.append(f"{home} can't be looked at: {error.problem}")
        read = ListRead(Page(b"", home, fetched_at=page.fetched_at), "<html></html>")
    return read, way, notes


async def answered(desk: Desk, url: str) -> Page:
    """The page at an address, sent on by its own text where it does that. Raises DiscoveryError."""
    for _ in range(MOST_JUMPS):
        page = await desk.page(url)
        if isinstance(page, Failure):
            raise DiscoveryError(url, f"{page.reason}{what_helps(page.reason)}")
        target = redirect_in(page)
        if not target:
            return page
        url = target
    raise DiscoveryError(url, f"each page sends its reader on to another, more than {MOST_JUMPS} times")


def what_helps(reason: str) -> str:
    if "name leads to no address" in reason:
        return "; is it spelled right?"
    if "private address" in reason or "local network" in reason:
        return "; with --private it is asked"
    if "robots.txt forbids" in reason:
        return "; `robots: no` in a recipe is for a site of one's own"
    if reason.startswith(("HTTP 404", "HTTP 410")):
        return "; try the site's front page"
    if reason.startswith(("HTTP 401", "HTTP 403", "HTTP 429")):
        return "; the site turns crawlers away here: ask its owner, or look for a feed of it"
    return "; try again later"


def way_of(page: Page) -> WayIn | None:
    """A feed, a sitemap, or JSON that lists articles; None for anything else."""
    feed = feed_of(page, page.url)
    if isinstance(feed, WayIn):
        return feed
    sitemap = sitemap_of(page, page.url, None)
    if isinstance(sitemap, tuple) and not sitemap[1]:
        return sitemap[0]
    return next(iter(json_ways(page, page.url, None)), None)


def home_of(page: Page, way: WayIn) -> str:
    """The front page of a feed's site: where most of its articles are."""
    hosts = [root_of(link.url) for link in way.links]
    return max(hosts, key=hosts.count) if hosts else root_of(page.url)
