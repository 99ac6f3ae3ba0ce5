"""What feeds say of themselves and their sources, remembered in the store: a change is noticed, a broken recipe changes nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from crawler.errors import BroadsheetError
from crawler.feeds import CustomFeed, FeedSettings, Gathering, Problem, SectionInfo, SourceInfo, custom_feeds, feed_version
from crawler.feeds.build import FORMATS
from crawler.feeds.custom import Known
from crawler.files import delete_durably
from crawler.pipelines.recipe_files import RecipeFiles
from crawler.recipes import Recipe, find_sources
from crawler.store import Store
from crawler.workspace import Workspace

SETTINGS = ""
GATHERING = "/all"
"""Under which names the store remembers what is no source's."""
DEMO = "demo"


def told_of(workspace: Workspace, settings: FeedSettings) -> str:
    """All that decides what feeds look like besides their articles and sources."""
    return as_text({"settings": asdict(settings), "own": workspace.settings.own_feeds, "version": feed_version()})


def remembered(source: SourceInfo) -> str:
    return as_text(asdict(source) | {"sections": [section._asdict() for section in source.sections]})


def recalled(text: str) -> SourceInfo:
    values = json.loads(text)
    return SourceInfo(**values | {"sections": tuple(SectionInfo(**section) for section in values["sections"])})


def as_text(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)


class MadeSources:
    """The sources that have feeds, as these speak of them: by the store alone."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rows: dict[str, str] = {}
        self._asked: set[str] = set()
        self._abouts: dict[str, SourceInfo | None] = {}
        self._names: list[str] | None = None

    def row(self, name: str) -> str:
        """What is remembered under a name; "" where nothing is."""
        self.expect([name])
        return self._rows.get(name, "")

    def expect(self, sources: Iterable[str]) -> None:
        missing = set(sources) - self._asked
        if missing:
            with self.store.begin() as transaction:
                self._rows |= transaction.publications.made(missing)
            self._asked |= missing

    def about(self, source: str) -> SourceInfo | None:
        if source not in self._abouts:
            self._abouts[source] = self.find(source)
        return self._abouts[source]

    def find(self, source: str) -> SourceInfo | None:
        row = self.row(source)
        return recalled(row) if row else None

    def names(self) -> Sequence[str]:
        if self._names is None:
            with self.store.begin() as transaction:
                self._names = transaction.publications.made_sources()
        return self._names

    def count(self) -> int:
        if self._names is not None:
            return len(self._names)
        with self.store.begin() as transaction:
            return transaction.publications.made_count()

    def gathered(self) -> Gathering | None:
        row = self.row(GATHERING)
        values = json.loads(row) if row else None
        return Gathering(values["url"], values["language"], tuple(values["without"])) if values else None


class KnownSources(MadeSources):
    """The sources that have articles, as their feeds speak of them from now on.

    By the given recipes, the workspace's, the shipped ones, each looked at only where its file changed since the feeds were made. Of one
    whose recipe is broken or gone, what its feeds said last; else its id.
    """

    def __init__(
        self, store: Store, workspace: Workspace, given: Mapping[str, Recipe], came: Collection[str], went: Collection[str]
    ) -> None:
        """`came`: sources that have articles now, be they new; `went`: those that have none any more."""
        super().__init__(store)
        self.given = given
        self.files = RecipeFiles(workspace.sources, self.row)
        self.expect({*came, *went})
        self.came, self.went = set(came), set(went)
        self.new = {name for name in came if not self.row(name)}
        """Sources that had no feeds yet."""
        self._gathering: list[Gathering | None] = []
        self.changed = self.find_changed()
        """Sources that had feeds and of which these say something else now."""
        self.others = bool(self.changed or self.new or any(self.row(name) for name in went))
        """Whether the sources are others than those that feeds were made of last, or something else is said of one."""

    def find_changed(self) -> set[str]:
        suspects = self.files.affected() | self.given.keys()
        self.expect(suspects)
        had_feeds = {name for name in suspects if self.row(name)}
        return {name for name in had_feeds if (about := self.about(name)) and remembered(about) != self.row(name)}

    def find(self, source: str) -> SourceInfo | None:
        row = self.row(source)
        if not row and source not in self.came:
            return None
        if source in self.given:
            return SourceInfo.of(self.given[source])
        if row and source not in self.files.affected():
            return recalled(row)
        recipe = self.files.recipe(source)
        if recipe is not None:
            return SourceInfo.of(recipe)
        return recalled(row) if row else SourceInfo(source, source, f"http://{source}.invalid/")

    def names(self) -> Sequence[str]:
        return sorted({*super().names(), *self.new})

    def count(self) -> int:
        return super().count() + len(self.new)

    def gathered(self) -> Gathering | None:
        """The demo newspaper is in `all` only where there is nothing else."""
        if not self._gathering:
            row = self.row(GATHERING)
            self._gathering = [super().gathered() if row and not self.others else self.gather()]
        return self._gathering[0]

    def gather(self) -> Gathering | None:
        names = [name for name in self.names() if name not in self.went]
        in_all = sources_in_all(names)
        self.expect(names)
        return Gathering.of([about for name in in_all if (about := self.about(name))], set(names) - set(in_all))

    def gathering_changed(self) -> bool:
        """Whether `all` says something else of itself than when it was made."""
        return bool(self.row(GATHERING)) and self.gathered() != super().gathered()

    def sections(self, source: str) -> Collection[str] | None:
        """Ids of a source's sections, be it without articles; None where there is no such source."""
        if about := self.about(source):
            return [section.id for section in about.sections]
        recipe = self.given.get(source) or self.files.recipe(source)
        if recipe is not None:
            return [section.id for section in recipe.sections]
        return [] if self.files.exists(source) else None

    def to_remember(self) -> dict[str, str]:
        """What the store has to remember of them once the feeds are made: what is new alone."""
        names = [name for name in self.changed | self.new if name not in self.went]
        told = {name: remembered(about) for name in names if (about := self.about(name))}
        gathering = self.gathered()
        return told | self.files.to_remember() | {GATHERING: as_text(asdict(gathering)) if gathering else ""}


