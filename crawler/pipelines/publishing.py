"""The feeds at the end of a run: those that the store marks stale, then the marks go. A kill in between leaves the marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.documents import Documents
from crawler.errors import BroadsheetError
from crawler.feeds import ALL, CustomFeed, FeedSettings, PublishReport, SourceInfo, paths_of, publish
from crawler.recipes import Recipe, find_sources
from crawler.store import Store
from crawler.workspace import Workspace

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Publication:
    """What a workspace's feeds are made of: for those who write them, and those who answer queries over them."""

    sources: list[SourceInfo]
    in_all: list[str]
    settings: FeedSettings
    custom: tuple[CustomFeed, ...] = ()


def publish_feeds(
    store: Store, documents: Documents, workspace: Workspace, recipes: Mapping[str, Recipe] | None = None, *, everything: bool = False
) -> PublishReport:
    """Builds the feeds that are stale (or, with `everything`, all of them) and writes those that changed.

    `recipes`: of sources that no catalogue knows (a foreign Scrapy project's). Raises OSError where the folder can't be written.
    """
    with store.begin() as transaction:
        stale = transaction.entries.stale()
        with_entries = transaction.entries.sources()
    if not stale and not everything:
        return PublishReport()
    made_of = publication(workspace, with_entries, recipes or {})
    report = publish(
        None if everything else paths_of(sorted(stale), made_of.in_all) + moved_out(stale, made_of.in_all),
        sources=made_of.sources,
        membership=store,
        read_document=documents.read,
        folder=workspace.feeds,
        settings=made_of.settings,
        in_all=made_of.in_all,
        custom=made_of.custom,
    )
    with store.begin() as transaction:
        transaction.entries.built(stale)
    return report


def publication(workspace: Workspace, with_entries: Sequence[str], recipes: Mapping[str, Recipe]) -> Publication:
    """What the feeds are made of, where these sources have entries. `recipes`: as for `publish_feeds`."""
    known = known_recipes(workspace, with_entries, recipes)
    settings = workspace.settings
    return Publication(
        sources=[SourceInfo.of(known[name]) for name in with_entries if name in known],
        in_all=sources_in_all(with_entries),
        settings=FeedSettings(title=settings.title, base_url=settings.base_url, refresh=settings.refresh, hubs=settings.hubs),
    )


def known_recipes(workspace: Workspace, sources: Iterable[str], given: Mapping[str, Recipe]) -> dict[str, Recipe]:
    """The recipes of these sources: the given ones, the workspace's, the shipped ones. One that has none any more gets a bare one."""
    catalogue = find_sources(workspace.sources)
    found = dict(given)
    for name in sources:
        if name not in found:
            try:
                found[name] = catalogue.get(name).recipe
            except BroadsheetError:  # its recipe is gone or broken: its articles stay in the feeds under the source's id
                found[name] = Recipe(id=name, url=f"http://{name}.invalid/")
    return found


def sources_in_all(with_entries: Sequence[str]) -> list[str]:
    """Whose articles make up the feed `all`: the demo newspaper's only where there is nothing else."""
    return [name for name in with_entries if name != DEMO] or list(with_entries)


def moved_out(stale: Iterable[tuple[str, str]], in_all: Sequence[str]) -> list[str]:
    """`all` is built again too when a source comes whose articles push the demo newspaper's out of it."""
    return [ALL] if any(source not in in_all for source, _ in stale) and in_all else []
