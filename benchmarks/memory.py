"""Does a run's memory stay flat, however many pages it reads? 50,000 in one run, within 300 MB; worker processes are counted apart.

Run: .venv/bin/python benchmarks/memory.py [--pages 50000] [--limit 300] [--workers 2] [--store postgresql] [--every 5000] [--json FILE]

A newspaper of 1,000 articles on loopback is crawled in one run, archives and all, then one of so many as are asked for. Four times a
second the resident memory of the crawling process and of each of its children is read (proc(5), VmRSS); a line is printed after the first
1,000 pages and each time so many more were asked. At the end of each: the greatest of all (VmHWM, the kernel's own count; index and feeds
are made at a run's end), and the greatest sum of its children. MB are 10^6 bytes. The exit code is 1 where the crawling process took more
than the limit, or an article has no document.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crash import environment
from newspaper import Newspaper

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
LOOK = 0.25  # seconds between two looks
FIRST = 1_000  # articles before the first line


@dataclass
class Watched:
    """What was seen of a run, in bytes."""

    greatest: int = 0
    """Of the crawling process."""
    children: int = 0
    """Greatest sum of its children."""
    marks: list[tuple[int, int, int]] = field(default_factory=list)
    """Articles asked, memory of the crawling process then, and of its children."""


def memory(pid: int, what: str) -> int:
    """A line of /proc/PID/status in bytes; 0 where the process is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name == what:
                return int(value.split()[0]) * 1024
    return 0


def children(pid: int) -> list[int]:
    """All processes below this one."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("utf-8").split():
                found += [int(child), *children(int(child))]
    return found


def watch(process: subprocess.Popen[bytes], paper: Newspaper, every: int) -> Watched:
    seen = Watched()
    print(f"{'articles asked':>16}{'crawling MB':>14}{'children MB':>14}{'seconds':>10}")
    began, due = time.monotonic(), min(FIRST, every)
    while process.poll() is None:
        now, below = memory(process.pid, "VmRSS"), sum(memory(child, "VmRSS") for child in children(process.pid))
        seen.greatest = max(seen.greatest, memory(process.pid, "VmHWM"))
        seen.children = max(seen.children, below)
        asked = paper.article_requests()
        if asked >= due and now:
            seen.marks.append((asked, now, below))
            print(f"{asked:>16,}{now / 1e6:>14.1f}{below / 1e6:>14.1f}{time.monotonic() - began:>10.0f}", flush=True)
            due = asked // every * every + every
        time.sleep(LOOK)
    return seen


@dataclass(frozen=True)
class Crawled:
    """What a run took."""

    seen: Watched
    whole: bool
    """Whether it ended well, with a document for each article."""


def crawl(pages: int, workers: int, store: str, every: int) -> Crawled:
    with Newspaper(pages) as paper, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = f"workers: {workers}\nbase_url: https://news.example/\n"
        if store == "postgresql":
            from postgresql import running

            settings += f"store: {stack.enter_context(running()).new_store()}\n"
        (Path(folder) / "sources").mkdir()
        (Path(folder) / "sources" / "paper.yaml").write_text(paper.recipe(), "utf-8")
        (Path(folder) / "broadsheet.yaml").write_text(settings, "utf-8")
        began = time.monotonic()
        with subprocess.Popen([sys.executable, "-m", "crawler", "crawl", "-q"], cwd=folder, env=environment()) as process:
            seen = watch(process, paper, every)
        seconds = time.monotonic() - began
        written = sum(1 for _ in (Path(folder) / "output" / "paper").rglob("*.md"))
    print(f"{written:,} documents of {pages:,} pages in {seconds:,.0f} s, exit code {process.returncode}, store {store}: ", end="")
    print(f"at most {seen.greatest / 1e6:.1f} MB; its children {seen.children / 1e6:.1f} MB\n", flush=True)
    return Crawled(seen, written == pages and process.returncode == 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--limit", type=float, default=300, help="MB that the crawling process may take")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--every", type=int, default=5_000, help="articles between two lines")
    parser.add_argument("--json", type=Path, help="where the figures go, too")
    given = parser.parse_args()
    few, many = (crawl(pages, given.workers, given.store, given.every) for pages in (FIRST, given.pages))
    ratio = many.seen.greatest / few.seen.greatest
    print(f"greatest of {given.pages:,} pages beside {FIRST:,}: {ratio:.2f} times, {given.limit:g} MB allowed")
    if given.json:
        figures = {"first": few.seen.greatest, "last": many.seen.greatest, "children": many.seen.children}
        given.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return int(many.seen.greatest > given.limit * 1e6 or not (few.whole and many.whole))


if __name__ == "__main__":
    sys.exit(main())
