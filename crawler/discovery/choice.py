"""Which way into a site is the best: by how much of its news it has, how fresh and how well dated that is, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.discovery.ways import WayIn
from crawler.urls import address_key

COMPLETE = 3.0
DATED = {"yes": 1.0, "in the URL": 0.4, "no": 0.0}
FULL = 0.4
STALE, STALE_AFTER = 2.0, timedelta(days=2)
"""Taken off a way whose newest article is so much older than the newest of all."""
COST = 0.15
"""Taken off for each request more than one."""
UNPROVED = 0.5
MOST_COUNTED = 400
"""Of a sitemap with all that a site ever published its newest articles alone count, as many as these."""
FEW = 3
"""Articles: a way with fewer is taken only where there is no other."""


def choose_way(ways: Sequence[WayIn], now: datetime) -> WayIn | None:
    """Marks the best way as chosen, and a feed that dates what the chosen list doesn't as read beside it."""
    usable = [way for way in ways if way.works]
    if not usable:
        return None
    known = {key for way in usable for key in counted(way)}
    newest = [moment.at for way in usable if (moment := way.newest(now))]
    fresh = max(newest, default=None)
    best = max(usable, key=lambda way: (len(way.links) >= FEW, worth(way, known, fresh, now), -ways.index(way)))
    best.chosen = True
    for way in usable:  # one page's JSON may hold several lists
        way.beside = best.kind == way.kind == "json" and way is not best and way.url == best.url
    if best.kind in ("front page", "json") and best.dates != "yes":
        feeds = [way for way in usable if way.kind == "feed" and way.dates == "yes" and not is_stale(way, fresh, now)]
        feed = max(feeds, key=lambda way: (len(way.keys & best.keys), len(way.links)), default=None)
        if feed is not None and (feed.keys & best.keys or feed.full_text):
            feed.beside = True
    return best


def worth(way: WayIn, known: set[str], fresh: datetime | None, now: datetime) -> float:
    value = COMPLETE * len(counted(way) & known) / max(1, len(known)) + DATED[way.dates] + FULL * way.full_text
    value -= COST * (way.cost - 1) + STALE * is_stale(way, fresh, now)
    return value - (UNPROVED if not way.proved else 0.0)


def is_stale(way: WayIn, fresh: datetime | None, now: datetime) -> bool:
    newest = way.newest(now)
    return fresh is not None and newest is not None and newest.at < fresh - STALE_AFTER


def counted(way: WayIn) -> set[str]:
    """The articles of a way that count: of a large sitemap the newest."""
    links = way.links
    if len(links) > MOST_COUNTED:
        dated = [link for link in links if link.hints.published or link.hints.updated]
        dated.sort(key=lambda link: (link.hints.published or link.hints.updated).at, reverse=True)  # type: ignore[union-attr]
        links = dated[:MOST_COUNTED] or links[:MOST_COUNTED]
    return {address_key(link.url) for link in links}
