"""Signals, kills, a full disk, a folder that vanishes, two at once: the same command goes on, and the output is what it would have been."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, Broadsheet, clean_environment, tree, write_recipe
from local_site import Answer, Site, article, listing, recipe

from crawler.spiders.spider import LONGEST_STOP

NUMBER = 24
PAGES: dict[str, Any] = {"/": listing(*(f"/{number}" for number in range(NUMBER)))} | {
    f"/{number}": article(f"Article {number}") for number in range(NUMBER)
}


def workspace(folder: Path, site: Site, *, extra: str = "", settings: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    site.asked.clear()
    write_recipe(folder, "here", recipe(site, extra=extra))
    (folder / "broadsheet.yaml").write_text(settings or "workers: 1\n", "utf-8")
    return folder


@contextmanager
def crawling(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, "crawl", "-q"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, env=clean_environment(), start_new_session=True, **pipes) as crawl:
        yield crawl
        crawl.kill()


def wait_for(what: Callable[[], bool], crawl: subprocess.Popen[str], seconds: float = 200) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert crawl.poll() is None, f"it ended before: {crawl.communicate()}"
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.01)


def members(group: int) -> set[int]:
    """The processes of a group that run Python code of ours; multiprocessing's own tracker is none, and takes no signals."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line = (path / "cmdline").read_bytes()
            if os.getpgid(int(path.name)) == group and b"resource_tracker" not in line:
                found.add(int(path.name))
        except OSError:
            continue
    return found


def documents(folder: Path) -> int:
    return len(list((folder / "output" / "here").rglob("*.md")))


def slowly(site: Site, seconds: float = 0.05) -> None:
    """Answers take a while, so that a crawl can be met in its middle."""
    for path, page in PAGES.items():
        site.pages[path] = Answer(page.encode(), headers={"Content-Type": "text/html; charset=utf-8"}, wait=seconds)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(PAGES) as site:
        yield site


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory, site: Site) -> dict[str, bytes]:
    """The output of an undisturbed crawl."""
    folder = workspace(tmp_path_factory.mktemp("healthy"), site)
    subprocess.run([*COMMAND, "crawl", "-q"], cwd=folder, env=clean_environment(), check=True)
    return tree(folder / "output")


def test_sigterm_finishes_the_pages_in_hand_and_the_next_run_goes_on(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path
) -> None:
    slowly(site)
    workspace(tmp_path, site)
    with crawling(tmp_path) as crawl:
        wait_for(lambda: documents(tmp_path) >= 3, crawl)
        assert members(crawl.pid) == {crawl.pid}  # the workers are in groups of their own, and read what is in hand
        os.killpg(crawl.pid, signal.SIGTERM)  # as timeout(1) does
        _, said = crawl.communicate(timeout=30)
    assert crawl.returncode == 3
    assert said.splitlines() == ["✗ Stopped early: the run was stopped. The same command goes on where it was."]
    written = documents(tmp_path)
    assert 3 <= written < NUMBER
    feed = json.loads((tmp_path / "output" / "feeds" / "all.json").read_text("utf-8"))
    assert len(feed["items"]) == written  # what was written is in the feeds already
    site.asked.clear()
    broadsheet("crawl", "-q")
    assert tree(tmp_path / "output") == healthy
    assert "/" not in site.paths()  # the list counts as read
    assert len(site.paths()) == NUMBER - written


def test_sigterm_does_not_wait_for_a_page_that_never_comes(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path
) -> None:
    slowly(site, 0.0)
    site.pages["/7"] = Answer(b"", wait=29.0)
    workspace(tmp_path, site)
    with crawling(tmp_path) as crawl:
        wait_for(lambda: "/7" in site.paths() and documents(tmp_path) > 5, crawl)
        began = time.monotonic()
        crawl.send_signal(signal.SIGTERM)
        _, said = crawl.communicate(timeout=40)
        took = time.monotonic() - began
    assert crawl.returncode == 3, said
    assert "Traceback" not in said
    assert took < 30
    slowly(site, 0.0)
    broadsheet("crawl", "-q")
    assert tree(tmp_path / "output") == healthy


