from __future__ import annotations

from datetime import date

import pytest

from crawler.discovery.shapes import shape_of


@pytest.mark.parametrize(
    ("url", "kinds"),
    [
        ("https://www.example.com/2018/10/27/us/politics/harbour-opens-again.html", ["year", "month", "day", "word", "word", "slug"]),
        ("https://example.com/news/2018-10-29/harbour-opens-again-today/10312844", ["word", "date", "slug", "number"]),
        ("https://example.com/world/harbour-opens-again-1.4178066", ["word", "slug"]),
        ("https://example.com/internation/2020_07_18_558127.shtml", ["word", "id"]),
        ("https://example.com/20/0704/01/FGLHEVF80001899O.html", ["number", "date", "number", "id"]),
        ("https://example.com/us-news/2018/nov/08/harbour", ["pair", "year", "month", "day", "word"]),
        ("https://example.com/gn/2018/11-08/8671234.shtml", ["word", "year", "day", "number"]),
        ("https://example.com/article/9k49vz/under-the-harbour", ["word", "id", "slug"]),
        ("https://example.com/a/7hbYkPXyZrI", ["word", "id"]),
        ("https://example.com/news/%E4%B8%AD%E5%9B%BD%E6%96%B0%E9%97%BB%E6%A0%87%E9%A2%98/", ["word", "slug"]),
        ("https://example.com/section2/index.html", ["word"]),
    ],
)
def test_steps_are_told_by_kind(url: str, kinds: list[str]) -> None:
    assert [step.kind for step in shape_of(url).steps] == kinds


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.com/2018/10/27/x", date(2018, 10, 27)),
        ("https://example.com/2018/nov/08/x", date(2018, 11, 8)),
        ("https://example.com/i/2020_07_18_558127.shtml", date(2020, 7, 18)),
        ("https://example.com/n1/2018/1108/c1001-30389000.html", date(2018, 11, 8)),
        ("https://example.com/20200704/20200704A04HVX00.html", date(2020, 7, 4)),
        ("https://example.com/2018/11/x-y", None),
        ("https://example.com/2018-11/slug-a", None),
        ("https://example.com/news/harbour-opens-20181301", None),
    ],
)
def test_day_is_read_out_of_the_path(url: str, day: date | None) -> None:
    assert shape_of(url).day == day


@pytest.mark.parametrize(
    ("url", "has_id"),
    [
        ("https://example.com/news/46142214", True),
        ("https://example.com/article.cfm?c_id=1&objectid=12049668", True),
        ("https://example.com/entry/harbour-opens_us_5bde4f84e4b09d43e31f83e3", True),
        ("https://example.com/elections/vote-2018/", False),  # a year is no id
        ("https://example.com/world?page=12345", False),
        ("https://example.com/about", False),
    ],
)
def test_what_names_one_thing_is_an_id(url: str, has_id: bool) -> None:
    assert shape_of(url).has_id is has_id


@pytest.mark.parametrize(
    ("url", "further"),
    [
        ("https://example.com/news/page/2/", True),
        ("https://example.com/news?page=3", True),
        ("https://example.com/p/5161234", False),  # an article's number is no page's
        ("https://example.com/page/about", False),
    ],
)
def test_further_pages_are_told(url: str, further: bool) -> None:
    assert shape_of(url).is_further_page is further


def test_articles_of_one_site_share_their_family_whatever_their_slugs_are() -> None:
    one = shape_of("https://example.com/world/harbour-opens-again-today-1.4178066?utm_source=x")
    other = shape_of("https://www.example.com/canada/night-ferry-stays-another-year-1.4178999")
    section = shape_of("https://example.com/world")
    assert one.family == other.family
    assert one.family != section.family
