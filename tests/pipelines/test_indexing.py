"""The index follows the documents: only what changed is written, and what is lost is made again."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from documents.shelf import entry
from pipelines.indexed import Shelf

from crawler.article import Moment
from crawler.documents import Documents, content_hash
from crawler.documents.index_files import with_lines
from crawler.entry import Entry
from crawler.feeds import fingerprint
from crawler.files import write_durably_in_parts
from crawler.pipelines.flooding import look_for_floods
from crawler.pipelines.indexing import IndexReport, index_changes


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def bring_up(shelf: Shelf, **options: bool) -> IndexReport:
    return index_changes(shelf.store, shelf.documents, shelf.workspace, **options)


APRIL = Moment(datetime(2022, 3, 31, 16, 30, tzinfo=UTC))  # half past midnight in Shanghai
OLD = Moment(datetime(2022, 3, 1, tzinfo=UTC))


def test_lines_stand_in_their_month_in_order(shelf: Shelf) -> None:
    shelf.settle([entry(2), entry(1), entry(3, published=OLD), entry(4, published=APRIL)])
    report = bring_up(shelf)
    assert list(shelf.index()) == ["bridge/2022-03.ndjson", "bridge/2022-04.ndjson"]
    assert [json.loads(line)["id"][-2:] for line in shelf.index()["bridge/2022-03.ndjson"].splitlines()] == ["03", "01", "02"]
    assert report.bytes == sum(map(len, shelf.index().values()))


def test_only_the_month_that_changed_is_written(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2), entry(4, published=APRIL)])
    bring_up(shelf)
    before = {path: path.stat().st_mtime_ns for path in shelf.workspace.index.rglob("*.ndjson")}
    shelf.settle([entry(5, published=APRIL)])
    assert [path.name for path in bring_up(shelf).written] == ["2022-04.ndjson"]
    march = shelf.workspace.index / "bridge" / "2022-03.ndjson"
    assert march.stat().st_mtime_ns == before[march]
    assert bring_up(shelf) == IndexReport()


def test_same_documents_in_any_order_give_the_same_bytes(shelf: Shelf, tmp_path: Path) -> None:
    entries = [entry(number, published=APRIL if number % 3 else OLD, title=f"第{number}号") for number in range(1, 12)]
    for one in reversed(entries):
        shelf.settle([one])
        bring_up(shelf)
    (tmp_path / "other").mkdir()
    other = Shelf(tmp_path / "other")
    other.settle(entries)
    bring_up(other)
    assert other.index() == shelf.index()
    other.store.close()


def test_a_changed_date_moves_the_line_to_its_month(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2)])
    bring_up(shelf)
    shelf.settle([entry(1, published=APRIL, path=entry(1).path)])
    bring_up(shelf)
    assert {name: content.count(b"\n") for name, content in shelf.index().items()} == {
        "bridge/2022-03.ndjson": 1,
        "bridge/2022-04.ndjson": 1,
    }
    shelf.settle([entry(2, published=APRIL, path=entry(2).path)])
    bring_up(shelf)
    assert list(shelf.index()) == ["bridge/2022-04.ndjson"]


def test_what_is_taken_down_leaves_the_index(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2)])
    bring_up(shelf)
    shelf.take_down(entry(1))
    bring_up(shelf)
    assert [json.loads(line)["guid"] for line in shelf.index()["bridge/2022-03.ndjson"].splitlines()] == [entry(2).guid]
    shelf.take_down(entry(2))
    assert [path.name for path in bring_up(shelf).deleted] == ["2022-03.ndjson"]
    assert shelf.index() == {}


@pytest.mark.parametrize("damage", [b"", b"no json\n", b'{"guid": 1}\n', b'{"v": 1', b"\xff\xfe\n", None])
def test_a_broken_file_is_made_again_from_its_documents(shelf: Shelf, damage: bytes | None) -> None:
    shelf.settle([entry(1), entry(2), entry(3)])
    bring_up(shelf)
    path = shelf.workspace.index / "bridge" / "2022-03.ndjson"
    whole = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(whole.splitlines(keepends=True)[0] + damage)
    shelf.settle([entry(2)])
    bring_up(shelf)
    assert path.read_bytes() == whole


def test_a_file_out_of_order_is_made_again_from_its_documents(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2), entry(3)])
    bring_up(shelf)
    path = shelf.workspace.index / "bridge" / "2022-03.ndjson"
    whole = path.read_bytes()
    path.write_bytes(b"".join(reversed(whole.splitlines(keepends=True))))
    shelf.settle([entry(2)])
    bring_up(shelf)
    assert path.read_bytes() == whole


def test_a_line_that_is_lost_is_made_again_and_the_others_are_left(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.settle([entry(1), entry(2), entry(3), entry(4)])
    bring_up(shelf)
    path = shelf.workspace.index / "bridge" / "2022-03.ndjson"
    whole = path.read_bytes()
    first, _, third, fourth = whole.splitlines(keepends=True)
    path.write_bytes(first + third + fourth)
    shelf.settle([entry(4)])
    read: list[str] = []
    decode = Documents.decode
    monkeypatch.setattr(Documents, "decode", lambda self, content, path: (read.append(path), decode(self, content, path))[1])
    bring_up(shelf)
    assert path.read_bytes() == whole
    assert set(read) == {entry(2).path, entry(4).path}


def test_a_month_is_not_held_in_memory(tmp_path: Path) -> None:
    lines = {f"urn:uuid:{n:06}": f'{{"guid":"urn:uuid:{n:06}","published":"2026","text":"{"x" * 10_000}"}}\n' for n in range(2000)}
    path = tmp_path / "2026-01.ndjson"
    path.write_bytes("".join(lines.values()).encode())
    changed = dict(list(lines.items())[1000:1001])
    tracemalloc.start()
    assert write_durably_in_parts(path, with_lines(path, lines.keys(), changed)) == 0  # it holds these bytes already
    assert write_durably_in_parts(path, with_lines(path, lines.keys(), {"urn:uuid:001000": None})) == path.stat().st_size
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 20_000_000
    assert peak < 4_000_000


def test_a_line_of_no_known_article_goes(shelf: Shelf) -> None:
    shelf.settle([entry(1)])
    bring_up(shelf)
    path = shelf.workspace.index / "bridge" / "2022-03.ndjson"
    whole = path.read_bytes()
    path.write_bytes(whole + whole.replace(entry(1).guid.encode(), entry(9).guid.encode()))
    shelf.settle([entry(1)])
    bring_up(shelf)
    assert path.read_bytes() == whole


def test_a_document_that_cannot_be_read_is_told_and_keeps_its_line(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2)])
    bring_up(shelf)
    whole = shelf.index()
    document = shelf.workspace.documents / entry(1).path
    document.write_bytes(b"no document")
    with shelf.store.begin() as transaction:
        transaction.changes.mark("bridge", [entry(1).guid])
    report = bring_up(shelf)
    assert entry(1).path in report.problems[0]
    assert shelf.index() == whole
    assert bring_up(shelf).problems == report.problems  # it stays due until it can be read


def test_an_edit_by_hand_counts_as_a_change(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2)])
    bring_up(shelf)
    document = shelf.workspace.documents / entry(1).path
    document.write_text(document.read_text("utf-8").replace("桥长", "桥宽"), "utf-8")
    with shelf.store.begin() as transaction:
        transaction.changes.mark("bridge", [entry(1).guid, entry(2).guid])
        number = transaction.changes.number()
    bring_up(shelf)
    with shelf.store.begin() as transaction:
        assert [(change.guid, change.kind) for change in transaction.changes.after(number)] == [(entry(1).guid, "changed")]
    hashes = [json.loads(line)["content_hash"] for line in shelf.index()["bridge/2022-03.ndjson"].splitlines()]
    assert hashes[0] != content_hash(document.read_bytes())
    assert hashes[1] == content_hash((shelf.workspace.documents / entry(2).path).read_bytes())


def test_a_kill_before_the_marks_go_changes_nothing(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2)])
    bring_up(shelf)
    whole = shelf.index()
    with shelf.store.begin() as transaction:
        transaction.changes.mark("bridge", [entry(1).guid, entry(2).guid])
        number = transaction.changes.number()
    assert bring_up(shelf).written == []
    assert shelf.index() == whole
    with shelf.store.begin() as transaction:
        assert transaction.changes.after(number) == []


def test_everything_is_made_again_with_the_same_bytes(shelf: Shelf) -> None:
    shelf.settle([entry(1), entry(2), entry(4, published=APRIL)])
    bring_up(shelf)
    whole = shelf.index()
    for path in shelf.workspace.index.rglob("*.ndjson"):
        path.unlink()
    with shelf.store.begin() as transaction:
        transaction.changes.start_over()
    assert len(bring_up(shelf, everything=True).written) == 2
    assert shelf.index() == whole


def test_the_flood_check_reads_no_document_that_was_just_indexed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    written = [entry(n, body=f"<p>{f'Text {n} ' * 60}</p>") for n in (1, 2, 3)]
    shelf.settle(written)
    in_a_moment = max(path.stat().st_ctime_ns for path in shelf.workspace.documents.rglob("*.md")) + 10**9
    monkeypatch.setattr("crawler.documents.noted.time.time_ns", lambda: in_a_moment)
    index_changes(shelf.store, shelf.documents, shelf.workspace)
    edited = shelf.workspace.documents / written[2].path
    edited.write_text(edited.read_text("utf-8").replace("Text 3", "Texts 3"), "utf-8")
    read: list[str] = []

    def reading(path: str) -> Entry:
        read.append(path)
        return shelf.documents.read(path)

    look_for_floods(shelf.store, reading, {"bridge"}, whole={"bridge"}, noted=shelf.documents.noted.find)
    assert read == [written[2].path]
    with shelf.store.read() as transaction:
        bodies = {row.guid: row.body for row in transaction.publications.rows([one.guid for one in written])}
    assert bodies == {one.guid: fingerprint(shelf.documents.read(one.path)).body for one in written}
