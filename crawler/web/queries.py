"""Answers to queries over a feed, put together from the documents: which articles a reader asked for, as a feed of its own."""

from __future__ import annotations

import heapq
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode
from uuid import NAMESPACE_URL, uuid5

from crawler.documents import Documents
from crawler.errors import DocumentError
from crawler.feeds import MEDIA_TYPES, FeedSettings, Planner, Query, QueryError, parse_query, select
from crawler.feeds.build import FORMATS, fit, sound
from crawler.feeds.checks import faults
from crawler.feeds.feed import Channel, Feed, Item, Link, Problem
from crawler.feeds.members import in_shown_order
from crawler.feeds.plans import Plan
from crawler.feeds.prepared import Found
from crawler.feeds.query import FILTER, MAX_PARAMETERS, admits
from crawler.feeds.shelf import Shelf
from crawler.pipelines.pictures import kept_pictures
from crawler.pipelines.publishing import StoreMembership, feed_settings
from crawler.pipelines.remembering import MadeSources, own_feeds
from crawler.pipelines.run import documents_of
from crawler.store import Store
from crawler.web.cache import Bounded
from crawler.web.key import PARAMETER
from crawler.web.representation import Representation
from crawler.workspace import Workspace

logger = logging.getLogger(__name__)
OTHERS = frozenset({"filter_time", "filter_case_sensitive", "limit", "sorted", "brief", "opencc"})
LOOK_BACK = 500
"""Articles of each part of a feed among which a filter looks for its own."""
FRESH = 30.0
"""Seconds for which the sources and an answer are taken as they were; a new article or a changed feed is seen at once."""
ITEMS_BYTES = 64 * 1024 * 1024
ANSWERS_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class QueriedChannel(Channel):
    """A channel that shows what a query asks for: a feed of its own, with an id and an address of its own, without hubs and archives."""

    query: str = ""

    @property
    def id(self) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'broadsheet:feed:{self.path}?{self.query}')}"

    def links(self, suffix: str) -> list[Link]:
        return [Link("self", f"{self.address}.{suffix}?{self.query}", MEDIA_TYPES[suffix])] if self.address else []


@dataclass(frozen=True, slots=True)
class QueriedFeed(Feed):
    """A feed that may be empty: a filter that nothing matches yet is no error."""

    newest: datetime

    @property
    def updated(self) -> datetime:
        return max((item.updated for item in self.items), default=self.newest)


class Told(NamedTuple):
    """The workspace's feeds as they were a moment ago."""

    sources: MadeSources
    planner: Planner
    shelf: Shelf
    membership: StoreMembership

    @property
    def settings(self) -> FeedSettings:
        return self.planner.settings


