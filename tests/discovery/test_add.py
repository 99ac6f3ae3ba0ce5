from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import COMMAND, Broadsheet
from discovery.papers import TITLES, Answer, Site, add, add_as_json, feed, front, on_terminal, paper, path_of, sitemap, story
from local_site import article
from rich.cells import cell_len

from crawler.recipes import load_recipe

MOST = 40


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path


def test_a_site_becomes_a_source_that_works(workspace: Path, broadsheet: Broadsheet) -> None:
    with Site(paper(head='<link rel="alternate" type="application/rss+xml" title="All" href="/feed.xml">')) as site:
        site.pages["/feed.xml"] = feed(site)
        done = add(workspace, f"{site.address}/", "--id", "harbour")
        assert len(site.asked) <= MOST
        assert all("Broadsheet" in one.headers["user-agent"] for one in site.asked)
        recipe = load_recipe(workspace / "sources" / "harbour.yaml")
        text = (workspace / "sources" / "harbour.yaml").read_text("utf-8")
        crawled = broadsheet("crawl", "harbour", cwd=workspace)
        tested = broadsheet("crawl", "harbour", "--json", cwd=workspace)
    assert (recipe.name, recipe.language, recipe.zone) == ("Harbour News", "en-GB", "Europe/London")
    assert [(section.id, section.name) for section in recipe.sections] == [("world", "World"), ("sport", "Sport"), ("home", "Home")]
    assert recipe.sections[-1].feed == f"{site.address}/feed.xml"
    assert recipe.article.url == r"^/[^/]+/\d{4}-\d{2}-\d{2}/[^/]+/(?P<id>\d+)(?:[?]|$)"
    for key in ("name", "language", "zone", "list", "feed"):
        assert re.search(rf"^ +{key}:.* # ", text, re.MULTILINE) or re.search(rf"^{key}:.* # ", text, re.MULTILINE), key
    recordings = sorted((workspace / "sources" / "harbour").glob("*.json"))
    assert 2 <= len(recordings) <= 3
    assert "8 listed · 8 new" in crawled.stdout
    assert '"listed": 8' in tested.stdout
    assert "▸ /feed.xml" in done.stdout
    assert "An article is known by: the number in its address" in done.stdout
    assert f"Wrote sources/harbour.yaml and {len(recordings)} recorded pages." in done.stdout


def test_json_has_the_shape_that_programs_read(workspace: Path) -> None:
    with Site(paper()) as site:
        found = add_as_json(workspace, f"{site.address}/")
    assert list(found) == ["recipe", "ways", "lists", "articles"]
    assert found["lists"][0] == {
        "url": f"{site.address}/",
        "section": "",
        "links": [site.address + path_of(("world", "sport")[at % 2], at) for at in range(8)],
    }
    assert {one["section"] for one in found["lists"][1:]} == {"world", "sport"}
    assert found["recipe"]["url"] == f"{site.address}/"
    assert [way["kind"] for way in found["ways"] if way["chosen"]] == ["front page"]
    assert {one["title"] for one in found["articles"]} <= set(TITLES)
    assert all(one["published"] for one in found["articles"])


def test_dry_run_writes_nothing(workspace: Path) -> None:
    (workspace / "broadsheet.yaml").write_text("delay: 0\n", "utf-8")
    with Site(paper()) as site:
        done = add(workspace, f"{site.address}/", "--dry-run")
    assert [path.name for path in workspace.iterdir()] == ["broadsheet.yaml"]
    assert "sections:" in done.stdout
    assert "Nothing was written" in done.stdout


def test_news_sitemap_goes_before_the_front_page_and_one_whose_addresses_fail_is_refused(workspace: Path) -> None:
    robots = "User-agent: *\nDisallow:\nSitemap: {0}/old.xml\nSitemap: {0}/news-sitemap.xml\n"
    with Site(paper()) as site:
        site.pages["/robots.txt"] = Answer(robots.format(site.address).encode(), headers={"Content-Type": "text/plain"})
        site.pages["/news-sitemap.xml"] = sitemap(site, [path_of(("world", "sport")[at % 2], at) for at in range(8)], news=True)
        good = add_as_json(workspace, f"{site.address}/", "--dry-run")
        site.pages["/news-sitemap.xml"] = sitemap(
            site, [f"/world/2025-01-0{at}/gone-story-of-the-harbour/2031284{at}" for at in range(1, 9)], news=True
        )
        bad = add_as_json(workspace, f"{site.address}/", "--dry-run")
    assert [way["kind"] for way in good["ways"] if way["chosen"]] == ["news sitemap"]
    assert [way["kind"] for way in bad["ways"] if way["chosen"]] == ["front page"]
    refused = next(way for way in bad["ways"] if way["kind"] == "news sitemap")
    assert refused["problem"] == "its links fail: HTTP 404 Not Found"


def test_a_feeds_address_is_enough(workspace: Path) -> None:
    with Site(paper()) as site:
        site.pages["/all.rss"] = feed(site)
        found = add_as_json(workspace, f"{site.address}/all.rss", "--dry-run")
    assert found["lists"][0]["url"] == f"{site.address}/all.rss"
    assert len(found["lists"][0]["links"]) == 8
    assert found["recipe"]["name"] == "Harbour News"


