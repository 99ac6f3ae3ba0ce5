"""A feed as RSS 2.0: feedgen's tree, with what feedgen 1.0.0 leaves out or gets wrong put right. Pure."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry as FeedgenEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from crawler.article import zulu
from crawler.feeds.feed import Channel, Feed, Item

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
SY = "http://purl.org/rss/1.0/modules/syndication/"
FH = "http://purl.org/syndication/history/1.0"
GENERATOR = "Broadsheet"


def write_rss(feed: Feed) -> bytes:
    """The feed's bytes: the same for the same feed, whatever clock, zone and locale the machine has."""
    channel = feed.channel
    generator = RssGenerator(feed)
    generator.id(channel.id)
    generator.title(channel.title)
    generator.link(href=channel.link, rel="alternate")
    generator.description(channel.description or channel.title)
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.generator(GENERATOR)
    if channel.language:
        generator.language(channel.language)
    generator.ttl(channel.refresh)
    for item in feed.items:
        generator.add_entry(RssItem(item, feed), order="append")
    return bytes(generator.rss_str(pretty=True))


class Namespaces(BaseExtension):  # type: ignore[misc]
    """Declares at the root what the items use (feedgen takes namespaces from extensions alone)."""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC, "media": MEDIA, "sy": SY, "fh": FH}


class RssGenerator(FeedGenerator):  # type: ignore[misc]
    """The channel. feedgen sets lastBuildDate to now and formats dates by changing the process's locale for a moment,
    prints no link but rel=self, and misspells the syndication module's elements: all of these are written here."""

    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self.feed = feed
        self._FeedGenerator__rss_lastBuildDate = None
        self.register_extension("broadsheet", Namespaces, None, atom=False, rss=True)

    def _create_rss(self, extensions: bool = True) -> tuple[Any, Any]:
        root, document = super()._create_rss(extensions)
        tree = root.find("channel")
        for place, element in enumerate(self.additions(self.feed.channel), start=3):  # after title, link, description
            tree.insert(place, element)
        return root, document

    def additions(self, channel: Channel) -> list[Any]:
        links = []
        for link in channel.links("rss"):
            links.append(element(f"{{{ATOM}}}link", rel=link.rel, href=link.href, **({"type": link.type} if link.type else {})))
        marks = [element(f"{{{FH}}}archive")] if channel.archive else []
        built = [element("lastBuildDate", rfc822(self.feed.updated))] if self.feed.items else []
        # the same as ttl, for readers that know only one of them
        rhythm = [element(f"{{{SY}}}updatePeriod", "hourly"), element(f"{{{SY}}}updateFrequency", str(60 // channel.refresh))]
        image = []
        if channel.icon:
            image = [element("image")]
            for name, text in (("url", channel.icon), ("title", channel.title), ("link", channel.link)):
                image[0].append(element(name, text))
        return [*links, *marks, *built, *rhythm, *image]


class RssItem(FeedgenEntry):  # type: ignore[misc]
    """An item. feedgen drops authors without an e-mail address, takes one enclosure with a made-up length 0, and dates by locale."""

    def __init__(self, item: Item, feed: Feed) -> None:
        super().__init__()
        self.shown = item
        self.feed = feed
        self.guid(item.guid, permalink=False)
        self.title(item.title)
        self.link(href=item.url, rel="alternate")
        for category in item.categories:
            self.category(term=category)
        if item.content:
            self.content(item.content)
        # a description is read as HTML (RSS 2.0.11), our summary is plain text: escaped for HTML here, for XML by lxml
        summary = escape(item.summary or item.title, quote=False)
        self.description(summary, isSummary=True)

    def rss_entry(self, extensions: bool = True) -> Any:
        tree = super().rss_entry(extensions)
        tree.extend(self.additions(self.shown))
        return tree

    def additions(self, item: Item) -> list[Any]:
        added = [element("pubDate", rfc822(item.published))]
        if item.updated != item.published:
            added.append(element(f"{{{ATOM}}}updated", zulu(item.updated)))
        added += [element(f"{{{DC}}}creator", name) for name in item.authors]
        if item.language and item.language != self.feed.channel.language:
            added.append(element(f"{{{DC}}}language", item.language))
        if item.origin:
            address = f"{item.origin.address}.rss" if item.origin.address else item.origin.link
            added.append(element("source", item.origin.title, url=address))
        picture = item.image
        if picture:
            if picture.type and picture.length is not None:
                added.append(element("enclosure", url=picture.url, length=str(picture.length), type=picture.type))
            size = {name: str(value) for name, value in (("width", picture.width), ("height", picture.height)) if value}
            known = {"type": picture.type} if picture.type else {}
            length = {"fileSize": str(picture.length)} if picture.length is not None else {}
            added.append(element(f"{{{MEDIA}}}content", url=picture.url, medium="image", **known, **length, **size))
            added.append(element(f"{{{MEDIA}}}thumbnail", url=picture.url, **size))
        return added


def element(name: str, text: str = "", **attributes: str) -> Any:
    made = etree.Element(name, attributes)
    made.text = text or None
    return made


def rfc822(at: datetime) -> str:
    """`Tue, 22 Mar 2022 08:37:35 GMT`: English in any locale, four digits of year."""
    return format_datetime(at, usegmt=True)
