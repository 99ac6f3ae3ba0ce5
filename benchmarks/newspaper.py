"""A newspaper of any size for the benchmarks: lists of fifty, articles made from their number, a log of what was asked."""

from __future__ import annotations

import asyncio
import hashlib
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType

PER_LIST = 50
WORDS = [
    "harbour",
    "council",
    "ferry",
    "winter",
    "bridge",
    "mayor",
    "river",
    "market",
    "school",
    "garden",
    "engine",
    "letter",
    "island",
    "painter",
    "signal",
    "station",
    "teacher",
    "village",
    "summer",
    "museum",
    "orchard",
    "captain",
    "border",
    "library",
    "morning",
    "quarter",
    "railway",
    "theatre",
    "weather",
    "machine",
    "doctor",
    "evening",
    "factory",
    "journal",
    "lantern",
]
RECIPE = """\
url: {address}/
name: Newspaper
allow_private: true
delay: 0
concurrency: 32
sections:
  - id: home
    name: Home
    list: {{url: "{address}/list/1", link: "h2 a", next: "a.next", pages: {lists}}}
article:
  url: '^/news/(?P<id>\\d+)$'
"""


@dataclass
class Newspaper:
    """A site on loopback, a context manager. It answers as a small real one does: ETags on lists, 404 for what it has not."""

    articles: int
    paragraphs: int = 12
    asked: Counter[str] = field(default_factory=Counter)
    """Path → how often it was asked."""
    address: str = ""

    @property
    def lists(self) -> int:
        return -(-self.articles // PER_LIST)

    def recipe(self) -> str:
        return RECIPE.format(address=self.address, lists=self.lists)

    def urls(self) -> set[str]:
        """Addresses of all articles."""
        return {f"{self.address}/news/{number}" for number in range(self.articles)}

    def article_requests(self) -> int:
        return sum(count for path, count in dict.copy(self.asked).items() if path.startswith("/news/"))

    def page(self, path: str) -> str | None:
        kind, _, number = path.removeprefix("/").partition("/")
        if kind == "news" and number.isdecimal() and int(number) < self.articles:
            return article(int(number), self.paragraphs)
        if kind == "list" and number.isdecimal() and 0 < int(number) <= self.lists:
            return listing(int(number), self.articles)
        return None

    def __enter__(self) -> Newspaper:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._serve, args=(started,), daemon=True).start()
        started.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        self._loop.run_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                path = request.split(b" ", 2)[1].decode("ascii", "replace")
                self.asked[path] += 1
                writer.write(self._answer(path, request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str, request: bytes) -> bytes:
        text = self.page(path)
        if text is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body = text.encode()
        tag = b'"' + hashlib.sha1(body, usedforsecurity=False).hexdigest().encode() + b'"'
        if b"If-None-Match: " + tag in request:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\nETag: "
        return head.encode() + tag + b"\r\n\r\n" + body


def listing(number: int, articles: int) -> str:
    numbers = range((number - 1) * PER_LIST, min(number * PER_LIST, articles))
    links = "".join(f'<li><h2><a href="/news/{one}">{title(one)}</a></h2></li>' for one in numbers)
    further = f'<a class="next" href="/list/{number + 1}">Older</a>' if number * PER_LIST < articles else ""
    return f"<!doctype html><html lang='en'><body><ul>{links}</ul>{further}</body></html>"


@lru_cache(4096)
def article(number: int, paragraphs: int) -> str:
    chance = random.Random(number)
    day = f"2026-{1 + number % 3:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00+00:00"
    said = "the council said on Monday, and nobody had to wait for number"
    body = "".join(f"<p>{' '.join(chance.choices(WORDS, k=40)).capitalize()}, {said} {number}.</p>" for _ in range(paragraphs))
    name = title(number)
    return (
        f'<!doctype html><html lang="en"><head><title>{name} - Newspaper</title><meta property="og:title" content="{name}">'
        f'<meta property="article:published_time" content="{day}"><meta name="author" content="Ann Lee"></head><body>'
        f"<nav><a href='/list/1'>Home</a></nav><article><h1>{name}</h1>{body}</article><footer>{number % 7}</footer></body></html>"
    )


def title(number: int) -> str:
    chance = random.Random(-number - 1)
    return f"{' '.join(chance.choices(WORDS, k=5)).capitalize()} {number}"
