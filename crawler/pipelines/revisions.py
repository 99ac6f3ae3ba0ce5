"""What was: earlier revisions of documents, and what was taken down for good."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.documents import Documents, hash8
from crawler.errors import DocumentError
from crawler.files import make_folder, sync_folder, write_durably
from crawler.store import KnownEntry

REVISIONS = "revisions"
REMOVED = "removed"


def keep_revisions(documents: Documents, own: Path, paths: Iterable[str]) -> None:
    """Keeps these documents' present bytes before they change: durable when this returns. One that is kept already is not kept twice."""
    for path in paths:
        try:
            entry = documents.read(path)
            content = (documents.root / path).read_bytes()
        except (DocumentError, OSError):
            continue
        folder = revisions_of(own, entry.source, entry.guid)
        kept = sorted(folder.glob("*.md")) if folder.is_dir() else []
        if kept and kept[-1].read_bytes() == content:
            continue
        write_durably(folder / f"{len(kept) + 1:04d}.md", content)


def revisions_of(own: Path, source: str, guid: str) -> Path:
    """Where an article's earlier revisions lie: `0001.md` is the first."""
    return own / REVISIONS / source / hash8(guid)


@dataclass(frozen=True, slots=True)
class Removal:
    """What stays of an article that was taken down."""

    guid: str
    source: str
    url: str
    also_at: tuple[str, ...]


def note_removal(own: Path, known: KnownEntry) -> None:
    """Writes a line with the article's id and addresses, durable when this returns; `rebuild` reads it too."""
    path = own / REMOVED / f"{known.source}.ndjson"
    if any(removal.guid == known.guid for removal in removals(own, known.source)):
        return
    make_folder(path.parent)
    line = json.dumps({"guid": known.guid, "url": known.url, "also_at": list(known.also_at)}, ensure_ascii=False)
    before = path.read_bytes() if path.exists() else b""
    whole = before if before.endswith(b"\n") or not before else before + b"\n"
    write_durably(path, whole + line.encode() + b"\n")
    sync_folder(path.parent)


def removals(own: Path, source: str) -> Iterator[Removal]:
    """All that was taken down of a source; a broken line is passed over."""
    path = own / REMOVED / f"{source}.ndjson"
    if not path.exists():
        return
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            found = json.loads(line)
            yield Removal(found["guid"], source, found["url"], tuple(found.get("also_at", ())))
        except (ValueError, KeyError, TypeError):
            continue


def removed_sources(own: Path) -> list[str]:
    """Ids of the sources of which something was taken down."""
    folder = own / REMOVED
    return sorted(path.stem for path in folder.glob("*.ndjson")) if folder.is_dir() else []
