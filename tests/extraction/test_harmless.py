"""The cleaner against what attacks are made of: no parser finds anything in its output that could start a script."""

# ruff: noqa: E501 - attacks stand on one line each

from __future__ import annotations

import json

import pytest
from extraction.harm import harm_in, in_xml
from extraction.hostile_html import SCRIPTS, VECTORS, hostile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shared import SHARED, needs_shared

from crawler.extraction.clean import clean_html, text_of

BASE = "https://www.example.com/news/1.html"


@needs_shared
@pytest.mark.parametrize("name", ["ammonia", "bleach", "html5lib_sanitizer", "lxml_html_clean", "miniflux_sanitizer"])
def test_what_other_sanitisers_are_tested_with_comes_out_harmless(name: str) -> None:
    assert SHARED is not None
    inputs = json.loads((SHARED / "hostile" / f"{name}.json").read_text("utf-8"))["inputs"]
    assert len(inputs) >= 70
    for html in inputs:
        for base in (BASE, ""):
            clean = clean_html(html, base)
            assert harm_in(clean, absolute=bool(base)) == [], html
            assert in_xml(clean)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_known_attack_comes_out_harmless(vector: str) -> None:
    for html in (vector, f"<p>before {vector} after</p>", f"<ul><li>{vector}", f"<math>{vector}", f"<pre>{vector}", f"<a title='{vector}'>x</a>"):  # fmt: skip
        clean = clean_html(html, BASE)
        assert harm_in(clean) == [], html
        assert "before" not in html or ("before" in clean and clean.count("after") <= 1)


def test_the_three_parsers_see_what_is_not_cleaned() -> None:
    """Else they could not tell what is."""
    seen = [vector for vector in VECTORS if harm_in(vector)]
    assert len(VECTORS) - len(seen) <= 3  # of which nothing but letters is left
    for parser in ("lexbor", "html5lib", "libxml2"):
        assert any(problem.startswith(parser) for problem in harm_in("<img src=x onerror=alert(1)>"))
        assert any(problem.startswith(parser) for problem in harm_in('<a href="java&#9;script:alert(1)">x</a>'))


@pytest.mark.parametrize("address", SCRIPTS)
def test_an_address_that_runs_something_comes_out_harmless(address: str) -> None:
    for element in ('<a href="{}">x</a>', '<img src="{}">', '<img data-src="{}">', '<img srcset="{} 2x">', '<video poster="{}" src="{}"></video>',
                    '<audio><source src="{}"></audio>', '<iframe src="{}"></iframe>', '<object data="{}"></object>'):  # fmt: skip
        html = element.replace("{}", address.replace('"', "&quot;"))
        assert harm_in(clean_html(html, BASE)) == [], html
        assert harm_in(clean_html(html, ""), absolute=False) == [], html


@settings(max_examples=600, deadline=None)
@given(hostile)
@example("<math><mi><p><style><img title='</style><img src=x onerror=alert(1)>'>")
def test_whatever_is_put_together_comes_out_harmless(html: str) -> None:
    clean = clean_html(html, BASE)
    assert harm_in(clean) == []
    assert in_xml(clean)
    assert harm_in(clean_html(html, ""), absolute=False) == []


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_its_text_is_text(html: str) -> None:
    """What the plain text holds of brackets is letters: cleaned as HTML again it may become less, never something that runs."""
    text = text_of(clean_html(html, BASE))
    assert harm_in(clean_html(text, BASE)) == []
    assert in_xml(text)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(VECTORS),
    st.sampled_from("\x00\x01\x03\x08\x0b\x0c\x0e\x1f\x7f\x80\x9f\ufffe\uffff\ud800\u200b\ufeff"),
    st.integers(0, 80),
)
def test_a_character_that_is_dropped_later_on_the_way_joins_nothing(vector: str, character: str, place: int) -> None:
    """Rule 7 of the design: characters go first. Whoever takes them out of clean HTML must not bring anything to life."""
    clean = clean_html(vector[:place] + character + vector[place:], BASE)
    for dropped in ("\x00\x01\x03\x08\x0b\x0c\x0e\x1f\x7f", "\u200b\ufeff\u2028", "\t\r\n"):
        assert harm_in("".join(letter for letter in clean if letter not in dropped)) == []
