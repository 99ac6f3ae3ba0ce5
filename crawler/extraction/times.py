"""A date as a page writes it becomes a Moment: ISO 8601 and RFC 822 first, then the ways people write, in thirty languages; dateparser last."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from functools import lru_cache

from crawler.article import Moment, Precision

EARLIEST = 1990
MARGIN = timedelta(hours=26)
"""How far behind the fetch a page's clock may lie: a wall clock whose zone is unknown may be 14 hours ahead, and servers go wrong."""

CLOCK = r"(?P<H>[01]?\d|2[0-4])\s?[:.h：]\s?(?P<M>[0-5]\d)(?:\s?[:：]\s?(?P<S>[0-5]\d)(?:[.,]\d{1,9})?)?\s?(?P<half>[aApP]\.?[mM]\.?)?"
ZONE = r"\s*\(?(?P<zone>Z\b|(?:UTC|GMT)?\s?[+\-−]\d{1,2}:?(?:[0-5]\d)?(?!\d)|[A-Z]{2,5}\b)?"
ISO = re.compile(
    r"(?P<Y>(?:19|20)\d\d)-(?P<m>1[0-2]|0?[1-9])-(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"(?:[T\s]{1,3}(?P<H>[01]?\d|2[0-4]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d)(?:[.,]\d{1,9})?)?\s?(?P<half>[aApP]\.?[mM]\.?)?" + ZONE + ")?"
)
COMPACT = re.compile(
    r"(?P<Y>(?:19|20)\d\d)(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12]\d|0[1-9])(?:T?(?P<H>[01]\d|2[0-3])(?P<M>[0-5]\d)(?P<S>[0-5]\d)?(?P<zone>Z|[+-]\d{4})?)?(?!\d)"
)
HAN = re.compile(
    r"(?P<Y>(?:19|20)\d\d)\s?[年년]\s?(?P<m>1[0-2]|0?[1-9])\s?[月월]\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号號일]?"
    r"(?:[\s,，(（]{0,3}(?:星期|周|週)?[一二三四五六日天]?[)）]?\s{0,4}(?P<part>上午|下午|晚上|凌晨|早上|中午|午後|午前|오전|오후)?\s?(?P<H>[01]?\d|2[0-4])\s?[:：时時시點点]\s?(?P<M>[0-5]\d)(?:\s?[:：分]\s?(?P<S>[0-5]\d))?)?"
)
YEAR_FIRST = re.compile(
    r"(?P<Y>(?:19|20)\d\d)\s?[./]\s?(?P<m>1[0-2]|0?[1-9])\s?[./]\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)(?:[\s,|–-]{1,4}(?:at\s)?"
    + CLOCK
    + ZONE
    + ")?"
)
NUMERIC = re.compile(
    r"(?<![\d./-])(?P<a>3[01]|[12]\d|0?[1-9])\s?(?P<sep>[./|-])\s?(?P<b>3[01]|[12]\d|0?[1-9])\s?(?P=sep)\s?(?P<Y>(?:19|20)\d\d|\d\d)(?![\d./])"
    r"(?:[\s,|–-]{0,4}(?:um|at|alle|ore|kl\.?|à|o|godz\.?|в|ώρα|,)?\s{0,2}" + CLOCK + ZONE + ")?"
)
WORD = r"[^\W\d_]{3,12}"
DAY_MONTH = re.compile(
    r"(?<!\d)(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|º|ª)?\.?[\s\-]{0,3}(?:de\s|of\s|d['’])?(?P<month>"
    + WORD
    + r")\.?,?[\s\-]{0,3}(?:de[l]?\s)?(?P<Y>(?:19|20)\d\d)"
    r"(?:\s?(?:г\.?|r\.)?[\s,|–-]{0,4}(?:um|at|alle|ore|kl\.?|à|a las|o|godz\.?|в|klo|às|,|·|@)?\s{0,2}" + CLOCK + ZONE + ")?"
)
MONTH_DAY = re.compile(
    r"(?P<month>" + WORD + r")\.?\s{0,2}(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:,|\s)\s{0,3}(?P<Y>(?:19|20)\d\d)"
    r"(?:[\s,|–-]{0,4}(?:at|@|,|·)?\s{0,2}" + CLOCK + ZONE + ")?"
)
MONTHS = {
    1: "jan janv ene gen янв led sty stycz ιαν ocak tammi sij ian jän jaen січ sau gjen ene enero gennaio januar januari styczeń",
    2: "feb fév fev фев úno lut φεβ şub helmi velj лют vas febr februar",
    3: "mar mär mrz maerz märz мар бер bře mart maal ožu kov maart marz mars mrt mär μαρ март марта březen března",
    4: "apr avr abr апр dub kwi απρ nis huhti tra квіт bal aprile kwiecień",
    5: "may mai maj mag май мая kvě μαι μάι mayı touko svi трав geg mei maggio",
    6: "jun juin giu июн čer cze ιουν haz kesä lip черв bir juni giugno",
    7: "jul juil lug июл čec lip ιουλ tem heinä srp лип lie juli luglio",
    8: "aug aoû aou ago авг srp sie αυγ ağu elo kol серп rug agosto août",
    9: "sep set сен zář wrz σεπ eyl syys ruj верес rugs sept settembre",
    10: "oct okt oct out ott окт říj paź οκτ eki loka lis жовт spa oktober ottobre",
    11: "nov ноя lis νοε kas marras stu лист lap nov",
    12: "dec déc dic dez dec дек pro gru δεκ ara joulu gru des dez груд",
}
BY_LANGUAGE = {
    "pl": {"lip": 7, "lis": 11},
    "cs": {"čer": 6, "lis": 11, "srp": 8},
    "hr": {"lip": 6, "srp": 7, "lis": 10},
    "tr": {"mar": 3, "kas": 11},
    "uk": {"лис": 11},
}
STEMS: dict[str, int] = {}
for _number, _names in MONTHS.items():
    for _name in _names.split():
        STEMS.setdefault(_name, _number)
