"""Why no way into a site was found, in words for a person, with what helps."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.discovery.candidates import root_of
from crawler.discovery.front import ListRead
from crawler.discovery.ways import WayIn
from crawler.urls import path_and_query


def why_nothing(front: ListRead, ways: Sequence[WayIn]) -> str:
    """What is wrong with a site, and what a person may do about it."""
    tried = "; ".join(f"{path_and_query(way.url)} {way.problem}" for way in ways if way.problem and way.kind != "front page")
    beside = f" ({tried})" if tried else ""
    if front.is_filled_by_script:
        return (
            f"its page holds no links: a script makes its list (a single-page app), and no feed or sitemap was found{beside}. "
            "Scripts are not run here; what helps is the JSON that the script loads: a browser's developer tools show its address "
            f"(Network, Fetch/XHR), and a recipe reads it: sections: [{{id: home, json: {root_of(front.url)}…}}]"
        )
    shown = len(front.shown)
    if front.off_site > 2 * shown:
        every = front.off_site + shown
        return f"its links lead to other sites ({front.off_site:,} of {every:,}){beside}; add those sites instead"
    return f"no articles were found on it{beside}; give the address of a page that lists articles, or of a feed"
