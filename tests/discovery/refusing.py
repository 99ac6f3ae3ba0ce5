"""A proxy in front of the replay server that refuses what a test names: a site without feeds and sitemaps."""

from __future__ import annotations

import re
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.error import HTTPError

FEEDS = re.compile(r"/(?:atom|rss2?|feed|index)\.(?:xml|json)$|/(?:feed|rss)/?$")
SITEMAPS = re.compile(r"sitemap[^/]*$")


class Refusing:
    """A context manager: an HTTP proxy that answers 404 for addresses that a pattern finds, and passes on all else."""

    def __init__(self, upstream: str, *patterns: re.Pattern[str]) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": upstream}), NoRedirect)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                return

            def do_GET(self) -> None:
                if any(pattern.search(self.path) for pattern in patterns):
                    self.answer(404, {}, b"refused by the test")
                    return
                request = urllib.request.Request(self.path, headers={"Accept-Encoding": "identity"})
                try:
                    with opener.open(request, timeout=30) as answer:
                        self.answer(answer.status, dict(answer.headers), answer.read())
                except HTTPError as error:
                    self.answer(error.code, dict(error.headers), error.read())

            def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        address = f"http://127.0.0.1:{self.server.server_port}"
        self.environment = {"http_proxy": address, "https_proxy": address}

    def __enter__(self) -> Refusing:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
