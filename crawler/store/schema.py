"""The store's tables, and how a store is opened: SQLite in the workspace, PostgreSQL by a URL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError

from crawler.errors import StoreError

VERSION = 1
metadata = MetaData()
RowId = BigInteger().with_variant(Integer, "sqlite")

about = Table("about", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# what documents hold, as far as it has to be found again without reading them all
entry = Table(
    "entry",
    metadata,
    Column("guid", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("first_seen", Text, nullable=False, doc="ISO 8601 in UTC"),
    Column("published", Text, nullable=False, doc="ISO 8601 in UTC; first_seen without a date"),
    Column("title_key", Text, nullable=False),
    Column("day", Text, nullable=False, doc="day of publication in the source's zone; empty without a date"),
    Column("sections", JSON, nullable=False),
    Column("also_at", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("written", Integer, nullable=False, doc="0: reserved, its document is not on disk yet; 1: it is; 2: taken down for good"),
    Column("rank", BigInteger, nullable=False, doc="of the page it was made from: among two in one run the lower one speaks"),
    Column("run", RowId, nullable=False),
    Index("entry_like", "source", "title_key", "day"),
    Index("entry_order", "first_seen", "published", "guid"),
    Index("entry_source_order", "source", "first_seen", "published", "guid"),
)

in_section = Table(
    "in_section",
    metadata,
    Column("source", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("guid", Text, nullable=False),
    PrimaryKeyConstraint("source", "section", "guid"),
)

address = Table(
    "address",
    metadata,
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False, doc="crawler.urls.address_key"),
    Column("guid", Text, nullable=False),
    PrimaryKeyConstraint("source", "key"),
    Index("address_guid", "guid"),
)

# the frontier: queued → leased → done, or failed with a reason and a next try
page = Table(
    "page",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False, doc="list or article"),
    Column("address", Text, nullable=False, doc="address_key of the address as it was listed"),
    Column("url", Text, nullable=False, doc="what is asked: the listed address, or where it redirects"),
    Column("host", Text, nullable=False),
    Column("rank", BigInteger, nullable=False, doc="place among the source's pages: section, list page, place in it"),
    Column("sections", JSON, nullable=False, doc="ids; of a list: pairs of section and way in"),
    Column("hints", JSON, nullable=False),
    Column("also", JSON, nullable=False, doc="other addresses that led here"),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Float, nullable=False, doc="seconds since 1970, real clock"),
    Column("reason", Text, nullable=False),
    Column("run", RowId, nullable=False, doc="that queued or leased it last"),
    Column("depth", Integer, nullable=False),
    Column("hops", Integer, nullable=False),
    Column("looks", Integer, nullable=False, doc="how often a known article was looked at again"),
    Column("look_at", Float, nullable=False, doc="when it is looked at next, seconds since 1970, real clock; 0: never"),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("fingerprint", Text, nullable=False, doc="of recipe and extractor when it was read; validators of another one are void"),
    Column("links", JSON, nullable=False, doc="of a list: address keys it held, and its further pages"),
    UniqueConstraint("source", "kind", "address"),
    Index("page_due", "source", "state", "kind", "rank"),
)

host = Table(
    "host",
    metadata,
    Column("host", Text, primary_key=True),
    Column("next_at", Float, nullable=False, doc="seconds since 1970: nobody asks this host earlier"),
    Column("robots", Text, nullable=False),
    Column("robots_status", Integer, nullable=False, doc="0: never asked or not reached"),
    Column("robots_at", Float, nullable=False),
    Column("crawl_delay", Float, nullable=False, doc="seconds that robots.txt asks to keep between two requests"),
)

# where each document's line stands in the index, and what those who follow it have to be told
index_line = Table(
    "index_line",
    metadata,
    Column("guid", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("file", Text, nullable=False, doc="below the index folder; empty: no line"),
    Column("content_hash", Text, nullable=False),
    Column("since", BigInteger, nullable=False, doc="number of the change that brought it; 0: none yet"),
    Column("changed", BigInteger, nullable=False, doc="number of its last change"),
    Column("removed", Integer, nullable=False),
    Column("due", Integer, nullable=False, doc="1: its line has to be looked at"),
    Index("index_line_due", "due", "source"),
    Index("index_line_file", "file"),
    Index("index_line_changed", "changed"),
)

# kept pictures: an address is asked once; a file goes when the last article that shows it is taken down
image_file = Table(
    "image_file",
    metadata,
    Column("url", Text, primary_key=True),
    Column("file", Text, nullable=False, doc="below the assets folder"),
    Index("image_file_file", "file"),
)

image_use = Table(
    "image_use",
    metadata,
    Column("guid", Text, nullable=False),
    Column("file", Text, nullable=False),
    PrimaryKeyConstraint("guid", "file"),
    Index("image_use_file", "file"),
)

# where the pages that an article was made of are kept
kept_page = Table(
    "kept_page",
    metadata,
    Column("guid", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("file", Text, nullable=False, doc="below the source's folder of kept pages"),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    PrimaryKeyConstraint("source", "file", "offset"),
    Index("kept_page_guid", "guid"),
)

# of a foreign Scrapy project that asked for the frontier
waiting_request = Table(
    "waiting_request",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("fingerprint", Text, nullable=False, doc="Scrapy's request fingerprint, made unique for one that may be asked again"),
    Column("host", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("content", JSON, nullable=False, doc="Request.to_dict()"),
    Column("state", Text, nullable=False),
    UniqueConstraint("source", "fingerprint"),
    Index("request_due", "source", "state", "priority"),
)

# feeds that articles entered or changed in since they were last built
stale = Table(
    "stale",
    metadata,
    Column("source", Text, nullable=False),
    Column("section", Text, nullable=False, doc="empty: the source's own feed"),
    PrimaryKeyConstraint("source", "section"),
)

# the feeds' archives: a place once given is never given again
place = Table(
    "place",
    metadata,
    Column("feed", Text, nullable=False, doc="its path: all, demo, demo/city"),
    Column("number", BigInteger, nullable=False, doc="from 1 on, in the order of arrival"),
    Column("guid", Text, nullable=False),
    PrimaryKeyConstraint("feed", "number"),
    UniqueConstraint("feed", "guid"),
)

# which entries the feeds have taken in, and what tells that one of them comes back under another id
fingerprint = Table(
    "fingerprint",
    metadata,
    Column("guid", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("body", Text, nullable=False, doc="hash of the text; empty where it is too short to tell"),
    Column("held", Integer, nullable=False, doc="1: no feed may show it yet"),
    Index("fingerprint_body", "source", "body"),
    Index("fingerprint_held", "held", "source"),
)

# documents written since the feeds were built last
changed = Table(
    "changed",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("guid", Text, nullable=False),
    Column("source", Text, nullable=False),
)

# what feeds said of a source, and with which settings, when they were built last
feed_made = Table(
    "feed_made",
    metadata,
    Column("name", Text, primary_key=True, doc="a source; empty: all the rest"),
    Column("value", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("sources", JSON, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text, nullable=False, doc="empty: still running, or killed"),
    Column("summary", JSON, nullable=False),
)


def open_engine(url: str) -> Engine:
    """Opens or makes the store at an SQLAlchemy URL (`sqlite:///…/store.sqlite`, `postgresql://…`).

    Raises StoreError where it can't be opened, is damaged, or was made by another version.
    """
    subject = shown(url)
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed)
        if engine.dialect.name == "sqlite":
            prepare_sqlite(engine)
        metadata.create_all(engine)
        with engine.begin() as connection:
            found = connection.execute(select(about.c.value).where(about.c.name == "version")).scalar()
            if found is None:
                connection.execute(insert(about).values(name="version", value=str(VERSION)))
    except (ArgumentError, ModuleNotFoundError) as error:
        raise StoreError(subject, f"no store address ({error}); expected sqlite:///PATH or postgresql://USER@HOST/NAME") from None
    except DatabaseError as error:
        raise StoreError(subject, explain(error)) from None
    if found is not None and found != str(VERSION):
        raise StoreError(
            subject,
            f"the store has version {found}, this Broadsheet reads version {VERSION}; move it away and it is made again by the next crawl",
        )
    return engine


def prepare_sqlite(engine: Engine) -> None:
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we begin ourselves: sqlite3's own begin comes too late for reads
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def explain(error: SQLAlchemyError) -> str:
    """One line a person understands, for what the database said."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if "malformed" in said or "not a database" in said:
        return f"the store is damaged ({said}); move the file away: the next crawl makes a new one, documents and feeds stay"
    if "readonly" in said or "unable to open" in said:
        return f"the store can't be written ({said}); check the folder's permissions and free space"
    if "disk is full" in said:
        return "the disk is full; free some space and run again: what was written before is whole"
    return f"the store can't be used ({said})"


def shown(url: str) -> str:
    """The store's address for messages: a path, or a URL without its password."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url.partition("@")[2] or url
