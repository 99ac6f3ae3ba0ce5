"""Numbered parts of an article, and all that looks like them and is none."""

# ruff: noqa: E501 - tables read better in one line each

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.article import Article, Image, Moment
from crawler.extraction import continues, numbered_part
from crawler.extraction.parts import joined
from crawler.page import Page

AT = datetime(2026, 4, 1, tzinfo=UTC)
SITE = "https://www.example.com"


def page(own: str, html: str) -> Page:
    return Page(f"<!doctype html><html><body>{html}</body></html>".encode(), SITE + own, fetched_at=AT)


def sought(own: str, html: str) -> str:
    return numbered_part([page(own, html)]).removeprefix(SITE)


PAGER = "<div class=pager><b>1</b> <a href='{}'>2</a> <a href='{}'>3</a></div>"


@pytest.mark.parametrize(
    ("own", "part"),
    [
        ("/WangWen/2019_09_07_1.shtml", "/WangWen/2019_09_07_1_2.shtml"),
        ("/WangWen/2019_09_07_1.shtml?s=zwy", "/WangWen/2019_09_07_1_2.shtml"),
        ("/a/story.html", "/a/story-2.html"),
        ("/a/story.html", "/a/story,2.html"),
        ("/a/story.html", "/a/story-page-2.html"),
        ("/a/story.html", "/a/story-seite-2.html"),
        ("/a/story.html", "/a/story_p2.html"),
        ("/a/story.html", "/a/story.html?page=2"),
        ("/a/story.html", "/a/story/2"),
        ("/a/story", "/a/story/2/"),
        ("/a/story/", "/a/story/2/"),
        ("/a/story/", "/a/story/page/2/"),
        ("/a/story", "/a/story/seite-2"),
        ("/a/story/", "/a/story/index_2.html"),
        ("/a?id=5", "/a?id=5&page=2"),
        ("/a?id=5&page=1", "/a?id=5&page=2"),
        ("/a/story_1.html", "/a/story_2.html"),
        ("/a/story?ref=home", "/a/story?ref=home&p=2"),
        ("/a/文章.html", "/a/%E6%96%87%E7%AB%A0_2.html"),
    ],
)
def test_a_numbered_variant_in_a_pager_is_the_next_part(own: str, part: str) -> None:
    assert sought(own, PAGER.format(part, part.replace("2", "3"))) == part


@pytest.mark.parametrize("text", ["2", "[2]", "(2)", "第2页", "Page 2", "2 »", "Seite 2", "2."])
def test_the_number_as_pagers_write_it(text: str) -> None:
    assert sought("/a/story.html", f"<p>1 <a href='story_2.html'>{text}</a></p>") == "/a/story_2.html"


@pytest.mark.parametrize(
    "link",
    [
        "<a href='{}'>Next page</a>", "<a href='{}'>next ›</a>", "<a href='{}'>下一页</a>", "<a href='{}'>下页</a>", "<a href='{}'>Weiter</a>",
        "<a href='{}'>»</a>", "<a href='{}' rel=next>more</a>", "<link rel=next href='{}'>", "<a href='{}' title='Next page'><img></a>",
        "<a href='javascript:void(0)' onclick=\"location.href='{}'\">下一页</a>", "<a href='{}'>Следующая страница</a>", "<a href='{}'>次のページ</a>",
        "<a aria-label='next' href='{}'><svg></svg></a>",
    ],
)  # fmt: skip
def test_next_in_many_words(link: str) -> None:
    assert sought("/a/story.html", link.format("/a/story_2.html")) == "/a/story_2.html"
    assert sought("/a/story.html", link.format("?page=2")) == "/a/story.html?page=2"
    assert sought("/a/story.html", link.format("/a/story-2.html")) == "/a/story-2.html"
    assert sought("/a/story", link.format("/a/story-2")) == ""


@pytest.mark.parametrize(("own", "part"), [("/node/7", "/node/7?page=1"), ("/a/x_0.shtml", "/a/x_1.shtml"), ("/a/x.htm", "/a/x_1.htm")])
def test_pages_counted_from_nought(own: str, part: str) -> None:
    assert sought(own, f"<ul><li>1</li><li><a href='{part}'>2</a></li></ul>") == part
    assert sought(own, f"<p><a href='{part}'>Next</a></p>") == ""


def test_the_third_part_is_looked_for_on_the_second_page_and_on_the_first() -> None:
    first = page("/s.html", PAGER.format("s_2.html", "s_3.html"))
    assert numbered_part([first, page("/s_2.html", PAGER.format("s_2.html", "s_3.html"))]) == f"{SITE}/s_3.html"
    assert numbered_part([first, page("/s_2.html", "<p>nothing</p>")]) == f"{SITE}/s_3.html"
    assert numbered_part([first, first, page("/s_3.html", PAGER.format("s_2.html", "s_3.html"))]) == ""


