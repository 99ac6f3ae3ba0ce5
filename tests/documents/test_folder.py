"""The folder of documents: durable, quiet where nothing changed, never over a person's edit."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from documents.documented import blocks
from documents.shelf import PICTURE, entry

from crawler.documents import PROFILES, Documents, Written, normalise, profile_named
from crawler.entry import Entry
from crawler.errors import DocumentError, WorkspaceError

HEXO = profile_named("hexo")
LIKE_HEXO = """
from crawler.documents import PROFILES

class Mine(PROFILES["hexo"]):
    name = "mine"
    image_key = "cover"

    def own_keys(self, entry):
        keys = super().own_keys(entry)
        keys["cover"] = keys.pop("headimg")
        return keys
"""


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(tmp_path / "documents", HEXO, tmp_path / "conflicts")


def test_what_was_written_is_read_back(documents: Documents) -> None:
    written = entry()
    assert documents.write([written]) == [Written(written.path, "written")]
    assert documents.read(written.path) == normalise(written, HEXO)
    assert (documents.root / written.path).read_bytes() == documents.encode(written)
    assert not documents.edited(written.path)


def test_unchanged_document_is_not_touched(documents: Documents) -> None:
    written = entry()
    documents.write([written])
    os.utime(documents.root / written.path, (1, 1))
    assert documents.write([written, entry(2)]) == [Written(written.path, "unchanged"), Written(entry(2).path, "written")]
    assert (documents.root / written.path).stat().st_mtime == 1


def test_changed_document_is_written_in_place(documents: Documents) -> None:
    documents.write([entry()])
    longer = entry(body="<p>More.</p>")
    assert documents.write([longer]) == [Written(longer.path, "written")]
    assert documents.read(longer.path).article.body == "<p>More.</p>"
    assert [path for path, _ in documents.all()] == [longer.path]


def test_edited_document_is_kept_and_the_new_version_put_aside(documents: Documents) -> None:
    written = entry()
    documents.write([written])
    target = documents.root / written.path
    edited = target.read_bytes().replace("桥长".encode(), "桥宽".encode())
    target.write_bytes(edited)
    assert documents.edited(written.path)
    newer = entry(body="<p>New.</p>")
    assert documents.write([newer, entry(2)]) == [
        Written(written.path, "conflict", "it was edited by hand and is kept"),
        Written(entry(2).path, "written"),
    ]
    assert target.read_bytes() == edited
    assert documents.conflicts is not None
    assert (documents.conflicts / written.path).read_bytes() == documents.encode(newer)
    assert sorted(path for path, _ in documents.all()) == sorted([written.path, entry(2).path])


def test_version_put_aside_goes_when_it_was_taken_over(documents: Documents) -> None:
    written = entry()
    documents.write([written])
    target = documents.root / written.path
    target.write_bytes(target.read_bytes() + b"mine\n")
    newer = entry(body="<p>New.</p>")
    documents.write([newer])
    assert documents.conflicts is not None
    (documents.conflicts / written.path).replace(target)
    assert documents.write([newer]) == [Written(newer.path, "unchanged")]
    target.write_bytes(target.read_bytes() + b"mine\n")
    documents.write([newer])
    assert (documents.conflicts / written.path).is_file()
    target.unlink()
    assert documents.write([newer]) == [Written(newer.path, "written")]
    assert not (documents.conflicts / written.path).exists()


def test_extra_key_counts_as_an_edit_and_is_no_obstacle_to_reading(documents: Documents) -> None:
    written = entry()
    documents.write([written])
    target = documents.root / written.path
    target.write_text(target.read_text("utf-8").replace("comments: false\n", "comments: false\npinned: true\n"), "utf-8")
    assert documents.edited(written.path)
    assert documents.read(written.path) == normalise(written, HEXO)


def test_foreign_file_and_folder_under_the_name_are_conflicts(documents: Documents) -> None:
    (documents.root / entry(1).path).parent.mkdir(parents=True)
    (documents.root / entry(1).path).write_text("my own\n")
    (documents.root / entry(2).path).mkdir()
    assert documents.write([entry(1), entry(2)]) == [
        Written(entry(1).path, "conflict", "it was edited by hand and is kept"),
        Written(entry(2).path, "conflict", "a folder lies there"),
    ]


def test_file_where_a_folder_is_needed_is_a_conflict_and_nothing_else_is_lost(documents: Documents) -> None:
    blocked, other = entry(1), entry(2, source="other", path="other/2022/03/x.md")
    month = (documents.root / blocked.path).parent
    month.parent.parent.mkdir(parents=True)
    month.parent.write_text("mine\n")
    assert documents.write([blocked, other]) == [
        Written(blocked.path, "conflict", "bridge/2022 is a file, where a folder is needed"),
        Written(other.path, "written"),
    ]
    assert month.parent.read_text() == "mine\n"
    assert documents.conflicts is not None
    assert (documents.conflicts / blocked.path).read_bytes() == documents.encode(blocked)


def test_pipe_under_the_name_is_a_conflict_and_keeps_nobody_waiting(documents: Documents) -> None:
    (documents.root / entry(1).path).parent.mkdir(parents=True)
    os.mkfifo(documents.root / entry(1).path)
    assert documents.write([entry(1)]) == [Written(entry(1).path, "conflict", "what lies there is no file")]
    ((path, error),) = documents.all()
    assert (path, str(error)) == (entry(1).path, f"{path}: is no file; a document is expected there")


def test_links_in_a_circle_and_odd_names_end_no_reading(documents: Documents) -> None:
    documents.write([entry(1)])
    (documents.root / "bridge" / "round").symlink_to(documents.root)
    (documents.root / "gone.md").symlink_to("nowhere")
    (documents.root / os.fsdecode(b"\xff.md")).write_bytes(b"x")
    found = {path: type(one) for path, one in documents.all()}
    assert found == {entry(1).path: Entry, "gone.md": DocumentError, "\\udcff.md": DocumentError}


@pytest.mark.parametrize("written", list(PROFILES))
@pytest.mark.parametrize("present", ["hexo", "plain", "profiles/mine.py"])
def test_document_of_another_profile_is_read_as_it_was_written(tmp_path: Path, written: str, present: str) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.py").write_text(blocks("documents.md", "python")[0])
    full = entry(title='It\'s "open"', tags=("a b", "all"), image_files={PICTURE: "ab/01.png"}, authors=("Ann",))
    Documents(tmp_path / "documents", profile_named(written)).write([full])
    read = Documents(tmp_path / "documents", profile_named(present, workspace=tmp_path)).read(full.path)
    expected = profile_named(written).read(profile_named(written).write(full), full.path)
    assert read == expected
    assert read.article.image is not None
    assert (read.article.image.url, read.article.title, read.article.tags) == (PICTURE, full.article.title, full.article.tags)


def test_own_profile_that_looks_like_a_shipped_one_reads_its_own_documents(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(LIKE_HEXO)
    mine = profile_named("mine.py", workspace=tmp_path)
    documents = Documents(tmp_path / "documents", mine)
    documents.write([entry(1)])
    Documents(tmp_path / "documents", HEXO).write([entry(2)])
    assert [found.article.image and found.article.image.url for _, found in documents.all() if isinstance(found, Entry)] == [PICTURE] * 2


class Json:
    """A profile of one's own that writes no hash and no header."""

    name = "json"

    def __init__(self, options: object) -> None:
        pass

    def write(self, entry: Entry) -> bytes:
        return json.dumps({"title": entry.article.title, "guid": entry.guid}).encode()

    def read(self, content: bytes, path: str) -> Entry:
        found = json.loads(content)
        return entry(1, title=found["title"], guid=found["guid"], path=path)


