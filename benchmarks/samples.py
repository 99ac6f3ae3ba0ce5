"""Where the time of a first crawl goes: its threads are looked at a hundred times a second, and what they are at is counted.

Run: .venv/bin/python benchmarks/samples.py [--pages 1000]

The site is that of benchmarks/crawling.py. Counted is the innermost function of ours on each thread's stack; what merely waits is left out.
A sample is 10 ms by the clock: on a busy machine it tells shares, not times.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from crawling import make_workspace, nginx
from pages import write_site

OURS = f"{Path(__file__).resolve().parents[1] / 'crawler'}/"
WAITING = frozenset(
    ["wait", "select", "poll", "_worker", "pool_manager_loop", "unix_poll", "sleep", "_wait_for_tstate_lock", "_recv", "_send", "work"]
)
SHOWN = 25


def place_of(frame: FrameType | None) -> str:
    """The innermost of our functions on a stack, as room/module: function; "" where there is none."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(OURS):
            return f"{frame.f_code.co_filename.removeprefix(OURS).removesuffix('.py')}: {frame.f_code.co_name}"
        frame = frame.f_back
    return ""


def look(found: Counter[tuple[str, str]], stop: threading.Event) -> None:
    own = threading.get_ident()
    while not stop.wait(0.01):
        names = {thread.ident: thread.name.rstrip("0123456789_") for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():
            if ident != own and frame.f_code.co_name not in WAITING:
                found[names.get(ident, "?"), place_of(frame)] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    pages = parser.parse_args().pages
    found: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_site(folder / "site", pages)
        with nginx(folder) as address:
            make_workspace(folder / "workspace", address, pages)
            os.chdir(folder / "workspace")
            sys.argv[1:] = ["crawl", "-q"]
            from crawler.cli import main as broadsheet

            stop = threading.Event()
            looking = threading.Thread(target=look, args=(found, stop))
            looking.start()
            began = time.perf_counter()
            try:
                broadsheet()
            except SystemExit as done:
                if done.code:
                    raise
            finally:
                stop.set()
                looking.join()
            took = time.perf_counter() - began
            os.chdir("/")
    print(f"{pages:,} pages in {took:.0f} s; samples in which a thread of the crawling process was at work: {sum(found.values()):,}\n")
    threads: Counter[str] = Counter()
    for (thread, _), count in found.items():
        threads[thread] += count
    for thread, count in threads.most_common(5):
        print(f"{count:>6}  {thread}")
    print()
    for (thread, place), count in found.most_common(SHOWN):
        print(f"{count:>6}  {thread:14}  {place or '(libraries alone)'}")


if __name__ == "__main__":
    main()
