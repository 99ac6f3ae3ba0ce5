"""What was noted of a document is believed only while its file is the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.documents.noted import SETTLED, Noted


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Noted:
    (tmp_path / "a.md").write_text("one", "utf-8")
    later = (tmp_path / "a.md").stat().st_ctime_ns + 2 * SETTLED
    monkeypatch.setattr("crawler.documents.noted.time.time_ns", lambda: later)
    made = Noted(tmp_path)
    made.put("a.md", made.mark("a.md"), "hash")
    return made


def test_the_same_file_need_not_be_read_again(noted: Noted) -> None:
    assert noted.find("a.md") == "hash"
    assert noted.find("b.md") is None


@pytest.mark.parametrize("change", ["edited", "replaced", "gone", "dated"])
def test_another_file_is_read_again(noted: Noted, change: str) -> None:
    path = noted.root / "a.md"
    if change == "edited":
        path.write_text("two", "utf-8")
        os.utime(path, ns=(1, 1))
    elif change == "replaced":
        (noted.root / "b.md").write_text("two", "utf-8")
        os.replace(noted.root / "b.md", path)
    elif change == "gone":
        path.unlink()
    else:
        os.utime(path, ns=(5, 5))
    assert noted.find("a.md") is None


def test_one_that_was_written_this_very_moment_is_not_noted(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    now = (noted.root / "a.md").stat().st_ctime_ns
    monkeypatch.setattr("crawler.documents.noted.time.time_ns", lambda: now)
    noted.put("a.md", noted.mark("a.md"), "hash")
    assert noted.find("a.md") is None


def test_no_more_are_noted_than_are_kept(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.documents.noted.MOST", 2)
    for n in range(5):
        noted.put(str(n), noted.mark("a.md"), "x")
    assert list(noted.hashes) == ["3", "4"]
