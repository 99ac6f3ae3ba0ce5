"""Durable writes: a file is whole under its name or not there at all, whatever is killed or full meanwhile."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

TEMPORARY = ".broadsheet-tmp-"
SYNCED_AS_A_WHOLE = frozenset(["ext4", "xfs", "btrfs"])
FEW = 4
"""Files below which each is synced by itself: others may have written much to the same disk."""
MEBIBYTE = 1024 * 1024
AT_ONCE = 8
"""Files that are synced at the same time: the disk takes them together, where one after the other it is waited for each time."""


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> bool:
    """Writes `content` under `path` by temporary file, fsync, rename and fsync of the folder.

    A file that holds these bytes already is not touched, so its mtime stays. Gives whether anything was written.
    Raises OSError (disk full, read-only folder, a folder of that name); nothing half-written is left.
    """
    return write_all_durably([(path, content)], mode=mode) == 1


def write_all_durably(files: Iterable[tuple[Path, bytes]], *, mode: int = 0o644) -> int:
    """As `write_durably` for many files at once: the disk is waited for once for all of them, and each folder is synced once.

    They get their names in the order in which they come. Gives how many were written.
    """
    fresh = {path: content for path, content in files if not holds(path, content)}
    folders = list(dict.fromkeys(path.parent for path in fresh))
    written: list[tuple[Path, Path]] = []
    try:
        for folder in folders:
            make_folder(folder)
        with whole_disks(folders if len(fresh) >= FEW else []) as disks:
            if disks is None:
                write_at_once(fresh, mode, written)
            else:
                for path, content in fresh.items():
                    written.append((write_temporary(path, [content], mode, sync=False), path))
                for disk in disks:
                    sync_disk(disk)
        for temporary, path in written:
            os.replace(temporary, path)
    except BaseException:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
        raise
    for folder in folders:
        sync_folder(folder)
    return len(written)


def write_at_once(files: Mapping[Path, bytes], mode: int, written: list[tuple[Path, Path]]) -> None:
    """Writes temporary files, several at a time, each synced by itself; `written` is given those that are whole."""
    with ThreadPoolExecutor(max(1, min(len(files), AT_ONCE))) as pool:
        waiting = [(pool.submit(write_temporary, path, [content], mode), path) for path, content in files.items()]
    written += [(made.result(), path) for made, path in waiting if made.exception() is None]
    for made, _ in waiting:
        made.result()  # raises what went wrong with one of them


@contextmanager
def whole_disks(folders: Sequence[Path]) -> Iterator[list[int] | None]:
    """Open descriptors of the disks that these folders lie on, one each; None where one of them is none that is synced as a whole.

    Opened before anything is written: syncfs(2) tells of the errors since then.
    """
    descriptors: dict[int, int] = {}
    try:
        for folder in folders:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            if descriptors.setdefault(os.fstat(descriptor).st_dev, descriptor) != descriptor:
                os.close(descriptor)
        yield list(descriptors.values()) if descriptors and all(map(syncs_as_a_whole, descriptors)) else None
    finally:
        for descriptor in descriptors.values():
            os.close(descriptor)


@cache
def syncs_as_a_whole(device: int) -> bool:
    """Whether syncfs(2) makes all files on a device durable and tells of errors: Linux 5.8 and newer, file systems known to do so.

    Others (a network's, FUSE) may do less for it than for fsync.
    """
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if sys.platform != "linux" or release is None or (int(release[1]), int(release[2])) < (5, 8):
        return False
    name = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return False
    lines = (line.split() for line in mounts.splitlines())
    return any(fields[2] == name and fields[fields.index("-") + 1] in SYNCED_AS_A_WHOLE for fields in lines)  # proc(5)


def sync_disk(descriptor: int) -> None:
    """Makes all that was written to a disk durable. Raises OSError."""
    import ctypes

    if c_library().syncfs(descriptor):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@cache
def c_library() -> Any:
    """Python's own has not all of its functions. Loaded where it is needed: a start-up without writing does not pay for it."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def write_durably_in_parts(path: Path, parts: Iterable[bytes], *, mode: int = 0o644) -> int:
    """As `write_durably` for what is too large to hold in memory. What `parts` raises leaves the old file as it was.

    Gives how many bytes were written, 0 where the file held them already.
    """
    make_folder(path.parent)
    temporary = write_temporary(path, parts, mode)
    if are_same(temporary, path):
        temporary.unlink()
        return 0
    size = temporary.stat().st_size
    os.replace(temporary, path)
    sync_folder(path.parent)
    return size


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


def are_same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes, read a mebibyte at a time; False where one of them is not there."""
    try:
        if one.stat().st_size != other.stat().st_size:
            return False
        with one.open("rb") as first, other.open("rb") as second:
            return all(part == second.read(len(part)) for part in iter(lambda: first.read(MEBIBYTE), b""))
    except (FileNotFoundError, NotADirectoryError):
        return False


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, each of them durable in the one above."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_temporary(path: Path, parts: Iterable[bytes], mode: int, *, sync: bool = True) -> Path:
    # one temporary name a file: what a kill left behind is taken over by the next write, not left lying
    temporary = path.with_name(TEMPORARY + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12])
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with open(descriptor, "wb") as out:
            for part in parts:
                out.write(part)
            out.flush()
            if sync:
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
