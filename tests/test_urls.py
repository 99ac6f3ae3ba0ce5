from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import address_key, canonical, host_of, join, same_site, site_of, tidy


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("http://a.example/x/y.html", "../z.html", "http://a.example/z.html"),
        ("http://a.example/x/", " \n/q?a=1#top ", "http://a.example/q?a=1"),
        ("http://a.example/", "//b.example/i.png", "http://b.example/i.png"),
        ("http://a.example/", "java\nscript:alert(1)", ""),
        ("http://a.example/", "mailto:x@y.example", ""),
        ("http://a.example/", "data:text/html,x", ""),
        ("http://a.example/", "http://[::1", ""),
        ("http://a.example/p", "?page=2", "http://a.example/p?page=2"),
        ("http://a.example/p", "", "http://a.example/p"),
    ],
)
def test_join_resolves_as_a_browser_does(base: str, href: str, expected: str) -> None:
    assert join(base, href) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80/a/./b/../c", "http://example.com/a/c"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("https://user:secret@example.com/", "https://example.com/"),
        ("http://münchen.example/ö x", "http://xn--mnchen-3ya.example/%C3%B6%20x"),
        ("https://www.guancha.cn/GuoJi·ZhanLue/list_1.shtml", "https://www.guancha.cn/GuoJi%C2%B7ZhanLue/list_1.shtml"),
        ("https://e.example/%7euser/%e4%b8%ad", "https://e.example/~user/%E4%B8%AD"),
        ("https://e.example/100%", "https://e.example/100%25"),
        ("https://e.example/a/..", "https://e.example/"),
        ("ftp://e.example/", ""),
        ("no address", ""),
    ],
)
def test_tidy_gives_one_spelling(url: str, expected: str) -> None:
    assert tidy(url) == expected


def test_canonical_drops_tracking_and_keeps_the_rest_in_order() -> None:
    assert canonical("https://e.example/a?utm_source=x&id=7&fbclid=1&b=#c") == "https://e.example/a?id=7&b="
    assert canonical("https://e.example/a?utm_source=x") == "https://e.example/a"


def test_address_key_has_no_scheme() -> None:
    assert address_key("https://e.example/a?utm_medium=rss") == address_key("http://E.example/a#x") == "e.example/a"


def test_sites_are_registrable_domains() -> None:
    assert same_site("https://www.bbc.co.uk/", "http://news.bbc.co.uk/x")
    assert not same_site("https://a.github.io/", "https://b.github.io/")
    assert not same_site("nothing", "nothing")
    assert site_of("http://127.0.0.1:80/") == "127.0.0.1"
    assert host_of("http://E.example:8080/x") == "e.example:8080"


@given(st.text())
def test_tidy_is_stable_and_never_fails(text: str) -> None:
    for url in (text, "http://e.example/" + text):
        once = tidy(url)
        assert tidy(once) == once
        assert once.isascii()
