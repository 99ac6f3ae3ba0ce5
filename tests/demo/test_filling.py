"""Templates of the demo newspaper: values are escaped, lines without a value fall out."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demo import filling
from crawler.demo.filling import fill


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(filling, "TEMPLATES", tmp_path)
    filling.template_lines.cache_clear()
    return tmp_path / "try.html"


@pytest.mark.parametrize(
    ("written", "values", "filled"),
    [
        ("<b>$name</b>", {"name": "“Fish & Chips” <'s>"}, "<b>“Fish &amp; Chips” &lt;&#x27;s&gt;</b>\n"),
        ("$body_html", {"body_html": "<p>$name</p>"}, "<p>$name</p>\n"),
        ("<i>\n<b>$name</b>\n</i>", {"name": ""}, "<i>\n</i>\n"),
        ("<a href='$to'>$name</a>", {"to": "/x", "name": ""}, "<a href='/x'></a>\n"),
        ("costs $$6", {}, "costs $6\n"),
        ("${name}_岚湾邮报", {"name": "题"}, "题_岚湾邮报\n"),
    ],
)
def test_line_is_filled_escaped_or_dropped(template: Path, written: str, values: dict[str, str], filled: str) -> None:
    template.write_text(written, encoding="utf-8")
    assert fill("try", **values) == filled


def test_value_that_nobody_gave_is_an_error(template: Path) -> None:
    template.write_text("$name", encoding="utf-8")
    with pytest.raises(KeyError, match="name"):
        fill("try")
