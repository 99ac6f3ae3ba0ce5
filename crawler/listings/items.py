"""What a feed's item says of its article becomes hints: plain text, times with their own offset, the full text as the feed has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from crawler.article import Moment
from crawler.bounds import bounded
from crawler.extraction.language import tidy_tag
from crawler.extraction.times import believable, read_time
from crawler.listings.text import FORBIDDEN, plain, text_of
from crawler.page import Hints, Page
from crawler.recipes.model import Recipe, Section
from crawler.urls import join
from crawler.zones import zone_named

LONGEST_TITLE = 1_000
LONGEST_SUMMARY = 2_000
LONGEST_BODY = 1_000_000
"""Characters; a longer one is no article's, and the page is asked anyhow."""
LONGEST_RAW = 20 * LONGEST_SUMMARY
"""… of a summary with its HTML: what is behind is not read."""
ZONED = re.compile(r"(?:[+-]\d{1,2}:?\d{2}|\bZ|\b[A-Z]{2,4}T|\bUTC|\bUT)\s*\)?\s*$")
MAIL = re.compile(r"\s*(?:[(<]\s*)?[\w.+-]+@[\w.-]+\.\w+\s*(?:[)>]\s*)?")
PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#!])", re.IGNORECASE)


def hints_of(entry: Any, base: str, recipe: Recipe, section: Section, page: Page, feed_language: str) -> Hints:
    """The hints of one of feedparser's entries."""
    zone = zone_named(recipe.zone)
    spoken = section.language or recipe.language
    published = first_moment(entry, ("published", "created"), zone, page.fetched_at, spoken)
    updated = first_moment(entry, ("updated",), zone, page.fetched_at, spoken)
    body, summary = body_and_summary(entry)
    return Hints(
        title=title_of(entry),
        # RSS has no time of change, so dc:date and the like stand for publication where nothing else does
        published=published or updated,
        updated=updated if published and updated and updated.at > published.at else None,
        authors=tuple(dict.fromkeys(authors_of(entry))),
        summary=plain(summary)[:LONGEST_SUMMARY],
        body=body,
        image=picture_of(entry, base),
        tags=tuple(dict.fromkeys(tags_of(entry))),
        language=language_of(entry, body, feed_language),
    )


def title_of(entry: Any) -> str:
    """The headline. feedparser tells plain text from HTML: by Atom's type, and by looking at it where RSS leaves that open."""
    detail = entry.get("title_detail") or {}
    title = entry.get("title") or ""
    return (text_of(title) if detail.get("type") == "text/plain" else plain(title[:LONGEST_RAW]))[:LONGEST_TITLE]


def first_moment(entry: Any, names: tuple[str, ...], zone: tzinfo, now: datetime, language: str) -> Moment | None:
    """The first of these times that can be read: as it is written first, for feedparser's own reading loses the offset."""
    for name in names:
        written = entry.get(name) if name != "updated" or dict.__contains__(entry, "updated") else None
        if not isinstance(written, str) or not written.strip():
            continue
        moment = (
            read_time(written, zone, now, language=language)
            or parsed_moment(entry, name, written, zone, now)
            or guessed(written, zone, now, language)
        )
        if moment is not None:
            return moment
    return None


def parsed_moment(entry: Any, name: str, written: str, zone: tzinfo, now: datetime) -> Moment | None:
    """What feedparser made of a time: it knows forms of its own (asctime, Greek, Korean …), and takes one without zone for UTC."""
    parsed = entry.get(f"{name}_parsed")
    if parsed is None:
        return None
    try:
        at = datetime(*parsed[:6]).replace(tzinfo=UTC if ZONED.search(written) else zone)  # noqa: DTZ001
        return believable(Moment(at), now)
    except (ValueError, OverflowError):
        return None


def guessed(written: str, zone: tzinfo, now: datetime, language: str) -> Moment | None:
    """dateparser, last and only where the language is known: without one it tries them all, and reads nonsense as dates."""
    if not language or not any(letter.isdigit() for letter in written):
        return None
    import dateparser  # takes a quarter of a second, and hardly a feed needs it

    settings: Any = {"TIMEZONE": "UTC", "RELATIVE_BASE": now.replace(tzinfo=None), "STRICT_PARSING": True, "PARSERS": ["absolute-time"]}
    if language.startswith("zh"):
        settings["DATE_ORDER"] = "MDY"  # its own order for Chinese reads 12-31 as a day of January
    try:
        found = dateparser.parse(written[:100], languages=[language.split("-")[0]], settings=settings)
    except Exception:  # it knows not every language, and fails in more ways than it tells
        return None
    if found is None:
        return None
    at = found if found.tzinfo else found.replace(tzinfo=zone)
    return believable(Moment(at.replace(microsecond=0), "second" if at.second else "minute"), now)


def body_and_summary(entry: Any) -> tuple[str, str]:
    """The full text, and what is only a summary. A description beside content:encoded is one; alone it is taken for a summary too."""
    contents = [one.get("value") or "" for one in entry.get("content") or [] if isinstance(one, dict)]
    body = max(contents, key=len, default="")
    summary = entry.get("summary") or ""
    kept = bounded(FORBIDDEN.sub("", body)) if len(body) <= LONGEST_BODY else ""
    return kept, summary[:LONGEST_RAW] if summary != body else ""


def authors_of(entry: Any) -> Iterator[str]:
    """Names, without mail addresses: RSS 2.0 wants `mail (name)`, which feedparser takes apart wrongly where the domain is a long one."""
    given = [one.get("name") or "" for one in entry.get("authors") or [] if isinstance(one, dict)]
    raw = (entry.get("author") or "")[:LONGEST_TITLE]
    for name in MAIL.split(raw) if "@" in raw and len(given) < 2 else given or [raw]:
        clean = plain(MAIL.sub(" ", name[:LONGEST_TITLE])).strip(" ,;")
        if clean.startswith("(") and clean.endswith(")"):
            clean = clean[1:-1].strip()
        if clean.strip("()<>") and not clean.startswith(("http://", "https://")):
            yield clean


def tags_of(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags") or []:
        label = plain((tag.get("label") or tag.get("term") or "") if isinstance(tag, dict) else "")
        if label and not label.startswith(("http://", "https://")):
            yield label


def picture_of(entry: Any, base: str) -> str:
    """The item's picture: media:content, an enclosure, a thumbnail, in this order; of several the widest."""
    media = [
        one for one in entry.get("media_content") or [] if is_picture(one.get("type") or one.get("medium") or "", one.get("url") or "")
    ]
    enclosures = [one for one in entry.get("enclosures") or [] if is_picture(one.get("type") or "", one.get("href") or "")]
    thumbnails = [one for one in entry.get("media_thumbnail") or [] if one.get("url")]
    for group, name in ((media, "url"), (enclosures, "href"), (thumbnails, "url")):
        if group and (url := join(base, max(group, key=width)[name])):
            return url
    image = entry.get("image")
    return join(base, image.get("href") or "") if isinstance(image, dict) and image.get("href") else ""


def is_picture(kind: str, url: str) -> bool:
    return bool(url) and (kind.startswith("image") or (not kind and bool(PICTURE.search(url))))


def width(picture: Any) -> int:
    text = str(picture.get("width") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def language_of(entry: Any, body: str, feed_language: str) -> str:
    """The item's own language, else the feed's."""
    details = [entry.get("title_detail") or {}, *(one for one in entry.get("content") or [] if isinstance(one, dict))]
    given = next((one["language"] for one in details if one.get("language")), "") or feed_language
    return tidy_tag(given)
