"""How the demo newspaper fills the templates of its pages."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).with_name("templates")


def fill(name: str, /, **values: str) -> str:
    """The template `templates/<name>.html` with its `$names` filled in.

    Values are text and are escaped, save those whose name ends in `_html`. A line that has names and nothing to put in them falls out, so a
    template says by itself what is optional.
    """
    escaped = {key: value if key.endswith("_html") else html.escape(value) for key, value in values.items()}
    lines = []
    for line, names in template_lines(name):
        if not names or any(values[key] for key in names):
            lines.append(line.substitute(escaped))
    return "\n".join(lines) + "\n"


@cache
def template_lines(name: str) -> tuple[tuple[Template, tuple[str, ...]], ...]:
    text = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    lines = [Template(line) for line in text.splitlines()]
    return tuple((line, tuple(line.get_identifiers())) for line in lines)
