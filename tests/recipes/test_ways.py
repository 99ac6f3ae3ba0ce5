"""From which addresses a section is read."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.recipes import Section, first_addresses

SITE = "https://www.example.com/"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"list": SITE}, [("list", SITE)]),
        ({"list": {"url": SITE, "next": "a.next", "pages": 9}}, [("list", SITE)]),
        ({"list": {"url": SITE + "list_{page}.html", "pages": 2}}, [("list", SITE + "list_1.html"), ("list", SITE + "list_2.html")]),
        ({"list": {"url": SITE + "{page}/{page}"}}, [("list", SITE + "1/1")]),
        (
            {"sitemap": SITE + "s.xml", "feed": SITE + "f.xml", "list": SITE},
            [("list", SITE), ("feed", SITE + "f.xml"), ("sitemap", SITE + "s.xml")],
        ),
    ],
)
def test_first_addresses(values: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert first_addresses(Section.model_validate({"id": "a", **values})) == expected
