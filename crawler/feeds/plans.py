"""Which feeds a workspace has: one for all, one a source, one a section, and its own; and which of them a change concerns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from crawler.errors import FeedError
from crawler.feeds.build import MAX_BYTES
from crawler.feeds.custom import CustomFeed
from crawler.feeds.feed import ALL, REFRESH_MINUTES, Channel
from crawler.feeds.item import one_line
from crawler.feeds.members import LIMIT
from crawler.feeds.sources import Gathering, SourceInfo, Sources
from crawler.urls import tidy


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """The workspace's wishes."""

    title: str = "Broadsheet"
    """Of the feed `all`."""
    base_url: str = ""
    """Address under which the output lies, sub-paths allowed; empty: no self links, hubs, archives."""
    feeds_at: str = "feeds"
    """Where the feeds lie under it."""
    limit: int = LIMIT
    max_bytes: int = MAX_BYTES
    refresh: int = 15
    """Minutes between two looks, told to readers; one of 15, 20, 30, 60."""
    hubs: tuple[str, ...] = ()
    """Addresses of WebSub hubs."""

    def __post_init__(self) -> None:
        if self.refresh not in REFRESH_MINUTES:
            raise FeedError("feeds.refresh", f"{self.refresh} minutes: one of {', '.join(map(str, REFRESH_MINUTES))} is expected")

    def address(self, path: str) -> str:
        """Absolute address of a feed without suffix; "" without `base_url`."""
        return f"{self.base_url.rstrip('/')}/{self.feeds_at.strip('/')}/{path}" if self.base_url else ""


class Part(NamedTuple):
    """Whose articles a feed holds, or a part of it."""

    sources: tuple[str, ...] = ()
    """Ids."""
    section: str | None = None
    """Only this section of them."""
    without: tuple[str, ...] | None = None
    """Not None: of every source but these, however many there are."""

    def takes(self, path: str) -> bool:
        """Whether the document under this path is of one of the sources."""
        source = path.partition("/")[0]
        return source in self.sources if self.without is None else source not in self.without


@dataclass(frozen=True, slots=True)
class Plan:
    """One feed: what it says of itself and whose articles it holds."""

    channel: Channel
    parts: tuple[Part, ...]
    """What it is put together from; all but a feed of one's own are one part."""
    gathered: bool = False
    """Whether its entries name their origin."""
    custom: CustomFeed | None = None
    """What broadsheet.yaml says of it, where it is declared there: then its entries are looked for one by one."""
    unarchived: tuple[str, ...] = ()
    """Paths of its documents that no archive holds yet."""

    @property
    def part(self) -> Part:
        return self.parts[0]

    @property
    def wants(self) -> str:
        """What a feed of one's own asks of articles, as text."""
        return self.custom.query.text if self.custom else ""


class Planner:
    """The feeds of a workspace, each planned when it is asked for."""

    def __init__(self, sources: Sources, settings: FeedSettings, custom: Sequence[CustomFeed] = ()) -> None:
        self.sources = sources
        self.settings = settings
        self.custom = {feed.id: feed for feed in custom}

    def paths(self) -> Iterator[str]:
        """Of all feeds: each source's sections, the source, then `all`, then those of one's own."""
        for name in self.sources.names():
            about = self.sources.about(name)
            if about:
                yield from (f"{name}/{section.id}" for section in about.sections)
                yield name
        yield ALL
        yield from self.custom

    def plan(self, path: str) -> Plan | None:
        """The plan of the feed under this path; None where there is no such feed."""
        if path == ALL:
            return self.of_all()
        if path in self.custom:
            return self.own(self.custom[path])
        source, slash, section = path.partition("/")
        about = self.sources.about(source)
        if about is None:
            return None
        if not slash:
            return self.of_source(path, about.title, about, about.language, Part((source,)))
        found = next((one for one in about.sections if one.id == section), None)
        if found is None:
            return None
        return self.of_source(path, f"{about.title} · {found.title}", about, found.language or about.language, Part((source,), section))

    def channel(self, path: str) -> Channel | None:
        plan = self.plan(path)
        return plan.channel if plan else None

    def of_source(self, path: str, title: str, about: SourceInfo, language: str, part: Part) -> Plan:
        channel = Channel(path, title, about.url, language=language, icon=tidy(about.icon), author=about.title)
        return Plan(located(channel, self.settings), (part,))

    def of_all(self) -> Plan | None:
        gathering = self.sources.gathered()
        if gathering is None:
            return None
        channel = gathered_channel(ALL, self.settings.title, gathering, self.settings)
        return Plan(channel, (Part(without=gathering.without),), gathered=True)

    def own(self, feed: CustomFeed) -> Plan | None:
        """A feed that the workspace declares; None where none of its sources has articles."""
        parts = tuple(Part((source,), section) for source, section in feed.sections)
        if feed.sources or feed.sections:
            names = dict.fromkeys((*feed.sources, *(source for source, _ in feed.sections)))
            gathering = Gathering.of([about for name in names if (about := self.sources.about(name))])
            whole = (Part(feed.sources),) if feed.sources else ()
        else:
            gathering = self.sources.gathered()
            whole = (Part(without=gathering.without),) if gathering else ()
        if gathering is None:
            return None
        channel = gathered_channel(feed.id, feed.title, gathering, self.settings, feed.language)
        return Plan(channel, (*whole, *parts), gathered=True, custom=feed)


def paths_of(stale: Iterable[tuple[str, str]], gathering: Gathering | None, custom: Sequence[CustomFeed] = ()) -> list[str]:
    """Paths of the feeds that an article's change concerns, of pairs (source, section); an empty section is the source alone."""
    paths: dict[str, None] = {}
    for source, section in stale:
        if section:
            paths[f"{source}/{section}"] = None
        paths[source] = None
        in_all = gathering is not None and source not in gathering.without
        if in_all:
            paths[ALL] = None
        for feed in custom:
            of_all = not feed.sources and not feed.sections and in_all
            if of_all or source in feed.sources or (source, section) in feed.sections:
                paths[feed.id] = None
    return list(paths)


def gathered_channel(path: str, title: str, gathering: Gathering, settings: FeedSettings, language: str = "") -> Channel:
    """A feed of several sources: it leads to the front page, or without `base_url` to the first one's site."""
    link = f"{settings.base_url.rstrip('/')}/" if settings.base_url else gathering.url
    return located(Channel(path, title, link, language=language or gathering.language, author=title), settings)


def located(channel: Channel, settings: FeedSettings) -> Channel:
    """The channel where the workspace puts it, its texts fit for XML."""
    channel = replace(channel, title=one_line(channel.title), author=one_line(channel.author), link=tidy(channel.link))
    return replace(channel, address=settings.address(channel.path), refresh=settings.refresh, hubs=settings.hubs)
