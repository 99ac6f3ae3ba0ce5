"""What one new article costs among ten thousand feeds, beside start-up alone.

Run: python benchmarks/many_feeds.py [--feeds 10000] [--times 15] [--json FILE]

Makes a workspace of half as many sources, each with one section and one article, publishes it once, and then, some times: writes one
article as a crawl does and runs `broadsheet feeds`, beside runs with nothing to do. Tells which files were written.
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
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from feeds import SITE, START, entries

from crawler import files
from crawler.documents import Documents
from crawler.entry import Entry
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.run import documents_of
from crawler.rebuild import keys_of, known_from
from crawler.store import Store
from crawler.workspace import Workspace, open_workspace

COMMAND = [sys.executable, "-m", "crawler"]


def make_workspace(root: Path, sources: int) -> Workspace:
    (root / "sources").mkdir()
    (root / "broadsheet.yaml").write_text("base_url: https://feeds.example/\n", "utf-8")
    for n in range(sources):
        text = f"url: {SITE}/{n}/\nname: Source {n}\nlanguage: en\nsections:\n  - {{id: city, name: City, feed: {SITE}/{n}/feed.xml}}\n"
        (root / "sources" / f"s{n}.yaml").write_text(text, "utf-8")
    return open_workspace(root)


def settle(store: Store, documents: Documents, made: Iterable[Entry], *, durably: bool) -> None:
    """What a crawl does at the end of its pages."""
    found = list(made)
    if durably:
        documents.write(found)
    else:
        for entry in found:
            path = documents.place(entry.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(documents.encode(entry))
    with store.begin() as transaction:
        for entry in found:
            known = known_from(entry, "")
            transaction.entries.put(known, keys_of(known))
            transaction.entries.mark_stale(known.source, known.sections)
            transaction.publications.note(known.guid, known.source)


def article(source: int, number: int) -> Entry:
    """An article of a source, first seen after all before it."""
    made = entries(1)[0]
    path = f"s{source}/{number:08}.md"
    url = f"{SITE}/{source}/{number}.html"
    seen = START + timedelta(days=40, minutes=number)
    return replace(
        made, source=f"s{source}", path=path, guid=f"urn:uuid:00000000-{number:04x}-5000-8000-{source:012}",
        first_seen=seen, article=replace(made.article, url=url, title=f"Headline {source} {number}"),
    )  # fmt: skip


def run(root: Path) -> tuple[float, float, str]:
    """Seconds by the clock, seconds of processor time, what it said."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run([*COMMAND, "-C", str(root), "feeds"], capture_output=True, text=True, check=True)
    took, after = time.perf_counter() - began, os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return took, worked, done.stdout.splitlines()[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--json", type=Path, help="where the figures go, too")
    asked = parser.parse_args()
    feeds, times = asked.feeds, asked.times
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        workspace = make_workspace(root, feeds // 2)
        store, documents = Store(workspace.store_url), documents_of(workspace)
        settle(store, documents, (article(n, 0) for n in range(feeds // 2)), durably=False)
        sync, sync_disk = os.fsync, files.sync_disk
        os.fsync = files.sync_disk = lambda descriptor: None  # only the setting up
        began = time.perf_counter()
        report = publish_feeds(store, documents, workspace)
        os.fsync, files.sync_disk = sync, sync_disk
        print(f"first publication: {len(report.written):,} files in {time.perf_counter() - began:.0f} s (not synced)", flush=True)
        os.sync()
        time.sleep(1)
        run(root)
        idle, busy, told = [], [], ""
        for number in range(1, times + 1):
            idle.append(run(root)[:2])
            before = {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*") if path.is_file()}
            settle(store, documents, [article(7 * number, number)], durably=True)
            *taken, told = run(root)
            busy.append(taken)
        after = {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*") if path.is_file()}
        written = sorted(path.relative_to(root).as_posix() for path, at in after.items() if before.get(path) != at)
        store.close()
    print(f"median of {times}      by the clock   processor")
    rows = [[statistics.median(each) for each in zip(*runs, strict=True)] for runs in (idle, busy)]
    for name, (took, worked) in zip(("nothing to do", "one new article"), rows, strict=True):
        print(f"{name:<18} {took:>8.3f} s  {worked:>8.3f} s")
    print(f"{'the article':<18} {(rows[1][0] - rows[0][0]) * 1000:>8.0f} ms {(rows[1][1] - rows[0][1]) * 1000:>8.0f} ms   {told}")
    print("written:", ", ".join(written))
    if asked.json:
        more = {"clock": rows[1][0] - rows[0][0], "processor": rows[1][1] - rows[0][1]}
        asked.json.write_text(json.dumps({"feeds": feeds, "start-up": rows[0], "more": more, "written": written}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
