"""The main job on the demo newspaper, as a person calls it: in a process of its own, over real sockets."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import feedparser
import frontmatter
import pytest
from conftest import COMMAND, Broadsheet, clean_environment, tree
from postgresql import Server


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the demo newspaper was crawled once, undisturbed."""
    folder = tmp_path_factory.mktemp("healthy")
    done = subprocess.run(
        [*COMMAND, "crawl", "demo", "--json"], cwd=folder, env=clean_environment(), capture_output=True, text=True, check=True
    )
    (folder / "summary.json").write_text(done.stdout, "utf-8")
    return folder


def test_every_article_but_the_broken_one_becomes_a_document(healthy: Path) -> None:
    demo = json.loads((healthy / "summary.json").read_text("utf-8"))["sources"]["demo"]
    assert (demo["listed"], demo["new"], demo["failed"]) == (30, 29, 1)
    assert demo["failures"][0]["url"] == "http://demo.broadsheet.example/news/broken.html"
    assert "HTTP 500" in demo["failures"][0]["reason"]
    documents = [frontmatter.load(str(path)) for path in (healthy / "output" / "demo").rglob("*.md")]
    assert len(documents) == 29
    assert all(document["title"] and document["guid"].startswith("urn:uuid:") for document in documents)
    assert len({document["guid"] for document in documents}) == 29
    assert all(b"127.0.0.1" not in path.read_bytes() for path in (healthy / "output").rglob("*.*") if path.is_file())


def test_the_demo_newspaper_keeps_its_pictures(healthy: Path) -> None:
    demo = json.loads((healthy / "summary.json").read_text("utf-8"))["sources"]["demo"]
    kept = {name for name in tree(healthy / "output" / "assets") if name.endswith(".png")}
    used = {
        file
        for path in (healthy / "output" / "demo").rglob("*.md")
        for file in frontmatter.load(str(path)).metadata.get("image_files", {}).values()  # type: ignore[attr-defined]
    }
    assert used == kept
    assert len(kept) > 20
    assert demo["images"] >= len(kept)
    assert demo["images_failed"] == []


def test_an_article_on_both_lists_has_both_sections_and_stands_once_in_all(healthy: Path) -> None:
    documents = [frontmatter.load(str(path)) for path in (healthy / "output" / "demo").rglob("*.md")]
    both = [document for document in documents if document["sections"] == ["city", "world"]]
    assert len(both) == 1
    feeds = healthy / "output" / "feeds"
    for name in ("all", "demo", "demo/city", "demo/world"):
        ids = [entry.id for entry in feedparser.parse(str(feeds / f"{name}.atom")).entries]
        assert ids.count(both[0]["guid"]) == 1, name


def test_feeds_hold_the_documents(healthy: Path) -> None:
    guids = {frontmatter.load(str(path))["guid"] for path in (healthy / "output" / "demo").rglob("*.md")}
    feeds = healthy / "output" / "feeds"
    for suffix in ("rss", "atom"):
        assert {entry.id for entry in feedparser.parse(str(feeds / f"all.{suffix}")).entries} == guids
    assert {item["id"] for item in json.loads((feeds / "all.json").read_text("utf-8"))["items"]} == guids
    assert sum(path.suffix in (".rss", ".atom", ".json") for path in feeds.rglob("*.*")) == 12


def test_the_article_in_two_parts_and_the_gbk_page_are_whole(healthy: Path) -> None:
    texts = [path.read_text("utf-8") for path in (healthy / "output" / "demo").rglob("*.md")]
    parts = [text for text in texts if "-2.html'" in text.partition("also_at")[2][:200]]
    assert len(parts) == 1
    assert not any("\ufffd" in text for text in texts)


def test_another_folder_zone_and_locale_give_the_same_bytes(healthy: Path, broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet(
        "crawl",
        "demo",
        "-q",
        TZ="America/St_Johns",
        LC_ALL="tr_TR.UTF-8",
        LANG="tr_TR.UTF-8",
        PYTHONHASHSEED="7",
        http_proxy="http://127.0.0.1:9",
    )
    assert tree(tmp_path / "output") == tree(healthy / "output")


def test_a_second_run_asks_little_and_changes_nothing(broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet("crawl", "demo", "-q", code=0)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "output").rglob("*.*")}
    second = summary(broadsheet("crawl", "demo", "--json", BROADSHEET_NOW="2026-04-02T06:00:00Z"))
    demo = second["sources"]["demo"]  # type: ignore[index]
    assert (demo["listed"], demo["new"], demo["failed"]) == (30, 0, 1)
    assert demo["requests"] == 7  # four list pages, feed and sitemap, all with 304, and the page that failed
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "output").rglob("*.*")} == before


