"""The index at the end of a run: only the files of months that changed are written, each whole, then the marks go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from crawler.documents import Documents
from crawler.documents.index import index_line, index_path
from crawler.documents.index_files import LinesMissing, with_lines
from crawler.documents.sealing import present_hash
from crawler.errors import DocumentError
from crawler.extraction.clean import text_of
from crawler.feeds.flood import text_hash
from crawler.files import delete_durably, write_durably_in_parts
from crawler.pipelines.remembering import known_recipes
from crawler.recipes import Recipe
from crawler.store import Store
from crawler.store.changes import DueLine
from crawler.workspace import Workspace


@dataclass(slots=True)
class IndexReport:
    """What was done."""

    written: list[Path] = field(default_factory=list)
    """Files with new bytes."""
    deleted: list[Path] = field(default_factory=list)
    """Files that no article is in any more."""
    bytes: int = 0
    """Written in all."""
    problems: list[str] = field(default_factory=list)
    """Documents that can't be read: their lines stay as they are."""


def index_changes(
    store: Store, documents: Documents, workspace: Workspace, recipes: Mapping[str, Recipe] | None = None, *, everything: bool = False
) -> IndexReport:
    """Brings the index up to date with what the store marks; with `everything`, with all documents that the store knows.

    A file that is gone or broken is made again from its documents. Raises OSError where the folder can't be written.
    """
    report = IndexReport()
    with store.begin() as transaction:
        for source in transaction.entries.sources():
            if everything or not (workspace.index / source).is_dir():
                transaction.changes.mark_all(source)
        due = transaction.changes.due_sources()
    known = known_recipes(workspace, due, recipes or {}) if due else {}
    for source in due:
        Indexer(store, documents, workspace.index, known[source].zone, report).bring_up(source)
    return report


@dataclass(slots=True)
class Indexer:
    """The index files of one source."""

    store: Store
    documents: Documents
    folder: Path
    zone: str
    report: IndexReport

    def bring_up(self, source: str) -> None:
        """Some thousand documents at a time: a first run may bring any number, and none stays in memory."""
        after = ("", "")
        while True:
            with self.store.read() as transaction:
                due = transaction.changes.due(source, after)
            if not due:
                return
            self.bring_up_some(due)
            after = (due[-1].published, due[-1].guid)

    def bring_up_some(self, due: Sequence[DueLine]) -> None:
        changed: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
        placed, dropped = [], []
        for row in due:
            try:
                found = self.line(row.path) if row.path else None
            except DocumentError as error:
                self.report.problems.append(f"index: {error}")
                continue
            if row.file and (found is None or found[0] != row.file):
                changed[row.file][row.guid] = None
            if found is None:
                dropped.append(row.guid)
            else:
                file, line, hashed = found
                changed[file][row.guid] = line
                placed.append((row.guid, file, hashed))
        for file, lines in sorted(changed.items()):
            self.write(file, lines)
        with self.store.begin() as transaction:
            if placed:
                transaction.changes.placed(placed)
            if dropped:
                transaction.changes.dropped(dropped)

    def line(self, path: str) -> tuple[str, str, str] | None:
        """Index file, line and hash of a document; None where its file is gone. Raises DocumentError where it can't be read."""
        mark = self.documents.noted.mark(path)
        try:
            content = self.documents.place(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise DocumentError(path, f"can't be read ({error.strerror})") from None
        entry, hashed = self.documents.decode(content, path), present_hash(content)
        text = text_of(entry.article.body)
        self.documents.noted.put(path, mark, text_hash(text))  # the flood check asks for it next
        return index_path(entry, self.zone), index_line(entry, hashed, text), hashed

    def write(self, file: str, changed: Mapping[str, str | None]) -> None:
        """Puts lines into a file and takes others out. What it should hold besides and does not is read from the documents again."""
        with self.store.begin() as transaction:
            members = transaction.changes.members(file)
        try:
            self.put(file, members, changed)
        except LinesMissing as lack:
            again = {guid: line for missing in lack.guids for guid, line in self.again(missing, members[missing], file).items()}
            self.put(file, members.keys() - lack.guids, {**again, **changed})

    def put(self, file: str, members: Collection[str], changed: Mapping[str, str | None]) -> None:
        path = self.folder / file
        lines = with_lines(path, members, changed)
        first = next(lines, None)
        if first is None:
            self.report.deleted += [path] if delete_durably(path) else []
        elif size := write_durably_in_parts(path, chain([first], lines)):
            self.report.written += [path] if path not in self.report.written else []
            self.report.bytes += size

    def again(self, guid: str, path: str, file: str) -> dict[str, str]:
        try:
            found = self.line(path)
        except DocumentError as error:
            self.report.problems.append(f"index: {error}")
            return {}
        return {guid: found[1]} if found and found[0] == file else {}


def lines_again(
    store: Store, documents: Documents, workspace: Workspace, file: str, guids: Collection[str]
) -> tuple[dict[str, str], list[str]]:
    """guid → line of these articles of an index file, made from their documents; and what can't be read."""
    source = file.partition("/")[0]
    report = IndexReport()
    indexer = Indexer(store, documents, workspace.index, known_recipes(workspace, [source], {})[source].zone, report)
    with store.begin() as transaction:
        members = transaction.changes.members(file)
    found = [indexer.again(guid, path, file) for guid, path in members.items() if guid in guids]
    return {guid: line for one in found for guid, line in one.items()}, report.problems


def without_index(workspace: Workspace) -> None:
    """Takes away all index files before a rebuild: one whose articles are gone would stay for ever."""
    for path in sorted(workspace.index.glob("*/*.ndjson")):
        delete_durably(path)
