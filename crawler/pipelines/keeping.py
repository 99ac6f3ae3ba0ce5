"""An article's pages as they came, in WARC files (ISO 28500) that other tools read: durable before the page is done."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import __version__
from crawler.errors import StoreError
from crawler.files import delete_durably, make_folder, sync_folder, write_durably
from crawler.page import NO_HINTS, Page
from crawler.store import Store
from crawler.store.kept import KeptRow
from crawler.store.pages import hints_from_json, hints_to_json

MOST_BYTES = 128 * 1024 * 1024  # of a file; then the next one is begun
SUFFIX = ".warc.gz"
WIRE = ("content-encoding", "transfer-encoding", "content-length")  # of the answer on its way: the body is kept as it reads


@dataclass(slots=True)
class Keeper:
    """The kept pages of a workspace. It blocks on disk: call it from the store's thread, under the source's lock."""

    store: Store
    folder: Path
    """`.broadsheet/pages`."""
    most_bytes: int = MOST_BYTES

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
            file, end = next_name(folder), 0
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

    def forget(self, guid: str) -> None:
        """Takes all kept pages of an article out of their files: what else they hold is copied, byte for byte, into new ones.

        The new file is durable and known before the old one goes; killed in between, the same call again finishes it.
        """
        with self.store.begin() as transaction:
            rows = transaction.kept.of(guid)
        for source, file in sorted({(row.source, row.file) for row in rows}):
            self._without(source, file, guid)

    def _without(self, source: str, file: str, guid: str) -> None:
        folder = self.folder / source
        with self.store.begin() as transaction:
            rows = [row for row in transaction.kept.in_file(source, file) if row.guid != guid]
        name = next_name(folder)
        moved = []
        if rows and (folder / file).is_file():
            content = BytesIO()
            write_info(content, name)
            with (folder / file).open("rb") as old:
                for row in rows:
                    old.seek(row.offset)
                    moved.append(replace(row, file=name, offset=content.tell()))
                    content.write(old.read(row.length))
            write_durably(folder / name, content.getvalue())
        with self.store.begin() as transaction:
            transaction.kept.forget_file(source, file)
            for row in moved:
                transaction.kept.put(row)
        delete_durably(folder / file)

    def find_again(self, source: str) -> int:
        """Fills the table from the files of a source; gives how many articles they hold. What is cut off at a file's end is left out."""
        count = 0
        for path in sorted((self.folder / source).glob(f"*{SUFFIX}")):
            rows = []
            with path.open("rb") as file:
                for guid, start, pages, length in read_places(file):
                    rows.append(KeptRow(guid, source, path.name, start, length, digest_of(pages)))
            with self.store.begin() as transaction:
                for row in rows:
                    transaction.kept.put(row)
            count += len(rows)
        return count

    def sources(self) -> list[str]:
        """Sources of which pages are kept, sorted."""
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir()) if self.folder.is_dir() else []


def next_name(folder: Path) -> str:
    """The name of a file after all that are there: `pages-00001.warc.gz` is the first."""
    numbers = [int(path.name.removeprefix("pages-").removesuffix(SUFFIX)) for path in folder.glob(f"pages-[0-9]*{SUFFIX}")]
    return f"pages-{max(numbers, default=0) + 1:05d}{SUFFIX}"


def digest_of(pages: Sequence[Page]) -> str:
    digest = hashlib.sha256()
    for page in pages:
        digest.update(f"{page.url} {len(page.body)}\n".encode() + page.body)
        digest.update(json.dumps(hints_to_json(page.hints), sort_keys=True).encode())
    return digest.hexdigest()


def write_info(out: BytesIO, name: str) -> None:
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {"software": f"Broadsheet/{__version__}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, info))


def write_article(out: BytesIO, guid: str, source: str, pages: Sequence[Page]) -> None:
    """A response record for each page, then a metadata record that says whose they are and what lists said of them."""
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    ids, about = [], []
    for page in pages:
        record_id = f"<urn:uuid:{uuid.uuid4()}>"
        ids.append(record_id)
        about.append({"requested_url": page.requested_url, "fetched_at": page.fetched_at.isoformat(), "hints": hints_to_json(page.hints)})
        headers = [(name, value) for name, value in page.headers.items() if name not in WIRE]
        headers.append(("content-length", str(len(page.body))))
        try:
            phrase = HTTPStatus(page.status).phrase
        except ValueError:
            phrase = ""
        http = StatusAndHeaders(f"{page.status} {phrase}".strip(), headers, protocol="HTTP/1.1")
        at = page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        given = {"WARC-Record-ID": record_id, "WARC-Date": at}
        record = writer.create_warc_record(page.url, "response", BytesIO(page.body), len(page.body), "", given, http_headers=http)
        writer.write_record(record)
    said = json.dumps({"guid": guid, "source": source, "records": ids, "pages": about}, ensure_ascii=False).encode()
    given = {"WARC-Concurrent-To": ids[0]} if ids else {}
    record = writer.create_warc_record(guid, "metadata", BytesIO(said), len(said), "application/json", given)
    writer.write_record(record)


def read_articles(file: object) -> Iterator[tuple[str, str, tuple[Page, ...]]]:
    """guid, source and pages of each article in an open file, in its order."""
    for guid, source, pages, _, _ in _read(file):
        yield guid, source, pages


def read_places(file: object) -> Iterator[tuple[str, int, tuple[Page, ...], int]]:
    """guid, offset, pages and length of each article in an open file."""
    for guid, _, pages, start, end in _read(file):
        yield guid, start, pages, end - start


def _read(file: object) -> Iterator[tuple[str, str, tuple[Page, ...], int, int]]:
    found: list[Page] = []
    start = -1
    records = ArchiveIterator(file)
    try:
        for record in records:
            if record.rec_type == "response":
                found.append(page_of(record))  # before its place is asked, which reads the record to its end
                start = records.get_record_offset() if start < 0 else start
            elif record.rec_type == "metadata":
                said = json.loads(record.content_stream().read())
                pages = tuple(
                    replace(
                        page,
                        requested_url=about["requested_url"],
                        fetched_at=datetime.fromisoformat(about["fetched_at"]),
                        hints=hints_from_json(about["hints"]) if about["hints"] else NO_HINTS,
                    )
                    for page, about in zip(found, said["pages"], strict=True)
                )
                yield said["guid"], said["source"], pages, start, records.get_record_offset() + records.get_record_length()
                found, start = [], -1
    except (
        ArchiveLoadFailed,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        zlib.error,
    ):  # the last write was cut off: what stands before it is whole
        return


def page_of(record: object) -> Page:
    http = record.http_headers  # type: ignore[attr-defined]
    return Page(
        body=record.content_stream().read(),  # type: ignore[attr-defined]
        url=record.rec_headers.get_header("WARC-Target-URI"),  # type: ignore[attr-defined]
        status=int(http.get_statuscode()),
        headers={name.lower(): value for name, value in http.headers},
        fetched_at=datetime.now(UTC),
    )