def sources_in_all(with_articles: Sequence[str]) -> list[str]:
    """Whose articles make up the feed `all`: the demo newspaper's only where there is nothing else."""
    return [name for name in with_articles if name != DEMO] or list(with_articles)


def own_feeds(workspace: Workspace, known: Known | None) -> tuple[list[CustomFeed], list[Problem]]:
    """The feeds that broadsheet.yaml declares; one that is declared wrongly is told and keeps its last good files."""
    found: list[CustomFeed] = []
    problems = []
    for name, declared in workspace.settings.own_feeds.items():
        try:
            found += custom_feeds({name: declared}, known)
        except BroadsheetError as error:
            problems.append(Problem(name, "", error.problem))
    return found, problems


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


def delete_feeds_that_are_no_more(workspace: Workspace, sources: KnownSources) -> list[Path]:
    """Deletes the files of feeds of one's own that broadsheet.yaml declares no more, and of sections that a recipe has no more."""
    row = sources.row(SETTINGS)
    declared = json.loads(row)["own"] if row else {}
    gone = [name for name in declared if name not in workspace.settings.own_feeds and sources.sections(name) is None]
    for name in sorted(sources.changed):
        before, now = recalled(sources.row(name)), sources.about(name)
        left = {section.id for section in now.sections} if now else set()
        gone += [f"{name}/{section.id}" for section in before.sections if section.id not in left]
    return [path for feed in gone for path in files_of(workspace.feeds, feed) if delete_durably(path)]


def files_of(folder: Path, feed: str) -> list[Path]:
    """All files of a feed, its archives' too."""
    suffixes = (*FORMATS, "html")
    archives = [path for path in (folder / feed / "archive").glob("*") if path.suffix[1:] in suffixes]
    return [*(folder / f"{feed}.{suffix}" for suffix in suffixes), *sorted(archives)]
