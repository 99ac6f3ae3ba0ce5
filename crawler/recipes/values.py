"""What a recipe's single values may be: addresses, durations, language tags, selectors, patterns. A wrong one is refused at load time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from crawler.errors import PatternError
from crawler.filters import compile_pattern
from crawler.recipes.selectors import parse_css, parse_selector

DURATION = re.compile(r"^([1-9][0-9]{0,5})\s*([smhdw])$")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LANGUAGE = re.compile(r"^(?:[A-Za-z]{2,3}|[A-Za-z]{5,8}|x)(?:-[A-Za-z0-9]{1,8})*$")
HEADER_NAME = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
# those that HTTP and the frontier set themselves
OWN_HEADERS = frozenset(
    {
        "host",
        "content-length",
        "connection",
        "transfer-encoding",
        "upgrade",
        "te",
        "trailer",
        "expect",
        "range",
        "if-none-match",
        "if-modified-since",
    }
)


def as_list(value: Any) -> Any:
    """One selector may be written without its list."""
    return [value] if isinstance(value, str) else value


def accepted(value: str, check: Callable[[str], object]) -> str:
    """The value, once `check` has read it. Raises ValueError, as pydantic expects, where it can't."""
    try:
        check(value)
    except PatternError as error:
        raise ValueError(str(error)) from None
    return value


def selector_text(value: str) -> str:
    return accepted(value, parse_selector)


def css_text(value: str) -> str:
    return accepted(value, parse_css) if value else value


def element_text(value: str) -> str:
    if value and parse_css(css_text(value)).attribute:
        raise ValueError(f"{value}: elements are expected here, not an attribute of them")
    return value


def pattern_text(value: str) -> str:
    return accepted(value, compile_pattern) if value else value


def absolute(value: str) -> str:
    """An http(s) address with a host, or nothing."""
    if value and not is_absolute(value):
        raise ValueError(f"an address that begins with http:// or https:// is expected, found {value!r}")
    return value


def is_absolute(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not re.search(r"[\x00-\x20\x7f]", value)
    except ValueError:
        return False


def language_tag(value: str) -> str:
    if value and not LANGUAGE.match(value):
        hint = f"; write {value.replace('_', '-')}" if "_" in value else ""
        raise ValueError(f"a language tag (BCP 47) such as en or zh-CN is expected, found {value!r}{hint}")
    return value


def duration_text(value: str) -> str:
    if value and not DURATION.match(value):
        raise ValueError(f"a time such as 15m, 24h or 7d is expected (s, m, h, d, w), found {value!r}")
    return value


def duration(value: str) -> timedelta:
    """The length of `15m`, `24h`, `7d`. Raises ValueError for any other text."""
    match = DURATION.match(duration_text(value))
    if not match:
        raise ValueError("a time such as 15m, 24h or 7d is expected")
    return timedelta(**{UNITS[match.group(2)]: int(match.group(1))})


def sendable_headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not HEADER_NAME.match(name) or name.lower() in OWN_HEADERS:
            raise ValueError(f"{name!r} is no header that can be set")
        if not text.isprintable() or not text.isascii():
            raise ValueError(f"the value of {name} must be one line of printable ASCII")
    return value


Css = Annotated[str, AfterValidator(css_text)]
"""One CSS selector, `::attr(name)` allowed."""
Elements = Annotated[str, AfterValidator(element_text)]
"""One CSS selector that finds elements."""
Selectors = Annotated[list[Annotated[str, AfterValidator(selector_text)]], BeforeValidator(as_list, json_schema_input_type=str | list[str])]
"""Tried in order; the first that holds wins. The grammar: `crawler.recipes.selectors`."""
Address = Annotated[str, AfterValidator(absolute)]
Language = Annotated[str, AfterValidator(language_tag)]
Duration = Annotated[str, AfterValidator(duration_text)]
PatternText = Annotated[str, AfterValidator(pattern_text)]
Headers = Annotated[dict[str, str], AfterValidator(sendable_headers)]
