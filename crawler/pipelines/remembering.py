"""What feeds say of themselves and their sources, remembered in the store: a change is noticed, a broken recipe changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from crawler.errors import BroadsheetError
from crawler.feeds import CustomFeed, FeedSettings, Problem, SectionInfo, SourceInfo, custom_feeds, feed_version
from crawler.feeds.build import FORMATS
from crawler.files import delete_durably
from crawler.recipes import Recipe, find_sources
from crawler.workspace import Workspace

Known = Mapping[str, Sequence[str]]
"""Ids of the sources that there are, each with its sections' ids."""


def told_of(workspace: Workspace, settings: FeedSettings) -> str:
    """All that decides what feeds look like besides their articles and sources."""
    return as_text({"settings": asdict(settings), "own": workspace.settings.own_feeds, "version": feed_version()})


def archive_of(told: str) -> int:
    """How many articles an archive holds by what is remembered; 0: no feed was made yet."""
    return int(json.loads(told)["settings"]["archive"]) if told else 0


def remembered(source: SourceInfo) -> str:
    return as_text(asdict(source) | {"sections": [section._asdict() for section in source.sections]})


def recalled(text: str) -> SourceInfo:
    values = json.loads(text)
    return SourceInfo(**values | {"sections": tuple(SectionInfo(**section) for section in values["sections"])})


def as_text(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)


def known_sources(
    workspace: Workspace, with_entries: Iterable[str], given: Mapping[str, Recipe], made: Mapping[str, str]
) -> tuple[list[SourceInfo], Known]:
    """What the feeds say of the sources that have articles; and all sources that there are.

    By the given recipes, the workspace's, the shipped ones. Of one whose recipe is broken or gone, what its feeds said last; else its id.
    """
    catalogue = find_sources(workspace.sources)
    sources = []
    for name in with_entries:
        try:
            sources.append(SourceInfo.of(given[name] if name in given else catalogue.get(name).recipe))
        except BroadsheetError:
            sources.append(recalled(made[name]) if name in made else SourceInfo(name, name, f"http://{name}.invalid/"))
    known = {name: [section.id for section in source.recipe.sections] for name, source in catalogue.sources.items()}
    known |= {source.id: [section.id for section in source.sections] for source in sources}
    return sources, known


def known_recipes(workspace: Workspace, sources: Iterable[str], given: Mapping[str, Recipe]) -> dict[str, Recipe]:
    """The recipes of these sources: the given ones, the workspace's, the shipped ones. One that has none any more gets a bare one."""
    catalogue = find_sources(workspace.sources)
    found = dict(given)
    for name in sources:
        if name not in found:
            try:
                found[name] = catalogue.get(name).recipe
            except BroadsheetError:  # its recipe is gone or broken: its articles stay under the source's id
                found[name] = Recipe(id=name, url=f"http://{name}.invalid/")
    return found


def own_feeds(workspace: Workspace, known: Known) -> tuple[list[CustomFeed], list[Problem]]:
    """The feeds that broadsheet.yaml declares; one that is declared wrongly is told and keeps its last good files."""
    found: list[CustomFeed] = []
    problems = []
    for name, declared in workspace.settings.own_feeds.items():
        try:
            found += custom_feeds({name: declared}, known)
        except BroadsheetError as error:
            problems.append(Problem(name, "", error.problem))
    return found, problems


def without_feeds(workspace: Workspace, made: Mapping[str, str], known: Known) -> list[Path]:
    """Deletes the files of feeds of one's own that broadsheet.yaml declares no more."""
    before = json.loads(made[""])["own"] if "" in made else {}
    gone = [name for name in before if name not in workspace.settings.own_feeds and name not in known]
    files = [workspace.feeds / f"{name}.{suffix}" for name in gone for suffix in (*FORMATS, "html")]
    return [path for path in files if delete_durably(path)]
