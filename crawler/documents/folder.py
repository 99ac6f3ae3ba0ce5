"""The folder of documents: reads, writes durably, and never overwrites what a person edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from crawler.documents.profile import Profile
from crawler.documents.sealing import hash_fits
from crawler.entry import Entry
from crawler.errors import DocumentError
from crawler.files import delete_durably, write_all_durably, write_durably


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one entry's document."""

    path: str
    kind: Literal["written", "unchanged", "conflict"]
    reason: str = ""
    """Of a conflict, in plain words."""


class Documents:
    """All documents of a workspace, in one profile."""

    def __init__(self, root: Path, profile: Profile, conflicts: Path | None = None) -> None:
        """`root`: the documents folder; `conflicts`: where a new version goes whose document was edited by hand (None: nowhere)."""
        self.root = root
        self.profile = profile
        self.conflicts = conflicts

    def encode(self, entry: Entry) -> bytes:
        """The bytes of the entry's document."""
        return self.profile.write(entry)

    def read(self, path: str) -> Entry:
        """What the document at this path (relative, with `/`) holds. Raises DocumentError naming it."""
        try:
            content = self.place(path).read_bytes()
        except OSError as error:
            raise DocumentError(path, f"can't be read ({error.strerror})") from None
        return self.profile.read(content, path)

    def edited(self, path: str) -> bool:
        """Whether a file is there that is not as it was written: somebody edited it by hand, or it is none of ours."""
        content = held(self.place(path))
        return content is not None and not hash_fits(content)

    def write(self, entries: Sequence[Entry]) -> list[Written]:
        """Writes the entries' documents: durable when this returns, all of a batch with one sync a folder.

        One that holds its bytes already is not touched; one that was edited by hand is never overwritten: the new version then goes to
        the conflicts folder. Raises OSError where the disk refuses; nothing half-written is left.
        """
        done: list[Written] = []
        fresh: list[tuple[Path, bytes]] = []
        for entry in entries:
            content, target = self.encode(entry), self.place(entry.path)
            present = held(target)
            if present == content:
                done.append(Written(entry.path, "unchanged"))
            elif present is not None and not hash_fits(present):
                done.append(self.conflict(entry.path, content, target))
            else:
                fresh.append((target, content))
                done.append(Written(entry.path, "written"))
        write_all_durably(fresh)
        return done

    def conflict(self, path: str, content: bytes, target: Path) -> Written:
        reason = "a folder lies there" if target.is_dir() else "it was edited by hand and is kept"
        if self.conflicts is not None:
            write_durably(self.conflicts / path, content)
        return Written(path, "conflict", reason)

    def all(self) -> Iterator[tuple[str, Entry | DocumentError]]:
        """Every document under its path, sorted; one that can't be read as the error that says why. One file is in memory at a time."""
        for path in files_below(self.root, ""):
            try:
                yield path, self.read(path)
            except DocumentError as error:
                yield path, error

    def delete(self, path: str) -> bool:
        """Deletes a document for good; gives whether it was there."""
        return delete_durably(self.place(path))

    def place(self, path: str) -> Path:
        """Where a document lies. Raises DocumentError for a path that leads out of the folder."""
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\0" in path:
            raise DocumentError(path, "leads out of the documents folder")
        return self.root.joinpath(*parts)


def held(path: Path) -> bytes | None:
    """The bytes under a path; None where nothing is, and b"" for a folder."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        return b""


def files_below(root: Path, prefix: str) -> Iterator[str]:
    """Paths of the `.md` files below a folder, sorted name by name; what begins with a dot is none of ours."""
    folder = root / prefix
    try:
        names = sorted(entry.name + "/" * entry.is_dir() for entry in folder.iterdir() if not entry.name.startswith("."))
    except FileNotFoundError:
        return
    for name in names:
        if name.endswith("/"):
            yield from files_below(root, prefix + name)
        elif name.endswith(".md"):
            yield prefix + name
