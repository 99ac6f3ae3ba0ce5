"""What tells of all feeds: the list of them as OPML and as a page, the front page. Written again only where it says something else now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.feeds import opml, pages
from crawler.feeds.desk import Desk, PagesAt
from crawler.feeds.feed import ALL, Channel

OPML = "feeds.opml"
LIST = "feeds.html"
MOST_NAMED = 100
"""Sources up to which the front page names them all, and all their feeds to readers that look for some; of more it names those of its
headlines, and leads to the list of all."""


def write_overviews(desk: Desk, *, due: bool) -> None:
    """Writes the lists where a feed came or went, or `due` says so; the front page where it has other headlines."""
    opml_file = desk.folder / OPML
    listed = bool(desk.settings.base_url)
    missing = (listed and not opml_file.is_file()) or (desk.pages_at is not None and not (desk.folder / LIST).is_file())
    lists = due or desk.other_feeds or missing
    few = desk.planner.sources.count() <= MOST_NAMED
    there = list(feeds_there(desk)) if lists or few else []
    if lists and listed:
        desk.write({opml_file: opml.write_opml(desk.settings.title, there)})
    if not listed:  # its addresses are no longer ours
        desk.delete_file(opml_file)
    if desk.pages_at and lists:
        list_page(desk, desk.pages_at, there)
    if desk.pages_at and desk.on_front:
        front_page(desk, desk.pages_at, there if few else channels_of_headlines(desk))


def feeds_there(desk: Desk) -> Iterator[Channel]:
    """The feeds that have files."""
    desk.planner.sources.expect(desk.planner.sources.names())
    for path in desk.planner.paths():
        channel = desk.planner.channel(path)
        if channel and desk.has(channel):
            yield channel


def channels_of_headlines(desk: Desk) -> list[Channel]:
    names = sorted({found.source for found in desk.on_front})
    desk.planner.sources.expect(names)
    return [channel for path in (*names, *desk.planner.custom) if (channel := desk.planner.channel(path)) and desk.has(channel)]


def list_page(desk: Desk, at: PagesAt, there: Sequence[Channel]) -> None:
    marks = [desk.mark(channel, at) for channel in there]
    here = f"{desk.folder.relative_to(at.root).as_posix()}/{LIST}"
    desk.write({at.root / here: pages.write_list_page(desk.settings.title, here, marks, desk.settings.address(OPML))})


def front_page(desk: Desk, at: PagesAt, named: Sequence[Channel]) -> None:
    front = desk.planner.channel(ALL)
    assert front is not None
    content = pages.write_front_page(
        desk.settings.title,
        desk.mark(front, at),
        desk.stories(desk.on_front, at),
        named=[desk.mark(channel, at) for channel in named if channel.path != ALL],
        all_feeds=f"{desk.folder.relative_to(at.root).as_posix()}/{LIST}",
        sources=desk.planner.sources.count(),
        opml=desk.settings.address(OPML),
    )
    desk.write({at.root / pages.STYLE: pages.style(), at.root / pages.FRONT: content})
