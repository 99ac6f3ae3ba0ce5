"""What is at an address: a file of the output, an answer to a query, the way to where it is now, or plain words why there is nothing."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, quote

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response

from crawler.errors import BroadsheetError
from crawler.feeds import QueryError
from crawler.feeds.feed import SUFFIXES
from crawler.feeds.overviews import OPML
from crawler.feeds.pages.write import FRONT
from crawler.pipelines.publishing import feed_settings
from crawler.web import places
from crawler.web.cache import Bounded
from crawler.web.conditions import http_date, told_time, unchanged
from crawler.web.moves import DEFAULT, FEED, GONE, SHORT, Moves
from crawler.web.overload import RETRY_AFTER, busy
from crawler.web.places import Place
from crawler.web.queries import Queries, read_query, without
from crawler.web.representation import PAGE_POLICY, Representation, one, respond, say
from crawler.workspace import Workspace

logger = logging.getLogger(__name__)
T = TypeVar("T")
FILES_BYTES = 96 * 1024 * 1024
LARGE = 4 * 1024 * 1024
"""Bytes from which on a file is streamed, neither kept nor compressed: archives, exports."""
LONGEST_QUERY = 4096
"""Letters of an address's query as it is sent."""
THREADS = 4
WAITING = 16
"""Queries that may wait for a thread; a further one is told to come again."""
NAMES_FRESH = 10.0
MOST_NAMES = 2000


