"""Articles in parts, from a crawl: the form on one page, parts by number, and what only looks like parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frontmatter
from conftest import Broadsheet, write_recipe
from local_site import Answer, Site, article, listing, recipe

HTML = {"Content-Type": "text/html; charset=utf-8"}
RULES = "article:\n  url: '/(?P<id>\\d+)(?:_s|_\\d+)?\\.shtml'\n  single_page: {replace: '(\\d)\\.shtml$', with: '\\1_s.shtml'}\n"


def pager(name: int, *parts: int, here: int = 1) -> str:
    links = [f"<b>{part}</b>" if part == here else f"<a href='/{name}{'' if part == 1 else f'_{part}'}.shtml'>{part}</a>" for part in parts]
    return f"<div class='module-page'>{' '.join(links)}</div>"


def part(name: int, number: int, *parts: int) -> str:
    words = ("quay", "pier", "buoy", "mole")[number - 1]
    return article(f"Story {name}", words=words).replace("</article>", f"</article>{pager(name, *parts, here=number)}")


def texts(workspace: Path) -> dict[str, str]:
    documents = [frontmatter.load(str(path)) for path in (workspace / "output" / "here").rglob("*.md")]
    return {str(document["title"]): document.content for document in documents}


def also_at(workspace: Path, title: str) -> list[str]:
    documents = [frontmatter.load(str(path)) for path in (workspace / "output" / "here").rglob("*.md")]
    return [url.rpartition("/")[2] for document in documents if document["title"] == title for url in document.get("also_at", [])]  # type: ignore[attr-defined]


def test_parts_are_joined_and_nothing_else_is(broadsheet: Broadsheet, tmp_path: Path) -> None:
    comments = "<ul class='pages'><li>1</li><li><a href='/5.shtml?page=2'>2</a></li></ul>"
    pages: dict[str, Any] = {
        "/": listing(*(f"/{number}.shtml" for number in range(1, 9))),
        # no form on one page: the plain page, then its parts, the third of which only the second leads to
        "/1.shtml": part(1, 1, 1, 2),
        "/1_2.shtml": part(1, 2, 1, 2, 3),
        "/1_3.shtml": f"<title>Story 1</title><h1>Story 1</h1><p>And so the buoy would be open too.</p>{pager(1, 1, 2, 3, here=3)}",
        # all on one page
        "/2_s.shtml": article("Story 2", words="lighthouse"),
        # what stands for "not here" otherwise than by 404: a redirect, a page that is no article
        "/3.shtml": part(3, 1, 1, 2),
        "/3_s.shtml": Answer(status=302, headers={"Location": "/"}),
        "/3_2.shtml": part(3, 2, 1, 2),
        "/4.shtml": part(4, 1, 1),
        "/4_s.shtml": "<html><title>Page not found</title><h1>Page not found</h1></html>",
        # comments in pages repeat the article
        "/5.shtml": article("Story 5").replace("</article>", f"</article><h3>Letters</h3><p>Very well said.</p>{comments}"),
        "/5.shtml?page=2": article("Story 5").replace("</article>", "</article><h3>Letters</h3><p>I beg to differ, strongly.</p>"),
        # the previous and the next article
        "/6.shtml": article("Story 6").replace("</article>", "</article><a rel=next href='/7.shtml'>Next</a>"),
        "/7.shtml": article("Story 7").replace("</article>", "</article><a rel=next href='/8.shtml'>Next</a>"),
        # a part that the site has lost
        "/8.shtml": part(8, 1, 1, 2),
    }
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site, extra=RULES))
        found = json.loads(broadsheet("crawl", "--json").stdout)["sources"]["here"]
    assert (found["new"], found["failed"]) == (8, 0)
    read = texts(tmp_path)
    for word in ("quay", "pier", "buoy"):
        assert f"the {word} would be open" in read["Story 1"]
    assert read["Story 1"].index("quay") < read["Story 1"].index("pier") < read["Story 1"].index("buoy")
    assert "lighthouse" in read["Story 2"]
    assert "pier" in read["Story 3"]
    assert "quay" in read["Story 4"]
    assert read["Story 5"].count("Paragraph 0") == 1
    assert "differ" not in read["Story 5"]
    assert read["Story 6"].count("Paragraph 0") == 1
    assert "2" not in "".join(url for url in also_at(tmp_path, "Story 5") if "page" in url)
    assert sorted(also_at(tmp_path, "Story 1")) == ["1_2.shtml", "1_3.shtml"]
    (lost,) = [path for path in (tmp_path / "output" / "here").rglob("*.md") if "story-8" in path.name]
    assert "part 2: HTTP 404" in lost.read_text("utf-8")
    asked = site.paths()
    assert "/2.shtml" not in asked
    assert len(asked) == len(set(asked))


def test_single_page_by_a_link_and_the_article_behind_a_teaser(broadsheet: Broadsheet, tmp_path: Path) -> None:
    teaser = "<html><body><h1>Soon</h1><p>It is here.</p><a class=more href='/real/1'>Read</a></body></html>"
    pages = {
        "/": listing("/teaser/1", "/real/2"),
        "/teaser/1": teaser,
        "/real/1": article("Story 1").replace("</article>", "</article><a class=all href='/real/1/all'>All</a>"),
        "/real/1/all": article("Story 1", words="lighthouse"),
        "/real/2": article("Story 2").replace("</article>", "</article><a class=all href='/real/2/all'>All</a>"),
    }
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="article: {single_page: a.all, follow: a.more}\n"))
        assert json.loads(broadsheet("crawl", "--json").stdout)["sources"]["here"]["new"] == 2
    read = texts(tmp_path)
    assert "lighthouse" in read["Story 1"]
    assert "quay" in read["Story 2"]
    assert "1" in also_at(tmp_path, "Story 1")


def test_a_next_link_that_goes_on_for_ever_ends_with_what_is_new(broadsheet: Broadsheet, tmp_path: Path) -> None:
    def page(number: int) -> str:
        return article("Story").replace("</article>", f"</article><a class=next href='/1?n={number}'>on</a>")

    pages: dict[str, Any] = {"/": listing("/1"), "/1": page(1)}
    pages |= {f"/1?n={number}": page(number + 1) for number in range(1, 60)}
    with Site(pages) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="article: {next_page: a.next}\n"))
        assert json.loads(broadsheet("crawl", "--json").stdout)["sources"]["here"]["new"] == 1
    assert len(site.asked) == 4  # robots.txt, the list, the article, one part that repeats it
    assert texts(tmp_path)["Story"].count("Paragraph 0") == 1


def test_a_recipe_may_say_that_articles_have_one_part(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/1.shtml"), "/1.shtml": part(1, 1, 1, 2), "/1_2.shtml": part(1, 2, 1, 2)}) as site:
        write_recipe(tmp_path, "here", recipe(site, extra="article: {next_page: []}\n"))
        broadsheet("crawl")
    assert "/1_2.shtml" not in site.paths()
