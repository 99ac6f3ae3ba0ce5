"""`broadsheet export`: the articles as a table; with a cursor what is new, changed and removed since."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.text import Text

from crawler.cli.app import opened_store, workspace
from crawler.cli.subscriptions import exports
from crawler.cli.terminal import err, say_error
from crawler.documents import Documents
from crawler.documents.index import index_order, index_schema
from crawler.documents.index_files import BrokenIndex, lines_of
from crawler.errors import BroadsheetError, UnknownSource, WorkspaceError, did_you_mean
from crawler.extraction.clean import text_of
from crawler.pipelines.indexing import lines_again
from crawler.pipelines.run import documents_of
from crawler.shown import plain_lines
from crawler.store import Store
from crawler.store.changes import IndexChange
from crawler.workspace import Workspace

GROUP = 1000  # rows that Parquet writes together
TIMES = ("published", "updated", "first_seen")
Row = dict[str, Any]
Writer = Callable[[Iterable[Row], list[str], BinaryIO, str], None]


@exports.callback(invoke_without_command=True)
def export(
    context: typer.Context,
    shown_as: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv, parquet or jsonl.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="CURSOR", help="Only what changed since the export that gave this.")] = "",
    source: Annotated[str, typer.Option("--source", metavar="ID", help="Only this source.")] = "",
    text: Annotated[bool, typer.Option("--text", help="With the body as plain text.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; without it: stdout.")] = None,
) -> None:
    """Give the articles as a table, or (`export opml`) the sources as a list of subscriptions.

    One row an article, with the fields of the index (`broadsheet schema index`) and `change`: new, changed or removed. The cursor for
    the next export is told on stderr.

    Examples:

        broadsheet -C news export --format csv --text -o news.csv

        broadsheet -C news export --format jsonl --since 5f0c2a7d91be.42
    """
    if context.invoked_subcommand is not None:
        return
    if shown_as not in WRITERS:
        problem = f"{shown_as!r} is none of {', '.join(WRITERS)}{did_you_mean(shown_as, WRITERS)}" if shown_as else "say which: csv, …"
        raise WorkspaceError("export --format", problem.replace("…", "parquet or jsonl; or the sources' list: broadsheet export opml"))
    if shown_as == "parquet" and output is None and sys.stdout.isatty():
        raise WorkspaceError("export --format parquet", "is no text for a terminal; name a file with --output")
    place = workspace()
    documents = documents_of(place)
    columns = ["change", *index_schema()["properties"], *(["text"] if text else [])]
    with opened_store(place) as store:
        changes, cursor = changes_since(store, since, source)
        found = rows(store, documents, place, changes)
        with opened(output) as file:
            WRITERS[shown_as](with_text(found, documents) if text else found, columns, file, cursor)
    err().print(Text(f"Next:   --since {cursor}"))


def changes_since(store: Store, cursor: str, source: str) -> tuple[list[IndexChange], str]:
    """What changed since a cursor (none: all there is) and the next cursor. Raises WorkspaceError for one of another count."""
    epoch, _, number = cursor.partition(".")
    with store.begin() as transaction:
        present = transaction.changes.epoch()
        if cursor and (epoch != present or not number.isdigit()):
            raise WorkspaceError(f"--since {cursor}", "is of an earlier store, or none of ours: start again with an export without --since")
        found = transaction.changes.after(int(number or 0))
        last = transaction.changes.number()
        known = transaction.entries.sources()
    if not last and known:
        raise WorkspaceError("export", "there is no index yet; it is made by the next crawl, or by: broadsheet rebuild")
    if source and source not in known and all(change.source != source for change in found):
        raise UnknownSource(source, f"there are no articles of it{did_you_mean(source, known)}")
    chosen = [change for change in found if not source or change.source == source]
    if not cursor:
        chosen = [change for change in chosen if change.kind != "removed"]
    return chosen, f"{present}.{last}"


def rows(store: Store, documents: Documents, place: Workspace, changes: Iterable[IndexChange]) -> Iterator[Row]:
    """Rows by source, then month, then as the index has them; what was removed comes last, with its id alone."""
    ordered = sorted(changes, key=lambda change: (change.kind == "removed", change.source, change.file, change.guid))
    for file, group in groupby(ordered, key=lambda change: change.file):
        kinds = {change.guid: change for change in group}
        if not file:
            for guid, change in kinds.items():
                yield {"change": change.kind, "guid": guid, "id": guid.removeprefix("urn:uuid:"), "source": change.source}
            continue
        for line in lines_in(store, documents, place, file, kinds):
            row = json.loads(line)
            yield {"change": kinds[row["guid"]].kind, **row}


def lines_in(store: Store, documents: Documents, place: Workspace, file: str, guids: Collection[str]) -> list[str]:
    """The lines of these articles in an index file, in its order. What is broken in it or gone is read from the documents, and told."""
    path = place.index / file
    try:
        found, broken = lines_of(path.read_bytes()), ""
    except BrokenIndex as error:
        found, broken = {}, str(error)
    except OSError as error:
        found, broken = {}, f"can't be read ({error.strerror})"
    lost = [guid for guid in guids if guid not in found]
    if lost:
        source = file.partition("/")[0]
        read, problems = lines_again(store, documents, place, file, lost)
        found = dict(sorted({**found, **read}.items(), key=lambda item: index_order(json.loads(item[1]))))
        with store.begin() as transaction:
            transaction.changes.mark(source, lost)
        problem = f"{broken or 'lacks lines'}; {len(read):,} of its articles were read from their documents; the next crawl mends it"
        say_error(WorkspaceError(str(path), problem))
        for problem in problems:
            say_error(WorkspaceError("", problem))
    return [line for guid, line in found.items() if guid in guids]


def with_text(found: Iterable[Row], documents: Documents) -> Iterator[Row]:
    for row in found:
        yield row | ({"text": text(documents, row["path"])} if "path" in row else {})


def text(documents: Documents, path: str) -> str:
    """A document's body as plain text; of one that can't be read none, which is told."""
    try:
        return text_of(documents.read(path).article.body)
    except BroadsheetError as error:
        say_error(error)
        return ""


def write_jsonl(found: Iterable[Row], columns: list[str], file: BinaryIO, cursor: str) -> None:
    for row in found:
        file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def write_csv(found: Iterable[Row], columns: list[str], file: BinaryIO, cursor: str) -> None:
    """RFC 4180 in UTF-8; lists and provenance as JSON, so that none is taken for another."""
    writer = csv.DictWriter(Encoded(file), columns, restval="")
    writer.writeheader()
    for row in found:
        writer.writerow({name: value if isinstance(value, (str, int)) else dumped(value) for name, value in row.items()})


class Encoded:
    """What the csv module writes, as UTF-8."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def write(self, line: str) -> int:
        return self.file.write(line.encode())


