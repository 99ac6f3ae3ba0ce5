"""Before new articles reach a feed: is it a site's known ones under new ids? Then the source's feeds stay as they are, and that is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from crawler.entry import Entry
from crawler.errors import BroadsheetError
from crawler.extraction.clean import text_of
from crawler.feeds import Fingerprint, Problem, Return, is_flood, returns
from crawler.feeds.flood import text_hash
from crawler.store import PrintRow, Store
from crawler.store.writes import parts

TOLD = 10
"""Entries told one by one for a source."""


@dataclass(slots=True)
class Floods:
    """What the check found."""

    held: dict[str, str] = field(default_factory=dict)
    """Source → why its feeds are not published."""
    problems: list[Problem] = field(default_factory=list)
    """Which entries came back."""
    released: set[str] = field(default_factory=set)
    """Sources that were held back and no longer are."""
    under_way: set[str] = field(default_factory=set)
    """Sources that a run is still crawling: only all its articles together tell a flood."""


def look_for_floods(
    store: Store,
    read: Callable[[str], Entry],
    sources: Collection[str],
    *,
    force: bool = False,
    whole: Collection[str] = (),
    under_way: Callable[[str], bool] = lambda source: False,
    noted: Callable[[str], str | None] = lambda path: None,
) -> Floods:
    """Takes in the new entries of these sources, and of those held back before, unless too many are known ones under other ids.

    What is decided stands in the store before a feed is built: a kill in between changes nothing of it. No feed shows what was not taken
    in. `whole`: sources of which all entries are looked at, not only those that were written since the last publication. `under_way`:
    whether a run is crawling a source. `noted`: the hash of a document's text, where it is known without reading it.
    """
    found = Floods()
    with store.begin() as transaction:
        held_before = transaction.publications.held_sources()
    for source in sorted({*sources, *held_before}):
        back: list[Return] = []
        looked_at: dict[str, str] = {}
        more = False
        for part in new_guids(store, source, whole=source in whole):  # a first run may bring any number: none stays in memory
            if under_way(source):  # asked after they were read: it may just have begun
                found.under_way.add(source)
                break
            if looked_at:
                more = True
                with store.begin() as transaction:  # held until all of them were looked at; what is left so is looked at again next time
                    transaction.publications.take_in(source, looked_at, held=True)
            with store.read() as transaction:
                rows = transaction.publications.rows(part)
            prints = [as_print(row, hash_of(row, read, noted)) for row in rows]
            back += came_back(store, source, prints)
            looked_at = {one.guid: one.body for one in prints}
        if not looked_at or source in found.under_way:
            continue
        with store.begin() as transaction:
            known = transaction.publications.known(source) if back else 0
            stopped = is_flood(len(back), known) and not force
            transaction.publications.take_in(source, looked_at, held=stopped)
            if more and not stopped:
                transaction.publications.release(source)
        if stopped:
            found.held[source] = (
                f"{len(back):,} of {known:,} known articles came back under other ids, as after a move of the site; the last good feeds "
                "stay. If they are to be read as new ones: broadsheet feeds --force"
            )
            found.problems += [Problem(source, one.new.path, str(one)) for one in back[:TOLD]]
            if len(back) > TOLD:
                found.problems.append(Problem(source, "", f"… and {len(back) - TOLD:,} more"))
        elif source in held_before:
            found.released.add(source)
    return found


def new_guids(store: Store, source: str, *, whole: bool) -> Iterator[Sequence[str]]:
    """Ids of what no feed has shown yet, some at a time; `whole`: of all the source's entries."""
    if not whole:
        with store.begin() as transaction:
            new = transaction.publications.new(source)
        yield from parts(new)
        return
    after = ("", "", "")
    while True:
        with store.begin() as transaction:
            next_ones = transaction.publications.new_of_all(source, after)
        if not next_ones:
            return
        after = next_ones[-1]
        yield [guid for *_, guid in next_ones]


def came_back(store: Store, source: str, new: Sequence[Fingerprint]) -> list[Return]:
    bodies = {one.body for one in new if one.body}
    titles = {(one.title, one.day) for one in new if one.title and one.day}
    with store.begin() as transaction:
        alike = transaction.publications.like(source, bodies, titles)
    return returns(new, [as_print(row, row.body or "") for row in alike])


def hash_of(row: PrintRow, read: Callable[[str], Entry], noted: Callable[[str], str | None]) -> str:
    """Hash of the entry's text; empty where its document can't be read: that is told where a feed would show it."""
    known = row.body if row.body is not None else noted(row.path)
    if known is not None:
        return known
    try:
        return text_hash(text_of(read(row.path).article.body))
    except (BroadsheetError, OSError):
        return ""


def as_print(row: PrintRow, body: str) -> Fingerprint:
    return Fingerprint(row.guid, row.title_key, row.day, body, row.path)
