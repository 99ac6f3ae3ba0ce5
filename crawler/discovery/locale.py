"""A site's time zone: from its country, held against the offsets that its articles' times have."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# country-code domains that are sold to everyone say nothing of a country
EVERYONES = frozenset(
    [
        "io",
        "ai",
        "tv",
        "co",
        "me",
        "vip",
        "cc",
        "eu",
        "asia",
        "la",
        "fm",
        "am",
        "im",
        "ly",
        "to",
        "ws",
        "nu",
        "st",
        "sh",
        "gg",
        "so",
        "app",
        "dev",
    ]
)
# where a country has several zones, that of its capital or its press
MAIN = {
    "US": "America/New_York", "CA": "America/Toronto", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "RU": "Europe/Moscow", "MX": "America/Mexico_City", "CN": "Asia/Shanghai",
    "ID": "Asia/Jakarta", "CL": "America/Santiago", "AR": "America/Argentina/Buenos_Aires", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "NZ": "Pacific/Auckland", "KZ": "Asia/Almaty", "UA": "Europe/Kyiv",
    "DE": "Europe/Berlin", "MY": "Asia/Kuala_Lumpur", "EC": "America/Guayaquil", "GB": "Europe/London",
}  # fmt: skip
SEVERAL = frozenset(["US", "CA", "AU", "BR", "RU", "MX", "ID"])  # whose papers live in several zones
COUNTRIES = {"uk": "GB"}
OF_LANGUAGE = {
    "de": "DE", "ja": "JP", "ko": "KR", "it": "IT", "pl": "PL", "tr": "TR", "nl": "NL", "sv": "SE", "da": "DK", "nb": "NO", "no": "NO", "fi": "FI", "el": "GR", "cs": "CZ", "sk": "SK", "hu": "HU",
    "ro": "RO", "bg": "BG", "uk": "UA", "he": "IL", "th": "TH", "vi": "VN", "id": "ID", "zh-CN": "CN", "zh-Hans": "CN", "zh-TW": "TW", "zh-HK": "HK", "zh": "CN", "is": "IS", "hr": "HR", "sl": "SI",
    "et": "EE", "lv": "LV", "lt": "LT", "fa": "IR", "hi": "IN",
}  # fmt: skip
# for sites whose country nothing tells: the zones of most news, tried in this order
COMMON = ("America/New_York", "Europe/London", "Europe/Berlin", "Asia/Shanghai", "America/Los_Angeles", "America/Chicago", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Europe/Moscow", "America/Sao_Paulo")  # fmt: skip


def zone_of(host: str, language: str, region: str, times: Sequence[datetime]) -> tuple[str, str]:
    """The site's IANA zone and how it was found, in words for a person; "" and "" where nothing tells it.

    `times`: of articles, with the pages' own offsets. A time in UTC tells nothing: many sites write all their times so.
    """
    told = [at for at in times if at.utcoffset()]
    country, why = country_of(host, language, region)
    zones = zones_of(country)
    if told:
        fitting = next((zone for zone in [*zones, *COMMON] if fits(zone, told)), "")
        if fitting:
            return fitting, f"{why}, and its articles' times" if fitting in zones else f"its articles' times have {offset_text(told[-1])}"
        return "", ""
    if zones:
        return zones[0], f"{why}; it has several zones, and no time tells which" if country in SEVERAL else why
    return "", ""


def country_of(host: str, language: str, region: str) -> tuple[str, str]:
    """The country (ISO 3166) and what says it."""
    label = host.partition(":")[0].rpartition(".")[2].lower()
    if len(label) == 2 and label.isalpha() and label not in EVERYONES:
        return COUNTRIES.get(label, label.upper()), f"its domain ends in .{label}"
    if region:
        return region, f"its language is {language}"
    for tag in (language, language.partition("-")[0]):
        if tag in OF_LANGUAGE:
            return OF_LANGUAGE[tag], f"its language is {language}"
    return "", ""


def fits(zone: str, times: Sequence[datetime]) -> bool:
    """Whether all these times have the zone's offset."""
    return all(at.astimezone(ZoneInfo(zone)).utcoffset() == at.utcoffset() for at in times)


def zones_of(country: str) -> list[str]:
    """A country's zones, the main one first."""
    found = zone_table().get(country, [])
    main = MAIN.get(country, "")
    return [main, *(zone for zone in found if zone != main)] if main else found


@cache
def zone_table() -> dict[str, list[str]]:
    """Countries and their zones, as the time zone database has them (zone.tab)."""
    found: dict[str, list[str]] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found


def offset_text(at: datetime) -> str:
    """`+08:00`"""
    offset = at.utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
