"""The ways into a section: from which addresses a run starts to look for its articles."""

from __future__ import annotations

from crawler.outcome import Way
from crawler.recipes.model import PAGE, Section


def first_addresses(section: Section) -> list[tuple[Way, str]]:
    """All addresses that a section is read from at first: its list page, or its list pages by number; its feed; its sitemap.

    What they lead to further (next pages, a sitemap index's children) comes out of reading them.
    """
    found: list[tuple[Way, str]] = []
    if section.list is not None:
        numbers = range(1, section.list.pages + 1) if PAGE in section.list.url else range(1)
        found += [("list", section.list.url.replace(PAGE, str(number))) for number in numbers]
    if section.feed:
        found.append(("feed", section.feed))
    if section.sitemap:
        found.append(("sitemap", section.sitemap))
    return found
