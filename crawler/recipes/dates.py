"""How a recipe says that a site writes its dates: `%d.%m.%Y %H:%M`, with strptime's letters, whatever the machine's locale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.errors import PatternError

UNIX = {"unix": 1, "unix_ms": 1000}
"""Words instead of a format: seconds, and thousandths of them, since 1970."""
DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>1[0-2]|0?[1-9])",
    "d": r"(?P<d>3[01]|[12]\d|0?[1-9]|\s[1-9])",
    "H": r"(?P<H>2[0-4]|[01]?\d)",
    "I": r"(?P<I>1[0-2]|0?[1-9])",
    "M": r"(?P<M>[0-5]?\d)",
    "S": r"(?P<S>[0-6]?\d)",
    "f": r"(?P<f>\d{1,9})",
    "p": r"(?P<p>[aApP]\.?[mM]\.?|上午|下午|오전|오후|午前|午後)",
    "z": r"(?P<z>Z|[+\-−]\d{2}:?\d{2})",
    "Z": r"(?P<Z>[A-Za-z]{1,5})",
    "B": r"(?P<B>[^\W\d_]{3,12})",
    "b": r"(?P<b>[^\W\d_]{2,12})\.?",
    "A": r"[^\W\d_]{2,16}",
    "a": r"[^\W\d_]{1,12}\.?",
    "%": "%",
}


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format that was checked. Made by `parse_format`."""

    text: str
    pattern: re.Pattern[str]
    """Linear: each part of it is of bounded length."""


@lru_cache(256)
def parse_format(text: str) -> DateFormat:
    """Reads a format. Raises PatternError that names what is unknown, doubled or missing in it."""
    if text in UNIX:
        return DateFormat(text, re.compile(r"\s*(?P<unix>-?\d{1,16})(?:\.\d{1,9})?\s*"))
    seen: set[str] = set()
    parts = list(pieces(text, seen))
    if not ({"d"} <= seen and seen & {"m", "B", "b"}):
        raise PatternError(text, "day and month are expected at least, as %d.%m.%Y or %d %B %Y; or unix, unix_ms for seconds since 1970")
    return DateFormat(text, re.compile("".join(parts)))


def pieces(text: str, seen: set[str]) -> Iterator[str]:
    for directive, space, other in re.findall(r"%-?(.?)|(\s+)|([^%\s]+)", text, re.DOTALL):
        if other:
            yield re.escape(other)
        elif space:
            yield r"\s+"
        elif directive not in DIRECTIVES:
            raise PatternError(text, f"%{directive} is unknown; known are {' '.join('%' + name for name in DIRECTIVES)}")
        elif directive in seen and directive != "%":
            raise PatternError(text, f"%{directive} stands in it twice")
        else:
            seen.add(directive)
            yield DIRECTIVES[directive]
