"""An article's pages as they came, in WARC files that other tools read: durable before the page is done."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from crawler.errors import StoreError
from crawler.files import delete_durably, make_folder, sync_folder, write_durably_in_parts
from crawler.page import Page
from crawler.pipelines.warc import read_articles, read_places, write_article, write_info
from crawler.store import Store
from crawler.store.kept import KeptRow
from crawler.store.pages import hints_to_json

MOST_BYTES = 128 * 1024 * 1024  # of a file; then the next one is begun
PART = 1024 * 1024  # bytes that are copied at once
SUFFIX = ".warc.gz"
NAME = re.compile(r"pages-(\d+)\.warc\.gz")


@dataclass(slots=True)
class Keeper:
    """The kept pages of a workspace. It blocks on disk: call it from the store's thread, under the source's lock.

    A file that the table doesn't know is read before anything else is done with its source: so whatever was killed in between, or a
    store that is lost, costs nothing.
    """

    store: Store
    folder: Path
    """`.broadsheet/pages`."""
    most_bytes: int = MOST_BYTES
    _looked_at: set[tuple[str, str]] = field(default_factory=set)
    """Files that hold nothing of ours: not read again and again."""

    def keep(self, fetched: Iterable[tuple[str, str, Sequence[Page]]]) -> list[KeptRow]:
        """Keeps the pages of articles (guid, source, pages); durable when this returns. Gives the rows that are to be stored.

        Pages that are kept already, byte for byte, are not kept again. What a killed run left behind the last known record is cut off.
        Raises OSError.
        """
        rows: list[KeptRow] = []
        by_source: dict[str, list[tuple[str, Sequence[Page]]]] = {}
        for guid, source, pages in fetched:
            by_source.setdefault(source, []).append((guid, pages))
        for source, articles in by_source.items():
            self.find_again(source)
            with self.store.begin() as transaction:
                file, end = transaction.kept.end(source)
                known = {guid: row.digest for guid, _ in articles if (row := transaction.kept.last(guid))}
            new = [(guid, pages, digest) for guid, pages in articles if (digest := digest_of(pages)) != known.get(guid)]
            if new:
                rows += self._append(source, file, end, new)
        return rows

    def _append(self, source: str, file: str, end: int, articles: Sequence[tuple[str, Sequence[Page], str]]) -> list[KeptRow]:
        folder = self.folder / source
        make_folder(folder)
        if not file or end >= self.most_bytes or not (folder / file).is_file() or (folder / file).stat().st_size < end:
            file, end = next_name(folder, [file]), 0
        content, rows = BytesIO(), []
        if not end:
            write_info(content, file)
        for guid, pages, digest in articles:
            start = content.tell()
            write_article(content, guid, source, pages)
            rows.append(KeptRow(guid, source, file, end + start, content.tell() - start, digest))
        descriptor = os.open(folder / file, os.O_WRONLY | os.O_CREAT, 0o644)
        with open(descriptor, "wb", buffering=0) as out:
            out.truncate(end)
            out.seek(end)
            rest = memoryview(content.getvalue())
            while rest:
                rest = rest[out.write(rest) :]
            os.fsync(out.fileno())
        if not end:
            sync_folder(folder)
        return rows

    def pages(self, row: KeptRow) -> tuple[Page, ...]:
        """The pages of one fetch. Raises OSError, or StoreError where the file doesn't hold them at this place."""
        path = self.folder / row.source / row.file
        with path.open("rb") as file:
            file.seek(row.offset)
            content = file.read(row.length)
        found = list(read_articles(BytesIO(content)))
        if len(found) != 1 or found[0][0] != row.guid:
            raise StoreError(str(path), f"holds no pages of {row.guid} at byte {row.offset}; was it changed by another program?")
        return found[0][2]

    def forget(self, guid: str, source: str) -> None:
        """Takes all kept pages of an article out of their files; what else these hold stays in its order, byte for byte.

        Killed in between, the same call again finishes it. Raises OSError.
        """
        self.find_again(source)
        with self.store.begin() as transaction:
            files = sorted({row.file for row in transaction.kept.of(guid)})
        for file in files:
            self.take_out(source, file, lambda row: row.guid == guid)

    def take_out(self, source: str, file: str, gone: Callable[[KeptRow], bool]) -> None:
        """Takes records out of a file; with the last one it goes. Killed in between, the file is read again. Raises OSError."""
        path = self.folder / source / file
        with self.store.begin() as transaction:  # until the last step the table doesn't know the file: it holds true places or none
            rows = [row for row in transaction.kept.in_file(source, file) if not gone(row)]
            transaction.kept.forget_file(source, file)
        if not rows or not path.is_file():
            delete_durably(path)
            return
        moved: list[KeptRow] = []
        write_durably_in_parts(path, without(path, rows, moved))
        with self.store.begin() as transaction:
            for row in moved:
                transaction.kept.put(row)

    def find_again(self, source: str) -> int:
        """Fills the table from files of a source that it doesn't know; gives how many fetches they hold. A torn end is left out."""
        with self.store.begin() as transaction:
            known = set(transaction.kept.files(source))
        count = 0
        for path in sorted((self.folder / source).glob(f"*{SUFFIX}")):
            if path.name in known or (source, path.name) in self._looked_at:
                continue
            with path.open("rb") as file:
                rows = [
                    KeptRow(guid, source, path.name, start, length, digest_of(pages)) for guid, start, pages, length in read_places(file)
                ]
            with self.store.begin() as transaction:
                for row in rows:
                    transaction.kept.put(row)
            count += len(rows)
            if not rows:
                self._looked_at.add((source, path.name))
        return count

    def sources(self) -> list[str]:
        """Sources of which pages are kept, sorted."""
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir()) if self.folder.is_dir() else []


def without(path: Path, rows: Iterable[KeptRow], moved: list[KeptRow]) -> Iterator[bytes]:
    """A file that has these rows of an old one alone, part by part; `moved` is given their new places."""
    info = BytesIO()
    write_info(info, path.name)
    yield info.getvalue()
    place = info.tell()
    with path.open("rb") as old:
        for row in rows:
            moved.append(replace(row, offset=place))
            old.seek(row.offset)
            left = row.length
            while left and (part := old.read(min(left, PART))):
                yield part
                left -= len(part)
            place += row.length


def next_name(folder: Path, known: Collection[str] = ()) -> str:
    """The name of a file after all that are there or known: `pages-00001.warc.gz` is the first."""
    names = [*(path.name for path in folder.glob(f"*{SUFFIX}")), *known]
    numbers = [int(found[1]) for name in names if (found := NAME.fullmatch(name))]
    return f"pages-{max(numbers, default=0) + 1:05d}{SUFFIX}"


def digest_of(pages: Sequence[Page]) -> str:
    digest = hashlib.sha256()
    for page in pages:
        digest.update(f"{page.url} {len(page.body)}\n".encode() + page.body)
        digest.update(json.dumps(hints_to_json(page.hints), sort_keys=True).encode())
    return digest.hexdigest()
