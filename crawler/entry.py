"""An entry: an article and what we know of it besides. It is what a document holds and a feed shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.article import Article, DateFrom, Moment

JOINED = "joined"  # in provenance


@dataclass(frozen=True, slots=True)
class Entry:
    """An article under the id that it keeps for ever."""

    article: Article
    guid: str
    """`urn:uuid:…`, made once, at first sight."""
    source: str
    """The source's id."""
    sections: tuple[str, ...]
    """Ids of the sections whose lists show it, in the recipe's order."""
    also_at: tuple[str, ...]
    """Other addresses of the same article, sorted."""
    first_seen: datetime
    """Aware: the start of the run that saw it first."""
    path: str
    """Of its document, relative to the documents folder, with `/`."""
    categories: tuple[str, ...] = ()
    """`(group, source's name, first section's name)` as first written; what is missing is left out."""
    image_files: Mapping[str, str] = field(default_factory=dict)
    """Kept pictures: original address → the file below the assets folder, with `/`."""

    @property
    def published(self) -> Moment:
        """When it was published, as far as known: without a date the time it was first seen."""
        return self.article.published or Moment(self.first_seen)

    @property
    def updated(self) -> Moment:
        """When its site changed it last; published, if never."""
        return self.article.updated or self.published

    @property
    def date_from(self) -> DateFrom:
        return self.article.date_from or "page" if self.article.published else "first_seen"

    @property
    def joined(self) -> dict[str, str]:
        """Section → when the article joined it (ISO, UTC), of those in which it was shown later than it was first seen."""
        said = self.article.provenance.get(JOINED)
        return {str(section): at for section, at in said.items() if isinstance(at, str)} if isinstance(said, Mapping) else {}

    @property
    def source_name(self) -> str:
        """The source's name, read off the categories; its id where they are empty."""
        if not self.categories:
            return self.source
        with_section = len(self.categories) == 3 or (len(self.categories) == 2 and bool(self.sections))
        return self.categories[-2] if with_section else self.categories[-1]
