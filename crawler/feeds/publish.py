"""Feeds become files: only those that an article's change concerns are built, and only new bytes are written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from pathlib import Path
from types import MappingProxyType

from crawler.entry import Entry
from crawler.feeds.archives import Places
from crawler.feeds.custom import CustomFeed
from crawler.feeds.desk import Desk, Membership, PagesAt
from crawler.feeds.feed import ALL, Problem
from crawler.feeds.item import KeptPicture
from crawler.feeds.overviews import write_overviews
from crawler.feeds.plans import FeedSettings, Plan, Planner
from crawler.feeds.prepared import PreparedAt
from crawler.feeds.shelf import Shelf
from crawler.feeds.sources import Listed, SourceInfo, Sources

FEW = 16
"""Feeds whose articles are at hand all at once: twice fifty of each are less than the shelf keeps."""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was done."""

    written: tuple[Path, ...] = ()
    """Files with new bytes."""
    unchanged: int = 0
    """Files that held these bytes already."""
    deleted: tuple[Path, ...] = ()
    """Files of feeds that no article is in any more."""
    problems: tuple[Problem, ...] = ()
    topics: tuple[str, ...] = ()
    """Absolute addresses of the live feeds that have new bytes: what a WebSub hub is told of."""
    waiting: tuple[str, ...] = ()
    """Sources that a run still crawls: their new articles are published at its end."""


def publish(
    which: Iterable[str] | None,
    *,
    sources: Sources | Sequence[SourceInfo],
    membership: Membership,
    read_document: Callable[[str], Entry],
    folder: Path,
    settings: FeedSettings,
    in_all: Sequence[str] | None = None,
    custom: Sequence[CustomFeed] = (),
    places: Places | None = None,
    afresh: Collection[str] = (),
    pages: PagesAt | None = None,
    kept: Callable[[Entry], Mapping[str, KeptPicture]] | None = None,
    held: Mapping[str, str] = MappingProxyType({}),
    prepared: PreparedAt | None = None,
    overviews: bool = False,
    on_other_feeds: Callable[[], None] = lambda: None,
    looking: bool = False,
) -> PublishReport:
    """Builds feeds and writes what changed. A feed that can't be built keeps its last good files.

    `which`: paths as `paths_of` gives them; None: all there are. `read_document` gives the entry of a document's path.
    `in_all`: ids of the sources that make up `all`; None: every one, or what `sources` says of it. `custom`: feeds that the workspace
    declares. `places`: who knows the archives' members and which of them changed; without it, or without `base_url`, there are no
    archives. `afresh`: paths of feeds that say something else of themselves than before: all their archives are written again. `pages`:
    where pages for people go; None: none. `kept`: which pictures of an entry the workspace has copies of. `held`: source → why its feeds
    are stopped (a flood); they stay as they are. `prepared`: where articles as feeds show them are kept for the next time; None: nowhere.
    `overviews`: what lists all feeds is due, whatever comes or goes; `on_other_feeds` is called before a feed does. `looking`: nothing is
    written or deleted, and the report tells what would be. Raises OSError where the folder can't be written.
    """
    about = Listed(sources, in_all) if isinstance(sources, Sequence) else sources
    planner = Planner(about, settings, custom)
    desk = Desk(folder, planner, membership, Shelf(about, settings, read_document, kept, prepared), pages, on_other_feeds, looking=looking)
    stopped, built = [], 0
    archived = places if settings.base_url else None
    for group in in_groups(in_order(which, planner, with_all=pages is not None)):
        plans = [plan for path in group if (plan := planner.plan(path))]
        stopped += [plan for plan in plans if is_held(plan, held)]
        plans = [plan for plan in plans if not is_held(plan, held)]
        if archived is not None:
            own = [plan for plan in plans if plan.custom is None]
            due = [(plan, desk.due_archives(plan, archived, everything=which is None or plan.channel.path in afresh)) for plan in own]
            desk.archives(due, archived)
        for plan in plans:
            desk.live(desk.after_archives(plan, archived) if archived is not None and plan.custom is None else plan)
        built += len(plans)
    desk.problems += [Problem(plan.channel.path, "", f"not published: {held[plan.part.sources[0]]}") for plan in stopped]
    if built:
        write_overviews(desk, due=overviews or which is None)
    desk.flush()
    return PublishReport(tuple(desk.written), desk.unchanged, tuple(desk.deleted), tuple(desk.problems), tuple(desk.topics))


def in_order(which: Iterable[str] | None, planner: Planner, *, with_all: bool) -> Iterable[str]:
    """Sections before their source, whose page names those that have files, then what gathers several."""
    if which is None:
        return planner.paths()
    asked = list(dict.fromkeys(which))
    if asked and with_all and ALL not in asked:
        asked.append(ALL)  # the front page shows what is in it
    return sorted(asked, key=lambda path: (path == ALL or path in planner.custom, path.partition("/")[0], "/" not in path))


def in_groups(paths: Iterable[str]) -> Iterator[list[str]]:
    """The feeds that are put together in one go: few are all together, of many each source's with its sections."""
    rest = iter(paths)
    first = list(islice(rest, FEW + 1))
    if len(first) <= FEW:
        yield first
    else:
        for _, group in groupby(chain(first, rest), key=lambda path: path.partition("/")[0]):
            yield list(group)


def is_held(plan: Plan, held: Collection[str]) -> bool:
    return not plan.gathered and plan.part.sources[0] in held