@pytest.mark.parametrize("documents_at_kill", [0, 1, 9, 20])
def test_killed_and_begun_again_it_ends_with_the_same_output(
    healthy: Path, broadsheet: Broadsheet, tmp_path: Path, documents_at_kill: int
) -> None:
    with subprocess.Popen([*COMMAND, "crawl", "demo", "-q"], cwd=tmp_path, env=clean_environment()) as crawl:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and crawl.poll() is None:
            if (tmp_path / ".broadsheet" / "store.sqlite").exists() and len(list(tmp_path.rglob("*.md"))) >= documents_at_kill:
                break
            time.sleep(0.005)
        crawl.kill()
    broadsheet("crawl", "demo", "-q")
    assert tree(tmp_path / "output") == tree(healthy / "output")


def test_with_a_store_on_postgresql_the_bytes_are_the_same(
    healthy: Path, broadsheet: Broadsheet, tmp_path: Path, postgresql: Server
) -> None:
    (tmp_path / "broadsheet.yaml").write_text(f"store: {postgresql.new_store()}\n", "utf-8")
    broadsheet("crawl", "demo", "-q")
    assert tree(tmp_path / "output") == tree(healthy / "output")
    assert summary(broadsheet("crawl", "demo", "--json"))["sources"]["demo"]["new"] == 0  # type: ignore[index]


def test_a_limit_is_kept_exactly(broadsheet: Broadsheet, tmp_path: Path) -> None:
    found = summary(broadsheet("crawl", "demo", "--limit", "7", "--json"))
    assert found["sources"]["demo"]["new"] == 7  # type: ignore[index]
    assert len(list((tmp_path / "output" / "demo").rglob("*.md"))) == 7


def test_sigterm_ends_a_run_that_can_go_on(healthy: Path, broadsheet: Broadsheet, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "crawl", "demo", "-q"], cwd=tmp_path, env=clean_environment(), stderr=subprocess.PIPE, text=True
    ) as crawl:
        while not list(tmp_path.rglob("*.md")) and crawl.poll() is None:
            time.sleep(0.005)
        crawl.send_signal(signal.SIGTERM)
        _, said = crawl.communicate(timeout=30)
    assert crawl.returncode == 3 or not said
    broadsheet("crawl", "demo", "-q")
    assert tree(tmp_path / "output") == tree(healthy / "output")


def test_two_runs_of_one_source_the_second_leaves_it_alone(broadsheet: Broadsheet, tmp_path: Path) -> None:
    from crawler.frontier import SourceLock

    with SourceLock(tmp_path / ".broadsheet" / "locks", "demo"):
        done = broadsheet("crawl", "demo", code=3)
    assert "another run holds it" in done.stdout


def test_scrapy_crawl_is_the_same_job(healthy: Path, tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n", "utf-8")
    scrapy = [COMMAND[0], "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=True)
    assert {"demo", "guancha"} <= set(listed.stdout.split())
    subprocess.run([*scrapy, "crawl", "demo"], cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=True)
    assert tree(tmp_path / "output") == tree(healthy / "output")


def test_a_person_sees_a_few_lines(broadsheet: Broadsheet) -> None:
    shown = broadsheet("crawl", "demo").stdout
    assert "30 listed · 29 new · 1 failed" in shown
    assert "✗ /news/broken.html   HTTP 500" in shown
    assert "Documents   output/demo/ (29)" in shown
    assert "Feeds   output/feeds/all.atom and 11 more" in shown
    assert "\x1b" not in shown


def test_nothing_is_left_running(broadsheet: Broadsheet) -> None:
    broadsheet("crawl", "demo", "-q")
    assert not [process for process in Path("/proc").iterdir() if process.name.isdigit() and child_of_ours(process)]


def child_of_ours(process: Path) -> bool:
    try:
        command, parent = (process / "cmdline").read_text(), (process / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return False
    return "multiprocessing.spawn" in command and parent == "1"
