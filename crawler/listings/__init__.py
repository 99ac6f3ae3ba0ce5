"""A list page's, feed's, sitemap's or API's bytes become the addresses of articles, with what it already says of each. Pure."""

from __future__ import annotations

from crawler.listings.feed import read_feed
from crawler.listings.html import read_html
from crawler.listings.jsonlist import read_json
from crawler.listings.sitemap import read_sitemap
from crawler.outcome import Listing, Way
from crawler.page import Page
from crawler.recipes.model import Recipe, Section
from crawler.recipes.ways import first_addresses

__all__ = ["first_addresses", "read_listing"]

READERS = {"list": read_html, "feed": read_feed, "sitemap": read_sitemap, "json": read_json}


def read_listing(page: Page, recipe: Recipe, section: Section, way: Way) -> Listing:
    """What one of a section's ways in leads to.

    `page` is the answer of one of `first_addresses(section)`, or of what these led to further; of dated blocks those hold that held when
    it was fetched. Raises ListingError that names the address: an empty page, something else than was expected (a login, an HTML page
    where a feed should be, a PDF), broken XML, a selector or path that finds nothing.
    """
    recipe = recipe.at(page.fetched_at)
    return READERS[way](page, recipe, recipe.section(section.id) or section)
