"""Serves the demo newspaper on loopback: to a crawler as the proxy it is told to use, to a browser as a plain site."""

from __future__ import annotations

import gzip
import socket
import sys
import threading
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from crawler.demo.masthead import HOST, PRINTED
from crawler.demo.site import Answer, answer, not_allowed, refused

LAST_MODIFIED = format_datetime(PRINTED, usegmt=True)


class DemoServer:
    """The running server, a context manager. It listens on 127.0.0.1 only; `port` 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self._wanted = port
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = Server(("127.0.0.1", self._wanted), Conversation)
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = threading.Thread(target=serve, name="demo newspaper", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is None:
            return
        self.running.stop()
        self._thread.join()
        self._thread = None

    @property
    def running(self) -> Server:
        if self._server is None:
            raise RuntimeError("the demo newspaper is not served yet: use `with DemoServer() as server`")
        return self._server

    @property
    def port(self) -> int:
        return int(self.running.server_address[1])

    @property
    def proxy(self) -> str:
        """What a request's proxy is set to."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> int:
        """How many requests it has answered so far, 304s and errors among them."""
        return self.running.answered


class Server(ThreadingHTTPServer):
    """A thread a connection; all of them have ended when `stop` returns."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        self.answered = 0
        self.lock = threading.Lock()
        self.connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        # noted here, in the accepting thread, so that `stop` knows every connection once accepting has ended
        with self.lock:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        linger(request)
        with self.lock:
            self.connections.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        self.shutdown()
        with self.lock:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RD)  # an idle keep-alive ends; an answer on its way is still sent whole
                except OSError:
                    pass
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is nobody's news; anything else is a defect and is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Conversation(BaseHTTPRequestHandler):
    """The requests of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: two small writes wait for each other (Nagle, delayed ACK)
    timeout = 60.0

    def do_GET(self) -> None:
        self.reply(self.find())

    do_HEAD = do_GET

    def refuse(self) -> None:
        self.close_connection = True  # what it may send along is not read
        self.reply(not_allowed(self.command))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_CONNECT = do_TRACE = refuse

    def find(self) -> Answer:
        """Absolute form (RFC 9112, 3.2.2), as a proxy is asked, for this host alone; a path, as a browser asks."""
        try:
            target = urlsplit(self.path)
            own = target.scheme == "http" and target.hostname == HOST and target.port in (None, 80)
        except ValueError:
            return refused(self.path)
        if (target.scheme or target.netloc) and not own:
            return refused(self.path)
        return answer(unquote(target.path or "/"))

    def reply(self, found: Answer) -> None:
        body, etag = found.body, found.etag
        coded = found.compresses and accepts_gzip(self.headers.get("Accept-Encoding", ""))
        if coded:
            body, etag = gzipped(body), etag[:-1] + '-gzip"'  # a strong ETag names bytes as sent (RFC 9110, 8.8.3)
        fresh = found.status == HTTPStatus.OK and self.is_fresh(found.etag)
        # no Date: it would tell the clock, and answers depend on the request alone (a server without a clock sends none, RFC 9110, 6.6.1)
        self.send_response_only(HTTPStatus.NOT_MODIFIED if fresh else found.status)
        if found.status == HTTPStatus.OK:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", LAST_MODIFIED)
        if found.compresses:
            self.send_header("Vary", "Accept-Encoding")
        for name, value in found.headers:
            self.send_header(name, value)
        if not fresh:
            self.send_header("Content-Type", found.content_type)
            self.send_header("Content-Length", str(len(body)))
            if coded:
                self.send_header("Content-Encoding", "gzip")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not fresh and self.command != "HEAD":
            self.wfile.write(body)
        with self.server.lock:
            self.server.answered += 1

    def is_fresh(self, etag: str) -> bool:
        """Whether the client holds this answer already; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            tags = {tag.strip().removeprefix("W/").replace('-gzip"', '"') for tag in known.split(",")}
            return "*" in tags or etag in tags
        since = self.headers.get("If-Modified-Since", "")
        try:
            at = parsedate_to_datetime(since)
            return at.tzinfo is not None and at >= PRINTED
        except ValueError:
            return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library finds wrong with a request, told plainly and without its clock."""
        self.close_connection = True
        self.request_version = self.protocol_version  # what can't be read counts as HTTP/0.9, which has no status line to answer with
        body = f"{code} {message or HTTPStatus(code).phrase}\n".encode()
        self.send_response_only(code, HTTPStatus(code).phrase)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        with self.server.lock:
            self.server.answered += 1

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: a crawl's own log tells what was asked."""


def linger(connection: socket.socket) -> None:
    """Takes what a client still sends after the last answer: closing over unread bytes resets the connection, and the answer with it
    (RFC 9112, 9.6)."""
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1.0)
        for _ in range(64):
            if not connection.recv(65536):
                break
    except OSError:
        pass


def accepts_gzip(header: str) -> bool:
    """Whether Accept-Encoding allows gzip: `gzip;q=0` forbids it, `*` stands for it."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        try:
            weights[coding.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[coding.strip()] = 0
    return weights.get("gzip", weights.get("*", 0)) > 0


@cache
def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
