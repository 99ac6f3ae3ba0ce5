"""What was: earlier revisions of documents, and what was taken down for good."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
        kept = kept_revisions(own, entry.source, entry.guid)
        if kept and kept[-1].read_bytes() == content:
            continue
        number = int(kept[-1].stem) + 1 if kept else 1
        write_durably(folder / f"{number:04d}.md", content)


def revisions_of(own: Path, source: str, guid: str) -> Path:
    """Where an article's earlier revisions lie: `0001.md` is the first."""
    return own / REVISIONS / source / hash8(guid)


def kept_revisions(own: Path, source: str, guid: str) -> list[Path]:
    """An article's earlier revisions, oldest first."""
    found = [path for path in revisions_of(own, source, guid).glob("*.md") if path.stem.isdecimal()]
    return sorted(found, key=lambda path: int(path.stem))


@dataclass(frozen=True, slots=True)
class Removal:
    """What stays of an article that was taken down."""

    guid: str
    source: str
    url: str
    also_at: tuple[str, ...]
    places: Mapping[str, int] = field(default_factory=dict)
    """Feed → the place that it leaves empty in the feed's archives."""


def note_removal(own: Path, known: KnownEntry, places: Mapping[str, int]) -> None:
    """Writes a line with the article's id, addresses and places in archives, durable when this returns; `rebuild` reads it too."""
    path = own / REMOVED / f"{known.source}.ndjson"
    if any(removal.guid == known.guid for removal in removals(own, known.source)):
        return
    make_folder(path.parent)
    said = {"guid": known.guid, "url": known.url, "also_at": list(known.also_at)} | ({"places": dict(places)} if places else {})
    line = json.dumps(said, ensure_ascii=False)
    before = path.read_bytes() if path.exists() else b""
    whole = before if before.endswith(b"\n") or not before else before + b"\n"
    write_durably(path, whole + line.encode() + b"\n")
    sync_folder(path.parent)


def removals(own: Path, source: str, problems: list[str] | None = None) -> Iterator[Removal]:
    """All that was taken down of a source. A broken line is passed over, and told in `problems`."""
    path = own / REMOVED / f"{source}.ndjson"
    if not path.exists():
        return
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        try:
            yield removal_of(json.loads(line), source)
        except (ValueError, KeyError, TypeError):
            if problems is not None and line.strip():
                problems.append(f"{path}, line {number}: is broken; the article that it keeps away may come back: take it down again then")


def removal_of(line: dict[str, object], source: str) -> Removal:
    guid, url, also_at, places = line["guid"], line["url"], line.get("also_at", []), line.get("places", {})
    if not (isinstance(guid, str) and isinstance(url, str) and isinstance(also_at, list) and all(isinstance(one, str) for one in also_at)):
        raise ValueError("strings are expected")
    if not (isinstance(places, dict) and all(isinstance(number, int) and number > 0 for number in places.values())):
        raise ValueError("a number is expected for each feed")
    return Removal(guid, source, url, tuple(also_at), places)


def removed_sources(own: Path) -> list[str]:
    """Ids of the sources of which something was taken down."""
    folder = own / REMOVED
    return sorted(path.stem for path in folder.glob("*.ndjson")) if folder.is_dir() else []