class Queries:
    """The feeds of a workspace, asked with parameters."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.documents: Documents = documents_of(workspace)
        self.items: Bounded[str, Found] = Bounded(ITEMS_BYTES)
        self.answers: Bounded[tuple[str, str, str], Representation] = Bounded(ANSWERS_BYTES)
        self._store: Store | None = None
        self._told: tuple[float, Told] | None = None
        self._lock = Lock()

    def answer(self, path: str, suffix: str, query: Query, text: str, mark: object, modified: float) -> Representation | None:
        """What a feed shows of what was asked; None where there is no such feed.

        `text`: the query's own parameters, `parameters_of`. `mark` changes with the live feed's file, `modified` is its time of change.
        """
        key = (path, suffix, text)
        full_mark = (mark, int(time.monotonic() / FRESH))
        found = self.answers.get(key, full_mark)
        if found is None:
            found = self.make(path, suffix, query, text, modified)
            if found is not None:
                self.answers.put(key, full_mark, found, found.weight)
        return found

    def make(self, path: str, suffix: str, query: Query, text: str, modified: float) -> Representation | None:
        told = self.told()
        plan = told.planner.plan(path)
        if plan is None:
            return None
        looking = query.filters or plan.custom is not None
        limit = query.limit or (plan.custom.limit if plan.custom else told.settings.limit)
        arrived = Arrived(self, told, plan, LOOK_BACK if looking else limit)
        if not arrived.paths:
            return None
        now = datetime.now(UTC) if query.seconds is not None else None
        items = select(replace(query, limit=limit), (found.item for found in arrived.found()), now)
        kept = fit(list(items), limit, told.settings.max_bytes)
        channel = queried(plan.channel, text)
        content = self.write(channel, kept, suffix, arrived.newest, in_order_of_arrival=query.in_order_of_arrival)
        changed = max([modified, *(arrived.changed[item.guid] for item in kept)])
        return Representation(content, f"{MEDIA_TYPES[suffix]}; charset=utf-8", changed)

    def write(self, channel: Channel, items: Sequence[Item], suffix: str, newest: datetime, *, in_order_of_arrival: bool) -> bytes:
        """The feed's bytes, checked as a published one is; an item that can't stand in it is left out and told."""

        def written(items: Sequence[Item]) -> bytes:
            shown = items if in_order_of_arrival else in_shown_order(items)
            return FORMATS[suffix](QueriedFeed(channel, tuple(shown), newest))

        try:
            content = written(items)
            if not items or not faults(suffix, content):
                return content
        except Exception as error:  # feedgen and lxml raise what they like
            logger.info("feed %s: %s", channel.path, error)
        problems: list[Problem] = []
        kept = sound(channel, items, problems)
        for problem in problems:
            logger.warning("%s", problem)
        return written(kept)

    def told(self) -> Told:
        """What the feeds say of themselves; read again after a while, for sources and sections come and go. Raises StoreError."""
        with self._lock:
            if self._told is None or time.monotonic() - self._told[0] > FRESH:
                if self._store is None:
                    self._store = Store(self.workspace.store_url)
                sources = MadeSources(self._store)
                own, _ = own_feeds(self.workspace, None)
                settings = feed_settings(self.workspace)
                shelf = Shelf(sources, settings, self.documents.read, kept_pictures(self.workspace))
                self._told = time.monotonic(), Told(sources, Planner(sources, settings, own), shelf, StoreMembership(self._store))
            return self._told[1]

    def close(self) -> None:
        if self._store is not None:
            self._store.close()


class Arrived:
    """A feed's articles in the order of arrival, the last first, each read when it is come to."""

    def __init__(self, queries: Queries, told: Told, plan: Plan, limit: int) -> None:
        self.queries = queries
        self.told = told
        self.plan = plan
        self.paths = [paths for part in plan.parts if (paths := told.membership.last(part, limit))]
        self.changed: dict[str, float] = {}
        """guid → when its document was written last, seconds since 1970."""
        self.newest = datetime.fromtimestamp(0, UTC)

    def found(self) -> Iterator[Found]:
        streams = [self.read(paths) for paths in self.paths]
        for found in heapq.merge(*streams, key=lambda found: found.arrival, reverse=True):
            self.newest = max(self.newest, found.item.updated)
            custom = self.plan.custom
            if custom is None or admits(custom.query, found.item, None):
                yield found

    def read(self, paths: Sequence[str]) -> Iterator[Found]:
        shelf, items = self.told.shelf, self.queries.items
        for path in paths:
            try:
                status = self.queries.documents.place(path).stat()
            except (OSError, DocumentError):  # taken down, or not there yet: the feed is whole without it
                continue
            mark = (status.st_mtime_ns, status.st_size, status.st_ino, self.told.sources.about(path.partition("/")[0]))
            found: Found | str | None = items.get(path, mark)
            if found is None:
                found = shelf.read(path)
                if isinstance(found, str):
                    logger.warning("feed %s: %s: left out: %s", self.plan.channel.path, path, found)
                    continue
                items.put(path, mark, found, 2 * len(found.item.content) + 2000)
            assert not isinstance(found, str)
            if found.item.guid in self.changed:
                continue
            self.changed[found.item.guid] = status.st_mtime
            yield replace(found, item=replace(found.item, origin=shelf.origin(found.source))) if self.plan.gathered else found


def read_query(query: str) -> tuple[Query, str]:
    """A query and its own parameters as text, without the key and what others hang on addresses; "" asks for the feed as it is.

    Raises QueryError naming the parameter that is wrong.
    """
    try:
        given = parse_qsl(query, max_num_fields=MAX_PARAMETERS + 1)
    except ValueError:
        raise QueryError("query", f"it has more parameters than the {MAX_PARAMETERS} that are read") from None
    given = [(name, value) for name, value in given if name != PARAMETER]
    asked = parse_query(given)
    return asked, urlencode([(name, value) for name, value in given if value and (FILTER.match(name) or name in OTHERS)])


def without(query: str, name: str) -> str:
    """A query's text without one parameter: what a redirect takes along."""
    return "&".join(pair for pair in query.split("&") if pair and re.split("[=]", pair, maxsplit=1)[0] != name)


def queried(channel: Channel, text: str) -> QueriedChannel:
    """A feed's channel as it stands in the answer to a query."""
    values: Mapping[str, object] = {name: getattr(channel, name) for name in Channel.__slots__}
    return QueriedChannel(**{**values, "hubs": (), "archive": 0, "previous": 0, "query": text})  # type: ignore[arg-type]
