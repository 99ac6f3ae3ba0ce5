from __future__ import annotations

import pytest

from crawler.discovery.pattern import infer_pattern
from crawler.filters import compile_pattern
from crawler.urls import path_and_query

HOST = "https://www.example.com"
SECTIONS = {f"{HOST}/{name}/": "" for name in ("world", "sport", "culture", "about", "world/europe")}


def slugs(template: str, many: int = 8) -> list[str]:
    words = ("harbour-opens-again-in-spring", "night-ferry-stays-another-year", "fog-signal-falls-silent", "crane-nest-found-on-the-tower")
    return [
        HOST + template.format(section=("world", "sport")[at % 2], slug=f"{words[at % 4]}-{at}", n=10312844 + 13 * at, d=at % 9 + 1)
        for at in range(many)
    ]


@pytest.mark.parametrize(
    ("template", "pattern", "known_by"),
    [
        ("/{section}/{slug}-1.{n}", r"^/[^/]+/[^/?]*[^/?a-z0-9]1\.(?P<id>\d+)(?:[?]|$)", "the number in its address"),
        ("/news/2018-10-0{d}/{slug}/{n}", r"^/news/\d{4}-\d{2}-\d{2}/[^/]+/(?P<id>\d+)(?:[?]|$)", "the number in its address"),
        ("/{section}/2018_10_0{d}_{n}.shtml", r"^/[^/]+/(?P<id>\d{4}_\d{2}_\d{2}_\d+)[.]shtml(?:[?]|$)", "the id in its address"),
        ("/article.cfm?c_id=1&objectid={n}", r"^/article[.]cfm[?](?:[^#]*&)?objectid=(?P<id>\d+)", "objectid= in its address"),
        ("/2018/10/0{d}/{section}/{slug}.html", r"^/\d{4}/\d{1,2}/\d{1,2}/[^/]+/[^/?]+[.]html(?:[?]|$)", "its address"),
    ],
)
def test_form_of_a_sites_addresses_is_found(template: str, pattern: str, known_by: str) -> None:
    found = infer_pattern(slugs(template), SECTIONS)
    assert (found.text, found.known_by) == (pattern, known_by)
    assert (found.right, found.articles, found.wrong) == (8, 8, 0)


@pytest.mark.parametrize(
    "template",
    [
        "/{section}/{slug}",
        "/{slug}/",
        "/{section}/{n}-{slug}.html",
        "/entry/{slug}_us_5bde4f84e4b09d43e31f{n}",
        "/a/{n}_100",
        "/posts/{n}/",
        "/p/{n}",
        "/?p={n}",
    ],
)
def test_pattern_takes_tomorrows_articles_and_no_sections(template: str) -> None:
    every = slugs(template, 24)
    found = infer_pattern(every[:12], SECTIONS)
    compiled = compile_pattern(found.text)
    assert all(compiled.search(path_and_query(url)) for url in every[12:]), found.text
    assert not any(compiled.search(path_and_query(url)) for url in SECTIONS), found.text


def test_an_author_with_a_number_is_told_from_an_article() -> None:
    authors = {f"{HOST}/news/jane-doe-{at}/{8496704 + at}": "" for at in range(6)}
    found = infer_pattern(slugs("/news/2018-10-0{d}/{slug}/{n}", 20), SECTIONS | authors)
    assert found.wrong == 0
    assert found.recall == 1


def test_several_forms_stand_beside_each_other_and_the_main_ones_key_is_named() -> None:
    found = infer_pattern([*slugs("/20/070{d}/01/FGLHEVF8{n}.html", 12), *slugs("/dy/article/{slug}", 6)], SECTIONS)
    assert found.right == found.articles == 18
    assert found.text.count("(?P<id>") == 1
    assert found.names_id


def test_a_key_that_articles_share_is_none() -> None:
    found = infer_pattern(slugs("/news/20181008/{slug}"), SECTIONS)
    assert not found.names_id
    assert found.known_by == "its address"


def test_no_key_is_named_where_nobody_looks() -> None:
    found = infer_pattern(slugs("/{section}/{slug}-1.{n}"), SECTIONS, name_id=False)
    assert not found.names_id
    assert found.right == 8


def test_galleries_with_articles_addresses_do_not_narrow_the_form() -> None:
    galleries = {f"{HOST}/photo-galleries/harbour-in-pictures-{at}-1.{10999000 + at}": "gallery" for at in range(2)}
    found = infer_pattern(slugs("/{section}/{slug}-1.{n}", 20), SECTIONS | galleries)
    assert found.right == 20
    assert found.wrong == 2


def test_other_views_of_an_article_end_the_form_before_the_query() -> None:
    articles = slugs("/{section}/2018/10/{slug}/")
    found = infer_pattern(articles, SECTIONS | {f"{url}?comments=1": "" for url in articles})
    assert found.wrong == 0
    assert found.text.endswith("$")


def test_addresses_that_sections_have_too_give_no_pattern() -> None:
    found = infer_pattern(
        [f"{HOST}/{name}" for name in ("harbour", "ferry", "fog")],
        {f"{HOST}/{name}": "" for name in ("world", "sport", "about", "culture")},
    )
    assert found.text == ""
