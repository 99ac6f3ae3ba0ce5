from __future__ import annotations

import time

import pytest
from feeds.entries import CHANNEL, entry
from selectolax.lexbor import LexborHTMLParser

from crawler.feeds.bearable import DEEPEST, FEW, bearable
from crawler.feeds.build import build
from crawler.feeds.item import FeedEntry, prepare

FIVE_MB = 5_000_000


@pytest.mark.parametrize(
    ("piece", "around"),
    [
        ("<p>word word</p>", "{}"),
        ("<div>", "{}x"),
        ("<b>", "{}x"),
        ("<table><tr><td>", "{}x"),
        ("</div>", "<p>x{}"),
        ("a", '<p title="{}">x</p>'),
        (' a="1"', "<p{}>x</p>"),
        ("字", "<p>{}</p>"),
        ('"', "<p>{}</p>"),
        ("&lt;", "<p>{}</p>"),
        ("<", "{}"),
        ("<!--", "{}"),
    ],
)
def test_five_megabytes_of_anything_take_a_moment_and_cost_no_other_article(piece: str, around: str) -> None:
    pieces = "".join(f"{piece}{n % 7}" if piece == ' a="1"' else piece for n in range(FIVE_MB // len(piece)))
    began = time.process_time()
    built = build(CHANNEL, [prepare(FeedEntry(entry(1, body=around.format(pieces)))), prepare(FeedEntry(entry(2)))])
    assert time.process_time() - began < 20  # nested elements had not ended after ten minutes before
    assert built.problems == ()
    assert len(built.items) == 2
    assert all(len(content) < 512 * 1024 for content in built.documents.values())


def test_what_stands_too_deep_keeps_its_text_and_its_end_ends_nothing_else() -> None:
    deep = DEEPEST + 100
    padding = "<p>x</p>" * FEW
    tree = LexborHTMLParser(bearable(f"<section>{'<div>' * deep}inside{'</div>' * deep}<i>after</i></section>{padding}"))
    assert len(tree.css("div")) == DEEPEST - 1
    assert tree.css_first("section > i").text() == "after"
    assert "inside" in tree.css_first("section").text()


def test_siblings_however_many_are_left_alone() -> None:
    html = "<ul>" + "<li>one<br><img src='a'>" * 5_000 + "</ul>" + "<p>two" * 5_000
    assert bearable(html) == html


def test_a_short_text_is_left_alone_whatever_it_holds() -> None:
    html = "<div><b>" * 900 + "a < b, <3 </x y='>'>"
    assert bearable(html) == html