def test_profile_without_a_hash_has_its_edits_kept_too(tmp_path: Path) -> None:
    documents = Documents(tmp_path / "documents", Json(None), tmp_path / "conflicts")
    assert documents.write([entry(1)]) == [Written(entry(1).path, "written")]
    assert documents.write([entry(1, title="New", path=entry(1).path)]) == [Written(entry(1).path, "written")]
    (documents.root / entry(1).path).write_text('{ "title": "Mine", "guid": "x" }')
    assert documents.write([entry(1)]) == [Written(entry(1).path, "conflict", "it was edited by hand and is kept")]
    (documents.root / entry(1).path).write_text("{}")
    with pytest.raises(DocumentError, match=r"profile json can't read it \(KeyError: 'title'\)"):
        documents.read(entry(1).path)


def test_profile_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(LIKE_HEXO.replace('keys["cover"]', "keys[cover]"))
    documents = Documents(tmp_path / "documents", profile_named("mine.py", workspace=tmp_path))
    with pytest.raises(WorkspaceError, match=r"profile mine: can't write bridge/.*NameError: name 'cover' is not defined"):
        documents.write([entry(1)])


def test_windows_editor_leaves_it_readable(documents: Documents) -> None:
    written = entry()
    documents.write([written])
    target = documents.root / written.path
    target.write_bytes(b"\xef\xbb\xbf" + target.read_bytes().replace(b"\n", b"\r\n"))
    assert documents.edited(written.path)
    assert documents.read(written.path) == normalise(written, HEXO)