def test_links_that_fail_alike_are_ranked_by_their_shape_and_said_to_be_unproved(workspace: Path) -> None:
    with Site({"/": paper()["/"]}) as site:
        found = add_as_json(workspace, f"{site.address}/", "--id", "lost")
        text = (workspace / "sources" / "lost.yaml").read_text("utf-8")
        shown = add(workspace, f"{site.address}/", "--id", "lost-2").stdout
    assert len(found["lists"][0]["links"]) == 8
    assert found["articles"] == []
    assert "Unproved: HTTP 404 Not Found" in text
    assert "unproved: HTTP 404 Not Found" in shown
    assert "no page could be recorded" in shown


def test_json_that_the_page_holds_is_a_way_in(workspace: Path, broadsheet: Broadsheet) -> None:
    stories = [
        {"url": path_of("world", at), "headline": TITLES[at], "publishedAt": f"2026-03-0{at + 1}T10:00:00Z"} for at in range(0, 8, 2)
    ]
    pages = paper()
    pages["/"] = (
        '<!doctype html><html lang="en"><head><title>Harbour News</title></head><body><div id="root"></div>'
        f"<script>window.__STATE__ = {json.dumps({'blocks': [{'stories': stories}]})};</script></body></html>"
    )
    with Site(pages) as site:
        found = add_as_json(workspace, f"{site.address}/", "--id", "app")
        crawled = broadsheet("crawl", "app", cwd=workspace).stdout
    assert found["lists"][0]["links"] == [site.address + story["url"] for story in stories]
    assert found["recipe"]["sections"][0]["json"]["items"] == "blocks[].stories[]"
    assert "4 listed · 4 new" in crawled


def test_json_that_a_page_loads_is_found(workspace: Path) -> None:
    stories = [{"link": path_of("world", at), "title": TITLES[at], "date": f"2026-03-0{at + 1}T10:00:00Z"} for at in range(0, 8, 2)]
    pages = paper()
    pages["/"] = (
        '<!doctype html><html lang="en"><head><title>Harbour News</title></head><body><div id="app"></div>'
        '<script>fetch("/api/news/latest.json").then(show)</script></body></html>'
    )
    pages["/api/news/latest.json"] = Answer(json.dumps({"data": {"list": stories}}).encode(), headers={"Content-Type": "application/json"})
    with Site(pages) as site:
        found = add_as_json(workspace, f"{site.address}/", "--id", "app")
    assert [(way["kind"], way["chosen"]) for way in found["ways"] if way["articles"]] == [("json", True)]
    assert found["recipe"]["sections"][0]["json"]["url"] == f"{site.address}/api/news/latest.json"


def test_further_pages_of_a_list_are_followed(workspace: Path, broadsheet: Broadsheet) -> None:
    pages = paper()
    for number, places in ((1, range(3)), (2, range(3, 6)), (3, range(6, 8))):
        older = f'<div class="pages"><a class="next" href="/page/{number + 1}/">Older</a><a href="/page/3/">3</a></div>'
        stories = "".join(story(("world", "sport")[at % 2], at) for at in places)
        pages["/" if number == 1 else f"/page/{number}/"] = front(stories, more=older if number < 3 else "")
    del pages["/world/"], pages["/sport/"]
    with Site(pages) as site:
        found = add_as_json(workspace, f"{site.address}/", "--id", "blog")
        crawled = broadsheet("crawl", "blog", cwd=workspace).stdout
    assert [one["url"].removeprefix(site.address) for one in found["lists"]] == ["/", "/page/2/", "/page/3/"]
    assert found["recipe"]["sections"][-1]["list"] == {"url": f"{site.address}/", "next": "a.next", "pages": 3}
    assert "8 listed · 8 new" in crawled


def test_contact_is_asked_once_on_a_terminal(workspace: Path) -> None:
    settings = workspace / "broadsheet.yaml"
    settings.write_text("# mine\ndelay: 0  # quick\n", "utf-8")
    with Site(paper()) as site:
        command = [*COMMAND, "add", f"{site.address}/", "--private", "--id"]
        first = on_terminal([*command, "one"], "https://example.org/bot\n", workspace)
        agents = {one.headers["user-agent"] for one in site.asked}
        second = on_terminal([*command, "two"], "", workspace)
    assert "contact:" in first
    assert agents == {"Broadsheet/0.1.0 (+https://example.org/bot)"}
    assert settings.read_text("utf-8") == "# mine\ndelay: 0  # quick\ncontact: https://example.org/bot\n"
    assert "contact:" not in second
    assert (workspace / "sources" / "two.yaml").exists()


def test_no_control_characters_reach_the_terminal_and_wide_letters_count_twice(workspace: Path) -> None:
    pages = paper()
    titles = ("港口明年春天重新开放", "\x1b[31mred\x1b[0m \u202enight ferry stays", "百年雾笛今天停用", "塔吊上发现鸟巢引来市民围观拍照")
    paths = [f"/n/2026-03-0{at + 1}/story-of-the-day-{at}/1000{at}77" for at in range(4)]
    stories = "".join(f'<li><h3><a href="{path}">{title}</a></h3></li>' for path, title in zip(paths, titles, strict=True))
    pages["/"] = front(stories, lang="zh-CN")
    pages |= {path: article(title, words=f"quay{path[-3:]}") for path, title in zip(paths, titles, strict=True)}
    with Site(pages) as site:
        shown = add(workspace, f"{site.address}/", "--dry-run").stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    lines = [line for line in shown.splitlines() if line.startswith(("  ✓", "  ?")) and " Mar " in line]
    assert len(lines) >= 3
    assert len({cell_len(line[: line.index(" Mar ")]) for line in lines}) == 1
