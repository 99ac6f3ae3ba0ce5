"""Documents for Hugo: ISO dates with the source's offset, so that an article of 00:30 stands under its own day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from crawler.article import Moment
from crawler.documents.fields import Read, text
from crawler.documents.header import Header, Quoted
from crawler.documents.profile import FrontMatter
from crawler.entry import Entry
from crawler.zones import zone_named


class Hugo(FrontMatter):
    """`title, date, lastmod, categories, author, images`; `tags` stands among the shared keys."""

    name = "hugo"
    image_key = "images"

    def own_keys(self, entry: Entry) -> Header:
        image = self.image(entry)
        return {
            "title": Quoted(self.shown_title(entry.article.title)),
            "date": Quoted(self.local(entry.published, entry.source).isoformat()),
            "lastmod": Quoted(self.local(entry.updated, entry.source).isoformat()),
            "categories": self.categories(entry),
            "author": self.author(entry),
            "images": (image,) if image else (),
        }

    def local(self, moment: Moment, source: str) -> datetime:
        return in_offset_of_source(moment.at, self.options.zones, source)

    def in_shown_zone(self, header: Read, key: str, at: datetime) -> datetime:
        return in_offset_of(at, text(header, {"published_at": "date", "updated_at": "lastmod"}[key]))


def in_offset_of_source(at: datetime, zones: Mapping[str, str], source: str) -> datetime:
    """The time in its source's zone, where that is known, else in its own; with an offset of whole minutes, as RFC 3339 has it."""
    local = at.astimezone(zone_named(zones[source])) if zones.get(source) else at
    offset = local.utcoffset() or timedelta()
    return local.astimezone(timezone(timedelta(minutes=round(offset.total_seconds() / 60))))


def in_offset_of(at: datetime, shown: str) -> datetime:
    """The time in the offset of an ISO time that a header shows; as it is, where that is none."""
    try:
        zone = datetime.fromisoformat(shown).tzinfo
    except ValueError:
        zone = None
    return at.astimezone(zone) if zone else at
