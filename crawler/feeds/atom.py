"""A feed as Atom 1.0 (RFC 4287): feedgen's tree, with what feedgen 1.0.0 leaves out or gets wrong put right. Pure."""

from __future__ import annotations

from typing import Any

from feedgen.entry import FeedEntry as FeedgenEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator

from crawler.article import zulu
from crawler.feeds.feed import MEDIA_TYPES, Feed, Item, Origin, Picture
from crawler.feeds.rss import FH, GENERATOR, MEDIA, element

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_atom(feed: Feed) -> bytes:
    """The feed's bytes: the same for the same feed, whatever clock, zone and locale the machine has. It must have an item."""
    channel = feed.channel
    generator = AtomGenerator(feed)
    generator.id(channel.id)
    generator.title(channel.title)
    generator.updated(feed.updated)
    generator.author(name=channel.author or channel.title)
    generator.generator(GENERATOR)
    if channel.description:
        generator.subtitle(channel.description)
    if channel.language:
        generator.language(channel.language)
    if channel.icon:
        generator.icon(channel.icon)
    for item in feed.items:
        generator.add_entry(AtomEntry(item, feed), order="append")
    return bytes(generator.atom_str(pretty=True))


class Namespaces(BaseExtension):  # type: ignore[misc]
    """Declares at the root what the entries use (feedgen takes namespaces from extensions alone)."""

    def extend_ns(self) -> dict[str, str]:
        return {"media": MEDIA, "fh": FH}


class AtomGenerator(FeedGenerator):  # type: ignore[misc]
    """The feed. feedgen limits rel to a fixed list, without hubs and archives; so links are written here.

    Its own elements carry no namespace but an attribute `xmlns`: what is added must do as they do.
    """

    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self.feed = feed
        self.register_extension("broadsheet", Namespaces, None, atom=True, rss=False)

    def _create_atom(self, extensions: bool = True) -> tuple[Any, Any]:
        root, document = super()._create_atom(extensions)
        channel = self.feed.channel
        updated = root.find("updated")
        updated.text = zulu(self.feed.updated)
        added = [link("alternate", channel.link, "text/html")]
        added += [link(further.rel, further.href, further.type) for further in channel.links("atom")]
        if channel.archive:
            added.append(element(f"{{{FH}}}archive"))
        for place, made in enumerate(added, start=root.index(updated) + 1):
            root.insert(place, made)
        return root, document


class AtomEntry(FeedgenEntry):  # type: ignore[misc]
    """An entry. feedgen drops what a link says besides its address, and all of a source but title and link."""

    def __init__(self, item: Item, feed: Feed) -> None:
        super().__init__()
        self.shown = item
        self.feed = feed
        self.id(item.guid)
        self.title(item.title)
        self.updated(item.updated)
        self.published(item.published)
        self.link(href=item.url, rel="alternate")
        for name in item.authors:
            self.author(name=name)
        for category in item.categories:
            self.category(term=category)
        if item.summary:
            self.summary(item.summary, type="text")
        if item.content:
            self.content(item.content, type="html")

    def atom_entry(self, extensions: bool = True) -> Any:
        tree = super().atom_entry(extensions)
        item = self.shown
        if item.language and item.language != self.feed.channel.language:
            tree.set(LANG, item.language)
        tree.find("updated").text = zulu(item.updated)
        tree.find("published").text = zulu(item.published)
        alternate = tree.find("link")
        alternate.set("rel", "alternate")
        alternate.set("type", "text/html")
        if item.image:
            tree.extend(picture_elements(item.image))
        if item.origin:
            tree.append(source_element(item.origin, self.feed))
        return tree


def link(rel: str, href: str, media_type: str = "", **attributes: str) -> Any:
    return element("link", rel=rel, href=href, **({"type": media_type} if media_type else {}), **attributes)


def picture_elements(picture: Picture) -> list[Any]:
    """The lead image: an enclosure where type and length are known, and Media RSS, which Atom readers know too."""
    size = {name: str(value) for name, value in (("width", picture.width), ("height", picture.height)) if value}
    known = {"type": picture.type} if picture.type else {}
    made = []
    if picture.type and picture.length is not None:
        made.append(link("enclosure", picture.url, picture.type, length=str(picture.length)))
    made.append(element(f"{{{MEDIA}}}content", url=picture.url, medium="image", **known, **size))
    made.append(element(f"{{{MEDIA}}}thumbnail", url=picture.url, **size))
    return made


def source_element(origin: Origin, feed: Feed) -> Any:
    """atom:source: the feed that the entry is taken from, with all that W3C's validator asks of one."""
    source = element("source")
    source.append(element("id", origin.id))
    source.append(element("title", origin.title))
    source.append(element("updated", zulu(feed.updated_of(origin))))
    source.append(link("alternate", origin.link, "text/html"))
    if origin.address:
        source.append(link("self", f"{origin.address}.atom", MEDIA_TYPES["atom"]))
    author = element("author")
    author.append(element("name", origin.title))
    source.append(author)
    if origin.icon:
        source.append(element("icon", origin.icon))
    return source
