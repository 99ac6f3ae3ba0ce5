"""Places in the feeds' archives are given again after the store was lost: those that were taken down keep theirs, empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from crawler.pipelines.revisions import Removal
from crawler.rebuild import Rebuilt
from crawler.store import Store, Transaction


def place_again(store: Store, rebuilt: Rebuilt, removed: Sequence[Removal]) -> None:
    """Gives every article the place that it had in each feed: by when it came into that feed, first_seen, published, guid.

    A feed that has places already keeps them. When an article joined a section later than it came, its document says.
    """
    from crawler.pipelines.remembering import sources_in_all

    with store.begin() as transaction:
        sources = transaction.entries.sources()
        if sources:
            place_feed(transaction, "all", sources_in_all(sources), None, rebuilt.joined, removed)
        for source in sources:
            place_feed(transaction, source, [source], None, rebuilt.joined, removed)
            for section in transaction.entries.sections(source):
                place_feed(transaction, f"{source}/{section}", [source], section, rebuilt.joined, removed)


def place_feed(
    transaction: Transaction,
    feed: str,
    sources: Sequence[str],
    section: str | None,
    joined: Mapping[str, Mapping[str, str]],
    removed: Sequence[Removal],
) -> None:
    if transaction.places.count(feed):
        return
    taken = {one.places[feed]: one.guid for one in removed if feed in one.places}
    came = transaction.places.without_place(feed, sources, section)
    if section is not None:
        came.sort(key=lambda row: (joined.get(row[2], {}).get(section, row[0]), *row))
    free = (number for number in count(1) if number not in taken)
    transaction.places.put(feed, {**taken, **{number: guid for number, (_, _, guid) in zip(free, came, strict=False)}})
