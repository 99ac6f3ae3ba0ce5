"""The one writer and reader of documents: an entry ⇄ header, body and hash. A profile says what differs for its consumer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol

import yaml

from crawler.article import Article, Moment, zulu
from crawler.documents.assets import kept_addresses, original, refer_to_kept, refer_to_originals
from crawler.documents.body import pictures, read_body, write_body
from crawler.documents.fields import (
    Read,
    date_from,
    instant,
    mapping,
    precision,
    read_json,
    strings,
    text,
    true_strings,
    true_text,
    write_json,
)
from crawler.documents.header import Header, Quoted, Value, read_document, write_document
from crawler.documents.normal import lead_image, normal_form, normal_update
from crawler.documents.sealing import with_hash
from crawler.documents.text import attribute_url, shortened, without_tags
from crawler.entry import Entry
from crawler.errors import DocumentError

NEEDED = ("guid", "source_id", "published_at", "updated_at", "first_seen")
FOLDER_BYTES = 120
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """What broadsheet.yaml and the recipes say about documents."""

    date_style: Literal["gmt", "wallclock"] = "gmt"
    """How the `hexo` profile writes dates."""
    blog_zone: str = ""
    """The blog's zone (IANA), not the source's, for `date_style: wallclock`; empty: UTC."""
    zones: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Source id → its zone (IANA), for the `hugo` profile."""
    assets_url: str = ""
    """What stands in front of a kept picture's name, as the site serves it: `/assets/`."""


DEFAULTS = DocumentOptions()


class Profile(Protocol):
    """For whom documents are written: an entry ⇄ the bytes of its file."""

    name: str

    def write(self, entry: Entry) -> bytes: ...

    def read(self, content: bytes, path: str) -> Entry: ...


