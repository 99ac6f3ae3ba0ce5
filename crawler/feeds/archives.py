"""The archives of a feed (RFC 5005, 4): all the articles it ever held, fifty a file, so that a new reader gets them too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
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

    def places(self, feed: str, paths: Collection[str]) -> list[int]:
        """The places of these documents, as far as they have one, be they taken down."""


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


def archives_to_write(
    plan: Plan, places: Places, *, changed: Collection[str], exists: Callable[[Channel], bool], everything: bool = False
) -> Iterator[tuple[Channel, list[str]]]:
    """The archives that have to be written, oldest first, each with its members' paths.

    Those are the new ones, those that hold a changed document, and with `everything` all; one without members is to be deleted.
    Written oldest first, what a kill leaves out is always at the new end; so the search for missing ones stops at the first that is there.
    """
    newest = newest_archive(plan, places)
    full = places.count(plan.channel.path) // SIZE
    touched = {-(-place // SIZE) for place in places.places(plan.channel.path, changed)} if full else set()
    wanted = set(range(1, newest + 1)) if everything else {number for number in touched if number <= full}
    emptied = [number for number in wanted if not members_of(plan, places, number)]
    # the next one that holds an article led to it
    wanted |= {next((n for n in range(number + 1, newest + 1) if members_of(plan, places, n)), number) for number in emptied}
    for number in range(newest, 0, -1):
        if number in wanted:
            continue
        if exists(replace(plan.channel, archive=number)):
            break
        wanted.add(number)
    for number in sorted(wanted):
        previous = held_before(plan, places, number)
        yield replace(plan.channel, archive=number, previous=previous), members_of(plan, places, number)