def test_all_streams_in_order_and_tells_what_is_no_document(documents: Documents) -> None:
    written = [entry(n, source=source) for n, source in enumerate("ba")]
    written = [replace(one, path=one.path.replace("bridge", one.source)) for one in written]
    documents.write(written)
    (documents.root / "notes.md").write_text("---\ntitle: mine\n---\nx\n")
    (documents.root / "page.html").write_text("x")
    (documents.root / ".broadsheet-tmp-0.md").write_text("x")
    found = list(documents.all())
    assert [path for path, _ in found] == [written[1].path, written[0].path, "notes.md"]
    assert isinstance(found[2][1], DocumentError)
    assert str(found[2][1]).startswith("notes.md: is no document of Broadsheet (it lacks guid, ")
    assert list(Documents(documents.root / "missing", HEXO).all()) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("guid: ", "guide: ", "lacks guid"),
        ("'2022-03-22T09:00:00Z'", "soon", "first_seen: an ISO time"),
        ("'2022-03-22T09:00:00Z'", "'2022-03-22T09:00:00'", "first_seen: the offset or Z is missing"),
        ("date_precision: second", "date_precision: hour", "date_precision: day, minute, second is expected, not 'hour'"),
        ("date_from: page", "date_from: me", "date_from: page, url, listing, first_seen is expected"),
        ("source_id: bridge", "source_id: [bridge]", "source_id: one string"),
        ("sections: \n - city", "sections: \n - [a]", "sections: a list of strings"),
        ("sections: \n - city", "sections: {a: b}", "sections: a list of strings"),
        ('\'{"published"', '\'["published"', "wrong key"),
        ("source_id: bridge", "source_id: 'bridge", "line "),
        ("---\ntitle", "title", "it has no header"),
    ],
)
def test_broken_document_is_told_with_path_and_key(documents: Documents, old: str, new: str, message: str) -> None:
    written = entry()
    documents.write([written])
    target = documents.root / written.path
    text = target.read_text("utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DocumentError) as told:
        documents.read(written.path)
    assert told.value.subject == written.path
    assert message in told.value.problem


def test_missing_file_and_bytes_that_are_no_utf8_are_told(documents: Documents) -> None:
    with pytest.raises(DocumentError, match=r"a\.md: can't be read \(No such file"):
        documents.read("a.md")
    documents.root.mkdir()
    (documents.root / "b.md").write_bytes(b"---\na: \xff\n---\n")
    with pytest.raises(DocumentError, match=r"b\.md: is no document"):
        documents.read("b.md")


@pytest.mark.parametrize("path", ["../a.md", "/etc/a.md", "", "a/../../b.md", "a\0.md"])
def test_path_out_of_the_folder_is_refused(documents: Documents, path: str) -> None:
    with pytest.raises(DocumentError, match="leads out"):
        documents.write([replace(entry(), path=path)])


def test_delete_tells_whether_it_was_there(documents: Documents) -> None:
    documents.write([entry()])
    assert [documents.delete(entry().path), documents.delete(entry().path)] == [True, False]
    assert list(documents.all()) == []


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_full_disk_leaves_nothing_half_written(documents: Documents, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    documents.write([entry()])
    before = {path: path.read_bytes() for path in documents.root.rglob("*") if path.is_file()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="No space"):
        documents.write([entry(body="<p>New.</p>"), entry(2)])
    assert {path: path.read_bytes() for path in documents.root.rglob("*") if path.is_file()} == before
