"""What feeds say of the sources whose articles they show. Asked one by one: of ten thousand a new article concerns one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from crawler.recipes.model import Recipe


class SectionInfo(NamedTuple):
    """A section, as its feed's title names it."""

    id: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What feeds say of a source."""

    id: str
    title: str
    url: str
    icon: str = ""
    language: str = ""
    sections: tuple[SectionInfo, ...] = ()
    zone: str = ""
    """IANA name; empty: UTC."""

    @classmethod
    def of(cls, recipe: Recipe) -> SourceInfo:
        sections = tuple(SectionInfo(section.id, section.title, section.language) for section in recipe.sections)
        return cls(recipe.id, recipe.title, recipe.url, recipe.icon, recipe.language, sections, recipe.zone)


@dataclass(frozen=True, slots=True)
class Gathering:
    """The sources that make up the feed `all`, as far as that feed speaks of them."""

    url: str
    """Address of the first one's site."""
    language: str = ""
    """The one that all have in common; empty where they have several."""
    without: tuple[str, ...] = ()
    """Ids of the sources that are not in it."""

    @classmethod
    def of(cls, sources: Sequence[SourceInfo], without: Collection[str] = ()) -> Gathering | None:
        """`sources`: those in it, sorted by id. None where there are none."""
        languages = {source.language for source in sources}
        language = languages.pop() if len(languages) == 1 else ""
        return cls(sources[0].url, language, tuple(sorted(without))) if sources else None


class Sources(Protocol):
    """The sources that have articles."""

    def about(self, source: str) -> SourceInfo | None:
        """What feeds say of a source; None where it has no articles."""

    def expect(self, sources: Iterable[str]) -> None:
        """These will be asked for, one after the other."""

    def names(self) -> Sequence[str]:
        """Their ids, in the order in which people see them."""

    def count(self) -> int:
        """How many there are."""

    def gathered(self) -> Gathering | None:
        """Those that make up `all`; None where none does."""


class Listed:
    """Sources that are all at hand."""

    def __init__(self, sources: Sequence[SourceInfo], in_all: Collection[str] | None = None) -> None:
        """`in_all`: ids of those that make up `all`; None: every one."""
        self._sources = {source.id: source for source in sources}
        self._in_all = self._sources.keys() if in_all is None else in_all

    def about(self, source: str) -> SourceInfo | None:
        return self._sources.get(source)

    def expect(self, sources: Iterable[str]) -> None:
        pass

    def names(self) -> Sequence[str]:
        return list(self._sources)

    def count(self) -> int:
        return len(self._sources)

    def gathered(self) -> Gathering | None:
        without = [name for name in self._sources if name not in self._in_all]
        return Gathering.of([source for source in self._sources.values() if source.id in self._in_all], without)
