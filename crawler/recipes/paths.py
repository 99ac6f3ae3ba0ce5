"""Paths into JSON, as recipes write them: `data.items`, `authors[].name`, `image[0].url`, `["odd.key"]`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from crawler.errors import PatternError

Step = str | int | None
"""A key, a place in a list, or each element of it."""
STEP = re.compile(
    r"""(?P<key>[^\s.\[\]"']+)|\[(?P<place>-?\d{1,6})\]|(?P<each>\[\])|\["(?P<double>(?:[^"\\]|\\.)+)"\]|\['(?P<single>(?:[^'\\]|\\.)+)'\]"""
)
WHOLE = "."
MOST = 50_000
"""Values that a path may lead to."""


@lru_cache(1024)
def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path; `.` is the whole. Raises PatternError."""
    text = text.strip()
    if text == WHOLE:
        return ()
    steps: list[Step] = []
    at = 0
    while at < len(text):
        dotted = text[at] == "."
        match = STEP.match(text, at + dotted)
        if match is None or (dotted and match["key"] is None) or (at and not dotted and match["key"] is not None):
            break  # a dot stands before a key, and before no bracket
        steps.append(step_of(match))
        at = match.end()
    if not steps or at < len(text):
        raise PatternError(text, "a path is expected, as headline, author.name, image[0].url or items[].title")
    return tuple(steps)


def step_of(match: re.Match[str]) -> Step:
    if match["place"] is not None:
        return int(match["place"])
    if match["each"] is not None:
        return None
    return match["key"] or re.sub(r"\\(.)", r"\1", match["double"] or match["single"])


def values_at(value: Any, steps: tuple[Step, ...]) -> list[Any]:
    """All that a path leads to, without nulls. A key behind a list is looked up in each of its elements."""
    found = [value]
    for step in steps:
        found = [one for each in found for one in below(each, step)][:MOST]
    return [one for one in found if one is not None]


def below(value: Any, step: Step) -> list[Any]:
    if step is None:
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if isinstance(step, int):
        return [value[step]] if isinstance(value, list) and -len(value) <= step < len(value) else []
    if isinstance(value, dict):
        return [value[step]] if step in value else []
    return [one[step] for one in value if isinstance(one, dict) and step in one] if isinstance(value, list) else []