class FrontMatter:
    """The shared writer. A profile is a subclass that names its own keys, and what its consumer can't show."""

    name = ""
    image_key = "image"
    quote = "'"
    """Around the content hash."""

    def __init__(self, options: DocumentOptions = DEFAULTS) -> None:
        self.options = options

    # what a profile says

    def own_keys(self, entry: Entry) -> Header:
        """The keys that the consumer reads, in order. `entry` is in its normal form."""
        raise NotImplementedError

    def shown_title(self, title: str) -> str:
        return without_tags(title)

    def shown_name(self, name: str) -> str:
        """An author, a category or a tag as the consumer can show it."""
        return name

    def shown_category(self, name: str) -> str:
        """Builders make a folder of it, whose name can't be longer than 255 bytes: a longer one stopped Hexo and Hugo."""
        return shortened(self.shown_name(name), FOLDER_BYTES)

    def shown_tag(self, tag: str) -> str:
        return shortened(self.shown_name(tag), FOLDER_BYTES)

    def shown_summary(self, summary: str) -> str:
        return summary

    def shown_categories(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.shown_category, names))

    def shown_tags(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Tags that are shown alike are one."""
        return tuple(dict.fromkeys(map(self.shown_tag, tags)))

    def write_body(self, body: str) -> str:
        return write_body(body)

    def read_body(self, text: str) -> str:
        return read_body(text)

    def styled(self, value: Value) -> Value:
        """A value as the consumer's YAML is to hold it."""
        return value

    def in_shown_zone(self, header: Read, key: str, at: datetime) -> datetime:
        """The instant of a shared key in the offset that the profile's own keys show it in."""
        return at

    def read_files(self, header: Read) -> dict[str, str]:
        return mapping(header, "image_files")

    # the writer

    def write(self, entry: Entry) -> bytes:
        """The bytes of the entry's document, the same on every machine."""
        entry = normal_form(entry)
        header = {key: value for key, value in self.own_keys(entry).items() if value or value is False or key == "title"}
        header |= self.kept_truths(entry, header) | self.shared_keys(entry)
        body = entry.article.body
        if self.options.assets_url:
            body = refer_to_kept(body, entry.image_files, self.options.assets_url)
        text = write_document({key: self.styled(value) for key, value in header.items()}, self.write_body(body))
        return with_hash(text.encode(), self.quote)

    def kept_truths(self, entry: Entry, own: Header) -> Header:
        """The true strings of what the consumer is shown differently, or not at all."""
        header: Header = {}
        if own.get("title", "") != entry.article.title:
            header["source_title"] = Quoted(entry.article.title)
        if self.tags(entry) != entry.article.tags:
            header["source_tags"] = entry.article.tags
        if own.get("categories", ()) != entry.categories:
            header["source_categories"] = entry.categories
        if self.shown_summary(entry.article.description) != entry.article.description:
            header["source_summary"] = Quoted(entry.article.description)
        return header

    def shared_keys(self, entry: Entry) -> Header:
        """The keys that every profile's header has, so that everything can be rebuilt from the document; empty ones are left out."""
        article = entry.article
        header: Header = {
            "guid": Quoted(entry.guid),
            "source_id": entry.source,
            "sections": entry.sections,
            "source_url": Quoted(article.url),
            "also_at": tuple(map(Quoted, entry.also_at)),
            "authors": article.authors,
            "published_at": Quoted(entry.published.zulu()),
            "updated_at": Quoted(entry.updated.zulu()),
            "date_precision": entry.published.precision,
            "date_from": entry.date_from,
            "first_seen": Quoted(zulu(entry.first_seen)),
            "language": article.language,
            "tags": self.tags(entry),
            "summary": Quoted(self.shown_summary(article.description)),
            "image_files": {Quoted(original): Quoted(name) for original, name in entry.image_files.items()},
            "provenance": Quoted(write_json(article.provenance)) if article.provenance else "",
        }
        return {key: value for key, value in header.items() if value}

    def tags(self, entry: Entry) -> tuple[str, ...]:
        return self.shown_tags(entry.article.tags)

    def categories(self, entry: Entry) -> tuple[str, ...]:
        return self.shown_categories(entry.categories)

    def image(self, entry: Entry) -> str:
        """Address of the lead image: of our copy, where there is one."""
        if entry.article.image is None:
            return ""
        files = {attribute_url(original): name for original, name in entry.image_files.items()} if self.options.assets_url else {}
        return Quoted(kept_addresses(files, self.options.assets_url).get(entry.article.image.url, entry.article.image.url))

    def author(self, entry: Entry) -> str:
        """The byline; the source's name where there is none."""
        return self.shown_name(", ".join(entry.article.authors) or entry.source_name)

    # the reader

    def read(self, content: bytes, path: str) -> Entry:
        """The entry that a document holds, in its normal form.

        Raises DocumentError naming the path: no document of ours, broken YAML, a key that is missing or holds nonsense.
        """
        try:
            header, body = read_document(content.decode("utf-8-sig"))
        except (ValueError, yaml.YAMLError, RecursionError) as error:
            raise DocumentError(path, f"is no document ({reason(error)}); mend it or move it out of the folder") from None
        missing = [key for key in NEEDED if not header.get(key)]
        if missing:
            raise DocumentError(path, f"is no document of Broadsheet (it lacks {', '.join(missing)}); move it out of the folder")
        try:
            return self._entry(header, self.read_body(body), path)
        except ValueError as error:
            raise DocumentError(path, f"has a wrong key ({error}); mend it, or delete the file to have it made again") from None

    def _entry(self, header: Read, body: str, path: str) -> Entry:
        first_seen = instant(header, "first_seen")
        published = Moment(self.in_shown_zone(header, "published_at", instant(header, "published_at")), precision(header))
        dated = date_from(header) != "first_seen" or published != Moment(first_seen)
        files = self.read_files(header)
        body = refer_to_originals(body, files)
        images = pictures(body)
        lead = original(next(iter(strings(header, self.image_key)), ""), files)
        article = Article(
            url=text(header, "source_url"),
            title=true_text(header, "title", "source_title", self.shown_title),
            authors=strings(header, "authors"),
            published=published if dated else None,
            date_from=date_from(header) if dated else "",
            updated=Moment(self.in_shown_zone(header, "updated_at", instant(header, "updated_at"))),
            language=text(header, "language"),
            description=true_text(header, "summary", "source_summary", self.shown_summary),
            body=body,
            image=lead_image(lead, images),
            images=images,
            tags=true_strings(header, "tags", "source_tags", self.shown_tags),
            provenance=read_json(header, "provenance"),
        )
        entry = Entry(
            article=article,
            guid=text(header, "guid"),
            source=text(header, "source_id"),
            sections=strings(header, "sections"),
            also_at=strings(header, "also_at"),
            first_seen=first_seen,
            path=path,
            categories=true_strings(header, "categories", "source_categories", self.shown_categories),
            image_files=files,
        )
        return replace(entry, article=replace(article, updated=normal_update(entry)))


def normalise(entry: Entry, profile: Profile) -> Entry:
    """What `profile.read(profile.write(entry), entry.path)` gives, of any entry."""
    normal = normal_form(entry)
    if not isinstance(profile, FrontMatter):
        return normal
    body = profile.read_body(profile.write_body(normal.article.body))
    return normal if body == normal.article.body else normal_form(replace(normal, article=replace(normal.article, body=body)))


def reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"line {mark.line + 2}: {problem}" if mark else str(problem)
