"""What came of recorded pages, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from local_site import article

from crawler.cli.recordings import made_offline
from crawler.health import Checked, check, expect, read_recordings, record, record_list
from crawler.listings import read_listing
from crawler.page import Hints, Page
from crawler.recipes import Recipe, Source, SourceRef

SITE = "https://www.example.com"
AT = datetime(2026, 3, 1, tzinfo=UTC)


def source(**values: Any) -> Source:
    return Source(Recipe.model_validate({"id": "here", "url": f"{SITE}/", **values}), SourceRef("recipe", "/nowhere/here.yaml"))


def page(path: str, html: str, at: datetime = AT) -> Page:
    return Page(html.encode(), SITE + path, headers={"content-type": "text/html; charset=utf-8"}, fetched_at=at)


def recorded(folder: Path, by: Source, *pages: Page) -> None:
    made, used = made_offline(by, pages)
    record(folder, used, made)


def checked(folder: Path, by: Source) -> list[Checked]:
    found, errors = read_recordings(folder)
    assert errors == []
    return [check(by, one, made_offline) for one in found]


STORY = article("The ferry returns").replace("<h1>", "<h1 class=old>").replace("</h1>", "</h1><h2>A subtitle</h2>")


def test_a_changed_recipe_shows_the_fields_that_differ(tmp_path: Path) -> None:
    recorded(tmp_path, source(), page("/news/1", STORY))
    (same,) = checked(tmp_path, source())
    assert same.passed
    (other,) = checked(tmp_path, source(article={"title": "h2", "authors": "const:The Wire"}))
    assert [(one.field, one.expected, one.found) for one in other.differences] == [
        ("title", "The ferry returns", "A subtitle"),
        ("authors", [], ["The Wire"]),
    ]
    expect(other.recording, other.found)
    assert checked(tmp_path, source(article={"title": "h2", "authors": "const:The Wire"}))[0].passed


def test_what_somebody_took_out_of_the_file_is_not_compared(tmp_path: Path) -> None:
    recorded(tmp_path, source(), page("/news/1", STORY))
    (path,) = tmp_path.glob("*.json")
    lines = [line for line in path.read_text("utf-8").splitlines(keepends=True) if '"title"' not in line]
    path.write_text("".join(lines), "utf-8")
    assert checked(tmp_path, source(article={"title": "h2"}))[0].passed


def test_older_recordings_are_read_by_the_older_block(tmp_path: Path) -> None:
    new = STORY.replace("class=old", "class=new").replace("The ferry returns", "The ferry is back")
    recorded(tmp_path, source(article={"title": "h1.old"}), page("/news/1", STORY))
    recorded(tmp_path, source(article={"title": "h1.new"}), page("/news/1", new, AT.replace(month=5)))
    blocks = [{"until": "2026-04-01", "title": "h1.old"}, {"title": "h1.new"}]
    assert [one.passed for one in checked(tmp_path, source(article=blocks))] == [True, True]
    assert [one.passed for one in checked(tmp_path, source(article=[{**blocks[0], "until": "2026-02-01"}, blocks[1]]))] == [True, True]
    swapped = [{"until": "2026-04-01", "title": "const:x"}, {"title": "const:y"}]
    found = [one.differences[0].found for one in checked(tmp_path, source(article=swapped))]
    assert found == ["x", "y"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"article": {"url": "^/story/"}}, "its address doesn't match article.url (^/story/)"),
        ({"expect": {"body": 99_999}}, "the recipe expects 99999"),
        ({"expect": {"require": ["authors"]}}, "the page has no authors"),
    ],
)
def test_what_the_recipe_would_not_take_is_told(tmp_path: Path, values: dict[str, Any], said: str) -> None:
    recorded(tmp_path, source(), page("/news/1", STORY))
    assert said in checked(tmp_path, source(**values))[0].problem


def test_parts_are_found_among_the_recorded_pages_as_a_crawl_finds_them(tmp_path: Path) -> None:
    pager = "<p class=pages><b>1</b> <a href='/news/1_2'>2</a></p>"
    pages = [
        page("/news/1", STORY.replace("</article>", f"</article>{pager}")),
        page("/news/1_2", article("The ferry returns", words="pier")),
    ]
    recorded(tmp_path, source(), *pages)
    (good,) = checked(tmp_path, source())
    assert good.passed
    assert len(good.recording.pages) == 2
    (lost,) = checked(tmp_path, source(article={"next_page": []}))
    assert lost.problem == "made of 1 pages where 2 were recorded"
    assert [one.field for one in lost.differences] == ["body"]


def test_a_page_that_is_no_article_any_more_is_told(tmp_path: Path) -> None:
    recorded(tmp_path, source(), page("/news/1", STORY))
    (found, _) = read_recordings(tmp_path)
    login = replace(found[0], pages=(page("/news/1", "<title>Log in</title><input type=password>"),))
    assert check(source(), login, made_offline).problem


def test_lists_are_compared_link_by_link(tmp_path: Path) -> None:
    by = source(sections=[{"id": "home", "list": {"url": f"{SITE}/", "link": "h2 a", "next": "a.next", "pages": 2}}])
    front = page("/", "<h2><a href=/1>One</a></h2><h2><a href=/2>Two</a></h2><a class=next href=/p2>on</a>")
    section = by.recipe.sections[0]
    record_list(tmp_path, front, "home", "list", read_listing(front, by.recipe, section, "list"))
    assert checked(tmp_path, by)[0].passed
    fewer = source(sections=[{"id": "home", "list": {"url": f"{SITE}/", "link": "h2:first-child a"}}])
    (differs,) = checked(tmp_path, fewer)
    assert {one.field for one in differs.differences} == {"links", "further"}
    (gone,) = checked(tmp_path, source(sections=[{"id": "home", "feed": f"{SITE}/feed"}]))
    assert gone.problem == "the recipe's section 'home' has no list any more"


def test_hints_of_the_list_are_part_of_what_was_recorded(tmp_path: Path) -> None:
    hinted = replace(page("/news/1", STORY.replace("article:published_time", "x")), hints=Hints(authors=("Ann Lee",)))
    recorded(tmp_path, source(), hinted)
    assert read_recordings(tmp_path)[0][0].expected["authors"] == ["Ann Lee"]
    assert checked(tmp_path, source())[0].passed
