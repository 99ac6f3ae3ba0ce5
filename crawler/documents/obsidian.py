"""Documents for Obsidian: flat properties, a Markdown body, names and tags that a vault takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timezone

from crawler.documents.fields import Read, strings, text
from crawler.documents.header import Header, Quoted, Value, Verbatim
from crawler.documents.hugo import in_offset_of_source
from crawler.documents.profile import FrontMatter
from crawler.entry import Entry

NOT_IN_TAGS = re.compile(r"[^\w/-]+")


class Obsidian(FrontMatter):
    """`title, date, updated, categories, author, image`. Dates have no zone (`published_at` has it): those of the source's clock."""

    name = "obsidian"

    def own_keys(self, entry: Entry) -> Header:
        return {
            "title": Quoted(self.shown_title(entry.article.title)),
            "date": Verbatim(self.clock(entry.published.at, entry.source)),
            "updated": Verbatim(self.clock(entry.updated.at, entry.source)),
            "categories": self.categories(entry),
            "author": self.author(entry),
            "image": self.image(entry),
        }

    def clock(self, at: datetime, source: str) -> str:
        return in_offset_of_source(at, self.options.zones, source).replace(tzinfo=None).isoformat()

    def shown_tag(self, tag: str) -> str:
        """Letters, digits, `_ - /`, and not digits alone (Obsidian's help, "Tag format")."""
        shown = NOT_IN_TAGS.sub("-", tag).strip("-/") or "_"
        return f"_{shown}" if shown.isdigit() else shown

    def styled(self, value: Value) -> Value:
        """Properties are flat: a mapping is a list of its pairs (no name of ours holds a space)."""
        return tuple(f"{key} {item}" for key, item in value.items()) if isinstance(value, Mapping) else value

    def in_shown_zone(self, header: Read, key: str, at: datetime) -> datetime:
        """The offset is what the clock that is shown is ahead of UTC."""
        shown = text(header, {"published_at": "date", "updated_at": "updated"}[key])
        try:
            return at.astimezone(timezone(datetime.fromisoformat(shown) - at.astimezone(UTC).replace(tzinfo=None)))
        except (ValueError, TypeError):  # an edit: a day away, with a zone, or no time at all
            return at

    def read_files(self, header: Read) -> dict[str, str]:
        return dict(line.rsplit(" ", 1) for line in strings(header, "image_files") if " " in line)

    def write_body(self, body: str) -> str:
        from crawler.documents.markdown import to_markdown

        return to_markdown(body)

    def read_body(self, markdown: str) -> str:
        from crawler.documents.markdown import to_html

        return super().read_body(to_html(markdown))