OFFSETS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "ET": -5, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "PT": -8, "JST": 9, "KST": 9, "IST": 5.5, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3,
}  # fmt: skip
MONTH_FIRST = frozenset({"en"})
AFTERNOON = frozenset({"下午", "晚上", "午後", "오후"})


def read_time(text: str, zone: tzinfo, now: datetime, *, language: str = "", month_first: bool = False) -> Moment | None:
    """The first date in a text, with the offset that stands beside it, else in `zone`.

    Nothing later than `now` (but for what a wrong zone makes of it, which is cut back to `now`), nothing before 1990.
    """
    text = text[:200]
    for reader in (iso, rfc822, written):
        moment = reader(text, zone, language, month_first)
        if moment is not None:
            return believable(moment, now)
    return None


def believable(moment: Moment, now: datetime) -> Moment | None:
    if moment.at.year < EARLIEST or moment.at > now + MARGIN:
        return None
    if moment.at > now and moment.precision != "day":
        return Moment(now.astimezone(moment.at.tzinfo).replace(microsecond=0), moment.precision)
    return moment


def iso(text: str, zone: tzinfo, language: str, month_first: bool) -> Moment | None:
    match = ISO.search(text)
    if match is None and text.strip()[:8].isdigit():
        match = COMPACT.match(text.strip())
    return made(match, zone) if match else None


def rfc822(text: str, zone: tzinfo, language: str, month_first: bool) -> Moment | None:
    if ":" not in text or "," not in text[:5]:
        return None
    fields = parsedate_tz(text.strip())
    if fields is None or fields[0] < EARLIEST:
        return None
    try:
        offset = fields[9]
        return Moment(datetime(*fields[:6], tzinfo=zone if offset is None else timezone(timedelta(seconds=offset))), "second")
    except (ValueError, OverflowError):
        return None


def written(text: str, zone: tzinfo, language: str, month_first: bool) -> Moment | None:
    """A date as people write it, the leftmost of the ways."""
    best: tuple[int, Moment] | None = None
    for pattern in (HAN, YEAR_FIRST, NUMERIC, DAY_MONTH, MONTH_DAY):
        for match in pattern.finditer(text):
            moment = made(match, zone, language, month_first)
            if moment is not None:
                if best is None or match.start() < best[0]:
                    best = match.start(), moment
                break
    return best[1] if best else None


def made(match: re.Match[str], zone: tzinfo, language: str = "", month_first: bool = False) -> Moment | None:
    """The Moment of a match; None where it is no day of the calendar."""
    part = match.groupdict()
    year = int(part["Y"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    if part.get("month"):
        month = month_named(part["month"].lower(), language)
        day = int(part["d"])
    elif part.get("a"):
        first, second = int(part["a"]), int(part["b"])
        month, day = (first, second) if (month_first and part["sep"] != "." and first <= 12) or second > 12 else (second, first)
    else:
        month, day = int(part["m"]), int(part["d"])
    if not month:
        return None
    hour = part.get("H")
    try:
        if hour is None:
            return Moment(datetime(year, month, day, tzinfo=zone), "day")
        hours = clock_hours(int(hour), (part.get("half") or "").lower().replace(".", ""), part.get("part") or "")
        precision: Precision = "second" if part.get("S") else "minute"
        at = datetime(
            year, month, day, hours % 24, int(part["M"]), int(part.get("S") or 0), tzinfo=offset_named(part.get("zone") or "") or zone
        )
        return Moment(at + timedelta(days=hours // 24), precision)
    except (ValueError, OverflowError):
        return None


def clock_hours(hours: int, half: str, part: str) -> int:
    if half == "pm" or part in AFTERNOON:
        return hours + 12 if hours < 12 else hours
    return 0 if half == "am" and hours == 12 else hours


def offset_named(name: str) -> tzinfo | None:
    """The zone of `+08:00`, `GMT+8`, `CEST`; None where it is none."""
    name = name.strip().replace("−", "-")
    if not name:
        return None
    if name in OFFSETS:
        return UTC if not OFFSETS[name] else timezone(timedelta(hours=OFFSETS[name]))
    match = re.fullmatch(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d\d)?", name)
    if match is None:
        return None
    minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
    return timezone((-1 if match.group(1) == "-" else 1) * timedelta(minutes=minutes)) if minutes < 15 * 60 else None


@lru_cache(4096)
def month_named(word: str, language: str) -> int:
    """The number of a month by its name or the name's stem, in any of the languages; 0 where it is none."""
    special = BY_LANGUAGE.get(language[:2], {})
    for size in (len(word), 5, 4, 3):
        stem = word[:size]
        if stem in special:
            return special[stem]
        if stem in STEMS:
            return STEMS[stem]
    return 0
