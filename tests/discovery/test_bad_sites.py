"""Sites that nothing good can be made of: each is told with what is wrong, and what helps."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from conftest import Broadsheet
from discovery.papers import TITLES, Answer, Site, add, add_as_json, front, paper, path_of, story
from local_site import article

MOST = 40
HTML = '<!doctype html><html lang="en"><head><title>{}</title></head><body>{}</body></html>'


def told(workspace: Path, url: str, *options: str) -> str:
    """What is said of an address that nothing can be made of."""
    done = add(workspace, url, *options, code=2)
    assert done.stdout == ""
    assert not (workspace / "sources").exists()
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_a_site_that_is_down(tmp_path: Path) -> None:
    with Site({}) as site:
        address = site.address
    said = told(tmp_path, f"{address}/")
    assert "the connection was refused; without its robots.txt nothing else of the site is asked" in said
    assert "robots: no" not in said


LOGIN = HTML.format("Sign in", '<form><input type="password"></form><a href="/lost">Lost it?</a>')
ABOUT = HTML.format("About", f'<p>{"We build boats. " * 100}</p><a href="/about">About</a><a href="/contact">Contact</a>')
APP = HTML.format("App", '<div id="root"></div><script src="/app.js"></script>')
ELSEWHERE = "".join(
    f'<h3><a href="https://other{at}.example.org/a-story-of-the-day-{at}">A story of the day, number {at}</a></h3>' for at in range(30)
)
CLOSED = {"/": "hello", "/robots.txt": Answer(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"})}


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"/": Answer(b"<h1>No</h1>", 404)}, "HTTP 404 Not Found; try the site's front page"),
        ({"/": Answer(b"", 200)}, "the answer is empty"),
        ({"/": Answer(b"%PDF-1.7 x", headers={"Content-Type": "application/pdf"})}, "is a PDF"),
        ({"/": LOGIN}, "is a login page"),
        ({"/": ABOUT}, "no articles were found"),
        ({"/": APP}, "a script makes its list (a single-page app)"),
        ({"/": HTML.format("Links", ELSEWHERE)}, "its links lead to other sites (30 of 30)"),
        (CLOSED, "its robots.txt forbids it"),
    ],
)
def test_a_page_that_is_no_list_is_told_with_what_helps(pages: dict[str, Answer | str], said: str, tmp_path: Path) -> None:
    with Site(pages) as site:
        assert said in told(tmp_path, f"{site.address}/")
        assert len(site.asked) <= MOST


def test_what_is_no_address_and_a_private_one_without_leave_are_told(tmp_path: Path, broadsheet: Broadsheet) -> None:
    assert "is no address" in broadsheet("add", "not an address", code=2).stderr
    with Site(paper()) as site:
        assert "with --private it is asked" in broadsheet("add", f"{site.address}/", code=2).stderr
        assert site.asked == []


def test_an_endless_calendar_is_no_section_and_gives_no_articles(tmp_path: Path) -> None:
    pages = paper()
    days = "".join(f'<a href="/events/2026/03/{day:02d}/">{day}</a>' for day in range(1, 32))
    pages["/"] = front(
        "".join(story(("world", "sport")[at % 2], at) for at in range(8)), more=f'<nav><a href="/events/2026/04/">April</a>{days}</nav>'
    )
    with Site(pages) as site:
        found = add_as_json(tmp_path, f"{site.address}/")
        assert len(site.asked) <= MOST
        assert not any(path.startswith("/events/") for path in site.paths())
    assert len(found["lists"][0]["links"]) == 8


def test_a_site_that_answers_everything_with_one_page_proves_nothing(tmp_path: Path) -> None:
    """A soft 404: status 200 and the same text for whatever is asked."""
    pages = {"/": paper()["/"]}
    lost = article("Page moved")

    class Anything(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            return pages.get(key, Answer(b"", 404) if key == "/robots.txt" else lost)

    with Site({}) as site:
        site.pages = Anything()  # type: ignore[assignment]
        found = add_as_json(tmp_path, f"{site.address}/", "--dry-run")
        assert len(site.asked) <= MOST
    assert found["ways"][0]["proved"] == 0
    assert [section["id"] for section in found["recipe"]["sections"]] == ["home"]


def test_a_page_of_twenty_thousand_links_is_looked_at_in_seconds(tmp_path: Path) -> None:
    paths = [f"/world/2026-03-01/story-number-{at}-of-the-harbour/{10300000 + at}" for at in range(20_000)]
    entries = "".join(f'<li><h3><a href="{path}">Story number {path[-5:]} of the harbour</a></h3></li>' for path in paths)
    with Site({"/": front(entries)}) as site:
        began = time.monotonic()
        found = add_as_json(tmp_path, f"{site.address}/", "--dry-run")
    assert 19_900 < found["ways"][0]["articles"] <= 20_000
    assert len(found["lists"][0]["links"]) == 2_000
    assert time.monotonic() - began < 200


def test_two_sites_with_one_name_are_two_sources(tmp_path: Path) -> None:
    with Site(paper()) as one, Site(paper()) as other:
        first = add_as_json(tmp_path, f"{one.address}/")["recipe"]
        second = add_as_json(tmp_path, f"{other.address}/")["recipe"]
        again = add(tmp_path, f"{other.address}/", code=2).stderr
    assert first["name"] == "Harbour News"
    assert second["name"] == f"Harbour News ({other.address.removeprefix('http://')})"
    assert first["id"] != second["id"]
    assert f"is in sources/{second['id']}.yaml already" in again


def test_a_recipe_that_somebody_writes_meanwhile_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "sources" / "harbour.yaml"
    pages = paper()
    front_page = pages["/"]

    def answer(_: int) -> Answer:
        mine.parent.mkdir(exist_ok=True)
        mine.write_text("url: https://www.example.com/\n", "utf-8")
        return Answer(front_page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    pages["/"] = answer
    with Site(pages) as site:
        said = add(tmp_path, f"{site.address}/", "--id", "harbour", code=2).stderr
    assert "was written by somebody else meanwhile" in said
    assert mine.read_text("utf-8") == "url: https://www.example.com/\n"
    assert not (mine.parent / "harbour").exists()


def test_a_redirect_to_another_site_is_told_and_followed(tmp_path: Path) -> None:
    with Site(paper()) as site:
        moved = Site({"/": Answer(b"", 301, headers={"Location": f"{site.address.replace('127.0.0.1', 'localhost')}/"})})
        with moved:
            found = add_as_json(tmp_path, f"{moved.address}/", "--dry-run")
    assert len(found["lists"][0]["links"]) == 8
    assert found["lists"][0]["url"] == f"{moved.address}/"
    assert found["recipe"]["url"].startswith("http://localhost")


def test_broken_html_and_json_are_survived(tmp_path: Path) -> None:
    pages = paper()
    pages["/"] = pages["/"].replace("</ul>", "").replace("</html>", "<script>window.__X__ = {broken") + "\x00<a href='http://[bad'>x</a>"
    with Site(pages) as site:
        found = add_as_json(tmp_path, f"{site.address}/", "--dry-run")
    assert len(found["lists"][0]["links"]) == 8
    assert json.dumps(found)
    assert {one["title"] for one in found["articles"]} <= set(TITLES)
    assert path_of("world", 0) in found["lists"][0]["links"][0]
