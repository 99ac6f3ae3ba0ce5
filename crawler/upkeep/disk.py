"""How much of the disk a workspace takes, and for what."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.feeds.build import FORMATS
from crawler.pipelines.revisions import REVISIONS
from crawler.workspace import Workspace

LITTLE = 200 * 1024 * 1024  # bytes; a crawl of some hundred articles with pictures takes as much


@dataclass(frozen=True, slots=True)
class Use:
    """What one kind of file takes."""

    name: str
    place: Path
    files: int
    bytes: int


def disk_use(workspace: Workspace, store_bytes: int) -> list[Use]:
    """What is kept, each file counted once. `store_bytes`: of the store, wherever it lies."""
    own, feeds = workspace.own, workspace.feeds
    suffixes = tuple(f".{suffix}" for suffix in (*FORMATS, "html", "opml"))
    aside = sorted(own.glob("store.sqlite.damaged-*"))
    found = [
        use("documents", workspace.documents, (path for path in files_below(workspace.documents) if path.suffix == ".md")),
        use("feeds", feeds, (path for path in files_below(feeds) if path.suffix in suffixes)),
        use("index", workspace.index, files_below(workspace.index)),
        use("pictures", workspace.assets, files_below(workspace.assets)),
        Use("store", own / "store.sqlite", int(not workspace.settings.store), store_bytes),
        use("kept pages", workspace.pages, files_below(workspace.pages)),
        use("revisions", own / REVISIONS, files_below(own / REVISIONS)),
        use("conflicts", workspace.conflicts, files_below(workspace.conflicts)),
        use("prepared", workspace.prepared, files_below(workspace.prepared)),
        use("set aside", own, aside),
    ]
    return [one for one in found if one.files or one.bytes]


def free_room(folder: Path) -> int:
    """Bytes that are free where a folder lies, or would lie."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def use(name: str, place: Path, paths: Iterator[Path] | list[Path]) -> Use:
    count = total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except OSError:
            continue
        count += 1
    return Use(name, place, count, total)


def files_below(folder: Path) -> Iterator[Path]:
    """All files below a folder but hidden ones."""
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(above, name) for name in names if not name.startswith("."))
