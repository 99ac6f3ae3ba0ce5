from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from crawler.identity import guid_of, hash8, key_of, title_key, without_idle_query
from crawler.recipes import Recipe

GUANCHA = Recipe.model_validate(
    {"id": "guancha", "url": "https://www.guancha.cn/", "article": {"url": r"/(?P<id>\d{4}_\d{2}_\d{2}_\d+)(?:_s|_\d+)?\.shtml"}}
)
BY_QUERY = Recipe.model_validate({"id": "forum", "url": "https://f.example/", "article": {"url": r"^/content\?id=(?P<id>\d+)"}})
PLAIN = Recipe.model_validate({"id": "plain", "url": "https://p.example/"})


@pytest.mark.parametrize(
    "url",
    [
        "https://www.guancha.cn/politics/2019_09_09_517162.shtml",
        "http://www.guancha.cn/politics/2019_09_09_517162_s.shtml",
        "https://www.guancha.cn/politics/2019_09_09_517162_2.shtml?s=dh",
        "https://m.guancha.cn/politics/2019_09_09_517162.shtml#comment",
    ],
)
def test_every_form_of_an_article_has_the_key_that_the_recipe_names(url: str) -> None:
    assert key_of(url, GUANCHA) == "2019_09_09_517162"


def test_without_a_named_id_the_key_is_the_address_without_scheme_and_tracking() -> None:
    assert key_of("https://p.example/a?utm_source=x&page=2#c", PLAIN) == "p.example/a?page=2"


def test_a_guid_is_the_uuid_that_formats_tells() -> None:
    assert guid_of("guancha", "x") == f"urn:uuid:{uuid5(NAMESPACE_URL, 'broadsheet:guancha:x')}"
    assert UUID(guid_of("a", "b").removeprefix("urn:uuid:")).version == 5
    assert guid_of("a", "b") != guid_of("b", "b")


def test_hash8_stands_in_file_names() -> None:
    assert len(hash8("urn:uuid:x")) == 8
    assert int(hash8("urn:uuid:x"), 16) >= 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("“Fish & Chips”", "Fish  &amp Chips", False),
        ("Ferry returns!", "FERRY RETURNS", True),
        ("ＡＢＣ：新闻", "ABC 新闻", True),
        ("a" * 200, "A" * 200, True),
        ("a" * 200, "a" * 201, False),
    ],
)
def test_title_key(one: str, other: str, same: bool) -> None:
    assert (title_key(one) == title_key(other)) is same


def test_an_idle_query_is_dropped_only_where_the_path_names_the_article() -> None:
    plain = "https://www.guancha.cn/politics/2019_09_09_517162.shtml"
    assert without_idle_query(plain + "?s=sywglbt", GUANCHA) == plain
    assert without_idle_query("https://f.example/content?id=7", BY_QUERY) == "https://f.example/content?id=7"
    assert without_idle_query("https://p.example/a?id=7", PLAIN) == "https://p.example/a?id=7"
