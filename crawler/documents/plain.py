"""Documents for programs that read YAML: every string as JSON writes it, every time as ISO in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.documents.header import Double, Header, Value
from crawler.documents.profile import FrontMatter
from crawler.documents.text import one_line
from crawler.entry import Entry


class Plain(FrontMatter):
    """Nothing is changed for the sake of a theme: the title is the title."""

    name = "plain"
    quote = '"'

    def own_keys(self, entry: Entry) -> Header:
        return {
            "title": entry.article.title,
            "date": entry.published.zulu(),
            "updated": entry.updated.zulu(),
            "categories": entry.categories,
            "author": self.author(entry),
            "image": self.image(entry),
        }

    def shown_title(self, title: str) -> str:
        return one_line(title)

    def shown_category(self, name: str) -> str:
        return name

    def shown_tag(self, tag: str) -> str:
        return tag

    def styled(self, value: Value) -> Value:
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return Double(value)
        if isinstance(value, Mapping):
            return {Double(key): Double(item) for key, item in value.items()}
        return tuple(map(Double, value))
