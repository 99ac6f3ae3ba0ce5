"""Sites that are down, slow, moved, broken or not what they say: each is told once, in one line, and the others go on."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import frontmatter
from conftest import Broadsheet, write_recipe
from local_site import Answer, Site, article, keeps_pace, listing, recipe

HTML = {"Content-Type": "text/html; charset=utf-8"}
PDF = Answer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + b"x" * 2000, headers={"Content-Type": "application/pdf"})
LOGIN = (
    "<html><head><title>Log in</title></head><body><form action='/login'>"
    "<input name=user><input type=password name=pass></form></body></html>"
)


def crawl(broadsheet: Broadsheet, *sources: str, code: int | None = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(broadsheet("crawl", *sources, "--json", code=code).stdout)
    return found


def reasons(found: dict[str, Any], source: str = "here") -> dict[str, str]:
    return {failure["url"].rpartition("/")[2]: failure["reason"] for failure in found["sources"][source]["failures"]}


def test_each_bad_page_is_told_and_the_good_ones_are_kept(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = {
        "/": listing("/good", "/gone", "/broken", "/empty", "/login", "/pdf", "/cut", "/reset", "/circle", "/away"),
        "/good": article("A good page"),
        "/broken": Answer(b"oops", 500),
        "/empty": Answer(b"", headers=HTML),
        "/login": LOGIN,
        "/pdf": PDF,
        "/cut": Answer(article("A cut page").encode(), headers=HTML, cut=True),
        "/reset": Answer(reset=True),
        "/circle": Answer(status=302, headers={"Location": "/circle"}),
        "/away": Answer(status=302, headers={"Location": "ftp://elsewhere.example/"}),
    }
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        found = crawl(broadsheet)
    told = reasons(found)
    assert found["sources"]["here"]["new"] == 1
    assert set(told) == {"gone", "broken", "empty", "login", "pdf", "cut", "reset", "circle", "away"}
    assert "HTTP 404" in told["gone"]
    assert "HTTP 500" in told["broken"]
    assert "empty" in told["empty"]
    assert "cut off" in told["cut"]
    assert "broke off" in told["reset"]
    assert "circle" in told["circle"]
    assert site.paths().count("/cut") == 3
    assert site.paths().count("/broken") == 1


def test_a_page_that_recovers_within_the_run_is_no_failure(broadsheet: Broadsheet, tmp_path: Path) -> None:
    def shaky(times: int) -> Answer:
        return Answer(b"busy", 503, {"Retry-After": "1"}) if times == 0 else Answer(article("Late but here").encode(), headers=HTML)

    with Site({"/": listing("/shaky"), "/shaky": shaky}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        found = crawl(broadsheet)
        first, second = (one.at for one in site.asked if one.path == "/shaky")
    assert (found["sources"]["here"]["new"], found["sources"]["here"]["failed"]) == (1, 0)
    assert second - first >= 1.0


def test_a_failed_page_is_tried_again_in_the_next_run(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages: dict[str, Any] = {"/": listing("/later"), "/later": Answer(b"", 500)}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        assert crawl(broadsheet)["sources"]["here"]["failed"] == 1
        site.pages["/later"] = article("Now it is here")
        assert crawl(broadsheet)["sources"]["here"]["new"] == 1


def test_one_site_down_does_not_stop_the_other(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({}) as gone:
        write_recipe(tmp_path, "down", recipe(gone))
    with Site({"/": listing("/a"), "/a": article("Here")}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        found = crawl(broadsheet, code=1)
    assert found["sources"]["here"]["new"] == 1
    (failure,) = found["sources"]["down"]["list_failures"]
    assert failure["reason"].startswith("the connection was refused; without its robots.txt nothing else of the site is asked")


def test_a_list_that_is_none_is_told(broadsheet: Broadsheet, tmp_path: Path) -> None:
    for name, front in {"login": LOGIN, "pdf": PDF, "broken": Answer(b"", 500), "empty": Answer(b"", headers=HTML)}.items():
        with Site({"/": front}) as site:
            write_recipe(tmp_path, name, recipe(site))
            found = crawl(broadsheet, name, code=1)
        assert found["sources"][name]["list_failures"], name


def test_a_page_in_another_charset_than_it_says_is_read(broadsheet: Broadsheet, tmp_path: Path) -> None:
    chinese = article("港口重新开放").replace("Paragraph", "港务局星期一表示，码头将于春天重新向所有人开放").encode("gbk")
    with Site({"/": listing("/gbk"), "/gbk": Answer(chinese, headers={"Content-Type": "text/html; charset=iso-8859-1"})}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        crawl(broadsheet)
    (path,) = (tmp_path / "output" / "here").rglob("*.md")
    assert frontmatter.load(str(path))["title"] == "港口重新开放"


def test_robots_txt_is_obeyed_and_kept_for_the_next_run(broadsheet: Broadsheet, tmp_path: Path) -> None:
    robots = Answer(b"User-agent: *\nDisallow: /private\n", headers={"Content-Type": "text/plain"})
    with Site({"/": listing("/private/a", "/b"), "/b": article("Open"), "/private/a": article("Closed"), "/robots.txt": robots}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        found = crawl(broadsheet)
        crawl(broadsheet)
    assert "/private/a" not in site.paths()
    assert "robots.txt" in reasons(found)["a"]
    assert site.paths().count("/robots.txt") == 1


def test_robots_txt_that_answers_503_means_that_nothing_is_asked(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a"), "/a": article("A"), "/robots.txt": Answer(b"", 503)}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        found = crawl(broadsheet, code=1)
    assert set(site.paths()) == {"/robots.txt"}
    assert "503" in found["sources"]["here"]["list_failures"][0]["reason"]


def test_requests_to_a_host_keep_their_distance_robots_parts_and_redirects_too(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = {
        "/": listing("/a", "/old"),
        "/a": article("A").replace("</article>", "</article><a class='next' href='/a-2'>2</a>"),
        "/a-2": article("A", words="pier"),
        "/old": Answer(status=301, headers={"Location": "/b"}),
        "/b": article("B"),
    }
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="article: {next_page: a.next}\n").replace("delay: 0", "delay: 0.4"))
        assert crawl(broadsheet)["sources"]["here"]["new"] == 2
    times = sorted(one.at for one in site.asked)
    assert len(times) == 6
    assert keeps_pace(times, 0.4)
    assert min(after - before for before, after in pairwise(times)) >= 0.2


def test_two_sources_on_one_host_share_its_pace(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a", "/b"), "/a": article("A"), "/b": article("B")}) as site:
        write_recipe(tmp_path, "one", recipe(site).replace("delay: 0", "delay: 0.3"))
        write_recipe(tmp_path, "two", recipe(site).replace("delay: 0", "delay: 0.3"))
        crawl(broadsheet)
    times = sorted(one.at for one in site.asked)
    assert len(times) == 7
    assert keeps_pace(times, 0.3)
    assert min(after - before for before, after in pairwise(times)) >= 0.15


def test_a_private_address_is_not_asked_unless_the_recipe_allows_it(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a"), "/a": article("A")}) as site:
        write_recipe(tmp_path, "here", recipe(site).replace("allow_private: true\n", ""))
        found = crawl(broadsheet, code=1)
    assert site.asked == []
    assert "private address" in found["sources"]["here"]["list_failures"][0]["reason"]


def test_a_redirect_to_a_private_address_is_refused(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with (
        Site({"/secret": article("Secret")}) as inner,
        Site({"/": listing("/go"), "/go": Answer(status=302, headers={"Location": inner.address + "/secret"})}) as site,
    ):
        write_recipe(tmp_path, "here", recipe(site).replace("allow_private: true", "allow_private: false"))
        crawl(broadsheet, code=1)
    assert inner.asked == []


def test_an_old_address_that_leads_to_the_new_one_keeps_the_id(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages: dict[str, Any] = {"/": listing("/2026/old"), "/2026/old": article("It moves")}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        crawl(broadsheet)
        (path,) = (tmp_path / "output" / "here").rglob("*.md")
        guid = frontmatter.load(str(path))["guid"]
        site.pages |= {"/": listing("/new"), "/new": article("It moves"), "/2026/old": Answer(status=301, headers={"Location": "/new"})}
        again = crawl(broadsheet)
        assert again["sources"]["here"]["new"] == 0
        document = frontmatter.load(str(path))
        assert document["guid"] == guid
        assert document["also_at"] == [f"{site.address}/new"]
        assert site.paths().count("/new") == 1
        asked = len(site.asked)
        crawl(broadsheet)
        assert len(site.asked) == asked + 1  # the list alone


def test_two_articles_of_one_title_and_day_stay_two(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages: dict[str, Any] = {"/": listing("/a"), "/a": article("Weather", words="north")}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site))
        crawl(broadsheet)
        site.pages |= {"/": listing("/b", "/a"), "/b": article("Weather", words="south")}
        assert crawl(broadsheet)["sources"]["here"]["new"] == 1
    assert len(list((tmp_path / "output" / "here").rglob("*.md"))) == 2


def test_a_gzip_bomb_is_refused(broadsheet: Broadsheet, tmp_path: Path) -> None:
    bomb = Answer(gzip.compress(b"\0" * 200_000_000), headers=HTML | {"Content-Encoding": "gzip"})
    with Site({"/": listing("/bomb", "/good"), "/bomb": bomb, "/good": article("Good")}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        found = crawl(broadsheet)
    assert found["sources"]["here"]["new"] == 1
    assert set(reasons(found)) == {"bomb"}


def test_headers_of_a_recipe_go_to_its_own_host_alone(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = {"/": listing("/go")}
    with Site({"/there": article("There")}) as other, Site(pages) as site:
        site.pages["/go"] = Answer(status=302, headers={"Location": other.address + "/there"})
        write_recipe(tmp_path, "here", recipe(site, extra="headers: {X-Key: secret}\n"))
        crawl(broadsheet)
    assert all(one.headers.get("x-key") == "secret" for one in site.asked)
    assert other.asked
    assert all("x-key" not in one.headers for one in other.asked)
