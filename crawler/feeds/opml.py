"""The list of all feeds as OPML 2.0 (https://opml.org/spec2.opml), for readers that take many at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from crawler.feeds.feed import ALL, Channel

SUFFIX = "atom"
"""The format that is recommended: it alone tells an update from a new date in all readers."""


def write_opml(title: str, channels: Sequence[Channel]) -> bytes:
    """One outline a feed; a source with sections is a folder of its own feed and theirs. Feeds without an absolute address are left out."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    listed = [channel for channel in channels if channel.address]
    with_sections = {channel.path.partition("/")[0] for channel in listed if "/" in channel.path}
    folders: dict[str, etree._Element] = {}
    # the source before its sections, `all` before everything
    for channel in sorted(listed, key=lambda channel: (channel.path != ALL, "/" in channel.path)):
        source = channel.path.partition("/")[0]
        if source in with_sections and source not in folders:
            folders[source] = etree.SubElement(body, "outline", {"text": channel.author or channel.title})
        etree.SubElement(folders.get(source, body), "outline", outline(channel))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def outline(channel: Channel) -> dict[str, str]:
    attributes = {
        "type": "rss",  # of any format: OPML 2.0, "Subscription lists"
        "text": channel.title,
        "title": channel.title,
        "xmlUrl": channel.links(SUFFIX)[0].href,
        "htmlUrl": channel.link,
        "language": channel.language,
    }
    return {name: value for name, value in attributes.items() if value}
