"""Kept pictures: which file an address gave, and which articles use a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Column, Connection, Index, PrimaryKeyConstraint, Table, bindparam, delete, exists, select

from crawler.store.entries import of_entry
from crawler.store.tables import Words, metadata, words
from crawler.store.writes import insert_new, parts
from crawler.urls import bounded

# an address is asked once; a file goes when the last article that shows it is taken down
image_file = Table("image_file", metadata, Column("url", Words(), primary_key=True), *words("file"), Index("image_file_file", "file"))
image_use = Table("image_use", metadata, of_entry(), *words("file"), PrimaryKeyConstraint("guid", "file"), Index("image_use_file", "file"))

OF_GUIDS = delete(image_use).where(image_use.c.guid.in_(bindparam("guids", expanding=True)))


class Images:
    """The tables of kept pictures within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def at(self, urls: Sequence[str]) -> dict[str, str]:
        """Address → file below the assets folder, for those that were kept once."""
        asked = {bounded(url): url for url in urls}
        query = select(image_file.c.url, image_file.c.file)
        found = (row for part in parts(list(asked)) for row in self.connection.execute(query.where(image_file.c.url.in_(part))))
        return {asked[key]: file for key, file in found}

    def put(self, url: str, file: str) -> None:
        """The picture at an address is kept in this file; what is gone from the disk may be kept anew."""
        self.connection.execute(delete(image_file).where(image_file.c.url == bounded(url)))
        insert_new(self.connection, image_file, [{"url": bounded(url), "file": file}])

    def used(self, guid: str, files: Iterable[str]) -> None:
        """This article shows these files, and no others any more."""
        self.used_by({guid: files})

    def used_by(self, files_of: Mapping[str, Iterable[str]]) -> None:
        """As `used` for many: guid → files."""
        for part in parts(list(files_of)):
            self.connection.execute(OF_GUIDS, {"guids": part})
        rows = [{"guid": guid, "file": file} for guid, files in files_of.items() for file in dict.fromkeys(files)]
        insert_new(self.connection, image_use, rows)

    def shown_too(self, guid: str, files: Iterable[str]) -> None:
        """This article shows these files besides what is known."""
        insert_new(self.connection, image_use, [{"guid": guid, "file": file} for file in dict.fromkeys(files)])

    def only_of(self, guid: str) -> list[str]:
        """Files that only this article shows, sorted."""
        other = image_use.alias()
        shown = exists().where(other.c.file == image_use.c.file, other.c.guid != guid)
        query = select(image_use.c.file).where(image_use.c.guid == guid, ~shown).order_by(image_use.c.file)
        return list(self.connection.execute(query).scalars())

    def not_shown(self, files: Iterable[str]) -> list[str]:
        """Those of these files that no article shows, sorted."""
        names = sorted(set(files))
        query = select(image_use.c.file)
        shown = {file for part in parts(names) for file in self.connection.execute(query.where(image_use.c.file.in_(part))).scalars()}
        return [name for name in names if name not in shown]

    def gone(self, files: Sequence[str]) -> None:
        """These files are on the disk no more."""
        for part in parts(files):
            self.connection.execute(delete(image_file).where(image_file.c.file.in_(part)))

    def forget(self, guid: str, files: Sequence[str]) -> None:
        """This article shows nothing any more, and these files are gone."""
        self.connection.execute(delete(image_use).where(image_use.c.guid == guid))
        self.gone(files)
