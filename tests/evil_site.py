"""A site on loopback that sends whatever bytes a test wants, whole or broken, and notes who connected and what was asked."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(slots=True)
class Raw:
    """Bytes as they go over the line, status line included."""

    sent: bytes | Iterator[bytes] = b""
    pause: float = 0.0
    """Seconds between two pieces."""
    reset: bool = False
    """A TCP reset at the end instead of a close."""


Pages = Mapping[str, "Raw | bytes | Callable[[int, str], Raw | bytes]"]


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A response with a Content-Length, by default the right one."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def unframed(body: bytes, *headers: str) -> bytes:
    """A response that ends where the connection does."""
    return "\r\n".join(["HTTP/1.1 200 OK", "Connection: close", *headers, "", ""]).encode("latin-1") + body


def chunked(body: bytes, *headers: str, end: bool = True, size: int = 1000) -> bytes:
    """A response in chunks; without `end` the last, empty one is missing."""
    head = "\r\n".join(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Connection: close", *headers, "", ""]).encode("latin-1")
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + (b"0\r\n\r\n" if end else b"")


def redirect(to: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {to}", status=status)


NOT_FOUND = answer(b"nothing here", status="404 Not Found")


@dataclass(slots=True)
class EvilSite:
    """A context manager. `pages`: path → bytes, or what makes them of the number of times it was asked and the request's head."""

    pages: dict[str, Raw | bytes | Callable[[int, str], Raw | bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Request heads, in the order in which they came."""
    times: list[float] = field(default_factory=list)
    connections: int = 0
    host: str = "127.0.0.1"
    _server: socket.socket = field(default_factory=socket.socket)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self._server.getsockname()[1]}"

    def paths(self) -> list[str]:
        return [head.split(" ", 2)[1] for head in self.asked]

    def __enter__(self) -> EvilSite:
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._server.bind((self.host, 0))
        self._server.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(60)
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := connection.recv(65536)):
                    return
                head += piece
            self._answer(connection, head.decode("latin-1"))
        except OSError:
            return  # the crawler hung up: that is its right
        finally:
            connection.close()

    def _answer(self, connection: socket.socket, head: str) -> None:
        path = head.split(" ", 2)[1]
        with self._lock:
            times = self.paths().count(path)
            self.asked.append(head)
            self.times.append(time.monotonic())
        found = self.pages.get(path, NOT_FOUND)
        found = found(times, head) if callable(found) else found
        raw = found if isinstance(found, Raw) else Raw(found)
        for piece in (raw.sent,) if isinstance(raw.sent, bytes) else raw.sent:
            connection.sendall(piece)
            time.sleep(raw.pause)
        if raw.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1)
        while connection.recv(65536):  # what a client still sends is taken: closing over unread bytes would reset the connection
            continue
