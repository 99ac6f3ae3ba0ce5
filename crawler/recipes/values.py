"""What a recipe's single values may be: addresses, durations, language tags, selectors, patterns. A wrong one is refused at load time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from crawler.errors import PatternError
from crawler.filters import compile_pattern
from crawler.recipes.dates import parse_format
from crawler.recipes.environment import check_reference
from crawler.recipes.paths import parse_path
from crawler.recipes.selectors import parse_css, parse_item_selector, parse_json_selector, parse_selector

DURATION = re.compile(r"^([1-9][0-9]{0,5})\s*([smhdw])$")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LANGUAGE = re.compile(r"^(?:[A-Za-z]{2,3}|[A-Za-z]{5,8}|x)(?:-[A-Za-z0-9]{1,8})*$")
HEADER_NAME = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
# those that HTTP and the frontier set themselves; cookies have a key of their own
OWN_HEADERS = frozenset(
    [
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
        "cookie",
        "proxy-authorization",
    ]
)
SHARED_FILE = re.compile(r"^_[\w.-]*\.ya?ml$")
DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


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


def item_selector(value: str) -> str:
    return accepted(value, parse_item_selector)


def path_selector(value: str) -> str:
    return accepted(value, parse_json_selector)


def path_text(value: str) -> str:
    return accepted(value, parse_path) if value else value


def date_text(value: str) -> str:
    return accepted(value, parse_format) if value else value


def part_text(value: str) -> str:
    return value if value == "auto" else css_text(value)


def place_of_json(value: str) -> str:
    """Where JSON lies in a page: an element, or behind what a pattern matches."""
    if parse_selector(selector_text(value)).kind not in ("css", "regex"):
        raise ValueError(f"{value}: a CSS selector of the element that holds the JSON, or regex:, is expected here")
    return value


def pattern_text(value: str) -> str:
    return accepted(value, compile_pattern) if value else value


def absolute(value: str) -> str:
    """An http(s) address with a host, or nothing."""
    if value and not is_absolute(value):
        raise ValueError(f"an address that begins with http:// or https:// is expected, found {value!r}")
    if "@" in urlsplit(value).netloc:
        raise ValueError("an address holds no name or password; give them in headers, their values as ${NAME} from the environment")
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


def shared_file(value: str) -> str:
    if not SHARED_FILE.match(value):
        raise ValueError(f"the name of a file beside the recipe is expected that begins with _ and ends in .yaml, found {value!r}")
    return value


def day_text(value: str) -> str:
    """A day of the calendar, ISO 8601."""
    if value:
        try:
            if not DAY.match(value):
                raise ValueError
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"a day such as 2026-05-01 is expected, found {value!r}") from None
    return value


def sendable_headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if name.lower() == "cookie":
            raise ValueError("cookies have a key of their own: cookies: {name: value}")
        if not HEADER_NAME.match(name) or name.lower() in OWN_HEADERS:
            raise ValueError(f"{name!r} is no header that can be set")
        check_reference(name, text)
        if not is_sendable(text):
            raise ValueError(f"the value of {name} must be one line of printable ASCII")
    return value


def sendable_cookies(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not HEADER_NAME.match(name):
            raise ValueError(f"{name!r} is no name of a cookie")
        check_reference(name, text)
        if not is_sendable(text) or re.search(r'[\s",;\\]', text):
            raise ValueError(
                f"the value of the cookie {name} must be printable ASCII without spaces, quotes, commas, semicolons and backslashes"
            )
    return value


def is_sendable(text: str) -> bool:
    return text.isprintable() and text.isascii()


Css = Annotated[str, AfterValidator(css_text)]
"""One CSS selector, `::attr(name)` allowed."""
Elements = Annotated[str, AfterValidator(element_text)]
"""One CSS selector that finds elements."""
ElementsList = Annotated[tuple[Elements, ...], BeforeValidator(as_list, json_schema_input_type=str | list[str])]
"""Tried in order; the first that finds an element wins."""
SelectorText = Annotated[str, AfterValidator(selector_text)]
"""The grammar: `crawler.recipes.selectors`."""
ItemSelector = Annotated[str, AfterValidator(item_selector)]
LinkSelector = Css
PartSelector = Annotated[str, AfterValidator(part_text)]
PathText = Annotated[str, AfterValidator(path_selector)]
JsonPath = Annotated[str, AfterValidator(path_text)]
JsonPlaces = Annotated[
    tuple[Annotated[str, AfterValidator(place_of_json)], ...], BeforeValidator(as_list, json_schema_input_type=str | list[str])
]
DateText = Annotated[str, AfterValidator(date_text)]
Day = Annotated[str, AfterValidator(day_text)]
SharedFiles = Annotated[
    tuple[Annotated[str, AfterValidator(shared_file)], ...], BeforeValidator(as_list, json_schema_input_type=str | list[str])
]
Address = Annotated[str, AfterValidator(absolute)]
Language = Annotated[str, AfterValidator(language_tag)]
Duration = Annotated[str, AfterValidator(duration_text)]
PatternText = Annotated[str, AfterValidator(pattern_text)]
PatternTexts = Annotated[
    tuple[Annotated[str, AfterValidator(pattern_text)], ...], BeforeValidator(as_list, json_schema_input_type=str | list[str])
]
Headers = Annotated[dict[str, str], AfterValidator(sendable_headers)]
Cookies = Annotated[dict[str, str], AfterValidator(sendable_cookies)]
