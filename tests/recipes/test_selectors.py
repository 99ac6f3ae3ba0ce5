"""The grammar of selectors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import PatternError
from crawler.recipes.selectors import Selector, parse_css, parse_selector


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("li.left-main > h3", Selector("css", "li.left-main > h3")),
        ("  h1  ", Selector("css", "h1")),
        ("a.pic::attr(data-src)", Selector("css", "a.pic", "data-src")),
        ("time::attr( DateTime )", Selector("css", "time", "datetime")),
        ("li:is(.a, .b) > a", Selector("css", "li:is(.a, .b) > a")),
        ('a[href="]"]', Selector("css", 'a[href="]"]')),
        ("article:first-child h2", Selector("css", "article:first-child h2")),
        ("xpath://h1/text()", Selector("xpath", "//h1/text()")),
        ("xpath: count(//p)", Selector("xpath", "count(//p)")),
        ("meta:og:title", Selector("meta", "og:title")),
        ("jsonld:headline", Selector("jsonld", "headline")),
        ("jsonld:image[0].url", Selector("jsonld", "image[0].url")),
        (r"regex:bdPic\s*:\s*'([^']+)'", Selector("regex", r"bdPic\s*:\s*'([^']+)'")),
        ("url", Selector("url")),
        ("auto", Selector("auto")),
    ],
)
def test_forms(text: str, selector: Selector) -> None:
    assert parse_selector(text) == selector


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("li..a", "is no CSS selector"),
        ("h4[", "a [ is not closed"),
        ("a:has(b", "a ( is not closed"),
        ("a)", "a ) has no ("),
        ("a[href='x]", "a ' is not closed"),
        ("h1::text", "an element gives its text without it"),
        ("a::attr(href) b", "only ::attr(name)"),
        ("a::attr()", "only ::attr(name)"),
        ("a:nosuchthing", "is no CSS selector"),
        ("xpath://h1[", "is no XPath"),
        ("xpath:nosuch(//h1)", "is no XPath"),
        ("xpath://x:h1", "is no XPath"),
        ("xpath:re:test('a', 'b')", "is no XPath"),
        ("xpath:", "something is expected behind xpath:"),
        ("meta:", "something is expected behind meta:"),
        ("jsonld:a b", "a path is expected"),
        ("regex:(", "missing )"),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_selector(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["xpath://a", "auto", "url", "meta:x", "regex:x"])
def test_only_css_where_css_is_wanted(text: str) -> None:
    with pytest.raises(PatternError, match="CSS"):
        parse_css(text)


def read(text: str) -> Selector | PatternError:
    try:
        return parse_selector(text)
    except PatternError as error:
        return error


@given(st.text())
def test_any_text_is_a_selector_or_an_error_that_says_something(text: str) -> None:
    found = read(text)
    assert found.problem if isinstance(found, PatternError) else found.value or found.kind in ("url", "auto")
