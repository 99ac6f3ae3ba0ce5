"""The ways into a section: from which addresses a run starts to look for its articles."""

from __future__ import annotations

from crawler.outcome import Way
from crawler.recipes.sections import Section


def first_addresses(section: Section) -> list[tuple[Way, str]]:
    """All addresses that a section is read from at first: its list page, or its list pages by number; its feed; its sitemap;
    its JSON.

    What they lead to further (next pages, a sitemap index's children) comes out of reading them.
    """
    found: list[tuple[Way, str]] = []
    if section.list is not None:
        found += [("list", url) for url in section.list.addresses()]
    if section.feed:
        found.append(("feed", section.feed))
    if section.sitemap:
        found.append(("sitemap", section.sitemap))
    if section.json_list is not None:
        found += [("json", url) for url in section.json_list.addresses()]
    return found
