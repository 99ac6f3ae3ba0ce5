"""The values of a header that was read: each checked, so that a slip of a person's hand is told by its key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, get_args

from crawler.article import DateFrom, Precision
from crawler.documents.text import FORBIDDEN

Read = Mapping[str, Any]


def text(header: Read, key: str, default: str = "") -> str:
    value = header.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f"{key}: one string is expected")
    return value


def strings(header: Read, key: str) -> tuple[str, ...]:
    value = header.get(key) or ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key}: a list of strings is expected")
    return tuple(value)


def mapping(header: Read, key: str) -> dict[str, str]:
    value = header.get(key) or {}
    if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in (*value, *value.values())):
        raise ValueError(f"{key}: one `name: value` a line is expected")
    return dict(value)


def instant(header: Read, key: str) -> datetime:
    value = text(header, key)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{key}: an ISO time like 2022-03-22T08:37:35Z is expected, not {value!r}") from None
    if at.tzinfo is None:
        raise ValueError(f"{key}: the offset or Z is missing in {value!r}")
    return at


def precision(header: Read) -> Precision:
    value = text(header, "date_precision", "second")
    if value not in get_args(Precision):
        raise ValueError(f"date_precision: {', '.join(get_args(Precision))} is expected, not {value!r}")
    return value  # type: ignore[return-value]


def date_from(header: Read) -> DateFrom:
    value = text(header, "date_from", "page")
    if value not in get_args(DateFrom):
        raise ValueError(f"date_from: {', '.join(get_args(DateFrom))} is expected, not {value!r}")
    return value  # type: ignore[return-value]


def true_text(header: Read, key: str, true_key: str, shown: Callable[[str], str]) -> str:
    """What a string is in truth where the consumer is shown another one; an edit of what is shown wins."""
    value, kept = text(header, key), text(header, true_key)
    return kept if kept and (key not in header or shown(kept) == value) else value


def true_strings(header: Read, key: str, true_key: str, shown: Callable[[Iterable[str]], tuple[str, ...]]) -> tuple[str, ...]:
    values, kept = strings(header, key), strings(header, true_key)
    return kept if kept and (key not in header or shown(kept) == values) else values


def write_json(values: Mapping[str, Any], *, sort_keys: bool = True) -> str:
    """One line of JSON; what YAML or UTF-8 can't hold is escaped as JSON does it."""
    line = json.dumps(values, ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"))
    return re.sub(f"{FORBIDDEN.pattern}|[\x85\u2028\u2029]", lambda match: f"\\u{ord(match.group()):04x}", line)


def read_json(header: Read, key: str) -> dict[str, Any]:
    value = json.loads(text(header, key) or "{}")
    if not isinstance(value, dict):
        raise ValueError(f"{key}: a JSON object is expected")
    return value
