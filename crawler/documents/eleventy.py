"""Documents for Eleventy: dates as quoted ISO (the build stops at RFC 1123); its tags are collections."""

from __future__ import annotations

from crawler.documents.header import Header, Quoted
from crawler.documents.profile import FrontMatter
from crawler.entry import Entry

# `all` is the collection of everything: an article may not decide what else lies in there. The others are what every JavaScript object has:
# Eleventy 3.1 takes them for collections of the configuration, and the build stops
NOT_COLLECTIONS = frozenset(
    [
        "all",
        "constructor",
        "toString",
        "toLocaleString",
        "valueOf",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "__proto__",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
    ]
)


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
        return tag.strip("_")[:1].upper() + tag.strip("_")[1:] if tag in NOT_COLLECTIONS else tag
