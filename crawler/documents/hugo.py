"""Documents for Hugo: ISO dates with the source's offset, so that an article of 00:30 stands under its own day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from crawler.article import Moment
from crawler.documents.fields import Read, text
from crawler.documents.header import Header, Quoted
from crawler.documents.profile import FrontMatter
from crawler.documents.text import without_markup
from crawler.entry import Entry
from crawler.zones import zone_named

MOST_MINUTES = 24 * 60 - 1
WITHOUT_LETTERS = re.compile(r"[\W_]*")
INDEX = re.compile(r"\W*i\W*n\W*d\W*e\W*x[^\w.]*\..*", re.IGNORECASE | re.DOTALL)


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

    def shown_category(self, name: str) -> str:
        return super().shown_category(no_path(name))

    def shown_tag(self, tag: str) -> str:
        return super().shown_tag(no_path(tag))

    def shown_summary(self, summary: str) -> str:
        """Hugo makes HTML of a header's `summary` as it does of Markdown, and a theme's list of articles prints that as it is."""
        return without_markup(summary)

    def local(self, moment: Moment, source: str) -> datetime:
        return in_offset_of_source(moment.at, self.options.zones, source)

    def in_shown_zone(self, header: Read, key: str, at: datetime) -> datetime:
        return in_offset_of(at, text(header, {"published_at": "date", "updated_at": "lastmod"}[key]))


def no_path(name: str) -> str:
    """The name as a part of a path, which Hugo makes of a term: with full-width dots in `..` and `index.html`, at which 0.111 stopped.

    Hugo drops signs before it looks, so `.<.` is `..` to it.
    """
    if "." not in name:
        return name
    return "/".join(
        part.replace(".", "．") if WITHOUT_LETTERS.fullmatch(part) or INDEX.fullmatch(part) else part for part in name.split("/")
    )


def in_offset_of_source(at: datetime, zones: Mapping[str, str], source: str) -> datetime:
    """The time in its source's zone, where that is known, else in its own; with an offset of whole minutes, as RFC 3339 has it."""
    local = at.astimezone(zone_named(zones[source])) if zones.get(source) else at
    offset = local.utcoffset() or timedelta()
    minutes = min(max(round(offset.total_seconds() / 60), -MOST_MINUTES), MOST_MINUTES)
    return local.astimezone(timezone(timedelta(minutes=minutes)))


def in_offset_of(at: datetime, shown: str) -> datetime:
    """The time in the offset of an ISO time that a header shows; as it is, where that is none."""
    try:
        zone = datetime.fromisoformat(shown).tzinfo
    except ValueError:
        zone = None
    return at.astimezone(zone) if zone else at
