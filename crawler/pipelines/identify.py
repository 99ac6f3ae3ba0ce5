"""Which article is it? By a known address first, then by its key; one that looks like a known one has its old address asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler import extraction
from crawler.article import Article
from crawler.bounds import in_bounds
from crawler.identity import guid_of, key_of, title_key
from crawler.outcome import Outcome
from crawler.page import Page
from crawler.recipes import Recipe
from crawler.store import KnownEntry, Transaction
from crawler.urls import address_key, canonical
from crawler.zones import day_in

MOST_ASKED = 3  # old addresses that are asked for one article


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article together with every address that led to it."""

    article: Article
    source: str
    keys: tuple[str, ...]
    """Address keys, the article's own first."""
    addresses: tuple[str, ...]
    """The addresses themselves, the article's own first."""
    guid: str
    """What its id would be if nobody knew it."""
    title_key: str
    day: str
    """Of publication in the source's zone, ISO; empty without a date."""
    image_files: tuple[tuple[str, str], ...] = ()
    """Pictures of it that are kept: original address, file."""


def sighting(outcome: Outcome, recipe: Recipe) -> Sighting:
    """Everything about an outcome's article that identity asks."""
    article = outcome.article
    assert article is not None
    lease = outcome.lease
    also = [outcome.url, *outcome.aliases, *(lease.also if lease else ()), *([lease.url] if lease else [])]
    also += [address for page in outcome.pages for address in (page.url, page.requested_url) if address]
    addresses = dict.fromkeys(canonical(address) for address in dict.fromkeys((article.url, *also)))
    addresses.pop("", None)
    day = day_of(article, recipe)
    return Sighting(
        article=article,
        source=outcome.source,
        keys=tuple(dict.fromkeys(address_key(address) for address in addresses)),
        addresses=tuple(addresses),
        guid=guid_of(recipe.first_id or outcome.source, key_of(article.url, recipe)),
        title_key=title_key(article.title),
        day=day.isoformat() if day else "",
    )


def day_of(article: Article, recipe: Recipe) -> date | None:
    """The day of publication in the source's zone (rule 8 of the design)."""
    return day_in(article.published, recipe.zone) if article.published else None


def known_entries(transaction: Transaction, seen: Sequence[Sighting]) -> list[KnownEntry | None]:
    """For each article the entry that one of its addresses leads to, else the one with its key."""
    keys: dict[str, list[str]] = {}
    for one in seen:
        keys.setdefault(one.source, []).extend(one.keys)
    at = {source: transaction.entries.guids_at(source, given) for source, given in keys.items()}
    guids = [next((at[one.source][key] for key in one.keys if key in at[one.source]), one.guid) for one in seen]
    found = transaction.entries.by_guids(guids)
    return [found.get(guid) for guid in guids]


def lookalikes(transaction: Transaction, seen: Sequence[Sighting]) -> list[list[KnownEntry]]:
    """For each article the known entries of its source with the same title on the same day (FORMATS, "Ids and addresses").

    The day before and after count too: a site that mends the zone of its dates moves an evening's articles to another day
    (miaohancheng.com did, together with its addresses). The old address decides, so no harm is done by asking one more.
    """
    telling: dict[str, list[Sighting]] = {}
    for one in seen:
        if one.day and one.title_key:
            telling.setdefault(one.source, []).append(one)
    found: dict[tuple[str, str], list[KnownEntry]] = {}
    for source, group in telling.items():
        days = {day for one in group for day in days_around(one.day)}
        for entry in transaction.entries.like(source, sorted({one.title_key for one in group}), sorted(days)):
            if entry.written:
                found.setdefault((source, entry.title_key), []).append(entry)
    return [
        [entry for entry in found.get((one.source, one.title_key), ()) if entry.day in days_around(one.day)][:MOST_ASKED] for one in seen
    ]


def days_around(day: str) -> list[str]:
    """A day, the one before and the one after, ISO; none where there is none."""
    if not day:
        return []
    middle = date.fromisoformat(day)
    return [(middle + timedelta(days=shift)).isoformat() for shift in (0, -1, 1)]


def leads_to(page: Page, seen: Sighting) -> bool:
    """Whether an old address leads to the new article: by redirect, meta refresh or canonical."""
    read = in_bounds(page)
    targets: list[Callable[[], str]] = [lambda: page.url, lambda: extraction.redirect_in(read), lambda: extraction.canonical_in(read)]
    return any(address_key(target) in seen.keys for find in targets if (target := find()))


def merged(entry: KnownEntry, seen: Sighting, sections: tuple[str, ...]) -> KnownEntry:
    """A known entry with the sections and addresses that this sighting adds; nothing else of it moves."""
    own = address_key(entry.url)
    also = {address for address in seen.addresses if address_key(address) != own} | set(entry.also_at)
    return replace(entry, sections=sections, also_at=tuple(sorted(also)))
