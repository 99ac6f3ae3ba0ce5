from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import files
from crawler.files import FEW, TEMPORARY, delete_durably, write_all_durably, write_durably, write_durably_in_parts


def test_a_file_is_written_whole_and_left_alone_when_equal(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.md"
    assert write_durably(path, b"one")
    os.utime(path, ns=(1, 1))
    assert not write_durably(path, b"one")
    assert path.stat().st_mtime_ns == 1
    assert write_durably(path, b"two")
    assert path.read_bytes() == b"two"


def test_nothing_is_left_when_one_of_a_group_fails(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(OSError, match=r"folder\.md"):
        write_all_durably([(tmp_path / "a.md", b"a"), (tmp_path / "folder.md", b"b")])
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(TEMPORARY)]


def test_what_a_kill_left_behind_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        write_durably(path, b"x")
    monkeypatch.undo()
    assert len(list(tmp_path.iterdir())) == 1
    assert os.replace is real
    write_durably(path, b"y")
    assert [found.name for found in tmp_path.iterdir()] == ["a.md"]


def test_a_link_planted_under_the_temporary_name_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"keep")
    write_durably(tmp_path / "in" / "a.md", b"x")
    (tmp_path / "in" / "a.md").unlink()
    from crawler.files import write_temporary

    name = write_temporary(tmp_path / "in" / "a.md", [b"x"], 0o644)
    name.unlink()
    name.symlink_to(outside)
    with pytest.raises(OSError, match=r"symbolic|loop|Too many"):
        write_durably(tmp_path / "in" / "a.md", b"evil")
    assert outside.read_bytes() == b"keep"


def test_parts_are_written_only_where_they_are_others(tmp_path: Path) -> None:
    path = tmp_path / "in" / "a"
    assert write_durably_in_parts(path, [b"ab", b"c"]) == 3
    before = path.stat()
    assert write_durably_in_parts(path, iter([b"a", b"bc"])) == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert write_durably_in_parts(path, [b"abd"]) == 3

    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise KeyError

    with pytest.raises(KeyError):
        write_durably_in_parts(path, breaks())
    assert [(found.name, found.read_bytes()) for found in path.parent.iterdir()] == [("a", b"abd")]


def test_delete_says_whether_it_was_there(tmp_path: Path) -> None:
    write_durably(tmp_path / "a", b"")
    assert delete_durably(tmp_path / "a")
    assert not delete_durably(tmp_path / "a")


def group(folder: Path) -> list[tuple[Path, bytes]]:
    return [(folder / f"in-{number % 2}" / f"{number}.md", f"{number}".encode()) for number in range(FEW)]


def test_a_group_is_made_durable_by_one_sync_of_its_disk_before_any_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "syncs_as_a_whole", lambda device: True)
    whole = files.sync_disk
    named: list[int] = []

    def sync_disk(descriptor: int) -> None:
        assert os.fstat(descriptor).st_dev == tmp_path.stat().st_dev
        named.append(sum(path.exists() for path, _ in group(tmp_path)))
        whole(descriptor)

    monkeypatch.setattr(files, "sync_disk", sync_disk)
    assert write_all_durably(group(tmp_path)) == FEW
    assert named == [0]
    assert [path.read_bytes() for path, _ in group(tmp_path)] == [content for _, content in group(tmp_path)]
    assert write_all_durably(group(tmp_path)[: FEW - 1]) == 0
    assert named == [0]


def test_nothing_is_left_of_a_group_that_its_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "syncs_as_a_whole", lambda device: True)
    monkeypatch.setattr(files, "sync_disk", full)
    with pytest.raises(OSError, match="No space"):
        write_all_durably(group(tmp_path))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_on_a_disk_that_is_not_synced_as_a_whole_each_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "syncs_as_a_whole", lambda device: False)
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    assert write_all_durably(group(tmp_path)) == FEW
    assert sum(TEMPORARY in name for name in synced) == FEW


def test_only_disks_that_are_known_for_it_are_synced_as_a_whole() -> None:
    assert not files.syncs_as_a_whole(Path("/proc").stat().st_dev)
    assert not files.syncs_as_a_whole(os.makedev(4095, 1))