def write_parquet(found: Iterable[Row], columns: list[str], file: BinaryIO, cursor: str) -> None:
    """Times as timestamps in UTC, lists as lists; the next cursor stands in the schema's metadata too (`broadsheet.cursor`)."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise WorkspaceError("export --format parquet", "needs pyarrow; install it with: pip install 'broadsheet[parquet]'") from None
    properties = index_schema()["properties"]
    kinds = {"integer": pyarrow.int64(), "array": pyarrow.list_(pyarrow.string())}
    types = {name: kinds.get(shape.get("type", ""), pyarrow.string()) for name, shape in properties.items()} | {"v": pyarrow.int64()}
    types |= {name: pyarrow.timestamp("s", tz="UTC") for name in TIMES}
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in columns], metadata={"broadsheet.cursor": cursor})
    stream = iter(found)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := [as_typed(row) for row in islice(stream, GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def as_typed(row: Mapping[str, Any]) -> Row:
    typed = {name: datetime.fromisoformat(value) if name in TIMES else value for name, value in row.items()}
    return {name: dumped(value) if isinstance(value, dict) else value for name, value in typed.items()}


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def opened(output: Path | None) -> Iterator[Any]:
    """Stdout, or a file that is there whole or not at all."""
    if output is None:
        yield Terminal() if sys.stdout.isatty() else sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    temporary = output.with_name(f".{output.name}.part")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)


class Terminal(io.RawIOBase):
    """Where a person sees what is written to stdout."""

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return sys.stdout.write(plain_lines(bytes(content).decode("utf-8", "replace").replace("\r\n", "\n")))


WRITERS: dict[str, Writer] = {"csv": write_csv, "parquet": write_parquet, "jsonl": write_jsonl}
