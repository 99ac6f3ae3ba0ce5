"""A source gets another id: its articles keep theirs. Each step can be done again, so that a rename that was killed is finished."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML

from crawler.documents import Documents
from crawler.documents.renaming import with_source
from crawler.errors import UnknownSource, WorkspaceError
from crawler.files import delete_durably, make_folder, sync_folder, write_durably
from crawler.recipes import Recipe, find_sources
from crawler.store import Store
from crawler.workspace import Workspace, change_settings

OWN = ("revisions", "pages", "conflicts")  # folders below .broadsheet that have one of each source


@dataclass(slots=True)
class Renamed:
    documents: int = 0
    left: int = 0
    """Files in the old folder that are none of ours: they stay."""
    problems: tuple[str, ...] = ()


def note_of(workspace: Workspace) -> Path:
    """While it is there, a rename is under way."""
    return workspace.own / "renaming.json"


def under_way(workspace: Workspace) -> tuple[str, str] | None:
    """Old and new id of a rename that was cut off."""
    try:
        found = json.loads(note_of(workspace).read_text("utf-8"))
        return found["old"], found["new"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_that_none_is_cut_off(workspace: Workspace) -> None:
    """Raises WorkspaceError where a rename has to be finished first."""
    if names := under_way(workspace):
        old, new = names
        raise WorkspaceError(str(note_of(workspace)), f"a rename was cut off; finish it: broadsheet rename {old} {new}")


def check(workspace: Workspace, old: str, new: str) -> Path:
    """The recipe's file. Raises UnknownSource, WorkspaceError where the source can't be renamed so."""
    catalogue = find_sources(workspace.sources)
    resumed = under_way(workspace) == (old, new)
    if not resumed:
        check_that_none_is_cut_off(workspace)
    source = catalogue.get(new if resumed and new in catalogue.sources else old)
    path = Path(source.ref.path)
    if source.ref.kind == "python":
        raise WorkspaceError(str(path), "a source that a Python class reads is renamed there by hand; its documents stay under the old id")
    try:
        Recipe(id=new, url=source.recipe.url)
    except ValidationError as error:
        raise WorkspaceError(new, f"can't be a source's id ({error.errors()[0]['msg']})") from None
    if not resumed:
        taken = {*catalogue.sources, *catalogue.shipped, *catalogue.broken}
        if new in taken or (workspace.documents / new).exists() or (workspace.sources / f"{new}.yaml").exists():
            raise UnknownSource(new, "there is a source of this id, or a file or folder of its name; choose another one")
    return path


def rename(store: Store, documents: Documents, workspace: Workspace, old: str, new: str) -> Renamed:
    """Recipe, documents and all that is kept of a source go by another id; guids stay. Nobody else may use the workspace meanwhile.

    Raises UnknownSource, WorkspaceError, RecipeError, OSError, StoreError.
    """
    path = check(workspace, old, new)
    done = Renamed()
    write_durably(note_of(workspace), json.dumps({"old": old, "new": new}).encode())
    move_recipe(workspace, path, old, new)
    for place in moved_documents(documents, old, new):
        done.documents += place.endswith(".md")
    done.left = sum(1 for found in (workspace.documents / old).rglob("*") if found.is_file())
    for folder in (*(workspace.own / name for name in OWN), workspace.sources):
        move(folder / old, folder / new)
    move(workspace.own / "removed" / f"{old}.ndjson", workspace.own / "removed" / f"{new}.ndjson")
    with store.begin() as transaction:
        transaction.rename_source(old, new)
    change_settings(workspace, lambda settings: settings.setdefault("moved", {}).update({old: new}))
    prepared = [workspace.prepared / f"{old}.json", *(workspace.prepared / old).rglob("*")]
    for feed in [*workspace.feeds.glob(f"{old}.*"), *(workspace.feeds / old).rglob("*"), *prepared]:
        if feed.is_file():
            delete_durably(feed)
    from crawler.pipelines.indexing import index_changes
    from crawler.pipelines.publishing import publish_feeds

    index = index_changes(store, documents, workspace)
    report = publish_feeds(store, documents, workspace, everything=True)
    done.problems = (*index.problems, *map(str, report.problems))
    for folder in (workspace.documents / old, workspace.feeds / old, workspace.index / old, workspace.prepared / old):
        remove_empty(folder)
    delete_durably(note_of(workspace))
    return done


def move_recipe(workspace: Workspace, path: Path, old: str, new: str) -> None:
    """The recipe under its new name, with a note of the id that its articles' guids are made of; its comments stay."""
    target = workspace.sources / f"{new}.yaml"
    if not target.exists():
        yaml = YAML()
        yaml.preserve_quotes = True
        recipe = yaml.load(path.read_text("utf-8"))
        recipe.pop("id", None)
        recipe.insert(0, "id", new)
        if "first_id" not in recipe:
            recipe.insert(1, "first_id", old)
        lines = StringIO()
        yaml.dump(recipe, lines)
        write_durably(target, lines.getvalue().encode())
    if path != target and path.parent == workspace.sources:
        delete_durably(path)


def moved_documents(documents: Documents, old: str, new: str) -> Iterator[str]:
    """Writes each of the source's files under its new path, then deletes the old one: at any moment one of the two is there."""
    for name in [path for path in documents.paths(old) if isinstance(path, str)]:
        content = documents.place(name).read_bytes()
        changed = with_source(content, old, new)
        if changed == content and not documents.is_ours(name):
            continue
        target = new + name.removeprefix(old)
        write_durably(documents.place(target), changed)
        delete_durably(documents.place(name))
        yield target


def move(old: Path, new: Path) -> None:
    if old.exists() and not new.exists():
        make_folder(new.parent)
        old.rename(new)
        sync_folder(new.parent)


def remove_empty(folder: Path) -> None:
    """Removes a folder and those in it, as far as nothing is in them."""
    if not folder.is_dir():
        return
    for below in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(below.iterdir()):
            below.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
