"""The archives of a feed (RFC 5005, 4): all the articles it ever held, fifty a file, so that a new reader gets them too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from operator import itemgetter
from typing import Protocol

from crawler.feeds.feed import Channel
from crawler.feeds.members import LIMIT
from crawler.feeds.plans import Part, Plan

SIZE = LIMIT
"""Articles of an archive, whatever the live feed's limit is: archive n holds the places 50(n-1)+1 … 50n (FORMATS, "Feeds")."""


class Places(Protocol):
    """Which place each article has in a feed, counted from 1 in the order of arrival. A place once given is never given again."""

    def give(self, feed: str, part: Part, *, whole: bool) -> None:
        """Gives the next places to the feed's articles that have none yet. `feed`: its path.

        `whole`: looks at all its articles, not only at those that changed since the last publication.
        """

    def count(self, feed: str) -> int:
        """How many places were given so far, those of articles that were taken down included."""

    def between(self, feed: str, first: int, last: int) -> list[str]:
        """Paths of the documents at the places `first` … `last`, the last first; those taken down are left out."""

    def touched(self, feed: str, part: Part, size: int) -> set[int]:
        """Which `size` places (1: the first ones) hold a document that changed since the last publication, be it taken down."""

    def arrival(self, feed: str, number: int) -> tuple[str, str, str]:
        """first_seen, published and guid of the article at a place, as texts that sort by time; empty ones where none is known."""


def newest_archive(plan: Plan, places: Places) -> int:
    """Number of the newest archive: the last one that is full and not empty; 0 where there is none."""
    return held_before(plan, places, places.count(plan.channel.path) // SIZE + 1)


def held_before(plan: Plan, places: Places, number: int) -> int:
    """Number of the next older archive that holds an article: one whose articles were all taken down has no file."""
    return next((n for n in range(number - 1, 0, -1) if members_of(plan, places, n)), 0)


def members_of(plan: Plan, places: Places, number: int) -> list[str]:
    """Paths of the documents that an archive holds: without those of a source that is in the feed no more, as the demo newspaper's."""
    return [path for path in places.between(plan.channel.path, SIZE * (number - 1) + 1, SIZE * number) if plan.part.takes(path)]


def in_no_archive(plan: Plan, places: Places) -> list[str]:
    """Paths of the documents whose archive is not full yet, the last first: the live feed shows them as far as its limit goes."""
    count = places.count(plan.channel.path)
    return [path for path in places.between(plan.channel.path, count // SIZE * SIZE + 1, count) if plan.part.takes(path)]


def archives_to_write(plan: Plan, places: Places, *, exists: Callable[[Channel], bool], everything: bool = False) -> list[int]:
    """Numbers of the archives that have to be written, oldest first.

    Those are the new ones, those that hold a changed document, and with `everything` all; one without members is to be deleted.
    Written oldest first, what a kill leaves out is always at the new end; so the search for missing ones stops at the first that is there.
    """
    newest = newest_archive(plan, places)
    full = places.count(plan.channel.path) // SIZE
    if everything or not full:
        wanted = set(range(1, newest + 1))
    else:
        wanted = {number for number in places.touched(plan.channel.path, plan.part, SIZE) if number <= full}
    emptied = [number for number in wanted if not members_of(plan, places, number)]
    # the next one that holds an article led to it
    wanted |= {next((n for n in range(number + 1, newest + 1) if members_of(plan, places, n)), number) for number in emptied}
    for number in range(newest, 0, -1):
        if number in wanted:
            continue
        if exists(replace(plan.channel, archive=number)):
            break
        wanted.add(number)
    return sorted(wanted)


def in_step(due: Iterable[tuple[Plan, Sequence[int]]], places: Places) -> Iterator[tuple[Plan, int]]:
    """The archives of several feeds, each feed's oldest first, those of one time after each other: most articles stand in several feeds,
    and are at hand still when the next one shows them."""

    def of_one(plan: Plan, numbers: Sequence[int]) -> Iterator[tuple[tuple[str, str, str], Plan, int]]:
        for number in numbers:
            yield places.arrival(plan.channel.path, SIZE * number), plan, number

    for _, plan, number in merge(*(of_one(plan, numbers) for plan, numbers in due), key=itemgetter(0)):
        yield plan, number
