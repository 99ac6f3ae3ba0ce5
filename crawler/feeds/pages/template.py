"""A piece of a page with places for what is put in, which is escaped unless it is markup already. Pure."""

from __future__ import annotations

from string import Formatter
from typing import Any

from markupsafe import Markup, escape

NOTHING = Markup("")


class Template:
    """Markup with fields as `str.format` has them: `{}`, `{name}`, `{0.attribute}`, `{{` for a brace.

    It is taken apart once: `Markup.format` does it each time anew, which takes three times as long, and a page has hundreds of pieces.
    """

    def __init__(self, text: str) -> None:
        self.pieces: list[tuple[str, str | int | None, str]] = []
        """What stands before a field, its name or number (None: there is none), an attribute of what is put in."""
        unnamed = 0
        for before, field, _, _ in Formatter().parse(text):
            name, _, attribute = (field or "").partition(".")
            key: str | int | None = int(name) if name.isdigit() else name
            if field == "":
                key, unnamed = unnamed, unnamed + 1
            self.pieces.append((before, None if field is None else key, attribute))

    def format(self, *values: Any, **named: Any) -> Markup:
        """The piece, filled. Raises KeyError or IndexError where a value is missing."""
        parts = []
        for before, key, attribute in self.pieces:
            parts.append(before)
            if key is not None:
                value = values[key] if isinstance(key, int) else named[key]
                parts.append(escape(getattr(value, attribute) if attribute else value))
        return Markup("".join(parts))
