"""What a list brings into the queue: its articles, its further pages, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.identity import without_idle_query
from crawler.outcome import Lease, Link, Listing, SectionListing, Way
from crawler.page import NO_HINTS
from crawler.recipes.model import Recipe
from crawler.store import PageRow, Transaction
from crawler.urls import address_key, canonical, host_of

LIST_PAGES = 10_000  # places in the ranking that one section's list pages have
SITEMAP_LEVELS = 3
MOST_FURTHER = 1_000  # of one list page: a sitemap's index may name 50,000 children
PLACES = 100_000  # … and one list page's links
MOST_LISTS = 20_000  # of a source in one run: an index of indexes may name millions
MOST_WAITING = 200_000  # articles of a source; what its lists show beyond comes when these are read


def queue_lists(transaction: Transaction, source: str, starts: Iterable[tuple[str, Way, str]], run: int) -> None:
    """Queues the lists that a source starts from; one address that several sections read is asked once."""
    at: dict[str, PageRow] = {}
    for place, (section, way, url) in enumerate(starts):
        key = address_key(url)
        row = at.get(key) or new_list(source, url, rank=place * LIST_PAGES, run=run, depth=0)
        at[key] = replace(row, sections=(*row.sections, (section, way)))
    for key, row in at.items():
        put_list(transaction, row, key)


def queue_further(transaction: Transaction, lease: Lease, recipe: Recipe, listings: Iterable[SectionListing], run: int) -> None:
    """Queues the further pages of a list, each once a run, no more than its section allows; and the lists that it leads to."""
    room = MOST_LISTS - transaction.pages.lists_in(lease.source, run)
    for read in listings:
        if read.listing is None:
            continue
        deeper = lease.depth + 1
        further = [(url, deeper) for url in read.listing.further if deeper < most_pages(recipe, read.section, read.way)]
        for url, depth in [*further, *((url, 0) for url in read.listing.lists)][: max(0, min(MOST_FURTHER, room))]:
            room -= 1
            row = new_list(lease.source, url, rank=lease.rank + 1, run=run, depth=depth)
            put_list(transaction, replace(row, sections=((read.section, read.way),)), row.address)


def most_pages(recipe: Recipe, section_id: str, way: Way) -> int:
    """How deep a list is followed: as far as its section says; a sitemap's index may name indexes (sitemaps.org allows one level)."""
    section = recipe.section(section_id)
    paged = section.paged(way) if section is not None else None
    return paged.pages if paged is not None else SITEMAP_LEVELS


def new_list(source: str, url: str, *, rank: int, run: int, depth: int) -> PageRow:
    return PageRow(
        source=source,
        kind="list",
        address=address_key(url),
        url=canonical(url),
        host=host_of(canonical(url)),
        rank=rank,
        run=run,
        depth=depth,
    )


def put_list(transaction: Transaction, new: PageRow, key: str) -> None:
    old = transaction.pages.at(new.source, "list", key)
    if old is None:
        transaction.pages.add([new])
    elif old.run != new.run:
        kept = replace(new, id=old.id, fingerprint=old.fingerprint, links=old.links)
        if old.url == new.url:  # else its validators are those of another address
            kept = replace(kept, etag=old.etag, last_modified=old.last_modified)
        transaction.pages.save(kept)
    elif missing := [pair for pair in new.sections if pair not in old.sections]:
        transaction.pages.save(replace(old, sections=(*old.sections, *missing), state="queued", fingerprint=""))


@dataclass(frozen=True, slots=True)
class Placed:
    """A link with the sections that list it and its place among the source's articles."""

    link: Link
    key: str
    sections: tuple[str, ...]
    rank: int


def placed(lease: Lease, listings: Sequence[SectionListing], recipe: Recipe) -> list[Placed]:
    """The links of a list page, each once, in order; several sections on one page are joined."""
    found: dict[str, Placed] = {}
    for read in listings:
        for place, link in enumerate(read.listing.links[:PLACES] if read.listing else ()):
            url = without_idle_query(link.url, recipe)
            key = address_key(url)
            old = found.get(key)
            if old is None:
                found[key] = Placed(replace(link, url=url), key, (read.section,), lease.rank * PLACES + place)
            elif read.section not in old.sections:
                found[key] = replace(old, sections=(*old.sections, read.section))
    return list(found.values())


def queue_articles(transaction: Transaction, source: str, new: Sequence[Placed], recipe: Recipe, run: int) -> int:
    """Queues articles nobody knows yet; one that is queued already gets the sections and the better place.

    Gives how many were not queued, because so many of the source wait already.
    """
    room, left = MOST_WAITING - transaction.pages.waiting_articles(source), 0
    rows = transaction.pages.at_all(source, "article", [one.key for one in new])
    added: list[PageRow] = []
    for one in new:
        old = rows.get(one.key)
        if old is None and len(added) >= room:
            left += 1
        elif old is None:
            url = canonical(one.link.url)
            added.append(
                PageRow(
                    source=source,
                    kind="article",
                    address=one.key,
                    url=url,
                    host=host_of(url),
                    rank=one.rank,
                    sections=one.sections,
                    hints=((one.rank, one.link.hints),) if one.link.hints != NO_HINTS else (),
                    run=run,
                )
            )
        else:
            sections = in_order(recipe, (*old.sections, *one.sections))
            hints = {rank: said for rank, said in (*old.hints, (one.rank, one.link.hints)) if said != NO_HINTS}
            better = replace(
                old, sections=sections, rank=min(one.rank, old.rank), hints=tuple(sorted(hints.items(), key=lambda pair: pair[0]))
            )
            if better != old:
                transaction.pages.save(better)
    transaction.pages.add(added)
    return left


def in_order(recipe: Recipe, sections: Iterable[str]) -> tuple[str, ...]:
    """Section ids, each once, in the recipe's order; those it no longer has come last, sorted."""
    given = set(sections)
    ordered = [section.id for section in recipe.sections if section.id in given]
    return (*ordered, *sorted(given.difference(ordered)))


def as_remembered(read: SectionListing) -> list[str]:
    """The further pages of a list as the store keeps them, `section way address`; lists that it leads to as `section way* address`."""
    if read.listing is None:
        return []
    kept = [f"{read.section} {read.way} {url}" for url in read.listing.further]
    return kept + [f"{read.section} {read.way}* {url}" for url in read.listing.lists]


def remembered(further: str) -> SectionListing:
    """A further page as the store keeps it, as if its list had been read again."""
    section, way, url = further.split(" ", 2)
    listing = Listing((), (), (url,)) if way.endswith("*") else Listing((), (url,))
    return SectionListing(section, way.removesuffix("*"), listing)  # type: ignore[arg-type]
