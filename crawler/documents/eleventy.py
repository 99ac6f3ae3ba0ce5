"""Documents for Eleventy: dates as quoted ISO (the build stops at RFC 1123); its tags are collections."""

from __future__ import annotations

from crawler.documents.header import Header, Quoted
from crawler.documents.profile import FrontMatter
from crawler.documents.text import no_object_name
from crawler.entry import Entry


class Eleventy(FrontMatter):
    """`title, date, categories, author, image`; `tags` stands among the shared keys."""

    name = "eleventy"

    def own_keys(self, entry: Entry) -> Header:
        return {
            "title": Quoted(self.shown_title(entry.article.title)),
            "date": Quoted(entry.published.zulu()),
            "categories": self.categories(entry),
            "author": self.author(entry),
            "image": self.image(entry),
        }

    def shown_tag(self, tag: str) -> str:
        """`all` is the collection of everything: an article may not decide what else lies in there. At `constructor` the build stops."""
        return "All" if tag == "all" else super().shown_tag(no_object_name(tag))