def test_sigterm_does_not_wait_for_a_host_that_asked_for_rest(site: Site, tmp_path: Path) -> None:
    slowly(site, 0.0)
    site.pages["/7"] = Answer(b"busy", 503, {"Retry-After": "50"})
    workspace(tmp_path, site)
    with crawling(tmp_path) as crawl:
        wait_for(lambda: "/7" in site.paths(), crawl)
        time.sleep(2)  # all that was in hand is settled: the run sleeps until the host may be asked again
        began = time.monotonic()
        crawl.send_signal(signal.SIGTERM)
        _, said = crawl.communicate(timeout=100)
    assert time.monotonic() - began < LONGEST_STOP
    assert crawl.returncode == 3, said


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path, second: signal.Signals
) -> None:
    slowly(site, 2.0)
    workspace(tmp_path, site)
    with crawling(tmp_path) as crawl:
        wait_for(lambda: "/" in site.paths(), crawl)
        crawl.send_signal(signal.SIGINT)
        time.sleep(0.3)
        began = time.monotonic()
        crawl.send_signal(second)
        _, said = crawl.communicate(timeout=30)
    assert time.monotonic() - began < 2
    assert crawl.returncode == 3
    assert said == "Stopped at once. The same command goes on where it was.\n"
    slowly(site, 0.0)
    broadsheet("crawl", "-q")
    assert tree(tmp_path / "output") == healthy


def test_of_two_runs_of_one_source_the_second_says_so_and_leaves(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path
) -> None:
    slowly(site, 5.0)
    workspace(tmp_path, site)
    with crawling(tmp_path) as first:
        wait_for(lambda: "/" in site.paths(), first)
        second = broadsheet("crawl", code=3)
        slowly(site, 0.0)
        assert "another run holds it" in second.stdout
        _, said = first.communicate(timeout=200)
        assert first.returncode == 0, said
    assert tree(tmp_path / "output") == healthy


def known(folder: Path) -> int:
    """How many articles the store knows a document of."""
    with closing(sqlite3.connect(folder / ".broadsheet" / "store.sqlite")) as store:
        return int(store.execute("SELECT count(*) FROM entry WHERE written = 1").fetchone()[0])


def test_a_folder_that_vanishes_ends_the_run_and_the_next_one_fetches_what_was_in_it(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path
) -> None:
    slowly(site)
    workspace(tmp_path, site)
    with crawling(tmp_path) as crawl:
        wait_for(lambda: documents(tmp_path) > 3 and known(tmp_path) > 0, crawl)  # settled, not only on disk
        (tmp_path / "output").rename(tmp_path / "elsewhere")
        _, said = crawl.communicate(timeout=200)
    assert crawl.returncode == 3
    assert "output: vanished while the run wrote into it" in said or "output/here: vanished" in said
    assert "Traceback" not in said
    slowly(site, 0.0)
    again = broadsheet("crawl", "-q")
    assert "output/here: the folder is gone" in again.stderr
    assert "fetched again, under the same ids" in again.stderr
    assert tree(tmp_path / "output") == healthy
    shutil.rmtree(tmp_path / "output")
    broadsheet("crawl", "-q", BROADSHEET_NOW="2027-01-01T00:00:00Z")
    assert tree(tmp_path / "output") == healthy


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own of so many KiB: too small for what will be written there."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={request.param}k", "none", folder]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here ({mounted.stderr.strip()})")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize(("full", "small_disk"), [("output", 64), (".broadsheet", 600), (".", 800)], indirect=["small_disk"])
def test_a_disk_that_fills_up_ends_the_run_and_what_was_written_is_whole(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path, small_disk: Path, full: str
) -> None:
    slowly(site, 0.0)
    if full == ".":
        folder = workspace(small_disk, site)
    else:
        folder = workspace(tmp_path / "place", site)
        (folder / full).symlink_to(small_disk)
    done = broadsheet("crawl", "-q", cwd=folder, code=3)
    assert "full" in done.stderr or "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    for name, content in tree(folder / "output").items():
        assert content == healthy[name] or name.startswith(("feeds/", "index")), name
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    broadsheet("crawl", "-q", cwd=folder)
    assert tree(folder / "output") == healthy


