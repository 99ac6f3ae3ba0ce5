"""Which feeds a workspace has: one for all, one a source, one a section; and which of them an article's change concerns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from crawler.errors import FeedError
from crawler.feeds.build import MAX_BYTES
from crawler.feeds.feed import REFRESH_MINUTES, Channel
from crawler.feeds.item import one_line
from crawler.feeds.members import LIMIT
from crawler.recipes.model import Recipe
from crawler.urls import tidy

ALL = "all"


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

    @classmethod
    def of(cls, recipe: Recipe) -> SourceInfo:
        sections = tuple(SectionInfo(section.id, section.title, section.language) for section in recipe.sections)
        return cls(recipe.id, recipe.title, recipe.url, recipe.icon, recipe.language, sections)


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


@dataclass(frozen=True, slots=True)
class Plan:
    """One feed: what it says of itself and whose articles it holds."""

    channel: Channel
    sources: tuple[str, ...]
    section: str | None = None
    gathered: bool = False
    """Whether its entries name their origin."""


def paths_of(stale: Iterable[tuple[str, str]], in_all: Sequence[str]) -> list[str]:
    """Paths of the feeds that an article's change concerns, of pairs (source, section); an empty section is the source alone."""
    paths: dict[str, None] = {}
    for source, section in stale:
        if section:
            paths[f"{source}/{section}"] = None
        paths[source] = None
        if source in in_all:
            paths[ALL] = None
    return list(paths)


def plans(sources: Sequence[SourceInfo], settings: FeedSettings, in_all: Sequence[str] | None = None) -> dict[str, Plan]:
    """All feeds of a workspace by path: each source's sections, the source, and at the end `all`."""
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
        languages = {source.language for source in gathered}
        channel = Channel(
            ALL,
            settings.title,
            f"{settings.base_url.rstrip('/')}/" if settings.base_url else gathered[0].url,
            language=languages.pop() if len(languages) == 1 else "",
            author=settings.title,
        )
        made[ALL] = Plan(located(channel, settings), tuple(source.id for source in gathered), gathered=True)
    return made


def located(channel: Channel, settings: FeedSettings) -> Channel:
    """The channel where the workspace puts it, its texts fit for XML."""
    channel = replace(channel, title=one_line(channel.title), author=one_line(channel.author), link=tidy(channel.link))
    return replace(channel, address=settings.address(channel.path), refresh=settings.refresh, hubs=settings.hubs)
