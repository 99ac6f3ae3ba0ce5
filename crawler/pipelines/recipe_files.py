"""Which recipe files changed since the feeds were made last: of ten thousand, those alone are read again."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.errors import RecipeError
from crawler.recipes import Recipe
from crawler.recipes.catalogue import SHIPPED, YAML, sources_of
from crawler.recipes.inferred import inferred_path

INFERRED = "~/"
"""Begins the name of a file that holds what was found out about a recipe that is only an address."""
DIGEST, FILES = "/digest", "/recipes"
"""Under which names the store remembers them: no source has such an id."""
SETTLED = 100_000_000
"""Nanoseconds after which a further change of a file can't bear the same time of change."""
Known = dict[str, tuple[Any, list[str]]]
"""File → its mark when it was read, and the ids of the sources in it; shipped ones begin with `/`, inferred ones with `~/`."""


class RecipeFiles:
    """The recipes of a workspace and those that ship with Broadsheet, each read only when it is asked for."""

    def __init__(self, folder: Path, remembered: Callable[[str], str]) -> None:
        """`remembered`: name → what `to_remember` gave under it the last time; "": nothing."""
        self.folder = folder
        self.remembered = remembered
        self.marks = dict(marks_in(folder, (*YAML, ".py"), "")) | dict(marks_in(SHIPPED, YAML, "/"))
        self.marks |= dict(marks_in(inferred_path(folder / "any.yaml", "any").parent, YAML, INFERRED))
        self.digest = hashlib.sha256(json.dumps(self.marks, sort_keys=True).encode()).hexdigest()
        # what a module's classes say may stand in any file: it is asked each time
        self.same = self.digest == remembered(DIGEST) and not any(name.endswith(".py") for name in self.marks)
        self._known: Known | None = None
        self._files_of: dict[str, list[str]] = {}
        """Id → the files that have a source of it."""
        self._changed: set[str] = set()
        self._read: dict[str, list[Recipe]] = {}
        self._taken: set[Path] = set()
        """Recipes that a Python class reads by another way: they are that class's alone."""

    def affected(self) -> set[str]:
        """Ids of the sources whose files changed, came or went."""
        if self.same:
            return set()
        self.known()
        return self._changed

    def known(self) -> Known:
        """All files, each with the ids in it; those that changed are read."""
        if self._known is None:
            before = self.before()
            self._known = {}
            # what recipes share may be in any of them
            shared = {name: mark for name, mark in self.marks.items() if is_shared(name)}
            same = shared == {name: mark for name, (mark, _) in before.items() if is_shared(name)}
            inferred = {name: mark for name, mark in self.marks.items() if name.startswith(INFERRED)}
            of_before = {name: mark for name, (mark, _) in before.items() if name.startswith(INFERRED)}
            found_out = {id_in(name) for name in inferred.keys() | of_before.keys() if inferred.get(name) != of_before.get(name)}
            for name, mark in sorted(self.marks.items()):
                held = before.get(name)
                if same and held and held[0] is not None and held[0] == mark and found_out.isdisjoint(held[1]):
                    self._known[name] = held
                    continue
                ids = [] if is_shared(name) or name.startswith(INFERRED) else [recipe.id for recipe in self.read(name)]
                old = held[1] if held else []
                self._changed |= {*old, *ids}
                # a broken recipe stays what it was; one that was written a moment ago is read again the next time
                self._known[name] = (mark if settled(mark) and not name.endswith(".py") else None, ids or old)
            for name in before.keys() - self.marks.keys():
                self._changed |= set(before[name][1])
            for name, (_, ids) in self._known.items():
                for source in ids:
                    self._files_of.setdefault(source, []).append(name)
        return self._known

    def before(self) -> Known:
        try:
            return {name: (mark, ids) for name, (mark, ids) in json.loads(self.remembered(FILES)).items()}
        except (ValueError, TypeError, AttributeError):
            return {}

    def recipe(self, source: str) -> Recipe | None:
        """The source's recipe: the workspace's, else the shipped one; None where it is broken, or there is none."""
        self.known()
        found = self._files_of.get(source, [])
        recipes = {name: recipe for name in found for recipe in self.read(name) if recipe.id == source}
        own = [recipe for name, recipe in recipes.items() if not name.startswith("/") and self.folder / name not in self._taken]
        if len(own) > 1 or (not own and any(not name.startswith("/") for name in found)):
            return None
        shipped = [recipe for name, recipe in recipes.items() if name.startswith("/")]
        return next(iter((*own, *shipped)), None)

    def exists(self, source: str) -> bool:
        self.known()
        return source in self._files_of

    def read(self, name: str) -> list[Recipe]:
        """The recipes in a file; none where it is broken: whoever crawls is told."""
        if name not in self._read:
            path = SHIPPED / name[1:] if name.startswith("/") else self.folder / name
            try:
                sources = sources_of(path)
            except RecipeError:
                sources = []
            self._read[name] = [source.recipe for source in sources]
            self._taken |= {path.parent / type(source).recipe_file for source in sources if type(source).recipe_file}
        return self._read[name]

    def to_remember(self) -> dict[str, str]:
        """What has to be remembered until the next time, where it is something else now."""
        if self.same:
            return {}
        known = self.known()
        certain = all(mark is not None for mark, _ in known.values())  # else there is something to read again
        return {DIGEST: self.digest if certain else "", FILES: json.dumps(known, separators=(",", ":"))}


def marks_in(folder: Path, suffixes: Iterable[str], prefix: str) -> Iterator[tuple[str, list[int]]]:
    """The recipe files of a folder and what they share, each with a mark that is another one when it was written again."""
    endings = tuple(suffixes)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(endings) and entry.name[0] != "." and entry.is_file():
                    found = entry.stat()
                    yield prefix + entry.name, [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]
    except OSError:
        return


def id_in(inferred: str) -> str:
    """The source that was found out about."""
    return Path(inferred).stem


def is_shared(name: str) -> bool:
    """Whether a file is no recipe but holds what several have in common."""
    return name.lstrip("/").startswith("_")


def settled(mark: list[int]) -> bool:
    return max(mark[:2]) < time.time_ns() - SETTLED
