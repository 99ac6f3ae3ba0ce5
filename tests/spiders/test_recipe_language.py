"""What recipes say of lists, filters and themselves, from a crawl."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import frontmatter
from conftest import Broadsheet, write_recipe
from local_site import Answer, Site, article, listing, recipe

JSON = {"Content-Type": "application/json"}


def summary(broadsheet: Broadsheet, *arguments: str, code: int | None = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(broadsheet("crawl", *arguments, "--json", code=code).stdout)
    return found["sources"]["here"]  # type: ignore[no-any-return]


def documents(workspace: Path) -> dict[str, frontmatter.Post]:
    loaded = [frontmatter.load(str(path)) for path in (workspace / "output" / "here").rglob("*.md")]
    return {str(document["title"]): document for document in loaded}


def test_json_and_followed_lists_are_ways_in(broadsheet: Broadsheet, tmp_path: Path) -> None:
    api = {"data": [{"id": 1, "topics": ["Harbour"]}, {"id": 2}]}
    pages: dict[str, Any] = {
        "/api?o=0": Answer(json.dumps(api).encode(), headers=JSON),
        "/api?o=2": Answer(b'{"data": [{"id": 3}]}', headers=JSON),
        "/api?o=4": Answer(b'{"data": []}', headers=JSON),
        "/topics": "<nav><a href='/t/sea'>Sea</a><a href='/t/land'>Land</a></nav>",
        "/t/sea": Answer(
            (listing("/news/3", "/news/4") + "<a rel=next href='/t/sea/2'>on</a>").encode(),
            headers={"ETag": '"1"', "Content-Type": "text/html"},
        ),
        "/t/sea/2": listing("/news/5"),
        "/t/sea/3": listing("/news/7"),
        "/t/land": listing("/news/6"),
    }
    pages |= {f"/news/{number}": article(f"Story {number}") for number in range(1, 8)}
    text = (
        "url: {0}/\nallow_private: true\ndelay: 0\nconcurrency: 4\nsections:\n"
        "  - id: api\n    json: {{url: '{0}/api?o={{page}}', first: 0, step: 2, pages: 3, items: data, tags: topics,\n"
        "           link: {{select: id, prefix: /news/}}}}\n"
        "  - id: topics\n    list: {{url: '{0}/topics', link: h2 a, follow: nav a, next: 'a[rel=next]', pages: 2}}\n"
    )
    with Site(pages) as site:
        write_recipe(tmp_path, "here", text.format(site.address))
        first = summary(broadsheet)
        again = summary(broadsheet)
    assert (first["listed"], first["new"], first["failed"], first["list_failures"]) == (6, 6, 0, [])
    assert again["new"] == 0
    found = documents(tmp_path)
    assert found["Story 1"]["tags"] == ["Harbour"]
    assert found["Story 3"]["sections"] == ["api", "topics"]
    assert found["Story 5"]["sections"] == ["topics"]
    assert "/t/sea/3" not in site.paths()
    assert site.paths().count("/t/land") == 2


def test_filters_leave_out_and_a_changed_recipe_looks_again(broadsheet: Broadsheet, tmp_path: Path) -> None:
    feed = "<rss version='2.0'><channel><title>x</title>{}</channel></rss>".format(
        "".join(
            f"<item><title>{title}</title><link>{{0}}{path}</link><pubDate>{date}</pubDate></item>"
            for title, path, date in (
                ("Live: the storm", "/live", "Mon, 30 Mar 2026 10:00:00 GMT"),
                ("Old news", "/old", "Thu, 01 Jan 2026 10:00:00 GMT"),
                ("Quay", "/quay", "Mon, 30 Mar 2026 10:00:00 GMT"),
                ("Agency", "/agency", "Mon, 30 Mar 2026 10:00:00 GMT"),
            )
        )
    )
    pages: dict[str, Any] = {
        "/live": article("Live: the storm", day="2026-03-30"),
        "/old": article("Old news", day="2026-01-01"),
        "/quay": article("Quay", day="2026-03-30"),
        "/agency": article("Agency", day="2026-03-30").replace("</h1>", "</h1><p class=by>Wire Agency</p>"),
    }
    rules = "article: {authors: .by}\nfilters:\n  exclude: {title: '^Live:', author: '^Wire', age: 30d}\n"
    with Site(pages) as site:
        site.pages["/feed.xml"] = Answer(feed.replace("{0}", site.address).encode(), headers={"Content-Type": "application/rss+xml"})
        text = recipe(site, extra=rules, section='feed: "%s/feed.xml"')
        write_recipe(tmp_path, "here", text)
        first = summary(broadsheet)
        assert (first["new"], first["left_out"], first["failed"]) == (1, 1, 0)
        assert {"/live", "/old"}.isdisjoint(site.paths())
        assert "1 left out" in broadsheet("crawl").stdout or site.paths().count("/agency") == 1
        assert site.paths().count("/agency") == 1
        write_recipe(tmp_path, "here", text.partition("filters:")[0])
        assert summary(broadsheet)["new"] == 3
    assert set(documents(tmp_path)) == {"Live: the storm", "Old news", "Quay", "Agency"}


def test_a_recipe_that_is_edited_while_a_crawl_runs_holds_from_the_next_one(broadsheet: Broadsheet, tmp_path: Path) -> None:
    asked = threading.Event()
    edited = threading.Event()

    def front(times: int) -> Answer:
        asked.set()
        edited.wait(30)
        return Answer(listing("/1", "/2").encode(), headers={"Content-Type": "text/html"})

    with Site({"/": front, "/1": article("Story 1"), "/2": article("Story 2")}) as site:
        text = recipe(site, extra="article: {title: h1}\n")
        write_recipe(tmp_path, "here", text)

        def edit() -> None:
            asked.wait(30)
            write_recipe(tmp_path, "here", text.replace("title: h1", "titel: h1").replace("h2 a", "h3 a"))
            edited.set()

        editor = threading.Thread(target=edit)
        editor.start()
        found = summary(broadsheet)
        editor.join()
    assert (found["new"], found["failed"], found["list_failures"]) == (2, 0, [])
    assert "did you mean 'title'?" in broadsheet("crawl", code=2).stderr
