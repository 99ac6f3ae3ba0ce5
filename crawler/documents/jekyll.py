"""Documents for Jekyll: `_posts/<source>/YYYY/MM/YYYY-MM-DD-….md`, dates as quoted ISO."""

from __future__ import annotations

from crawler.documents.header import Header, Quoted
from crawler.documents.profile import FrontMatter
from crawler.documents.text import attribute_safe, attribute_url
from crawler.entry import Entry


class Jekyll(FrontMatter):
    """`layout: post`, and what jekyll-seo-tag and jekyll-sitemap read: `image, canonical_url, last_modified_at`."""

    name = "jekyll"

    def own_keys(self, entry: Entry) -> Header:
        return {
            "layout": "post",
            "title": Quoted(self.shown_title(entry.article.title)),
            "date": Quoted(entry.published.zulu()),
            "last_modified_at": Quoted(entry.updated.zulu()),
            "categories": self.categories(entry),
            "author": self.author(entry),
            "image": self.image(entry),
            "canonical_url": Quoted(attribute_url(entry.article.url)),
        }

    def author(self, entry: Entry) -> str:
        """Minima 2.5, the default theme, prints it raw in an element, jekyll-seo-tag 2.8 in an attribute; `authors` has the true names."""
        return attribute_safe(super().author(entry))
