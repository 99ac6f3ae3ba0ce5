"""Items become the bytes of a feed in all three formats, within its budget, each checked. A bad item is left out, never the end. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from crawler.feeds.atom import write_atom
from crawler.feeds.checks import faults
from crawler.feeds.feed import Channel, Feed, Item, Problem
from crawler.feeds.item import without_text
from crawler.feeds.jsonfeed import write_json
from crawler.feeds.members import LIMIT, in_shown_order
from crawler.feeds.rss import write_rss

FORMATS: Mapping[str, Callable[[Feed], bytes]] = {"rss": write_rss, "atom": write_atom, "json": write_json}
MAX_BYTES = 512 * 1024
"""A live feed's budget in each format: Inoreader, Miniflux and W3C refuse only megabytes, but every reader fetches it again and again."""
FRAME = 4096
"""Bytes set aside for the channel."""


@dataclass(frozen=True, slots=True)
class Built:
    """One feed, ready to be published."""

    documents: Mapping[str, bytes]
    """Suffix → bytes; a format that failed its check is not there."""
    items: tuple[Item, ...]
    """What it holds, in shown order."""
    problems: tuple[Problem, ...]


def build(
    channel: Channel, items: Iterable[Item], *, limit: int = LIMIT, max_bytes: int = MAX_BYTES, needed: Collection[str] = ()
) -> Built:
    """Writes a feed. `items` come in the order of arrival, the last first: what exceeds the budget is cut from the end.

    `needed`: guids of items that no archive holds: where the others are cut, these keep their summary and a link, so that
    live feed and archives together hold everything (RFC 5005, 4). All formats hold the same items. An archive is cut by
    count alone: its size has no limit, only an item's.
    """
    problems: list[Problem] = []
    kept = fit(once(channel, items, problems), limit, max_bytes, needed=needed, whole=channel.archive > 0)
    documents, found = write_all(channel, kept)
    if found:  # which item is it? Each alone is looked at only now: it is three times the work
        kept = sound(channel, kept, problems)
        documents, found = write_all(channel, kept)
    # the weights are estimates on the safe side; should one not be, the oldest goes
    while not channel.archive and len(kept) > 1 and any(len(content) > max_bytes for content in documents.values()):
        if kept[-1].guid in needed:
            problems.append(
                Problem(channel.path, kept[-1].guid, f"left out until its archive is full: the feed has {max_bytes:,} bytes at most")
            )
        kept = kept[:-1]
        documents, found = write_all(channel, kept)
    problems += [Problem(channel.path, "", f"not published as {suffix}: {fault}") for suffix, fault in found.items()]
    return Built(documents, tuple(in_shown_order(kept)), tuple(problems))


def once(channel: Channel, items: Iterable[Item], problems: list[Problem]) -> list[Item]:
    """The items without those whose id another one has: these are told."""
    known: dict[str, Item] = {}
    for item in items:
        if item.guid in known:
            problems.append(Problem(channel.path, item.guid, f"left out: {item.url} has the id of {known[item.guid].url}"))
        else:
            known[item.guid] = item
    return list(known.values())


def fit(items: list[Item], limit: int, max_bytes: int, *, needed: Collection[str] = (), whole: bool = False) -> list[Item]:
    """As many items as the budget holds, from the first on; one that exceeds it alone keeps its summary and a link.

    From the first one on that finds no room, what is not needed is left out, and what is needed is shortened.
    """
    kept: list[Item] = []
    brief = {item.guid: replace(item, content=without_text(item)) for item in items[:limit] if item.guid in needed and not whole}
    reserved = {guid: min(weight(short), max_bytes) for guid, short in brief.items()}
    room = max_bytes - FRAME - sum(reserved.values())
    full = False
    for item in items[:limit]:
        if whole and greatest_weight(item) <= max_bytes - FRAME:  # an archive is never full
            kept.append(item)
            continue
        taken = weight(item)
        if taken > max_bytes - FRAME:
            item = replace(item, content=without_text(item))
            taken = weight(item)
        left = room + reserved.get(item.guid, 0) - taken
        full = full or (left < 0 and bool(kept) and not whole)
        if not full:
            kept.append(item)
            room = left
        elif item.guid in brief:
            kept.append(brief[item.guid])
    return kept


def weight(item: Item) -> int:
    """Bytes that an item takes in the format where it takes most: markup doubled by escaping, and what stands around it."""
    texts = (item.title, item.summary, item.summary, item.url, *item.authors, *item.categories)
    plain = sum(len(escape(escape(text, quote=False), quote=False).encode()) + 64 for text in texts)
    escaped = len(item.content.encode()) + 4 * item.content.count("&") + 3 * (item.content.count("<") + item.content.count(">"))
    in_json = len(item.content.encode()) + item.content.count('"') + item.content.count("\n") + item.content.count("\\")
    return max(escaped, in_json) + plain + 1500


def greatest_weight(item: Item) -> int:
    """What `weight` can be at most, by the lengths alone: five bytes for a letter of HTML, nine for one that is escaped twice."""
    texts = (item.title, item.summary, item.summary, item.url, *item.authors, *item.categories)
    return 5 * len(item.content) + sum(9 * len(text) + 64 for text in texts) + 1500


def write_all(channel: Channel, items: Sequence[Item]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The formats that are valid, and of the others what is wrong. Nothing at all without items: no feed can say when it was updated."""
    documents, found = {}, {}
    if items:
        feed = Feed(channel, tuple(in_shown_order(items)))
        for suffix, write in FORMATS.items():
            try:
                content = write(feed)
                wrong = faults(suffix, content)
            except Exception as error:  # feedgen and lxml raise what they like: it ends this format, not the run
                wrong = [f"{type(error).__name__}: {error}"]
            if wrong:
                found[suffix] = wrong[0]
            else:
                documents[suffix] = content
    return documents, found


def sound(channel: Channel, items: Iterable[Item], problems: list[Problem]) -> list[Item]:
    """The items that all formats can hold; the others are told."""
    kept = []
    for item in items:
        _, found = write_all(channel, [item])
        if found:
            suffix, fault = next(iter(found.items()))
            problems.append(Problem(channel.path, item.guid, f"left out: as {suffix} it is not valid: {fault}"))
        else:
            kept.append(item)
    return kept
