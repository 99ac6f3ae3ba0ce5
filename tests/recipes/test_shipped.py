"""The recipes that come with Broadsheet."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shared import SHARED, needs_shared

from crawler.extraction import extract
from crawler.filters import compile_pattern
from crawler.page import Page
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


@needs_shared
@pytest.mark.parametrize(
    ("name", "title", "published", "updated", "authors", "tags", "image"),
    [
        (
            "WangWen-2019-09-07-516891",
            "王文：中美贸易“持久战”，中国人的斗志被激发",
            "2019-09-07T09:25:09+08:00",
            "2019-09-07T09:27:48+08:00",
            ("王文",),
            ("中美贸易", "中美竞争", "中美关系"),
            "https://i.guancha.cn/news/origin/2019/09/07/20190907092144799.jpg",  # its first picture, not the author's portrait
        ),
        (
            "industry-science-2019-09-07-516923",
            "我国集成电路进口突破3000亿美元！魏少军：产业结构扭曲，没将产品作为中心",
            "2019-09-07T15:10:53+08:00",
            "2019-09-07T15:14:21+08:00",
            (),
            (),
            "https://i.guancha.cn/news/2019/09/07/20190907151303786.jpg",
        ),
        (
            "politics-2019-09-09-517162",
            "苹果回应“违反中国劳动法”：大多数指控错误",
            "2019-09-09T19:32:27+08:00",
            "None",
            (),
            ("苹果", "劳动维权", "中国"),
            "https://i.guancha.cn/news/2019/09/09/20190909193058951.jpg",
        ),
    ],
)
def test_guancha_reads_its_saved_articles(
    name: str, title: str, published: str, updated: str, authors: tuple[str, ...], tags: tuple[str, ...], image: str
) -> None:
    assert SHARED is not None
    (path,) = (SHARED / "replay" / "sites" / "www.guancha.cn").glob(f"{name}*")
    url = "https://www.guancha.cn/" + re.sub(r"-(\d{4})-(\d\d)-(\d\d)-(\d+)$", r"/\1_\2_\3_\4.shtml", name)
    page = Page(gzip.decompress(path.read_bytes()), url, fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    article = extract([page], shipped("guancha"))
    assert (article.title, str(article.published), str(article.updated)) == (title, published, updated)
    assert (article.authors, article.tags) == (authors, tags)
    assert article.image is not None
    assert article.image.url == image
    assert "字号" not in article.body
    assert "href=" not in article.body
