"""RSS 2.0.11 and the rules of the W3C's validator over a feed's bytes.

The rules: rss.py, channel.py, item.py, image.py of github.com/w3c/feedvalidator. Each of its errors about an element that we write is
a fault here. Of its warnings these are, too: a repeated meaning (author and dc:creator), channel elements after items, an image that
does not name its channel. The others are explained in docs/feeds.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from crawler.feeds.checks.rules import ADDRESS, LANGUAGE, MEDIA_TYPE, URN, content_faults, is_rfc822, parse, twice
from crawler.feeds.rss import ATOM, DC, MEDIA, SY

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
OF_CHANNEL = """title link description language copyright managingEditor webMaster pubDate lastBuildDate category
    generator docs cloud ttl image rating textInput skipHours skipDays item"""
CHANNEL = frozenset(OF_CHANNEL.split())
ITEM = frozenset(["title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"])
REPEATABLE = {"item", "category", f"{{{DC}}}creator", f"{{{ATOM}}}link", f"{{{MEDIA}}}content", f"{{{MEDIA}}}thumbnail"}
ATTRIBUTES = {
    "guid": {"isPermaLink"},
    "enclosure": {"url", "length", "type"},
    "source": {"url"},
    "category": {"domain"},
    "rss": {"version"},
}
NONE = frozenset[str]()
PERIODS = ("hourly", "daily", "weekly", "monthly", "yearly")


def rss_faults(content: bytes) -> Iterator[str]:
    """What is wrong with an RSS feed, in plain words."""
    try:
        root = parse(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield f"not well-formed: {error}"
        return
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None or len(root) != 1:
        yield 'no channel in <rss version="2.0">'
        return
    for element in root.iter():
        named = element.keys()
        if named and "{" not in str(element.tag) and not ATTRIBUTES.get(element.tag, NONE).issuperset(named):
            yield f"{element.tag} has the attributes {sorted(set(named) - ATTRIBUTES.get(element.tag, NONE))}"
    yield from channel_faults(channel)
    items = channel.findall("item")
    for item in items:
        yield from item_faults(item)
    yield from twice(item.findtext("guid") for item in items)


def channel_faults(channel: Any) -> Iterator[str]:
    tags = [child.tag for child in channel]
    yield from names_faults("channel", tags, CHANNEL)
    yield from missing(by_tag(channel), ("title", "link", "description"), "channel")
    first = tags.index("item") if "item" in tags else len(tags)
    late = [tag for tag in tags[first:] if tag != "item"]
    if late:
        yield f"channel: {late[0]} stands after the items"
    yield from address_fault(channel.findtext("link"), "channel: link")
    language = channel.findtext("language")
    if language is not None and not LANGUAGE.match(language):
        yield f"channel: {language!r} is no language"
    ttl = channel.findtext("ttl")
    if ttl is not None and not (ttl.isdigit() and int(ttl) > 0):
        yield f"channel: ttl {ttl!r} is no positive number"
    date = channel.findtext("lastBuildDate")
    if date is not None and not is_rfc822(date):
        yield f"channel: lastBuildDate {date!r} is no RFC 822 date"
    period, frequency = channel.findtext(f"{{{SY}}}updatePeriod"), channel.findtext(f"{{{SY}}}updateFrequency")
    if period is not None and (period not in PERIODS or not (frequency or "1").isdigit()):
        yield f"channel: sy:updatePeriod {period!r}, sy:updateFrequency {frequency!r}"
    elif period == "hourly" and ttl and frequency and int(ttl) * int(frequency) != 60:
        yield f"channel: ttl {ttl} and {frequency} times an hour do not agree"
    image = channel.find("image")
    if image is not None:
        yield from address_fault(image.findtext("url"), "image: url")
        if (image.findtext("title"), image.findtext("link")) != (channel.findtext("title"), channel.findtext("link")):
            yield "image: its title and link are not the channel's"
    own = [link.get("href") for link in channel.findall(f"{{{ATOM}}}link") if link.get("rel") == "self"]
    if len(own) > 1:
        yield f"channel: {len(own)} self links"
    for link in channel.findall(f"{{{ATOM}}}link"):
        yield from address_fault(link.get("href"), f"atom:link rel={link.get('rel')}")


def item_faults(item: Any) -> Iterator[str]:
    tags = [child.tag for child in item]
    first = by_tag(item)
    guid = first.get("guid")
    of = f"item {None if guid is None else guid.text or ''}"
    yield from names_faults(of, tags, ITEM)
    yield from missing(first, ("title", "link", "description", "guid", "pubDate"), of)
    yield from address_fault(text(first, "link"), f"{of}: link")
    if guid is not None and guid.get("isPermaLink") != "false":
        yield f'{of}: its guid has to say isPermaLink="false"'
    if guid is not None and not URN.match(guid.text or ""):
        yield f"{of}: its guid is no urn: or tag:"
    if not is_rfc822(text(first, "pubDate") or ""):
        yield f"{of}: pubDate {text(first, 'pubDate')!r} is no RFC 822 date"
    if "author" in tags and f"{{{DC}}}creator" in tags:
        yield f"{of}: author and dc:creator say the same"
    if "category" in first and any(not (category.text or "").strip() for category in item.findall("category")):
        yield f"{of}: an empty category"
    if CONTENT in tags and "description" in tags and tags.index(CONTENT) < tags.index("description"):
        yield f"{of}: content:encoded stands before description"
    enclosure = first.get("enclosure")
    if enclosure is not None:
        yield from address_fault(enclosure.get("url"), f"{of}: enclosure")
        if not (enclosure.get("length") or "").isdigit() or not MEDIA_TYPE.match(enclosure.get("type") or ""):
            yield f"{of}: enclosure without length or type"
    source = first.get("source")
    if source is not None:
        yield from address_fault(source.get("url"), f"{of}: source")
    yield from content_faults(text(first, CONTENT) or "", of)


def names_faults(of: str, tags: list[str], known: frozenset[str]) -> Iterator[str]:
    unknown = [tag for tag in tags if "{" not in str(tag) and tag not in known]
    if unknown:
        yield f"{of}: RSS 2.0 has no <{unknown[0]}>"
    for tag, times in Counter(tags).items() if len(set(tags)) < len(tags) else ():
        if times > 1 and tag not in REPEATABLE:
            yield f"{of}: {tag} stands in it {times} times"


def by_tag(parent: Any) -> dict[Any, Any]:
    """The first child of each name."""
    return {child.tag: child for child in reversed(parent)}


def text(children: Mapping[Any, Any], name: str) -> str | None:
    """A child's text; None where there is no such child."""
    return children[name].text or "" if name in children else None


def missing(children: Mapping[Any, Any], names: tuple[str, ...], of: str) -> Iterator[str]:
    for name in names:
        if not (text(children, name) or "").strip():
            yield f"{of} without {name}"


def address_fault(address: str | None, of: str) -> Iterator[str]:
    if not ADDRESS.match(address or ""):
        yield f"{of}: {address!r} is no absolute address"
