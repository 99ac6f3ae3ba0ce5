"""What a recipe does with the texts that its selectors found: captured, replaced, split, completed, read as dates of one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from crawler.article import Moment, Precision
from crawler.extraction.times import believable, clock_hours, month_named, offset_named
from crawler.filters import Pattern, compile_pattern
from crawler.recipes.choices import Transforms
from crawler.recipes.dates import UNIX, parse_format
from crawler.urls import join

LONGEST = 1_000_000
"""Characters of one text."""
MOST = 200
"""Values that splitting may make of one text."""
AFTERNOON = {"下午", "오후", "午後"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What transforms have to know of the page."""

    base: str
    """What addresses are made absolute by."""
    zone: tzinfo
    now: datetime
    """When it was fetched."""
    language: str = ""


def transformed(texts: Iterable[str], choice: Transforms, page: Surroundings) -> list[str]:
    """What a choice makes of the texts that it found, in the order that `Transforms` tells. Without any they stay as they are."""
    if not choice.model_fields_set - {"select"}:
        return list(texts)
    found = [value for text in texts for value in values_of(text[:LONGEST], choice, page)]
    return [value for value in found if value.strip()]


def values_of(text: str, choice: Transforms, page: Surroundings) -> Iterator[str]:
    if choice.capture:
        taken = captured(compile_pattern(choice.capture), text)
        if taken is None:
            return
        text = taken
    for pattern, replacement in choice.replace.items():
        text = compile_pattern(pattern).sub(replacement, text)
    for value in split_at(compile_pattern(choice.split), text) if choice.split else [text]:
        value = value.strip() if choice.model_fields_set & {"capture", "replace", "split"} else value
        if not value:
            continue
        value = f"{choice.prefix}{value}{choice.suffix}"
        if choice.absolute:
            value = join(page.base, value)
        written = getattr(choice, "date", "")
        if written:
            moment = read_format(value, written, page)
            value = str(moment) if moment else ""
        yield value


def captured(pattern: Pattern, text: str) -> str | None:
    """What a pattern takes out of a text: its group `value`, else its first group, else all of it; None where it isn't found."""
    match = pattern.search(text)
    if match is None:
        return None
    if "value" in pattern.group_names:
        return match.group("value") or ""
    return (match.group(1) if pattern.group_count else match.group()) or ""


def split_at(pattern: Pattern, text: str) -> list[str]:
    parts, start = [], 0
    for match in pattern.find_all(text):
        begin, end = match.span
        if end > begin:
            parts.append(text[start:begin])
            start = end
        if len(parts) >= MOST:
            break
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def read_format(text: str, written: str, page: Surroundings) -> Moment | None:
    """The first time in a text that is written in this form; a form without year is read as the last such day before the fetch."""
    match = parse_format(written).pattern.search(text[:400])
    if match is None:
        return None
    part = match.groupdict()
    try:
        moment = since_1970(part["unix"], written, page.zone) if written in UNIX else from_parts(part, page)
    except (ValueError, OverflowError, OSError):
        return None
    return believable(moment, page.now) if moment else None


def since_1970(number: str, written: str, zone: tzinfo) -> Moment:
    return Moment((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(number) // UNIX[written])).astimezone(zone))


def from_parts(part: dict[str, str | None], page: Surroundings) -> Moment | None:
    name = part.get("B") or part.get("b")
    month = month_named(name.lower(), page.language) if name else int(part.get("m") or 0)
    if not month:  # a word that names none
        return None
    zone = offset(part) or page.zone
    year = year_of(part)
    hour = part.get("H") or part.get("I")
    precision: Precision = "day" if hour is None else "second" if part.get("S") else "minute"
    hours = clock_hours(int(hour), *half_of(part.get("p") or "")) if hour else 0
    day, minute, second = int(part.get("d") or 1), int(part.get("M") or 0), min(int(part.get("S") or 0), 59)

    def dated(year: int) -> datetime | None:
        try:
            return datetime(year, month, day, hours % 24, minute, second, tzinfo=zone) + timedelta(days=hours // 24)
        except ValueError:  # no 29 February in that year
            return None

    if year:
        at = dated(year)
    else:
        latest = page.now.astimezone(zone) + timedelta(days=1)
        at = next((found for back in range(9) if (found := dated(latest.year - back)) and found <= latest), None)
    return Moment(at, precision) if at else None


def year_of(part: dict[str, str | None]) -> int:
    if part.get("Y"):
        return int(part["Y"] or 0)
    short = part.get("y")
    return (2000 if int(short) < 70 else 1900) + int(short) if short else 0


def half_of(text: str) -> tuple[str, str]:
    lowered = text.lower().replace(".", "")
    return (lowered, "") if lowered in ("am", "pm") else ("", "下午" if text in AFTERNOON else text)


def offset(part: dict[str, str | None]) -> tzinfo | None:
    written = part.get("z") or part.get("Z")
    if not written:
        return None
    found = offset_named(written)
    return timezone(found.utcoffset(None) or timedelta()) if found is not None and found is not UTC else found
