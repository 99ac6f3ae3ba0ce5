"""Feeds become files: only those that an article's change concerns are built, and only new bytes are written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from crawler.entry import Entry
from crawler.feeds.archives import Places
from crawler.feeds.custom import CustomFeed
from crawler.feeds.desk import Desk, Membership, PagesAt
from crawler.feeds.feed import ALL, Problem
from crawler.feeds.item import KeptPicture
from crawler.feeds.plans import FeedSettings, SourceInfo, plans
from crawler.feeds.shelf import Shelf


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


def publish(
    which: Iterable[str] | None,
    *,
    sources: Sequence[SourceInfo],
    membership: Membership,
    read_document: Callable[[str], Entry],
    folder: Path,
    settings: FeedSettings,
    in_all: Sequence[str] | None = None,
    custom: Sequence[CustomFeed] = (),
    places: Places | None = None,
    changed: Collection[str] = (),
    afresh: Collection[str] = (),
    pages: PagesAt | None = None,
    kept: Callable[[Entry], Mapping[str, KeptPicture]] | None = None,
    held: Mapping[str, str] = MappingProxyType({}),
    withheld: Collection[str] = (),
) -> PublishReport:
    """Builds feeds and writes what changed. A feed that can't be built keeps its last good files.

    `which`: paths as `paths_of` gives them; None: all there are. `read_document` gives the entry of a document's path.
    `in_all`: ids of the sources that make up `all`; None: every one. `custom`: feeds that the workspace declares.
    `places`: who knows the archives' members; without it, or without `base_url`, there are no archives. `changed`: paths of
    documents that changed, so that the archives that show them are written again. `afresh`: paths of feeds that
    say something else of themselves than before: all their archives are written again. `pages`: where pages for people go; None: none.
    `kept`: which pictures of an entry the workspace has copies of. `held`: source → why its feeds are stopped (a flood); they stay as they
    are, and so do `withheld`, paths of documents that no feed may show yet, out of the others.
    Raises OSError where the folder can't be written.
    """
    planned = plans(sources, settings, in_all, custom)
    asked = planned.keys() if which is None else set(which)
    desk = Desk(folder, settings, planned, membership, Shelf(sources, settings, read_document, kept), pages, frozenset(withheld))
    if asked and pages:
        asked = {*asked, ALL}  # the front page shows what is in it
    wanted = [plan for path, plan in planned.items() if path in asked]
    if held:
        stopped = [plan for plan in wanted if not plan.gathered and plan.sources[0] in held]
        desk.problems += [Problem(plan.channel.path, "", f"not published: {held[plan.sources[0]]}") for plan in stopped]
        wanted = [plan for plan in wanted if plan not in stopped]
    of_source: dict[str, list[str]] = {}
    for path in changed:
        of_source.setdefault(path.partition("/")[0], []).append(path)
    for plan in wanted:
        if places is not None and settings.base_url and plan.custom is None:
            plan = desk.archives(
                plan,
                places,
                [path for source in plan.sources for path in of_source.get(source, ())],
                everything=which is None or plan.channel.path in afresh,
            )
        desk.live(plan)
    if wanted:
        desk.overviews()
    return PublishReport(tuple(desk.written), desk.unchanged, tuple(desk.deleted), tuple(desk.problems), tuple(desk.topics))
