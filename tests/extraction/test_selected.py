"""What a recipe's selectors take from an article's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.article import Article
from crawler.extraction import extract
from crawler.page import Hints, Page
from crawler.recipes import Recipe

AT = datetime(2026, 4, 1, tzinfo=UTC)
STORY = "".join(
    f"<p>Paragraph {number}: the harbour office said that the quay would be open to everyone by spring.</p>" for number in range(5)
)
HTML = f"""<!doctype html><html lang="fr"><head><title>T</title><meta name="author" content="Meta Author">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "LD", "author": [{{"name": "A One"}}, {{"name": "B Two"}}],
"articleBody": "<p>From JSON-LD</p>", "n": 7}}</script>
<script type="application/json">{{"article": {{"title": "Embedded",
"body": "<p>From JSON</p><aside>ad</aside>", "at": 1774947600}}}}</script>
</head><body><h1>Heading</h1><div class="text">{STORY}<div class="ad">Buy <b>now</b></div></div><div class="empty"></div></body></html>"""


def read(rules: dict[str, Any], html: str = HTML, hints: Hints | None = None, **values: Any) -> Article:
    recipe = Recipe.model_validate({"url": "https://www.example.com/", "article": rules, **values})
    page = Page(
        html.encode(), "https://www.example.com/news/2026/03/30/7", fetched_at=AT, headers={"content-type": "text/html; charset=utf-8"}
    )
    return extract([replace(page, hints=hints) if hints else page], recipe)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("h1", "Heading"),
        (["h2", "xpath://h1"], "Heading"),
        ("jsonld:headline", "LD"),
        ("jsonld:n", "7"),
        ("json:article.title", "Embedded"),
        (["json:article.none", "const:Constant"], "Constant"),
        ("regex:<h1>(?P<value>H)eading", "H"),
        ({"select": "url", "capture": r"/(\d+)$"}, "7"),
        ([{"select": "h1", "capture": "^Nothing"}, "meta:author"], "Meta Author"),
    ],
)
def test_title(title: Any, found: str) -> None:
    article = read({"title": title})
    assert article.title == found
    last = title[-1] if isinstance(title, list) else title
    assert article.provenance["title"] == (last["select"] if isinstance(last, dict) else last)


def test_a_key_behind_a_list_is_looked_up_in_each_element() -> None:
    assert read({"authors": "jsonld:author.name"}).authors == ("A One", "B Two")
    assert read({"authors": "jsonld:author[1].name"}).authors == ("B Two",)


def test_times_in_numbers() -> None:
    assert (
        str(read({"published": {"select": "json:article.at", "date": "unix"}}, zone="Asia/Shanghai").published)
        == "2026-03-31T17:00:00+08:00"
    )


def test_language_by_selector_goes_before_the_recipes() -> None:
    assert read({"language": ["meta:none", "html::attr(lang)"]}, language="en").language == "fr"
    assert read({"language": "meta:none"}, language="en").language == "en"


def test_the_recipes_tags_follow_the_articles() -> None:
    assert read({"tags": "const:sea"}, tags=["north", "sea"]).tags == ("sea", "north")


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ("json:article.body", "<p>From JSON</p>"),
        ("jsonld:articleBody", "<p>From JSON-LD</p>"),
        (["xpath://div[@class='none']", "xpath://h1"], "<h1>Heading</h1>"),
        (["xpath://h1", "div.text"], "<h1>Heading</h1>"),
        (["div.empty", "json:article.body"], "<p>From JSON</p>"),
        ({"select": "div.text", "replace": {"Paragraph": "Part"}}, "<p>Part 0:"),
        (["div.none", "auto"], "<p>Paragraph 0:"),
    ],
)
def test_body_is_the_first_that_holds_of_any_kind(body: Any, begins: str) -> None:
    assert read({"body": body}).body.startswith(begins)


@pytest.mark.parametrize("body", ["div.text", "xpath://div[@class='text']", "auto", {"select": "div.text", "replace": {"x": "x"}}])
def test_what_is_removed_is_gone_however_the_body_was_found(body: Any) -> None:
    assert "Buy" in read({"body": "div.text"}).body
    found = read({"body": body, "remove": [".ad", "p:first-child"]}).body
    assert "Buy" not in found
    assert "Paragraph 0" not in found
    assert "Paragraph 4" in found


def test_what_is_removed_is_gone_from_json_and_a_feeds_text_too() -> None:
    assert "ad" not in read({"body": "json:article.body", "remove": "aside"}).body
    hinted = Hints(body=STORY * 3 + "<aside>Buy</aside>")
    assert "Buy" in read({"title": "h1"}, "<h1>x</h1>", hinted).body
    assert "Buy" not in read({"remove": "aside"}, "<h1>x</h1>", hinted).body


def test_an_xpath_takes_no_text_behind_its_element() -> None:
    assert "behind" not in read({"body": "xpath://i"}, "<h1>x</h1><div><i>Inside</i> behind</div>").body


@pytest.mark.parametrize(
    "script",
    [
        'window.__D__ = {"a": {"t": "X"}};',
        'window["__D__"]={"a": {"t": "X"}}, go();',
        "var d = {\"a\": {\"t\": \"X\"}}; var e = 1;",
        'self.D = JSON.parse("{\\"a\\": {\\"t\\": \\"X\\"}}");',
        'let broken = {a: 1}; const d = {"a": {"t": "X"}}',
    ],
)  # fmt: skip
def test_json_that_scripts_assign(script: str) -> None:
    assert read({"title": "json:a.t"}, f"<h1>h</h1>{STORY}<script>{script}</script>").title == "X"


def test_a_page_that_is_json() -> None:
    article = read({"title": "json:t", "body": "json:b"}, '{"t": "Title", "b": "<p>Text of the article.</p>"}')
    assert (article.title, article.body) == ("Title", "<p>Text of the article.</p>")


def test_dated_blocks_by_the_day_in_the_sources_zone() -> None:
    blocks = [{"until": "2026-04-01", "title": "const:before"}, {"title": "const:after"}]
    recipe = Recipe.model_validate({"url": "https://www.example.com/", "zone": "Asia/Shanghai", "article": blocks})
    for at, title in ((datetime(2026, 3, 31, 15, 59, tzinfo=UTC), "before"), (datetime(2026, 3, 31, 16, tzinfo=UTC), "after")):
        assert extract([Page(HTML.encode(), "https://www.example.com/7", fetched_at=at)], recipe).title == title
