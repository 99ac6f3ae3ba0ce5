"""An article's pages as records of a WARC file (ISO 28500), each compressed by itself: written, and read again."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import __version__
from crawler.page import NO_HINTS, Page
from crawler.store.pages import hints_from_json, hints_to_json

WIRE = ("content-encoding", "transfer-encoding", "content-length")  # of the answer on its way: the body is kept as it reads


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
