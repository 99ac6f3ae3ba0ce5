"""Pages that show nothing: the article is a string in a script."""

from __future__ import annotations

import json

import pytest
from extraction.newspage import HEAD, SENTENCES, page

from crawler.errors import ExtractionError
from crawler.extraction import extract
from crawler.extraction.clean import text_of

BODY = "".join(f"<p>{text}</p>" for text in SENTENCES)
SHELL = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body><div id="root"></div>{script}</body></html>'


def scripts() -> list[tuple[str, str]]:
    state = json.dumps({"props": {"menu": ["Home"] * 20, "article": {"id": 4711, "html": BODY, "tags": ["bridge"]}}})
    pushed = json.dumps('9:{"detail":' + json.dumps({"contentHtml": BODY}) + "}")
    lines = json.dumps({"text": "\n".join(SENTENCES)})
    return [
        ("next", f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'),
        ("assigned", f"<script>window.__STATE__ = {state.replace('<', chr(92) + 'u003c')};</script>"),
        ("pushed", f"<script>self.__next_f.push([1,{pushed}])</script>"),
        ("lines", f"<script>var data = {lines}</script>"),
    ]


@pytest.mark.parametrize(("name", "script"), scripts(), ids=[name for name, _ in scripts()])
def test_a_body_in_a_script_is_found(name: str, script: str) -> None:
    article = extract([page(SHELL.format(head=HEAD, script=script))])
    assert text_of(article.body).split("\n") == list(SENTENCES)
    assert article.provenance["body"] == "script"
    assert article.title == "Harbour bridge reopens after repairs"


def test_article_body_of_json_ld_serves_a_page_that_shows_nothing() -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": "Harbour bridge reopens", "articleBody": " ".join(SENTENCES * 2)})
    article = extract([page(SHELL.format(head=f'<script type="application/ld+json">{told}</script>', script=""))])
    assert SENTENCES[0] in text_of(article.body)


@pytest.mark.parametrize(
    "script",
    [
        "<script>var code = " + json.dumps("function start() { var a = 1; return a; }\n" * 40) + "</script>",
        "<script>var style = " + json.dumps("@media (max-width: 1px) { a { color: red !important; } }\n" * 40) + "</script>",
        "<script>var keys = " + json.dumps("<p>" + "x" * 900) + "</script>",
    ],
)
def test_code_is_no_article(script: str) -> None:
    with pytest.raises(ExtractionError):
        extract([page(SHELL.format(head="", script=script))])


def test_what_a_page_shows_comes_before_its_scripts() -> None:
    other = json.dumps({"html": "<p>Another story. It is long. It goes on.</p>" * 40})
    shown = "".join(f"<p>{text}</p>" for text in SENTENCES)
    article = extract([page(SHELL.format(head=HEAD, script=f"<article><h1>Bridge</h1>{shown}</article><script>x = {other}</script>"))])
    assert "Another story" not in article.body
