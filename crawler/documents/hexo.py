"""Documents for Hexo, the default: the sample's keys in the sample's style, safe in themes that print a header raw."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime

from crawler.article import Moment
from crawler.documents.header import Header, Quoted
from crawler.documents.profile import FrontMatter
from crawler.documents.text import no_object_name, typographic, without_tags
from crawler.entry import Entry
from crawler.zones import zone_named


class Hexo(FrontMatter):
    """The sample's seven keys; then what the theme volantis needs.

    It hides the headline of a post with `headimg` unless `title_display` is set, and without `updated` a page says that it was
    updated on the day of the build (volantis 6.8).
    """

    name = "hexo"
    image_key = "headimg"

    def own_keys(self, entry: Entry) -> Header:
        return {
            "title": Quoted(self.shown_title(entry.article.title)),
            "categories": self.categories(entry),
            "headimg": self.image(entry),
            "author": self.author(entry),
            "comments": False,
            "date": self.date(entry.published),
            "thumbnail": self.image(entry),
            "updated": self.date(entry.updated),
            "title_display": True,
        }

    def shown_title(self, title: str) -> str:
        return typographic(without_tags(title))

    def shown_name(self, name: str) -> str:
        return typographic(name)

    def shown_category(self, name: str) -> str:
        """A category named `constructor` stopped Hexo 8.1."""
        return super().shown_category(no_object_name(name))

    def shown_tag(self, tag: str) -> str:
        return super().shown_tag(no_object_name(tag))

    def date(self, moment: Moment) -> str:
        """RFC 1123 in GMT, or the wall clock of the blog's zone (docs/consumers/hexo.md says which to take)."""
        if self.options.date_style == "wallclock":
            local = moment.at.astimezone(zone_named(self.options.blog_zone))
            return Quoted(local.replace(tzinfo=None).isoformat(" ", "seconds"))
        return format_datetime(moment.at.astimezone(UTC), usegmt=True)
