"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Pure."""

from __future__ import annotations

import json
from typing import Any

from crawler.article import zulu
from crawler.feeds.feed import Channel, Feed, Item, Origin

VERSION = "https://jsonfeed.org/version/1.1"
ABOUT = "https://www.rfc-editor.org/rfc/rfc4287#section-4.2.11"
"""What our one extension, `_source`, means: that of atom:source."""


def write_json(feed: Feed) -> bytes:
    """The feed's bytes, UTF-8; keys in the specification's order, what is empty left out."""
    channel = feed.channel
    links = {link.rel: link.href for link in channel.links("json")}
    document: dict[str, Any] = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": links.get("self", ""),
        "description": channel.description,
        "next_url": links.get("prev-archive", ""),
        "icon": channel.icon,
        "favicon": channel.icon,
        "authors": [{"name": channel.author or channel.title}],
        "language": channel.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in channel.hubs if links],
    }
    document = filled(document)
    document["items"] = [item_object(item, channel) for item in feed.items]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def item_object(item: Item, channel: Channel) -> dict[str, Any]:
    picture = item.image
    enclosure = (
        [{"url": picture.url, "mime_type": picture.type, "size_in_bytes": picture.length}]
        if picture and picture.type and picture.length is not None
        else []
    )
    return filled(
        {
            "id": item.guid,
            "url": item.url,
            "external_url": item.url if item.origin else "",
            "title": item.title,
            "content_html": item.content,
            # one of the two contents has to be there
            "content_text": "" if item.content else item.summary or item.title,
            "summary": item.summary,
            "image": picture.url if picture else "",
            "date_published": zulu(item.published),
            "date_modified": zulu(item.updated) if item.updated != item.published else "",
            "authors": [{"name": name} for name in item.authors or ((item.origin.title,) if item.origin else ())],
            "tags": list(item.categories),
            "language": item.language if item.language != channel.language else "",
            "attachments": enclosure,
            "_source": source_object(item.origin) if item.origin else {},
        }
    )


def source_object(origin: Origin) -> dict[str, Any]:
    return filled(
        {
            "about": ABOUT,
            "id": origin.id,
            "title": origin.title,
            "home_page_url": origin.link,
            "feed_url": f"{origin.address}.json" if origin.address else "",
            "icon": origin.icon,
        }
    )


def filled(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", [], {}, None)}
