"""Which feeds a workspace has: one for all, one a source, one a section, and its own; and which of them a change concerns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from crawler.errors import FeedError
from crawler.feeds.build import MAX_BYTES
from crawler.feeds.custom import CustomFeed
from crawler.feeds.feed import ALL, REFRESH_MINUTES, Channel
from crawler.feeds.item import one_line
from crawler.feeds.members import LIMIT
from crawler.recipes.model import Recipe
from crawler.urls import tidy


class SectionInfo(NamedTuple):
    """A section, as its feed's title names it."""

    id: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What feeds say of a source."""

    id: str
    title: str
    url: str
    icon: str = ""
    language: str = ""
    sections: tuple[SectionInfo, ...] = ()
    zone: str = ""
    """IANA name; empty: UTC."""

    @classmethod
    def of(cls, recipe: Recipe) -> SourceInfo:
        sections = tuple(SectionInfo(section.id, section.title, section.language) for section in recipe.sections)
        return cls(recipe.id, recipe.title, recipe.url, recipe.icon, recipe.language, sections, recipe.zone)


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
    archive: int = LIMIT
    """Articles of an archive; never more than `limit`, else some would be in no file."""
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


@dataclass(frozen=True, slots=True)
class Plan:
    """One feed: what it says of itself and whose articles it holds."""

    channel: Channel
    sources: tuple[str, ...]
    section: str | None = None
    gathered: bool = False
    """Whether its entries name their origin."""
    custom: CustomFeed | None = None
    """What broadsheet.yaml says of it, where it is declared there: then its entries are looked for one by one."""
    unarchived: tuple[str, ...] = ()
    """Paths of its documents that no archive holds yet: the live feed shows them, whatever its limits."""

    @property
    def parts(self) -> list[tuple[tuple[str, ...], str | None]]:
        """What it is put together from: sources and a section of them."""
        of_sections: list[tuple[tuple[str, ...], str | None]] = []
        if self.custom:
            of_sections = [((source,), section) for source, section in self.custom.sections]
        return [(self.sources, self.section), *of_sections] if self.sources else of_sections


def paths_of(stale: Iterable[tuple[str, str]], in_all: Sequence[str], custom: Sequence[CustomFeed] = ()) -> list[str]:
    """Paths of the feeds that an article's change concerns, of pairs (source, section); an empty section is the source alone."""
    paths: dict[str, None] = {}
    sources_of_all = set(in_all)
    for source, section in stale:
        if section:
            paths[f"{source}/{section}"] = None
        paths[source] = None
        if source in sources_of_all:
            paths[ALL] = None
        for feed in custom:
            of_all = not feed.sources and not feed.sections and source in sources_of_all
            if of_all or source in feed.sources or (source, section) in feed.sections:
                paths[feed.id] = None
    return list(paths)


def plans(
    sources: Sequence[SourceInfo], settings: FeedSettings, in_all: Sequence[str] | None = None, custom: Sequence[CustomFeed] = ()
) -> dict[str, Plan]:
    """All feeds of a workspace by path: each source's sections, the source, then `all`, then those of one's own."""
    made: dict[str, Plan] = {}

    def add(path: str, title: str, about: SourceInfo, language: str, ids: tuple[str, ...], section: str | None = None) -> None:
        channel = Channel(path, title, about.url, language=language, icon=tidy(about.icon), author=about.title)
        made[path] = Plan(located(channel, settings), ids, section)

    for source in sources:
        for section in source.sections:
            title = f"{source.title} · {section.title}"
            add(f"{source.id}/{section.id}", title, source, section.language or source.language, (source.id,), section.id)
        add(source.id, source.title, source, source.language, (source.id,))
    gathered = [source for source in sources if in_all is None or source.id in in_all]
    if gathered:
        made[ALL] = Plan(gathered_channel(ALL, settings.title, gathered, settings), tuple(source.id for source in gathered), gathered=True)
    by_id = {source.id: source for source in sources}
    for feed in custom:
        ids = feed.sources or (() if feed.sections else tuple(source.id for source in gathered))
        named = [by_id[name] for name in dict.fromkeys((*ids, *(source for source, _ in feed.sections))) if name in by_id]
        if named:
            channel = gathered_channel(feed.id, feed.title, named, settings, feed.language)
            made[feed.id] = Plan(channel, ids, gathered=True, custom=feed)
    return made


def gathered_channel(path: str, title: str, sources: Sequence[SourceInfo], settings: FeedSettings, language: str = "") -> Channel:
    """A feed of several sources: it leads to the front page, or without `base_url` to the first one's site."""
    languages = {source.language for source in sources}
    link = f"{settings.base_url.rstrip('/')}/" if settings.base_url else sources[0].url
    language = language or (languages.pop() if len(languages) == 1 else "")
    return located(Channel(path, title, link, language=language, author=title), settings)


def located(channel: Channel, settings: FeedSettings) -> Channel:
    """The channel where the workspace puts it, its texts fit for XML."""
    channel = replace(channel, title=one_line(channel.title), author=one_line(channel.author), link=tidy(channel.link))
    return replace(channel, address=settings.address(channel.path), refresh=settings.refresh, hubs=settings.hubs)
