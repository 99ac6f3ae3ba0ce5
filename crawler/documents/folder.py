"""The folder of documents: reads, writes durably, and never overwrites what a person edited."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Literal

from crawler.documents.noted import Noted
from crawler.documents.profile import FrontMatter, Profile
from crawler.documents.sealing import content_hash, hash_fits
from crawler.documents.which import PROFILES, reader_of, writes
from crawler.entry import Entry
from crawler.errors import BroadsheetError, DocumentError, WorkspaceError
from crawler.files import delete_durably, write_all_durably, write_durably


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one entry's document."""

    path: str
    kind: Literal["written", "unchanged", "conflict"]
    reason: str = ""
    """Of a conflict, in plain words."""


class Documents:
    """All documents of a workspace: written in one profile, read in whichever they are."""

    def __init__(self, root: Path, profile: Profile, conflicts: Path | None = None) -> None:
        """`root`: the documents folder; `conflicts`: where a new version goes whose document was edited by hand (None: nowhere)."""
        self.root = root
        self.profile = profile
        self.conflicts = conflicts
        self.noted = Noted(root)

    def encode(self, entry: Entry) -> bytes:
        """The bytes of the entry's document. Raises WorkspaceError where a profile of the workspace's own fails."""
        try:
            return self.profile.write(entry)
        except Exception as error:
            if type(self.profile) in PROFILES.values() or isinstance(error, BroadsheetError):
                raise
            raise WorkspaceError(f"profile {self.profile.name}", f"can't write {entry.path} ({type(error).__name__}: {error})") from error

    def read(self, path: str) -> Entry:
        """What the document at this path (relative, with `/`) holds. Raises DocumentError naming it."""
        return self.decode(self.content(path), path)

    def content(self, path: str) -> bytes:
        """The bytes of the document at this path. Raises DocumentError naming it."""
        place = self.place(path)
        try:
            if not S_ISREG(place.stat().st_mode):  # reading a pipe would never end
                raise DocumentError(path, "is no file; a document is expected there")
            return place.read_bytes()
        except OSError as error:
            raise DocumentError(path, f"can't be read ({error.strerror})") from None

    def decode(self, content: bytes, path: str) -> Entry:
        """What a document's bytes hold, in whichever shipped profile it was written. Raises DocumentError naming the path."""
        profile = reader_of(content, self.profile)
        try:
            return profile.read(content, path)
        except Exception as error:
            if type(profile) in PROFILES.values() or isinstance(error, BroadsheetError):
                raise
            raise DocumentError(path, f"profile {profile.name} can't read it ({type(error).__name__}: {error})") from error

    def is_ours(self, path: str) -> bool:
        """Whether the file at this path was written as a document once, be it edited or broken since: its header states a hash."""
        return bool(content_hash(held(self.place(path)) or b""))

    def edited(self, path: str) -> bool:
        """Whether a file is there that is not as it was written: somebody edited it by hand, or it is none of ours."""
        content = held(self.place(path))
        return content is not None and not self.intact(content)

    def intact(self, content: bytes) -> bool:
        """Whether a document is as it was written: its hash fits, or a profile without one would write these very bytes."""
        return hash_fits(content) or (not isinstance(self.profile, FrontMatter) and writes(self.profile, content))

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
            elif present is not None and not self.intact(present):
                done.append(self.conflict(entry.path, content, why_kept(target)))
            elif present is None and (blocker := self.blocker(target)):
                done.append(self.conflict(entry.path, content, f"{blocker} is a file, where a folder is needed"))
            else:
                fresh.append((target, content))
                done.append(Written(entry.path, "written"))
        write_all_durably(fresh)
        for one in done:
            if one.kind != "conflict" and self.conflicts is not None:  # a version put aside earlier is settled, or older than this one
                with suppress(NotADirectoryError):
                    (self.conflicts / one.path).unlink(missing_ok=True)
        return done

    def blocker(self, target: Path) -> str:
        """What lies where a folder on the way to a document would have to be; "" where nothing does."""
        for parent in target.parents:
            if parent == self.root or parent.is_dir():
                return ""
            if parent.is_symlink() or parent.exists():
                return parent.relative_to(self.root).as_posix()
        return ""

    def conflict(self, path: str, content: bytes, reason: str) -> Written:
        if self.conflicts is not None:
            write_durably(self.conflicts / path, content)
        return Written(path, "conflict", reason)

    def all(self) -> Iterator[tuple[str, Entry | DocumentError]]:
        """Every document under its path, sorted; one that can't be read as the error that says why. One file is in memory at a time."""
        for path in self.paths():
            try:
                yield (path.subject, path) if isinstance(path, DocumentError) else (path, self.read(path))
            except DocumentError as error:
                yield error.subject, error

    def paths(self, source: str = "") -> Iterator[str | DocumentError]:
        """Paths of the `.md` files (of one source), sorted name by name; a folder or name that can't be read as the error that says why."""
        return files_below(self.root, f"{source}/" if source else "", ())

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
    """The bytes under a path; None where nothing is, and b"" for what is no file."""
    try:
        return path.read_bytes() if S_ISREG(path.stat().st_mode) else b""
    except (FileNotFoundError, NotADirectoryError):
        return None


def why_kept(path: Path) -> str:
    if path.is_dir():
        return "a folder lies there"
    return "it was edited by hand and is kept" if path.is_file() else "what lies there is no file"


def files_below(root: Path, prefix: str, above: tuple[tuple[int, int], ...]) -> Iterator[str | DocumentError]:
    """What begins with a dot is none of ours. `above`: the folders that this one lies in, so that no link leads round in a circle."""
    try:
        with os.scandir(root / prefix) as entries:
            names = sorted(entry.name + "/" * entry.is_dir() for entry in entries if not entry.name.startswith("."))
        status = (root / prefix).stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        yield DocumentError(prefix or str(root), f"can't be read ({error.strerror}); the documents in it are left out")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        return
    for name in names:
        if not is_utf8(name):
            yield DocumentError(prefix + name.encode("utf-8", "backslashreplace").decode(), "its name is no UTF-8; rename it")
        elif name.endswith("/"):
            yield from files_below(root, prefix + name, (*above, here))
        elif name.endswith(".md"):
            yield prefix + name


def is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
