"""What one new article costs an index of many: bytes and files written, seconds. Ends with 1 where it is more than 2 MB.

Run: .venv/bin/python benchmarks/index.py [--articles 200000] [--sources 50] [--months 24]
The index and the store's rows are made directly, by a fixed rule; the one new article is settled and indexed as a run does it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.article import Article, Image, Moment, zulu
from crawler.documents import document_path
from crawler.documents.index import index_line, index_path
from crawler.documents.index_files import in_order
from crawler.entry import Entry
from crawler.identity import guid_of
from crawler.pipelines.indexing import index_changes
from crawler.pipelines.run import documents_of
from crawler.store import KnownEntry, Store
from crawler.store.changes import index_line as line_table
from crawler.store.entries import entry as entry_table
from crawler.workspace import Workspace

MOST = 2_000_000


def entry(n: int, sources: int, months: int, total: int) -> Entry:
    source = f"source-{n % sources:02d}"
    title = f"The council voted on bridge number {n} after years of delay and its mayor said so"
    published = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=30.4 * months * n / total)
    guid = guid_of(source, f"news.example/{n}")
    picture = Image(f"https://pictures.example/2024/{n}/lead-picture-large.jpg")
    article = Article(
        url=f"https://www.{source}.example/news/2024/the-council-voted-on-bridge-number-{n}.html",
        title=title,
        authors=("Ann Example", "Ben Example"),
        published=Moment(published),
        date_from="page",
        language="en",
        description="Work will begin before winter, the mayor said, and nobody who crosses the river every day will have to wait. " * 2,
        body="<p>" + "The council voted on a new bridge after years of delay. " * 20 + "</p>",
        image=picture,
        tags=("bridge", "council", "river"),
        provenance={"title": "og:title", "published": "meta:article:published_time", "body": "model", "authors": "json-ld"},
    )
    path = document_path(source, title, guid, published.date())
    return Entry(article, guid, source, ("home",), (f"https://m.{source}.example/{n}",), published, path, ("Group", source, "Home"))


def known(one: Entry) -> KnownEntry:
    published = one.published.zulu()
    return KnownEntry(
        one.guid, one.source, one.path, one.article.url, zulu(one.first_seen), published, "", "", one.sections, one.also_at, (), True, 0, 1
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--months", type=int, default=24)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        store, documents = Store(workspace.store_url), documents_of(workspace)
        files: defaultdict[str, list[str]] = defaultdict(list)
        rows, lines = [], []
        for n in range(given.articles):
            one = entry(n, given.sources, given.months, given.articles)
            file = index_path(one, "")
            files[file].append(index_line(one, "0" * 64))
            seen = known(one)
            values = {name: getattr(seen, name) for name in KnownEntry.__slots__ if name in entry_table.c}
            rows.append(values | {"written": 1, "sections": ["home"], "also_at": list(seen.also_at), "categories": []})
            numbers = {"since": 1, "changed": 1, "removed": 0, "due": 0}
            lines.append({"guid": one.guid, "source": one.source, "file": file, "content_hash": "0" * 64, **numbers})
        with store.begin() as transaction:
            transaction.connection.execute(entry_table.insert(), rows)
            transaction.connection.execute(line_table.insert(), lines)
        for file, content in files.items():
            path = workspace.index / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(in_order(content))
        size = sum(path.stat().st_size for path in workspace.index.rglob("*.ndjson"))
        print(f"{given.articles:,} articles, {len(files):,} index files, {size / 1e6:.0f} MB")
        new = entry(given.articles - 1, given.sources, given.months, given.articles + 1)
        new = Entry(new.article, guid_of(new.source, "new"), new.source, new.sections, (), new.first_seen, new.path.replace("the-", "new-"))
        documents.write([new])
        with store.begin() as transaction:
            transaction.entries.put(known(new), [])
            transaction.changes.mark(new.source, [new.guid])
        before, wrote = time.perf_counter(), bytes_written()
        report = index_changes(store, documents, workspace)
        took = time.perf_counter() - before
        store.close()
        in_all = bytes_written() - wrote
        print(f"one new article: {len(report.written)} index file, {report.bytes:,} bytes; with the store {in_all:,} bytes; {took:.2f} s")
        if in_all > MOST:
            raise SystemExit(f"more than {MOST:,} bytes")


def bytes_written() -> int:
    """What this process has handed to write(2) so far, the store's files included (proc(5), `wchar`)."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))


if __name__ == "__main__":
    main()
