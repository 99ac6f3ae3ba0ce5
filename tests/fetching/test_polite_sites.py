"""robots.txt in all its states, and pauses that hosts ask for: one crawl of many small sites, then what a second one asks."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, clean_environment, write_recipe
from evil_site import EvilSite, Raw, answer, redirect, unframed
from local_site import article, keeps_pace, listing

from crawler.fetching.asking import Asker
from crawler.frontier import Frontier, Plan
from crawler.recipes import Recipe
from crawler.store import Store

HTML, TEXT = "Content-Type: text/html; charset=utf-8", "Content-Type: text/plain"
RULES = b"User-agent: *\nDisallow: /closed\n"
BUSY = "503 Service Unavailable"


def robots(body: bytes = RULES, *headers: str, status: str = "200 OK") -> bytes:
    return answer(body, TEXT, *headers, status=status)


def site_of(name: str, robots_txt: Any) -> dict[str, Any]:
    return {
        "/robots.txt": robots_txt,
        "/": answer(listing("/open", "/closed").encode(), HTML),
        "/open": answer(article(f"Open at {name}").encode(), HTML),
        "/closed": answer(article(f"Closed at {name}").encode(), HTML),
    }


def hops(count: int) -> dict[str, Any]:
    """robots.txt behind so many redirects."""
    chain = {f"/r{hop}": redirect(f"/r{hop + 1}") for hop in range(1, count)}
    return {"/robots.txt": redirect("/r1"), **chain, f"/r{count}": robots()}


def first_then(*answers: Any) -> Callable[[int, str], Any]:
    return lambda times, _: answers[min(times, len(answers) - 1)]


# site → its robots.txt, and what may be asked of it: "" nothing, "open" what the rules allow, "all" everything
ROBOTS: dict[str, tuple[Any, str]] = {
    "rules": (robots(), "open"),
    "missing": (robots(status="404 Not Found"), "all"),
    "forbidden": (robots(status="403 Forbidden"), "all"),
    "unauthorised": (robots(status="401 Unauthorized"), "all"),
    "broken": (robots(b"", status="500 Internal Server Error"), ""),
    "busy": (robots(b"", status=BUSY), ""),
    "busy-once": (first_then(robots(b"", "Retry-After: 1", status=BUSY), robots()), "open"),
    "reset": (Raw(b"", reset=True), ""),
    "reset-once": (first_then(Raw(b"", reset=True), robots()), "open"),
    "cut": (answer(RULES[:20], TEXT, length=len(RULES)), ""),
    "cut-once": (first_then(answer(RULES[:20], TEXT, length=len(RULES)), robots()), "open"),
    "cut-gzip": (unframed(gzip.compress(RULES * 50)[:-9], TEXT, "Content-Encoding: gzip"), ""),
    "gzip": (answer(gzip.compress(RULES), TEXT, "Content-Encoding: gzip"), "open"),
    "gzip-unsaid": (answer(gzip.compress(RULES), TEXT), "open"),
    "marked": (robots(b"\xef\xbb\xbf" + RULES), "open"),
    "carriage-returns": (robots(RULES.replace(b"\n", b"\r")), "open"),
    "nothing-in-it": (robots(b""), "all"),
    "is-html": (answer(article("Not robots").encode(), HTML), "all"),
    "five-hops": (None, "open"),
    "six-hops": (None, "all"),
    "in-a-circle": (redirect("/robots.txt"), "all"),
    "to-a-private-address": (redirect("http://10.0.0.1/robots.txt"), ""),
    "long": (robots(RULES + b"# " + b"x" * 90 + b"\n" + b"Disallow: /nothing\n" * 40_000), "open"),
    "too-late": (robots(b"User-agent: *\n" + b"Disallow: /nothing\n" * 40_000 + b"Disallow: /open\n"), "all"),
    "endless": (lambda *_: Raw(itertools.chain([unframed(RULES, TEXT)], itertools.repeat(b"Disallow: /x\n" * 5000))), ""),
    "many-stars": (robots(b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"b\nDisallow: /closed\n"), "open"),
}  # fmt: skip
WHY = {"reset": "the connection broke off", "cut": "the answer was cut off", "busy": "503", "endless": "larger"}
PAUSES: dict[str, Any] = {
    "an-hour": robots(status="404 Not Found"),
    "a-day-from-robots": robots(b"", "Retry-After: 86400", status="429 Too Many Requests"),
    "a-date": robots(status="404 Not Found"),
    "a-moment": robots(status="404 Not Found"),
    "on-a-404": robots(status="404 Not Found"),
    "nonsense": robots(status="404 Not Found"),
    "crawl-delay": robots(b"User-agent: *\nCrawl-delay: 1\n"),
}


@dataclass
class Crawled:
    sites: dict[str, EvilSite]
    workspace: Path
    first: dict[str, Any]
    asked_first: dict[str, list[str]]
    asked_again: dict[str, list[str]]
    asked_a_day_later: dict[str, list[str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    workspace = tmp_path_factory.mktemp("polite")
    pages = {name: site_of(name, rules) for name, (rules, _) in ROBOTS.items()} | {n: site_of(n, rules) for n, rules in PAUSES.items()}
    pages["five-hops"] |= hops(5)
    pages["six-hops"] |= hops(6)
    others = ["/a", "/b", "/c"]
    for name, header in {
        "an-hour": "Retry-After: 3600",
        "a-date": f"Retry-After: {formatdate(time.time() + 7200, usegmt=True)}",
        "nonsense": "Retry-After: soon",
    }.items():
        pages[name] |= {one: answer(b"", header, status=BUSY) for one in others}
        pages[name]["/"] = answer(listing(*others).encode(), HTML)
    pages["a-moment"]["/open"] = first_then(answer(b"", "Retry-After: 2", status="429 Slow down"), pages["a-moment"]["/open"])
    pages["on-a-404"]["/open"] = answer(b"", "Retry-After: 3600", status="404 Not Found")
    with ExitStack() as stack:
        sites = {name: stack.enter_context(EvilSite(its)) for name, its in pages.items()}
        for name, site in sites.items():
            lists = f"sections:\n  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n"
            write_recipe(workspace, name, f"url: {site.address}/\nallow_private: true\ndelay: 0\nconcurrency: 1\n{lists}")
        first = crawl(workspace)
        asked_first = {name: site.paths() for name, site in sites.items()}
        crawl(workspace)
        asked_again = {name: site.paths()[len(asked_first[name]) :] for name, site in sites.items()}
        before = {name: len(site.asked) for name, site in sites.items()}
        with sqlite3.connect(workspace / ".broadsheet" / "store.sqlite") as store:  # as if a day and an hour had gone by
            store.execute("UPDATE host SET robots_at = robots_at - 90000, next_at = next_at - 90000")
        store.close()
        crawl(workspace)
        later = {name: site.paths()[before[name] :] for name, site in sites.items()}
        yield Crawled(sites, workspace, first, asked_first, asked_again, later)


def crawl(workspace: Path) -> dict[str, Any]:
    done = subprocess.run(
        [*COMMAND, "crawl", "--json"], cwd=workspace, env=clean_environment(), capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["sources"]
    return found


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_txt(name: str, crawled: Crawled) -> None:
    """RFC 9309, 2.2 to 2.5."""
    asked = set(crawled.asked_first[name]) - {"/robots.txt", *(f"/r{hop}" for hop in range(9))}
    assert asked == {"": set(), "open": {"/", "/open"}, "all": {"/", "/open", "/closed"}}[ROBOTS[name][1]]
    if not asked:
        reason = crawled.first[name]["list_failures"][0]["reason"]
        assert "robots.txt" in reason
        assert WHY.get(name, "") in reason


@pytest.mark.parametrize("name", [name for name, (_, may) in ROBOTS.items() if may])
def test_robots_txt_that_was_read_is_kept_for_the_next_run_and_no_longer_than_a_day(name: str, crawled: Crawled) -> None:
    assert "/robots.txt" not in crawled.asked_again[name]
    assert "/robots.txt" in crawled.asked_a_day_later[name]


@pytest.mark.parametrize("name", ["busy", "reset", "cut", "cut-gzip"])
def test_robots_txt_gets_three_tries_in_a_run_and_another_run_tries_again(name: str, crawled: Crawled) -> None:
    assert crawled.asked_first[name] == ["/robots.txt"] * 3
    assert crawled.asked_again[name] == ["/robots.txt"] * 3


@pytest.mark.parametrize("name", ["an-hour", "a-date"])
def test_a_host_that_asks_for_a_long_pause_is_left_alone_by_this_run_and_the_next(name: str, crawled: Crawled) -> None:
    assert crawled.asked_first[name] == ["/robots.txt", "/", "/a"]
    assert crawled.asked_again[name] == []
    (rest,) = crawled.first[name]["resting"]
    assert rest["seconds"] == pytest.approx(7200 if name == "a-date" else 3600, abs=240)
    assert crawled.first[name]["waiting"] == 2
    assert crawled.asked_a_day_later[name][:2] == ["/robots.txt", "/"]


def test_robots_txt_may_ask_for_a_pause_too(crawled: Crawled) -> None:
    assert crawled.asked_first["a-day-from-robots"] == ["/robots.txt"]
    assert crawled.asked_again["a-day-from-robots"] == []
    assert crawled.first["a-day-from-robots"]["list_failures"]


def test_a_short_pause_is_waited_for(crawled: Crawled) -> None:
    site = crawled.sites["a-moment"]
    first, second = [at for at, path in zip(site.times, site.paths(), strict=True) if path == "/open"][:2]
    assert second - first >= 2
    assert crawled.first["a-moment"]["new"] == 2


def test_a_pause_counts_only_where_a_server_says_that_it_is_busy(crawled: Crawled) -> None:
    assert "/closed" in crawled.asked_first["on-a-404"]
    assert crawled.first["on-a-404"]["resting"] == []


def test_a_pause_that_can_t_be_read_is_backoff_with_jitter(crawled: Crawled) -> None:
    site = crawled.sites["nonsense"]
    waits = []
    for path in ("/a", "/b", "/c"):
        times = [at for at, asked in zip(site.times, site.paths(), strict=True) if asked == path][:3]
        waits.append([later - earlier for earlier, later in pairwise(times)])
    assert all(first >= 1.5 and second >= 3 for first, second in waits)
    assert len({round(first, 3) for first, _ in waits}) == 3


def test_a_crawl_delay_is_kept(crawled: Crawled) -> None:
    count = len(crawled.asked_first["crawl-delay"])
    assert count == 4
    times = crawled.sites["crawl-delay"].times[:count]
    assert keeps_pace(times, 1)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.5  # in one process they keep it at the moment of sending


def test_two_processes_share_a_host_s_pace(tmp_path: Path) -> None:
    pages = {"/": answer(listing("/a", "/b", "/c").encode(), HTML)}
    pages |= {f"/{one}": answer(article(one * 9).encode(), HTML) for one in "abc"}
    with EvilSite(pages) as site:
        for name in ("one", "two"):
            lists = f"sections:\n  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n"
            write_recipe(tmp_path, name, f"url: {site.address}/\nallow_private: true\ndelay: 0.5\n{lists}")
        runs = [subprocess.Popen([*COMMAND, "crawl", name, "-q"], cwd=tmp_path, env=clean_environment()) for name in ("one", "two")]
        assert [run.wait(120) for run in runs] == [0, 0]
    assert len(site.times) >= 9
    assert keeps_pace(sorted(site.times), 0.5)


def test_a_host_that_stops_answering_does_not_hold_up_the_run(tmp_path: Path) -> None:
    """A hundred pages at a time-out each, three times over, would take hours."""
    paths = [f"/{number}" for number in range(100)]
    pages: dict[str, Any] = {path: Raw(b"", reset=True) for path in paths}
    pages |= {"/": answer(listing(*paths).encode(), HTML), "/robots.txt": robots(status="404 Not Found")}
    with EvilSite(pages) as site:
        lists = f"sections:\n  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n"
        write_recipe(tmp_path, "here", f"url: {site.address}/\nallow_private: true\ndelay: 0\nconcurrency: 2\n{lists}")
        found = crawl(tmp_path)["here"]
        host = site.address.removeprefix("http://")
    assert 10 <= len(site.asked) - 2 <= 12
    assert found["resting"] == [{"host": host, "seconds": 0}]
    assert found["waiting"] == 100


def test_a_page_whose_redirect_failed_is_asked_again_where_it_was_listed(tmp_path: Path) -> None:
    pages: dict[str, Any] = {"/": answer(listing("/story").encode(), HTML), "/story": redirect("/error")}
    pages["/error"] = answer(b"", status="500 Oh no")
    with EvilSite(pages) as site:
        lists = f"sections:\n  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n"
        write_recipe(tmp_path, "here", f"url: {site.address}/\nallow_private: true\ndelay: 0\n{lists}")
        (failure,) = crawl(tmp_path)["here"]["failures"]
        assert failure["url"] == f"{site.address}/story"
        assert failure["reason"].startswith(f"redirects to {site.address}/error: HTTP 500")
        site.pages["/story"] = answer(article("Here after all").encode(), HTML)
        assert crawl(tmp_path)["here"]["new"] == 1


def test_a_process_that_is_late_takes_another_moment(tmp_path: Path) -> None:
    """The machine halts it between the moment that it took and the sending."""
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    recipe = Recipe.model_validate({"id": "demo", "url": "http://e.example/"})
    frontier = Frontier(store, {"demo": Plan(recipe, "", (), delay=0.5, concurrency=1)}, run=1)
    halts = iter([0.2, 0.2])

    async def in_store(work: Callable[[], Any]) -> Any:
        done = work()
        await asyncio.sleep(next(halts, 0.0))
        return done

    asker = Asker(None, frontier, in_store, "Broadsheet")  # type: ignore[arg-type]
    asyncio.run(asker.pace("demo", "http://e.example/"))
    with store.begin() as transaction:
        assert abs(time.time() - transaction.hosts.get("e.example").sent_at) < 0.1
    assert list(halts) == []
    store.close()
