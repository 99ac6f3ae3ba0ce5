"""Durable writes: a file is whole under its name or not there at all, whatever is killed or full meanwhile."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TEMPORARY = ".broadsheet-tmp-"
AT_ONCE = 8
"""Files that are synced at the same time: the disk takes them together, where one after the other it is waited for each time."""


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> bool:
    """Writes `content` under `path` by temporary file, fsync, rename and fsync of the folder.

    A file that holds these bytes already is not touched, so its mtime stays. Gives whether anything was written.
    Raises OSError (disk full, read-only folder, a folder of that name); nothing half-written is left.
    """
    return write_all_durably([(path, content)], mode=mode) == 1


def write_all_durably(files: Iterable[tuple[Path, bytes]], *, mode: int = 0o644) -> int:
    """As `write_durably` for many files at once: the disk is waited for once for several of them, and each folder is synced once.

    They get their names in the order in which they come. Gives how many were written.
    """
    fresh = {path: content for path, content in files if not holds(path, content)}
    written: list[tuple[Path, Path]] = []
    try:
        for folder in dict.fromkeys(path.parent for path in fresh):
            make_folder(folder)
        with ThreadPoolExecutor(max(1, min(len(fresh), AT_ONCE))) as pool:
            waiting = [(pool.submit(write_temporary, path, [content], mode), path) for path, content in fresh.items()]
        written += [(made.result(), path) for made, path in waiting if made.exception() is None]
        for made, _ in waiting:
            made.result()  # raises what went wrong with one of them
        for temporary, path in written:
            os.replace(temporary, path)
    except BaseException:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
        raise
    for folder in dict.fromkeys(path.parent for path in fresh):
        sync_folder(folder)
    return len(written)


def write_durably_in_parts(path: Path, parts: Iterable[bytes], *, mode: int = 0o644) -> None:
    """As `write_durably` for what is too large to hold in memory, and always writes. What `parts` raises leaves the old file as it was."""
    make_folder(path.parent)
    os.replace(write_temporary(path, parts, mode), path)
    sync_folder(path.parent)


def write_new_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """As `write_durably`, for a file that must not be there yet: what somebody else wrote meanwhile stays. Raises FileExistsError."""
    make_folder(path.parent)
    temporary = write_temporary(path, [content], mode)
    try:
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there with exactly these bytes."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError):
        return False


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, each of them durable in the one above."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_temporary(path: Path, parts: Iterable[bytes], mode: int) -> Path:
    # one temporary name a file: what a kill left behind is taken over by the next write, not left lying
    temporary = path.with_name(TEMPORARY + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12])
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with open(descriptor, "wb") as out:
            for part in parts:
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: fsync of a file alone leaves its name to chance (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def delete_durably(path: Path) -> bool:
    """Deletes a file for good; gives whether it was there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def sweep(folder: Path) -> int:
    """Deletes the temporary files that kills left below a folder; gives how many. Nobody may write in there meanwhile."""
    left = [Path(above, name) for above, _, names in os.walk(folder) for name in names if name.startswith(TEMPORARY)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
