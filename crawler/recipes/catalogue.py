"""All sources that there are: the workspace's own, and the shipped ones, which run only when they are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from crawler.errors import RecipeError, UnknownSource, did_you_mean
from crawler.recipes.inferred import with_inferred
from crawler.recipes.load import load_recipe
from crawler.recipes.modules import source_in, sources_in
from crawler.recipes.reading import shown
from crawler.recipes.source import LoadedSource, Source, SourceRef

SHIPPED = Path(__file__).with_name("shipped")
YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sources by id, and what is wrong with the others."""

    sources: dict[str, Source] = field(default_factory=dict)
    """Of the workspace, sorted by id."""
    errors: list[RecipeError] = field(default_factory=list)
    shipped: dict[str, Source] = field(default_factory=dict)
    broken: dict[str, RecipeError] = field(default_factory=dict)
    """By the id they would likely have: which error a name leads to."""

    @property
    def zones(self) -> dict[str, str]:
        """Source → its IANA zone, "" where its recipe names none; of the shipped ones too."""
        return {name: source.recipe.zone for name, source in {**self.shipped, **self.sources}.items()}

    def get(self, source_id: str) -> Source:
        """The source of that id: the workspace's, else the shipped one.

        Raises the RecipeError of a recipe that is broken, and UnknownSource for an id that nothing has.
        """
        if source_id in self.sources:
            return self.sources[source_id]
        if source_id in self.broken:
            raise self.broken[source_id]
        if source_id in self.shipped:
            return self.shipped[source_id]
        known = sorted({*self.sources, *self.shipped, *self.broken})
        raise UnknownSource(source_id, f"there is no such source{did_you_mean(source_id, known)}; there are: {', '.join(known)}")


def find_sources(folder: Path) -> Catalogue:
    """The sources in a workspace's `sources/` folder, and the shipped ones. A broken recipe never hides the others."""
    found: dict[str, list[Source]] = {}
    broken: dict[str, RecipeError] = {}
    errors: list[RecipeError] = []
    used: set[str] = set()
    for path in files_in(folder):
        try:
            for source in sources_of(path):
                found.setdefault(source.recipe.id, []).append(source)
                if type(source).recipe_file:
                    used.add(str((path.parent / type(source).recipe_file).resolve()))
        except RecipeError as error:
            errors.append(error)
            broken[path.stem] = error
    sources: dict[str, Source] = {}
    for name in sorted(found):
        # a recipe that a Python class reads by another way is that class's alone
        same = [source for source in found[name] if not (source.ref.kind == "recipe" and source.ref.path in used)]
        if len(same) == 1:
            sources[name] = same[0]
        else:
            files = " and ".join(shown(Path(source.ref.path)) for source in same)
            broken[name] = RecipeError(files, f"both have the id {name!r}; give one of them another `id:`")
            errors.append(broken[name])
    first = {source.recipe.first_id: name for name, source in sources.items() if source.recipe.first_id}
    for name in sorted(first.keys() & sources.keys()):
        file = shown(Path(sources.pop(name).ref.path))
        broken[name] = RecipeError(file, f"{name!r} is the first id of {first[name]!r}, whose articles it names; give it another `id:`")
        errors.append(broken[name])
    shipped = {name: source for name, source in shipped_sources().items() if name not in first}
    return Catalogue(sources, errors, shipped, broken)


def load_source(ref: SourceRef, loaded: LoadedSource | None = None) -> Source:
    """A source in another process; `loaded`: as it was when its run began. Raises RecipeError."""
    path = Path(ref.path)
    if loaded is not None:
        return source_in(path, ref.name, loaded) if ref.kind == "python" else Source(loaded.recipe, ref)
    return source_in(path, ref.name) if ref.kind == "python" else Source(with_inferred(load_recipe(path), path), ref)


def sources_of(path: Path) -> list[Source]:
    """What one file defines. Raises RecipeError."""
    if path.suffix == ".py":
        return sources_in(path)
    return [Source(with_inferred(load_recipe(path), path), SourceRef("recipe", str(path.resolve())))]


def files_in(folder: Path) -> Iterator[Path]:
    """Recipes and modules, by name; what begins with `.` or `_` is neither."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.suffix in (*YAML, ".py") and path.name[0] not in "._" and path.is_file():
            yield path


@cache
def shipped_recipes() -> tuple[tuple[str, Source], ...]:
    paths = sorted(SHIPPED.glob("*.yaml"))
    return tuple((path.stem, Source(load_recipe(path), SourceRef("shipped", str(path)))) for path in paths)


def shipped_sources() -> dict[str, Source]:
    """The recipes that come with Broadsheet, by id."""
    return {source.recipe.id: source for _, source in shipped_recipes()}