def test_a_clock_that_is_put_back_sorts_nothing_new_among_the_old(site: Site, broadsheet: Broadsheet, tmp_path: Path) -> None:
    slowly(site, 0.0)
    workspace(tmp_path, site)
    broadsheet("crawl", "-q", "--limit", "5", BROADSHEET_NOW="2031-01-01T00:00:00Z")
    done = broadsheet("crawl", "--limit", "2", BROADSHEET_NOW="")
    assert "The clock stands at" in done.stdout
    index = "".join(path.read_text("utf-8") for path in (tmp_path / "output" / "index").rglob("*.ndjson"))
    seen = [json.loads(line)["first_seen"] for line in index.splitlines()]
    assert seen == ["2031-01-01T00:00:00Z"] * 7


BREAKS = """
import sys
from crawler.cli.app import main
from crawler.frontier import Frontier
from crawler.spiders.spider import NewsSpider

def breaks(*arguments):
    raise RuntimeError("a mistake of ours")

if sys.argv.pop(1) == "leasing":
    lease, calls = Frontier.lease, []
    Frontier.lease = lambda *given: calls.append(1) or (breaks() if len(calls) > 3 else lease(*given))
else:
    request = NewsSpider.request
    NewsSpider.request = lambda spider, lease: breaks() if lease.url.endswith("/7") else request(spider, lease)
main()
"""


def test_a_mistake_of_ours_never_passes_for_the_end_of_a_run(
    site: Site, healthy: dict[str, bytes], broadsheet: Broadsheet, tmp_path: Path
) -> None:
    slowly(site, 0.0)
    workspace(tmp_path, site)

    def broken(where: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", BREAKS, where, "crawl", "-q"]
        return subprocess.run(command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False)

    leasing = broken("leasing")
    assert leasing.returncode == 3, leasing.stderr
    assert "Stopped early: RuntimeError: a mistake of ours" in leasing.stderr
    asking = broken("asking")
    assert asking.returncode == 0, asking.stderr
    assert "/7   internal error (RuntimeError: a mistake of ours), tried again next run" in asking.stderr
    assert documents(tmp_path) == NUMBER - 1
    broadsheet("crawl", "-q")
    assert tree(tmp_path / "output") == healthy


def test_a_store_that_is_older_than_the_documents_changes_none_of_them(site: Site, broadsheet: Broadsheet, tmp_path: Path) -> None:
    slowly(site, 0.0)
    workspace(tmp_path, site)
    broadsheet("crawl", "-q", "--limit", "5")
    shutil.copytree(tmp_path / ".broadsheet", tmp_path / "backup")
    broadsheet("crawl", "-q", "--limit", "5", BROADSHEET_NOW="2026-04-02T06:00:00Z")
    before = tree(tmp_path / "output")
    shutil.rmtree(tmp_path / ".broadsheet")
    (tmp_path / "backup").rename(tmp_path / ".broadsheet")
    done = broadsheet("crawl", "--limit", "5", BROADSHEET_NOW="2026-04-03T06:00:00Z")
    after = tree(tmp_path / "output" / "here")
    assert {name: content for name, content in after.items() if f"here/{name}" in before} == tree_of(before, "here/")
    assert "5 known" in done.stdout
    guids = [json.loads(line)["guid"] for path in (tmp_path / "output/index").rglob("*.ndjson") for line in path.read_text().splitlines()]
    assert len(guids) == len(set(guids)) == len(after)


def tree_of(files: dict[str, bytes], prefix: str) -> dict[str, bytes]:
    return {name.removeprefix(prefix): content for name, content in files.items() if name.startswith(prefix)}
