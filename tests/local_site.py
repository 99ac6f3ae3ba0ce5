"""A site on loopback that answers as a test tells it to, with a log of what was asked and when."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(slots=True)
class Answer:
    """What the site sends for an address."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    """Seconds before anything is sent."""
    cut: bool = False
    """Half of the body, then the end."""
    reset: bool = False
    """A TCP reset instead of an answer."""


@dataclass(slots=True)
class Asked:
    path: str
    at: float
    headers: dict[str, str]


class Site:
    """A context manager; `pages` maps a path to its answer, or to a function that makes it from the number of times it was asked."""

    def __init__(self, pages: Mapping[str, Answer | str | Callable[[int], Answer]]) -> None:
        self.pages = dict(pages)
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                return

            def do_GET(self) -> None:
                with site._lock:
                    times = sum(one.path == self.path for one in site.asked)
                    site.asked.append(Asked(self.path, time.monotonic(), {name.lower(): value for name, value in self.headers.items()}))
                found = site.pages.get(self.path, Answer(b"<h1>Not here</h1>", 404))
                if callable(found):
                    found = found(times)
                answer = Answer(found.encode(), headers={"Content-Type": "text/html; charset=utf-8"}) if isinstance(found, str) else found
                time.sleep(answer.wait)
                if answer.reset:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
                if answer.cut:
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def __enter__(self) -> Site:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()


def article(title: str, *, day: str = "2026-03-01", words: str = "quay") -> str:
    """A plain article page, long enough to be one."""
    body = "".join(
        f"<p>Paragraph {number} of {title}: the harbour office said on Monday that the {words} would be open to everyone again by spring, "
        "and that nobody who had a boat there before would have to look for another place.</p>"
        for number in range(6)
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{day}T10:00:00+00:00"></head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>"
    )


def listing(*paths: str) -> str:
    return (
        "<!doctype html><html><body><ul>"
        + "".join(f'<li><h2><a href="{path}">{path}</a></h2></li>' for path in paths)
        + "</ul></body></html>"
    )


def recipe(site: Site, *, extra: str = "", section: str = 'list: {url: "%s/", link: "h2 a"}') -> str:
    """A recipe for the site."""
    ways = section % site.address if "%s" in section else section
    return f"url: {site.address}/\nallow_private: true\ndelay: 0\nconcurrency: 4\nsections:\n  - id: home\n    {ways}\n{extra}"


def keeps_pace(times: list[float], delay: float) -> bool:
    """Whether so many requests took as long as they must. Each is seen as it arrives: on a busy machine one may be late, and the next is
    nearer then; that brings no request after it forward, so all of them together tell the pace.
    """
    return times[-1] - times[0] >= delay * (len(times) - 1.5)
