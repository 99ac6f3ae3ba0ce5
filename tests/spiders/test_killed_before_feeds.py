"""A crawl that is killed between its documents and its feeds: the next one, with nothing new to fetch, makes the feeds."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path

from conftest import COMMAND, Broadsheet, clean_environment, tree


def feeds_of(root: Path) -> dict[str, bytes]:
    return {path: content for path, content in tree(root / "output").items() if not path.startswith("demo/")}


def test_a_kill_between_documents_and_feeds_heals_in_the_next_run(broadsheet: Broadsheet, tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for root in (killed, whole):
        root.mkdir()
        (root / "broadsheet.yaml").write_text("base_url: https://e.example/news/\n", "utf-8")
    broadsheet("-C", "whole", "crawl", "demo", "-q")
    (killed / ".broadsheet/locks").mkdir(parents=True)
    with (killed / ".broadsheet/locks/feeds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who publishes waits for it: there the run stands, its documents written
        run = subprocess.Popen([*COMMAND, "-C", str(killed), "crawl", "demo", "-q"], env=clean_environment(), start_new_session=True)
        try:
            end = time.monotonic() + 120
            while not waits_for_a_lock(run.pid):
                assert run.poll() is None
                assert time.monotonic() < end
                time.sleep(0.05)
        finally:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
    assert len(list((killed / "output/demo").rglob("*.md"))) == 29
    assert not list((killed / "output/feeds").rglob("*.*"))
    broadsheet("-C", "killed", "crawl", "demo", "-q")
    assert feeds_of(killed) == feeds_of(whole)
    assert len(feeds_of(killed)) > 20


def waits_for_a_lock(pid: int) -> bool:
    """Whether a process waits for a lock that another one holds (proc(5): a line with `->`)."""
    lines = Path("/proc/locks").read_text("utf-8").splitlines()
    return any("->" in line and f" {pid} " in line for line in lines)