class Site:
    """The output of a workspace as a server shows it."""

    def __init__(self, workspace: Workspace, *, root_path: str = "", private: bool = False) -> None:
        """`root_path`: what a proxy puts before every path (`/news`). `private`: no cache but the reader's own may keep an answer."""
        settings = workspace.settings
        self.workspace = workspace
        self.root_path = root_path
        at = feed_settings(workspace).feeds_at.strip("/")
        self.feeds_at = f"{at}/" if at not in ("", ".") else ""
        self.moves = Moves(settings.moved, settings.gone)
        self.queries = Queries(workspace)
        self.files: Bounded[str, Representation] = Bounded(FILES_BYTES)
        self.caching = f"{'private' if private else 'public'}, max-age={settings.refresh * 60}"
        self.threads = CapacityLimiter(THREADS)
        self.asking = 0
        self._names: tuple[float, list[str]] = (-NAMES_FRESH, [])

    async def answer(self, name: str, query: str, request: Headers) -> Response | None:
        """What is at a path (decoded, without the first `/`); None where there is nothing."""
        if len(query) > LONGEST_QUERY:
            return say(414, f"The query is longer than {LONGEST_QUERY:,} letters.")
        name = self.inner(name)
        feed = FEED.match(name)
        short = None if feed else SHORT.match(name)
        if (feed or short) and (elsewhere := self.elsewhere(name, query)):
            return elsewhere
        if short:
            return self.lead(short["path"], query)
        place = places.find(self.workspace, name)
        if place is None:
            return None
        if feed and query and feed["suffix"] != "html" and "/archive/" not in name:
            return await self.asked(feed["path"], feed["suffix"], query, place, request)
        return await self.file(name, place, request)

    def inner(self, name: str) -> str:
        """A path as the rooms here call it: feeds lie below `feeds/`, wherever `base_url` has them."""
        if not name:
            return FRONT
        if not self.feeds_at and FEED.match(f"feeds/{name}") and places.find(self.workspace, f"feeds/{name}"):
            return f"feeds/{name}"
        return f"feeds/{name.removeprefix(self.feeds_at)}" if self.feeds_at and name.startswith(self.feeds_at) else name

    def outer(self, name: str) -> str:
        """The other way round: as it stands in an address."""
        return self.feeds_at + name.removeprefix("feeds/") if name.startswith("feeds/") else name

    def elsewhere(self, name: str, query: str) -> Response | None:
        """301 or 410 for a feed that moved or is no more."""
        found = FEED.match(name) or SHORT.match(name)
        assert found
        path, mark, archive = found["path"].partition("/archive/")
        now = self.moves.now(path)
        if now is None:
            return None
        if now == GONE:
            return say(410, f"The feed {path} is no more. Please remove it.", caching="public, max-age=3600")
        suffix = found.groupdict().get("suffix")
        return self.redirect(301, f"feeds/{now}{mark}{archive}.{suffix or wanted(query)}", query if suffix else without(query, "format"))

    def lead(self, path: str, query: str) -> Response | None:
        """RSSHub's address of a feed: to its file in the wanted format."""
        suffix = wanted(query)
        if suffix not in SUFFIXES:
            return say(400, f"format: {suffix[:100]!r} is none of {', '.join(SUFFIXES)}")
        target = f"feeds/{path}.{suffix}"
        return self.redirect(302, target, without(query, "format")) if places.find(self.workspace, target) else None

    def redirect(self, status: int, name: str, query: str) -> Response:
        """Without host or scheme: whatever a request claims of them, it leads to where the reader asked."""
        location = f"{self.root_path}/{quote(self.outer(name))}" + (f"?{query}" if query else "")
        return say(status, f"It is at {location}", caching=self.caching, headers={"Location": location})

    async def asked(self, path: str, suffix: str, query: str, place: Place, request: Headers) -> Response | None:
        """A feed with parameters: filtered, shortened, in another format."""
        try:
            asked, text = read_query(query)
        except QueryError as error:
            return say(400, f"{error.subject}: {error.problem}")
        if asked.format and asked.format != suffix:
            return self.redirect(302, f"feeds/{path}.{asked.format}", without(query, "format"))
        if not text:
            return await self.file(f"feeds/{path}.{suffix}", place, request)
        if self.asking >= THREADS + WAITING:
            return busy()
        self.asking += 1
        try:
            found = await self.in_thread(lambda: self.queries.answer(path, suffix, asked, text, place.mark, place.modified))
            return await self.shown(found, request) if found else None
        except BroadsheetError as error:
            logger.error("%s", error)
            return say(503, "This can't be answered now.", caching="no-store", headers={"Retry-After": str(RETRY_AFTER)})
        finally:
            self.asking -= 1

    async def file(self, name: str, place: Place, request: Headers) -> Response | None:
        headers = self.headers_of(name, place)
        if place.size > LARGE:
            return self.stream(place, headers, request)
        found = self.files.get(place.path, place.mark)
        if found is None:
            try:
                body = await self.in_thread(lambda: places.read(place))
            except OSError:  # deleted a moment ago
                return None
            found = Representation(body, place.media_type, place.modified, place.compresses, headers)
            self.files.put(place.path, place.mark, found, found.weight)
        return await self.shown(found, request)

    async def shown(self, found: Representation, request: Headers) -> Response:
        coding = found.fit_coding(one(request, "accept-encoding"))
        if not found.ready(coding):
            await self.in_thread(lambda: found.code(coding))
        return respond(found, request, self.caching)

    def stream(self, place: Place, headers: dict[str, str], request: Headers) -> Response | None:
        now = time.time()
        etag, modified = f'"{place.mark[0]:x}-{place.mark[1]:x}-{place.mark[2]:x}"', told_time(place.modified, now)
        headers = {**headers, "ETag": etag, "Cache-Control": self.caching, "Content-Type": place.media_type}
        if place.compresses:
            headers["Vary"] = "Accept-Encoding"
        if unchanged(etag, modified, one(request, "if-none-match"), one(request, "if-modified-since"), now):
            return Response(status_code=304, headers=headers)
        try:
            response = FileResponse(place.path, headers=headers, media_type=place.media_type, stat_result=Path(place.path).stat())
        except OSError:  # deleted a moment ago
            return None
        del response.headers["Last-Modified"]
        if modified is not None:
            response.headers["Last-Modified"] = http_date(modified)
        return response

    def headers_of(self, name: str, place: Place) -> dict[str, str]:
        if place.media_type.startswith("text/html"):
            return {"Content-Security-Policy": PAGE_POLICY}
        feed = FEED.match(name)
        settings = self.workspace.settings
        if feed and settings.hubs and settings.base_url:  # WebSub, 4: discovery by Link headers
            links = [f'<{hub}>; rel="hub"' for hub in settings.hubs] + [f'<{settings.base_url}{quote(self.outer(name))}>; rel="self"']
            return {"Link": ", ".join(links)}
        return {}

    async def nothing_at(self, name: str) -> Response:
        """404 in plain words, with the feeds whose names are near."""
        near = await self.in_thread(lambda: self.near(name))
        name = self.inner(name)
        lines = [f"Nothing is at {self.root_path}/{self.outer(name)[:200] if name.isprintable() else '…'}"]
        lines += [f"Near it: {self.root_path}/{self.outer(f'feeds/{path}.{suffix}')}" for path, suffix in near]
        if name in ("", FRONT):
            lines.append("There is no front page yet: crawl something first.")
        if places.find(self.workspace, f"feeds/{OPML}"):
            lines.append(f"All feeds: {self.root_path}/{self.outer(f'feeds/{OPML}')}")
        return say(404, "\n".join(lines))

    def near(self, name: str) -> list[tuple[str, str]]:
        feed = FEED.match(name)
        path, suffix = (feed["path"], feed["suffix"]) if feed else (name.strip("/").removeprefix("feeds/").partition(".")[0], DEFAULT)
        found = get_close_matches(path, self.names(), n=3, cutoff=0.6) if 0 < len(path) <= 100 else []
        return [(one, suffix) for one in found]

    def names(self) -> list[str]:
        """Paths of the feeds that there are, as far as a person may have meant them."""
        at, names = self._names
        if time.monotonic() - at >= NAMES_FRESH:
            names = [name for name in feeds_below(self.workspace.feeds)][:MOST_NAMES]
            self._names = time.monotonic(), names
        return names

    async def in_thread(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self.threads)


def wanted(query: str) -> str:
    """The format that a query asks for."""
    try:
        return dict(parse_qsl(query, max_num_fields=100)).get("format", DEFAULT)
    except ValueError:
        return DEFAULT


def feeds_below(folder: Path) -> list[str]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".rss"):
                    found.append(entry.name.removesuffix(".rss"))
                elif entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    found += [f"{entry.name}/{path.stem}" for path in sorted((folder / entry.name).glob("*.rss"))]
    except OSError:
        return found
    return found
