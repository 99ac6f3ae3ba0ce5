"""Tables of articles, and what changed since the last one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Broadsheet
from documents.shelf import entry
from pipelines.indexed import Shelf

from crawler.pipelines.indexing import index_changes


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    shelf.settle([entry(1, title='a "b", c\nd', tags=("x", "y")), entry(2), entry(3, source="other", path="other/2022/03/x.md")])
    bring_up(shelf)
    yield shelf
    shelf.store.close()


def bring_up(shelf: Shelf) -> None:
    index_changes(shelf.store, shelf.documents, shelf.workspace)


def export(broadsheet: Broadsheet, *options: str) -> tuple[list[dict[str, object]], str]:
    done = broadsheet("export", "--format", "jsonl", *options)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.split("--since ")[1].strip()


def told(rows: list[dict[str, object]]) -> dict[str, object]:
    return {str(row["guid"])[-2:]: row["change"] for row in rows}


def test_new_changed_and_removed_since_a_cursor(broadsheet: Broadsheet, shelf: Shelf) -> None:
    rows, cursor = export(broadsheet)
    assert told(rows) == {"01": "new", "02": "new", "03": "new"}
    assert export(broadsheet, "--since", cursor) == ([], cursor)
    shelf.settle([entry(2, tags=("new",)), entry(4)])
    shelf.take_down(entry(1))
    bring_up(shelf)
    rows, later = export(broadsheet, "--since", cursor)
    assert told(rows) == {"02": "changed", "04": "new", "01": "removed"}
    assert rows[-1] == {"change": "removed", "guid": entry(1).guid, "id": entry(1).guid[9:], "source": "bridge"}
    assert export(broadsheet, "--since", later) == ([], later)
    assert told(export(broadsheet)[0]) == {"02": "new", "03": "new", "04": "new"}
    assert told(export(broadsheet, "--source", "other")[0]) == {"03": "new"}


def test_a_source_of_which_all_was_removed_is_told_too(broadsheet: Broadsheet, shelf: Shelf) -> None:
    cursor = export(broadsheet)[1]
    shelf.take_down(entry(3, source="other", path="other/2022/03/x.md"))
    bring_up(shelf)
    assert told(export(broadsheet, "--source", "other", "--since", cursor)[0]) == {"03": "removed"}


@pytest.mark.parametrize("damage", ["broken line", "lost line", "gone"])
def test_a_damaged_index_loses_no_row_and_is_told_and_mended(broadsheet: Broadsheet, shelf: Shelf, damage: str) -> None:
    whole = broadsheet("export", "--format", "jsonl", "--text").stdout
    path = shelf.workspace.index / "bridge" / "2022-03.ndjson"
    before = path.read_bytes()
    first, second = before.splitlines(keepends=True)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(first[:40] + b"\n" + second if damage == "broken line" else second)
    done = broadsheet("export", "--format", "jsonl", "--text")
    assert done.stdout == whole
    said = {"broken line": "line 1 is broken", "lost line": "lacks lines", "gone": "can't be read (No such file or directory)"}[damage]
    assert f"bridge/2022-03.ndjson: {said}; " in " ".join(done.stderr.split())
    bring_up(shelf)
    assert path.read_bytes() == before
    assert broadsheet("export", "--format", "jsonl", "--text").stderr.count("\n") == 1


@pytest.mark.parametrize("cursor", ["", "x", "abc.1", "000000000000.0"])
def test_a_cursor_of_another_store_is_told_to_start_again(broadsheet: Broadsheet, shelf: Shelf, cursor: str) -> None:
    if not cursor:
        cursor = export(broadsheet)[1]
        broadsheet("rebuild")
    assert "start again" in broadsheet("export", "--format", "csv", "--since", cursor, code=2).stderr
    assert len(export(broadsheet)[0]) == 3


def test_csv_has_all_fields_and_the_text(broadsheet: Broadsheet, shelf: Shelf, tmp_path: Path) -> None:
    broadsheet("export", "--format", "csv", "--text", "-o", "news.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "news.csv").read_bytes().decode(), newline="")))
    first = next(row for row in rows if row["guid"] == entry(1).guid)
    assert first["title"] == 'a "b", c d'
    assert json.loads(first["tags"]) == ["x", "y"]
    assert first["text"] == "桥长六百米。"
    assert [path.name for path in tmp_path.glob(".news*")] == []


def test_parquet_has_types_and_the_cursor(broadsheet: Broadsheet, shelf: Shelf, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    cursor = broadsheet("export", "--format", "parquet", "--text", "-o", "news.parquet").stderr.split("--since ")[1].strip()
    table = parquet.read_table(tmp_path / "news.parquet")
    rows = {row["guid"]: row for row in table.to_pylist()}
    assert len(rows) == 3
    assert rows[entry(1).guid]["published"] == datetime(2022, 3, 22, 8, 37, 35, tzinfo=UTC)
    assert rows[entry(1).guid]["tags"] == ["x", "y"]
    assert rows[entry(1).guid]["words"] == 5
    assert table.schema.metadata[b"broadsheet.cursor"].decode() == cursor


def test_wrong_use_is_told(broadsheet: Broadsheet, shelf: Shelf) -> None:
    assert "csv" in broadsheet("export", "--format", "cvs", code=2).stderr
    assert "jsonl" in broadsheet("export", code=2).stderr
    assert "did you mean 'bridge'" in broadsheet("export", "--format", "csv", "--source", "brigde", code=2).stderr
