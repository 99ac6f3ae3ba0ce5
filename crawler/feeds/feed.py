"""A feed as all three formats write it: a channel and its items, made ready. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

ALL = "all"
"""Path of the feed of all sources."""
SUFFIXES = ("rss", "atom", "json")
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
REFRESH_MINUTES = (15, 20, 30, 60)
"""Of these `<ttl>` and `sy:updateFrequency` (times an hour) can say the same."""


def feed_id(path: str) -> str:
    """The id a feed keeps for ever, of its path without suffix (FORMATS, "Ids and addresses"): `feed_id("demo/city")`."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'broadsheet:feed:{path}')}"


def archive_path(path: str, number: int) -> str:
    """Where an archive of a feed lies: `demo/city/archive/3`; number 0 is the live feed itself."""
    return f"{path}/archive/{number}" if number else path


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a channel to the feed itself, its parts, or its hubs."""

    rel: str
    href: str
    type: str = ""
    """Media type; empty: not told."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself."""

    path: str
    """Of its files without suffix: `all`, `demo`, `demo/city`."""
    title: str
    link: str
    """Absolute address of the site it is about."""
    description: str = ""
    language: str = ""
    """BCP 47; empty where its articles are in several, or unknown."""
    icon: str = ""
    """Absolute address."""
    author: str = ""
    """Who speaks where an article names nobody: the source's name; empty: the title."""
    address: str = ""
    """Absolute address of the live feed without suffix; empty without `base_url`: then it has no self link."""
    refresh: int = 15
    """Minutes between two looks; one of REFRESH_MINUTES."""
    hubs: tuple[str, ...] = ()
    """Addresses of WebSub hubs."""
    archive: int = 0
    """Which archive of the feed it is (RFC 5005, 4), from 1 on; 0: the live feed."""
    previous: int = 0
    """Number of the next older archive; 0 where there is none."""

    @property
    def id(self) -> str:
        """The same for a feed and its archives: they are one feed in several documents (RFC 5005, 1)."""
        return feed_id(self.path)

    @property
    def file(self) -> str:
        """Path of its files without suffix, under the folder of the feeds."""
        return archive_path(self.path, self.archive)

    def links(self, suffix: str) -> list[Link]:
        """Its links in one format, but for the one to its site: self, hubs, archives. None without `base_url`."""
        if not self.address:
            return []
        parts = [("self", self.archive)]
        if self.previous:
            parts.append(("prev-archive", self.previous))
        if self.archive:
            parts.append(("current", 0))
        own = [Link(rel, f"{archive_path(self.address, number)}.{suffix}", MEDIA_TYPES[suffix]) for rel, number in parts]
        return [own[0], *(Link("hub", hub) for hub in self.hubs), *own[1:]]


@dataclass(frozen=True, slots=True)
class Origin:
    """The feed that an aggregated entry comes from (RFC 4287, 4.2.11)."""

    path: str
    """Of the source's own feed: its id is made of it."""
    title: str
    link: str
    """Absolute address of the source's site."""
    address: str = ""
    """Of the source's own feed, without suffix; empty without `base_url`."""
    icon: str = ""

    @property
    def id(self) -> str:
        return feed_id(self.path)


@dataclass(frozen=True, slots=True)
class Picture:
    """An item's lead image."""

    url: str
    type: str = ""
    """Media type, as far as known."""
    length: int | None = None
    """Bytes, where known: of kept pictures only."""
    width: int | None = None
    height: int | None = None
    asset: str = ""
    """Path of our copy under the output; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a feed shows it: text that XML can hold, addresses absolute, times in UTC and whole seconds."""

    guid: str
    url: str
    title: str
    published: datetime
    updated: datetime
    summary: str = ""
    """Plain text."""
    content: str = ""
    """Clean HTML with the lead image in it."""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    image: Picture | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A channel and its items in the order in which they are shown."""

    channel: Channel
    items: tuple[Item, ...]

    @property
    def updated(self) -> datetime:
        """Its newest item's (RFC 4287, 4.2.15), never the clock. Raises ValueError where it has no items."""
        return max(item.updated for item in self.items)

    def updated_of(self, origin: Origin) -> datetime:
        """The newest `updated` of the items that come from one source."""
        return max(item.updated for item in self.items if item.origin is not None and item.origin.path == origin.path)


@dataclass(frozen=True, slots=True)
class Problem:
    """What was left out of a feed, or why a feed was not published; the run goes on."""

    feed: str
    """Its path."""
    subject: str
    """Path or guid of the article; empty: the feed itself."""
    reason: str
    """In plain words, one line."""

    def __str__(self) -> str:
        return f"feed {self.feed}: {self.subject}: {self.reason}" if self.subject else f"feed {self.feed}: {self.reason}"
