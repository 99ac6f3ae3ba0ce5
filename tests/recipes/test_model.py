"""What a recipe may say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from crawler.recipes import HtmlList, Recipe, Section, SinglePage
from crawler.recipes.model import id_of_host
from crawler.recipes.values import duration

SITE = "https://www.example.com/"


def recipe(**values: Any) -> Recipe:
    return Recipe.model_validate({"url": SITE, **values})


def section(**values: Any) -> Section:
    return Section.model_validate({"id": "news", **values})


def refused(make: Any, **values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        make(**values)
    return "; ".join(f"{'.'.join(map(str, each['loc']))} {each['msg']}" for each in caught.value.errors())


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://www.example.com/", "example-com"),
        ("http://news.example.co.uk/world/", "news-example-co-uk"),
        ("http://localhost:8080/", "localhost-8080"),
        ("http://127.0.0.1/", "127-0-0-1"),
        ("https://www.新华网.中国/", "xn-xkrr14bows-xn-fiqs8s"),
        ("https://WWW.Example.COM", "example-com"),
        ("https://" + "a" * 63 + ".example.com/", "a" * 63),
    ],
)
def test_address_alone_is_a_recipe_whose_id_is_the_host(url: str, made: str) -> None:
    assert Recipe(url=url).id == made == id_of_host(url)


@pytest.mark.parametrize("name", ["all", "status", "index", "feeds", "assets"])
def test_reserved_ids_are_refused(name: str) -> None:
    assert "reserved" in refused(recipe, id=name)


@pytest.mark.parametrize("name", ["Foo", "a b", "-a", "a--b", "a/b", "ä", "a" * 65, "a\n"])
def test_odd_ids_are_refused(name: str) -> None:
    assert refused(recipe, id=name).startswith("id ")


@pytest.mark.parametrize(
    "url", ["www.example.com", "ftp://example.com/", "https://", "https://exa mple.com/", "http://[::1", "http://a:x/", ""]
)
def test_address_must_be_absolute(url: str) -> None:
    assert refused(recipe, url=url).startswith("url ")


@pytest.mark.parametrize(("key", "value"), [("every", "15"), ("every", "0m"), ("every", "1.5h"), ("every", "soon"), ("language", "zh_CN")])
def test_odd_values_are_refused(key: str, value: str) -> None:
    assert refused(recipe, **{key: value}).startswith(f"{key} ")


def test_underscore_in_a_language_is_hinted_at() -> None:
    assert "write zh-CN" in refused(recipe, language="zh_CN")


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-cmn-Hans", "sr-Latn-RS", "es-419", "x-klingon"])
def test_language_tags(language: str) -> None:
    assert recipe(language=language).language == language


@pytest.mark.parametrize(
    ("text", "length"),
    [("30s", timedelta(seconds=30)), ("15m", timedelta(minutes=15)), ("24h", timedelta(1)), ("7d", timedelta(7)), ("2w", timedelta(14))],
)
def test_durations(text: str, length: timedelta) -> None:
    assert duration(text) == length


def test_no_duration_is_an_error() -> None:
    with pytest.raises(ValueError, match="15m"):
        duration("")


def test_unknown_zone_names_the_nearest() -> None:
    assert "did you mean 'Asia/Shanghai'?" in refused(recipe, zone="Asia/Shanghia")


def test_section_needs_a_way_in() -> None:
    assert "list, feed, sitemap or json" in refused(section)


def test_section_may_have_several_ways_in() -> None:
    both = section(list=SITE, feed=SITE + "feed.xml", sitemap=SITE + "sitemap.xml")
    assert both.ways == ("list", "feed", "sitemap")


def test_address_may_stand_for_a_list() -> None:
    assert section(list=SITE).list == HtmlList(url=SITE)


def test_two_sections_of_one_id_are_refused() -> None:
    both = [{"id": "a", "feed": SITE}, {"id": "a", "list": SITE}]
    assert "two sections have the id 'a'" in refused(recipe, sections=both)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"pages": 3}, "pages: 3 needs {page} in url, or next"),
        ({"next": "a.next"}, "next needs pages"),
        ({"url": SITE + "{page}", "next": "a", "pages": 2}, "either {page} in url or next"),
        ({"url": SITE + "{p}"}, "only {page} may stand in braces"),
        ({"title": "h2"}, "within item"),
        ({"link": "h2["}, "a [ is not closed"),
        ({"link": ""}, "link"),
        ({"item": "xpath://li"}, "a CSS selector is expected"),
        ({"pages": 0}, "greater than or equal to 1"),
    ],
)
def test_lists_that_make_no_sense_are_refused(values: dict[str, Any], said: str) -> None:
    assert said in refused(HtmlList.model_validate, obj={"url": SITE, **values})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"url": "("}, "article.0.url"),
        ({"title": ["h1", "h2["]}, "article.0.title.1.select"),
        ({"title": [""]}, "at least 1 character"),
        ({"title": ["auto", "h1"]}, "auto ends a list"),
        ({"next_page": ["auto", "a.next"]}, "auto ends a list"),
        ({"next_page": "xpath://a"}, "a CSS selector is expected"),
        ({"follow": "auto::attr()"}, "only ::attr(name)"),
        ({"remove": ["xpath://p"]}, "a CSS selector is expected"),
        ({"single_page": {"replace": "(", "with": "x"}}, "missing )"),
        ({"single_page": {"replace": "x", "with": r"\1"}}, "names group 1"),
        ({"single_page": {"replace": "x"}}, "go together"),
        ({"single_page": {"with": "x"}}, "either a selector of the link, or replace: and with:"),
        ({"single_page": {"select": "a", "replace": "x", "with": "y"}}, "either a selector of the link"),
        ({"title": {"select": "h1", "capture": "("}}, "missing )"),
        ({"title": {"select": "h1", "replace": {"x": r"\1"}}}, "names group 1"),
        ({"title": {"select": "h1", "date": "%Y"}}, "article.0.title.0.date"),
        ({"published": {"select": "p", "date": "%Y-%Q"}}, "%Q is unknown"),
        ({"published": {"select": "p", "date": "%H:%M"}}, "day and month are expected"),
        ({"published": {"select": "p", "date": "%d.%d.%m"}}, "%d stands in it twice"),
        ({"until": "2026-05-01"}, "the last block has no until"),
        ([{"title": "h1"}, {"title": "h2"}], "all but the last one need until"),
        ([{"until": "2026-05-01"}, {"until": "2026-04-01"}, {}], "the oldest first"),
        ([{"until": "tomorrow"}, {}], "a day such as 2026-05-01"),
        ([{"until": "2026-02-30"}, {}], "a day such as 2026-05-01"),
        ([], "at least 1 item"),
        ({"titel": "h1"}, "article.0.titel"),
    ],
)
def test_article_rules_are_checked(values: Any, said: str) -> None:
    assert said in refused(recipe, article=values)


def test_one_selector_needs_no_list() -> None:
    assert [choice.select for choice in recipe(article={"title": "h1"}).article.title] == ["h1"]
    assert recipe(article={"title": {"select": "h1"}}) == recipe(article={"title": ["h1"]})


def test_single_page_is_written_with() -> None:
    assert SinglePage.model_validate({"replace": r"\.html$", "with": "_all.html"}).with_ == "_all.html"


@pytest.mark.parametrize("headers", [{"Bad Name": "x"}, {"Host": "x"}, {"X": "a\nb"}, {"X": "é"}, {"If-None-Match": "x"}])
def test_headers_that_cannot_be_set_are_refused(headers: dict[str, str]) -> None:
    assert refused(recipe, headers=headers).startswith("headers")


def test_fingerprint_is_of_what_is_said_and_stays() -> None:
    said = recipe(name="観")
    assert said.fingerprint() == recipe(name="観").fingerprint()
    assert len(said.fingerprint()) == 64
    assert said.fingerprint() != recipe(name="x").fingerprint()
    assert said.fingerprint() != recipe(name="観", article={"remove": [".ad"]}).fingerprint()


def test_python_module_changes_the_fingerprint_only() -> None:
    read = recipe().read_by(b"class A: ...")
    assert read.fingerprint() == recipe().read_by(b"class A: ...").fingerprint()
    assert len({read.fingerprint(), recipe().fingerprint(), recipe().read_by(b"other").fingerprint()}) == 3
    assert read.model_dump() == recipe().model_dump()


def test_defaults_of_a_name_are_the_ids() -> None:
    assert recipe(id="x").title == "x"
    assert section(list=SITE).title == "news"
    assert recipe(sections=[{"id": "a", "feed": SITE}]).section("b") is None
