"""kill -9 at any moment, then the same command again: is an article lost, written twice or torn? Beside it Scrapy's JOBDIR.

Run: .venv/bin/python benchmarks/crash.py [--kills 50] [--pages 2000] [--seed 1] [--stores sqlite,postgresql] [--without-scrapy]

A newspaper on loopback is crawled, once undisturbed, then killed at moments that the seed draws: after so many requests and so many
milliseconds, a part of them while it starts and while it publishes. Then the same command runs to its end. Counted: articles without a
document (lost), documents, feed entries and index lines beyond an article's first (twice), files that are not, byte for byte, what the
undisturbed crawl wrote (torn), and pages that were fetched again beyond those in hand at a kill. The exit code is 1 where one of them is
not 0. PostgreSQL is a server of its own in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path

import frontmatter
from newspaper import Newspaper

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
NOW = "2026-04-01T06:00:00Z"
IN_HAND = 32  # pages that a run has in hand at most (crawler.spiders.spider.IN_HAND)
MOST_RUNS = 20  # after the last kill, to come to an end
SPIDER = """\
import scrapy

class Paper(scrapy.Spider):
    name = "paper"
    start_urls = ["{address}/list/1"]
    custom_settings = {{"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0,
                       "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}}

    def parse(self, response):
        yield from response.follow_all(css="h2 a", callback=self.article)
        yield from response.follow_all(css="a.next", callback=self.parse)

    def article(self, response):
        yield {{"url": response.url, "title": response.css("h1::text").get()}}
"""


@dataclass(frozen=True)
class Moment:
    """When a run is killed: after this many requests of all runs, and then some."""

    requests: int
    seconds: float


@dataclass
class Result:
    lost: int
    twice: int
    torn: int
    again: int
    """Pages fetched again beyond those that were in hand at a kill."""


def moments(seed: int, kills: int, pages: int) -> list[Moment]:
    """Spread over the whole crawl: a tenth while it starts, a tenth at its end, the others in between."""
    chance = random.Random(seed)
    found = []
    for at in sorted(chance.uniform(-0.1, 1.1) for _ in range(kills)):
        longest = 3.0 if at < 0 else 1.0 if at > 1 else 0.3
        found.append(Moment(round(min(max(at, 0.0), 1.0) * pages), chance.uniform(0, longest)))
    return found


def run_killed(command: Sequence[str], folder: Path, paper: Newspaper, moment: Moment) -> bool:
    """Starts the command and kills it at that moment; gives whether it was still running."""
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while paper.asked.total() < moment.requests and process.poll() is None:
            time.sleep(0.001)
        time.sleep(moment.seconds)
        alive = process.poll() is None
        process.kill()  # nothing, where it has ended and was waited for
    return alive


def environment() -> dict[str, str]:
    proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    return {name: value for name, value in os.environ.items() if name.lower() not in proxies} | {"BROADSHEET_NOW": NOW}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


COMMAND = (sys.executable, "-m", "crawler", "crawl", "-q")


def workspace(folder: str, paper: Newspaper, settings: str = "") -> Path:
    place = Path(folder)
    (place / "sources").mkdir()
    (place / "sources" / "paper.yaml").write_text(paper.recipe(), "utf-8")
    (place / "broadsheet.yaml").write_text(settings, "utf-8")
    return place


def undisturbed(paper: Newspaper) -> dict[str, bytes]:
    """The output of a crawl that nobody kills."""
    with tempfile.TemporaryDirectory() as folder:
        place = workspace(folder, paper)
        subprocess.run(COMMAND, cwd=place, env=environment(), check=True)
        return tree(place / "output")


def broadsheet(paper: Newspaper, drawn: Sequence[Moment], store: str, whole: dict[str, bytes]) -> Result:
    """Broadsheet, killed and begun again, compared with itself undisturbed."""
    with tempfile.TemporaryDirectory() as folder:
        place = workspace(folder, paper, f"store: {store}\n" if store else "")
        paper.asked.clear()
        kills = sum(run_killed(COMMAND, place, paper, moment) for moment in drawn)
        for _ in range(MOST_RUNS):
            if subprocess.run(COMMAND, cwd=place, env=environment(), check=False).returncode == 0:
                break
        asked = Counter({path: count for path, count in paper.asked.items() if path != "/robots.txt"})
        again = asked.total() - len(asked)
        return compare(paper, whole, tree(place / "output"), max(0, again - kills * IN_HAND))


def compare(paper: Newspaper, whole: dict[str, bytes], killed: dict[str, bytes], again: int) -> Result:
    found: Counter[str] = Counter()
    twice = 0
    for name, content in killed.items():
        if name.endswith(".md"):
            found[str(frontmatter.loads(content.decode("utf-8", "replace")).metadata.get("source_url"))] += 1
        elif name.endswith(".json") and name.startswith("feeds/"):
            twice += beyond_the_first(item["id"] for item in json.loads(content)["items"])
        elif name.endswith(".ndjson"):
            twice += beyond_the_first(json.loads(line)["guid"] for line in content.splitlines())
    lost = len(paper.urls() - found.keys())
    twice += found.total() - len(found)
    torn = sum(whole.get(name) != content for name, content in killed.items())
    torn += sum(name not in killed for name in whole if not name.endswith(".md"))
    return Result(lost, twice, torn, again)


def beyond_the_first(names: Iterator[str]) -> int:
    return sum(count - 1 for count in Counter(names).values())


def jobdir(paper: Newspaper, drawn: Sequence[Moment]) -> Result:
    """A plain Scrapy spider with JOBDIR and JSON lines."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paper.py").write_text(SPIDER.format(address=paper.address), "utf-8")
        command = [sys.executable, "-m", "scrapy", "runspider", "paper.py", "-s", "JOBDIR=job", "-o", "items.jsonl"]
        paper.asked.clear()
        kills = sum(run_killed(command, Path(folder), paper, moment) for moment in drawn)
        subprocess.run(command, cwd=folder, env=environment(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = (Path(folder) / "items.jsonl").read_bytes().splitlines() if (Path(folder) / "items.jsonl").exists() else []
        found: Counter[str] = Counter()
        torn = 0
        for line in lines:
            try:
                found[json.loads(line)["url"]] += 1
            except (ValueError, KeyError, TypeError):
                torn += 1
        again = paper.asked.total() - len(paper.asked) - kills * IN_HAND
        return Result(len(paper.urls() - found.keys()), found.total() - len(found), torn, max(0, again))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stores", default="sqlite,postgresql")
    parser.add_argument("--without-scrapy", action="store_true")
    given = parser.parse_args()
    bad = False
    with Newspaper(given.pages) as paper, ExitStack() as stack:
        drawn = moments(given.seed, given.kills, given.pages + paper.lists)
        print(f"{given.pages:,} pages, killed at {given.kills} moments (seed {given.seed})\n")
        print(f"{'':24}{'lost':>8}{'twice':>8}{'torn':>8}{'fetched again beyond those in hand':>38}{'seconds':>10}")
        whole = undisturbed(paper)
        for name in given.stores.split(","):
            store = ""
            if name == "postgresql":
                from postgresql import running

                store = stack.enter_context(running()).new_store()
            result = shown(f"Broadsheet, {name}", lambda store=store: broadsheet(paper, drawn, store, whole))  # type: ignore[misc]
            bad |= any(astuple(result))
        if not given.without_scrapy:
            shown("Scrapy, JOBDIR", lambda: jobdir(paper, drawn))
    sys.exit(bad)


def shown(name: str, measure: Callable[[], Result]) -> Result:
    began = time.monotonic()
    result = measure()
    print(f"{name:24}{result.lost:>8,}{result.twice:>8,}{result.torn:>8,}{result.again:>38,}{time.monotonic() - began:>10.0f}", flush=True)
    return result


if __name__ == "__main__":
    main()
