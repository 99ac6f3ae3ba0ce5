"""The recipes that come with Broadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.filters import compile_pattern
from crawler.recipes import Recipe, find_sources, first_addresses

NOWHERE = Path("/nonexistent")


def shipped(name: str) -> Recipe:
    return find_sources(NOWHERE).shipped[name].recipe


@pytest.mark.parametrize("name", sorted(find_sources(NOWHERE).shipped))
def test_each_names_itself_and_has_sections(name: str) -> None:
    recipe = shipped(name)
    assert recipe.id == name
    assert recipe.name
    assert recipe.sections


def test_demo_has_two_sections_and_three_ways_in() -> None:
    recipe = shipped("demo")
    assert [section.id for section in recipe.sections] == ["city", "world"]
    assert {way for section in recipe.sections for way, _ in first_addresses(section)} == {"list", "feed", "sitemap"}
    assert recipe.delay == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/WangWen/2019_09_07_516891.shtml", "2019_09_07_516891"),
        ("/WangWen/2019_09_07_516891_s.shtml", "2019_09_07_516891"),
        ("/WangWen/2019_09_07_516891_2.shtml", "2019_09_07_516891"),
        ("/politics/2020_07_18_558136.shtml?s=sywglbt", "2020_07_18_558136"),
        ("/GuoJi%C2%B7ZhanLue/2020_07_18_558136.shtml", "2020_07_18_558136"),
        ("/GuanChaZheTouTiao/list_1.shtml", None),
        ("/main/content?id=349779", None),
    ],
)
def test_guancha_knows_an_article_by_the_number_in_its_address(address: str, key: str | None) -> None:
    match = compile_pattern(shipped("guancha").article.url).search(address)
    assert (match.group("id") if match else None) == key


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("/a/2019_09_07_516891.shtml", "/a/2019_09_07_516891_s.shtml"),
        ("/a/2019_09_07_516891.shtml?s=zwyzzwzbt", "/a/2019_09_07_516891_s.shtml"),
        ("/a/2019_09_07_516891_s.shtml", "/a/2019_09_07_516891_s.shtml"),
    ],
)
def test_guancha_asks_for_the_form_with_all_parts(address: str, whole: str) -> None:
    rule = shipped("guancha").article.single_page
    assert rule is not None
    assert compile_pattern(rule.replace).sub(rule.with_, address) == whole
