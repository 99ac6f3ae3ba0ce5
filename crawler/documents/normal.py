"""The normal form of an entry: what is left of it after it was written and read, the same for every profile that keeps HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.article import Article, Image, Moment, in_utc
from crawler.documents.assets import refer_to_kept, refer_to_originals
from crawler.documents.body import normal_body, pictures
from crawler.documents.text import attribute_url, one_line
from crawler.entry import Entry


def normal_form(entry: Entry) -> Entry:
    """The entry as a document holds it (FORMATS, "A document's header", laws).

    Strings on one line; times cut to seconds; no `updated`: the published time; blank lines of the body folded; the pictures those of the
    body; what provenance holds as JSON gives it back. Offsets stay: an aware time equals itself in any zone.
    """
    named = sorted((one_line(original), one_line(name)) for original, name in entry.image_files.items())
    files = {original: name for original, name in named if original and name}
    article = normal_article(entry.article, entry.first_seen, files)
    entry = replace(
        entry,
        article=article,
        guid=one_line(entry.guid),
        source=one_line(entry.source),
        sections=texts(entry.sections),
        also_at=tuple(sorted(set(texts(entry.also_at)))),
        first_seen=seconds(entry.first_seen).astimezone(UTC),
        categories=texts(entry.categories),
        image_files=files,
    )
    return replace(entry, article=replace(article, updated=normal_update(entry)))


def normal_article(article: Article, first_seen: datetime, files: Mapping[str, str]) -> Article:
    body = normal_body(article.body)
    if files:  # the sources of kept pictures in the spelling in which they are read back
        body = refer_to_originals(refer_to_kept(body, files, "/"), files)
    images = pictures(body)
    published, date_from = article.published, article.date_from
    if published is not None:
        published = Moment(seconds(published.at), published.precision)
        date_from = date_from or "page"
        if date_from == "first_seen" and published == Moment(seconds(first_seen)):
            published = None
    return replace(
        article,
        url=one_line(article.url),
        title=one_line(article.title),
        authors=texts(article.authors),
        published=published,
        date_from=date_from if published else "",
        language=one_line(article.language),
        description=one_line(article.description),
        body=body,
        image=lead_image(article.image.url if article.image else "", images),
        images=images,
        tags=tuple(dict.fromkeys(texts(article.tags))),
        provenance=plain_json(article.provenance),
    )


def normal_update(entry: Entry) -> Moment:
    """When the site changed it last: only the instant is kept, to the second; that of publication keeps its precision."""
    updated = entry.article.updated
    if updated is None or seconds(updated.at) == entry.published.at:
        return entry.published
    return Moment(seconds(updated.at))


def lead_image(url: str, images: Iterable[Image]) -> Image | None:
    """The lead image; its size and alternative text as the body has them, for a header holds no more than the address."""
    address = attribute_url(url)
    if not address:
        return None
    same = next((image for image in images if attribute_url(image.url) == address), None)
    return replace(same, url=address) if same else Image(address)


def seconds(at: datetime) -> datetime:
    """The time cut to seconds; one that is no instant of its zone's clock (PEP 495), or of the calendar's ends, as UTC has it."""
    at = at.replace(microsecond=0)
    instant = in_utc(at)
    return at if at == instant else instant


def texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := one_line(value)))


def plain_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as JSON gives it back; no NaN, no infinity (RFC 8259, 6)."""
    if not values:
        return {}
    read: dict[str, Any] = json.loads(json.dumps(dict(values), default=str), parse_constant=lambda _: None)
    return read