@pytest.mark.parametrize(
    ("own", "html"),
    [
        # the previous and the next article
        ("/news/41.html", "<a rel=prev href='/news/40.html'>Previous</a> <a rel=next href='/news/42.html'>Next</a>"),
        ("/2026/storm/", "<link rel=next href='/2026/calm/'><a rel=next href='/2026/calm/'>Next post</a>"),
        ("/2026/weather/", "<a rel=next href='/2026/weather-2/'>Next</a>"),
        ("/2026/weather/", "<a href='/2026/weather-2/'>Weather</a>"),
        ("/news/1", "<a href='/news/2'>Next article</a>"),
        ("/news/1", "<p><a href='/news/2'>2</a> comments</p>"),
        ("/a/story-1.html", "<a href='/a/story-2.html'>Next</a>"),
        ("/?p=1", "<a href='/?p=2'>Next</a>"),
        # further pages of other lists
        ("/news/41.html", "<p>1 <a href='/news/list_2.html'>2</a></p>"),
        ("/news/41.html", "<p>1 <a href='/news/?page=2'>2</a></p>"),
        ("/a/story", "<p>1 <a href='/page/2'>2</a></p>"),
        # comments
        ("/a/story", "<div id=comments><p>1 <a href='?page=2'>2</a></p></div>"),
        ("/a/story", "<section class='post-comments'><div><a rel=next href='?page=2'>next</a></div></section>"),
        ("/a/story", "<p>1 <a href='?page=2#comments'>2</a></p>"),
        ("/a/story", "<p>1 <a href='/a/story/comment-page-2/'>2</a></p>"),
        ("/a/story", "<p>1 <a href='?cpage=2'>2</a></p>"),
        ("/a/story", "<div class='评论列表'>1 <a href='?page=2'>2</a></div>"),
        # other addresses and words
        ("/a/story", "<p>1 <a href='https://elsewhere.example/a/story?page=2'>2</a></p>"),
        ("/a/story", "<p><a href='?page=2'>Read all about it</a></p>"),
        ("/a/story", "<p>1 <a href='?page=3'>3</a></p>"),
        ("/a/story", "<p>1 <a href='?size=2'>2</a></p>"),
        ("/a/story.html", "<p>1 <a href='/a/story_2.pdf'>2</a></p>"),
        ("/a/story", "<p>1 <a href='?page=2&sort=new'>2</a></p>"),
        ("/", "<p>1 <a href='/2'>2</a></p>"),
        ("/a/covid-19", "<a href='/a/covid-19-2'>Next</a>"),
    ],
)
def test_what_only_looks_like_a_part(own: str, html: str) -> None:
    assert sought(own, html) == ""


def article(title: str, *lines: str, at: Moment | None = None, **values: object) -> Article:
    made = Article(f"{SITE}/a", title, published=at, body="\n".join(f"<p>{line}</p>" for line in lines))
    return replace(made, **values)  # type: ignore[arg-type]


FIRST = article("The ferry returns", "After eleven weeks in dry dock the old ferry is back.", "The queue was longer than the boat.")
SECOND = ("The boat that replaced it goes to the islands again.", "Nobody had waited for it with much patience.")


@pytest.mark.parametrize(
    "title",
    [
        "The ferry returns",
        "The ferry returns (2)",
        "The ferry returns – Page 2",
        "The ferry returns 第2页",
        "The ferry returns, part 2 of 3",
        "",
        "The ferry returns | Example News",
        "THE FERRY RETURNS_2",
    ],
)
def test_new_text_under_the_same_title_continues(title: str) -> None:
    assert continues([FIRST], article(title, *SECOND))


def test_pictures_alone_continue_when_they_are_new() -> None:
    gallery = article("The ferry returns", images=(Image("https://www.example.com/2.jpg"),))
    assert continues([FIRST], gallery)
    assert not continues([replace(FIRST, images=gallery.images)], gallery)


@pytest.mark.parametrize(
    "last",
    [
        article("The ferry returns", *("After eleven weeks in dry dock the old ferry is back.", "The queue was longer than the boat.")),
        article("Bread treaty signed", *SECOND),
        article("The ferry returns", "After eleven weeks in dry dock the old ferry is back.", "Short new line here."),
        article("The ferry returns"),
    ],
)
def test_repeated_text_or_another_title_does_not(last: Article) -> None:
    assert not continues([FIRST], last)


def test_a_page_of_another_day_does_not() -> None:
    def dated(day: int, *lines: str) -> Article:
        return article("Weather", *lines, at=Moment(datetime(2026, 3, day, tzinfo=UTC)), provenance={"published": "jsonld"})

    assert not continues([dated(1, "Rain in the north, says the harbour office.")], dated(9, *SECOND))
    assert continues([dated(1, "Rain in the north, says the harbour office.")], dated(1, *SECOND))


def test_what_the_recipe_asks_for_must_only_bring_something_new() -> None:
    assert continues([FIRST], article("Another title", *SECOND), asked_for=True)
    assert not continues([FIRST], FIRST, asked_for=True)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["<p>a</p>"], "<p>a</p>"),
        ([], ""),
        (["", "<p>b</p>"], "<p>b</p>"),
        (["<p>a</p>", "<p>b</p>", "<p>c</p>"], "<p>a</p>|<p>b</p>|<p>c</p>"),
        (["<p>lead</p>|<p>a</p>|<p>end</p>", "<p>lead</p>|<p>b</p>|<p>end</p>"], "<p>lead</p>|<p>a</p>|<p>b</p>|<p>end</p>"),
        (["<p>a</p>|<p>x</p>", "<p>b</p>|<p>a</p>"], "<p>a</p>|<p>x</p>|<p>b</p>|<p>a</p>"),
        (["<ul>|<li>a</li>|</ul>", "<ul>|<li>a</li>|</ul>|<p>b</p>"], "<ul>|<li>a</li>|</ul>|<ul>|<li>a</li>|</ul>|<p>b</p>"),
    ],
)
def test_what_every_part_repeats_stands_once(parts: list[str], whole: str) -> None:
    assert joined([part.replace("|", "\n") for part in parts]) == whole.replace("|", "\n")
