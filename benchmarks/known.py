"""One more article with a million known, beside the same with a thousand.

Run: .venv/bin/python benchmarks/known.py [--many 1000000] [--json FILE]

For each number a workspace is made: a newspaper on loopback is crawled (sixty articles, documents, feeds and all), then store and index
are filled with so many articles more, of twenty sources over ten years, one of them the newspaper: entries, addresses, sections, places in
archives, texts that feeds have seen, pages that were read, index lines (their documents and archives, which no run reads, are not made).
Then, some times: one article appears on the site and `broadsheet crawl` runs. The two workspaces take turns. Told are seconds by the clock
and of processor time, the median of some runs, and what a run with nothing new takes; sizes are those on the disk.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from index import entry as made_entry
from newspaper import Newspaper
from sqlalchemy import update

from crawler.documents.index import index_line, index_path
from crawler.documents.index_files import in_order
from crawler.entry import Entry
from crawler.feeds.archives import SIZE
from crawler.feeds.build import FORMATS
from crawler.store import PageRow, Store, Transaction
from crawler.store.changes import index_line as line_table
from crawler.store.entries import address, entry, in_section
from crawler.store.pages import columns, page
from crawler.store.places import place
from crawler.store.publications import fingerprint
from crawler.store.writes import parts
from crawler.workspace import Workspace, open_workspace

REAL = 60
SOURCES, MONTHS = 20, 120
FAR = 1 << 40
PART = 20_000  # articles that are put in at a time
OURS = "newspaper"
AT_MOST = 1.2


def rows_of(number: int, total: int) -> dict[Any, list[dict[str, Any]]]:
    """All that the store keeps of one article that was settled long ago, and its index line under None."""
    made = made_entry(number, SOURCES, MONTHS, total)
    source = OURS if number % SOURCES == 0 else made.source
    path = made.path.replace(made.source, source, 1)
    at, url = made.published.zulu(), made.article.url
    own = {"source": source, "guid": made.guid}
    key = url.removeprefix("https://")
    read = PageRow(source, "article", key, url, f"www.{made.source}.example", number, state="done", run=1)
    file = index_path(made, "").replace(made.source, source, 1)
    return {
        entry: [
            {**own, "path": path, "url": url, "first_seen": at, "published": at, "title_key": f"title {number}", "day": at[:10]}
            | {"sections": ["home"], "also_at": [], "categories": [], "written": 1, "rank": number, "run": 1}
        ],
        in_section: [{**own, "section": "home", "first_seen": at, "published": at}],
        address: [{**own, "key": key}],
        line_table: [{**own, "file": file, "content_hash": "0" * 64, "since": 1, "changed": number, "removed": 0, "due": 0}],
        fingerprint: [{**own, "body": f"body {number}", "held": 0}],
        page: [{name: value for name, value in columns(read).items() if name != "id"}],
        place: [
            {"feed": feed, "number": number // step + 1, "guid": made.guid}
            for feed, step in (("all", 1), (source, SOURCES), (f"{source}/home", SOURCES))
        ],
        None: [{"file": file, "line": line_of(made)}],
    }


@cache
def first_line() -> dict[str, Any]:
    return dict(json.loads(index_line(made_entry(0, SOURCES, MONTHS, 1), "0" * 64)))


def line_of(made: Entry) -> str:
    """An index line: that of the first article with what is this one's own. Counting each one's words would take longer than all else."""
    own = {"guid": made.guid, "id": made.guid.removeprefix("urn:uuid:"), "path": made.path, "url": made.article.url}
    return json.dumps(first_line() | own | {"title": made.article.title, "published": made.published.zulu()}) + "\n"


def fill(workspace: Workspace, count: int) -> None:
    """Puts so many articles before those that are there; a multiple of a thousand, so that archives hold either these or those."""
    store = Store(workspace.store_url)
    files: defaultdict[str, list[str]] = defaultdict(list)
    for feed, step in (("all", 1), (OURS, SOURCES), (f"{OURS}/home", SOURCES)):
        before = count // step
        with store.begin() as transaction:
            for shift in (FAR + before, -FAR):  # past all others first: two may never have one place
                transaction.connection.execute(update(place).where(place.c.feed == feed).values(number=place.c.number + shift))
        for suffix in FORMATS:  # the newest archive of those; older ones are not looked for
            path = workspace.feeds / feed / "archive" / f"{before // SIZE}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
    for numbers in parts(range(count), PART):
        found: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
        for number in numbers:
            for table, rows in rows_of(number, count).items():
                found[table] += rows
        for row in found.pop(None):
            files[row["file"]].append(row["line"])
        with store.begin(lazily=True) as transaction:
            insert(transaction, found)
    store.close()
    for file, lines in files.items():
        path = workspace.index / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(in_order(lines))


def insert(transaction: Transaction, found: dict[Any, list[dict[str, Any]]]) -> None:
    for table, rows in found.items():
        transaction.connection.execute(table.insert(), rows)


def crawl(root: Path) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of processor time, new articles."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "crawler", "-C", str(root), "crawl", "--json"], capture_output=True, text=True)
    took, after = time.perf_counter() - began, os.times()
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return took, worked, json.loads(done.stdout)["sources"][OURS]["new"]


def size_of(path: Path) -> str:
    files = path.rglob("*") if path.is_dir() else path.parent.glob(path.name + "*")
    return f"{sum(file.stat().st_size for file in files if file.is_file()) / 1e6:,.0f} MB"


def make(root: Path, newspaper: Newspaper, count: int) -> None:
    (root / "sources").mkdir(parents=True)
    (root / "broadsheet.yaml").write_text("base_url: https://news.example/\n", "utf-8")
    (root / "sources" / f"{OURS}.yaml").write_text(newspaper.recipe(), "utf-8")
    crawl(root)
    began = time.perf_counter()
    workspace = open_workspace(root)
    fill(workspace, count)
    store = size_of(root / ".broadsheet" / "store.sqlite")
    print(
        f"{count:>9,} known, put in within {time.perf_counter() - began:.0f} s: store {store}, index {size_of(workspace.index)}", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where the figures go, too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Newspaper(REAL) as newspaper:
        roots = {count: Path(name) / str(count) for count in (asked.few, asked.many)}
        for count, root in roots.items():
            make(root, newspaper, count)
        for root in roots.values():
            crawl(root)
        found: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
        for turn in range(2 * asked.times):
            newspaper.articles += turn % 2
            for count, root in roots.items():
                *took, new = crawl(root)
                if new != turn % 2:
                    sys.exit(f"{count:,} known: {new} new articles where {turn % 2} appeared")
                found[count, new].append((took[0], took[1]))
    medians = {at: [statistics.median(each) for each in zip(*runs, strict=True)] for at, runs in found.items()}
    print(f"\n{'known':>9}  {'':16}{'by the clock':>14}{'processor':>12}")
    for (count, new), (took, worked) in sorted(medians.items()):
        print(f"{count:>9,}  {'one more article' if new else 'nothing new':16}{took:>12.3f} s{worked:>10.3f} s")
    ratios = [many / few for many, few in zip(medians[asked.many, 1], medians[asked.few, 1], strict=True)]
    print(f"\none more article, many beside few: {ratios[0]:.2f} by the clock, {ratios[1]:.2f} of processor time (at most {AT_MOST})")
    if asked.json:
        told = {f"{count}, {'one' if new else 'nothing'} new": values for (count, new), values in medians.items()}
        asked.json.write_text(json.dumps({"seconds": told, "ratio": ratios}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
