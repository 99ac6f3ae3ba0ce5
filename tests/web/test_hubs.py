"""WebSub hubs on loopback: told of a change, and never able to hold up or hurt a run."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from feeds.entries import entry
from web.newsroom import Newsroom

from crawler.feeds import hubs
from crawler.feeds.hubs import queue_topics, read_queue, tell_hubs

TOPICS = ["https://news.example/feeds/all.atom", "https://news.example/feeds/观/a b.rss"]
AGENT = "Broadsheet/test"


class Hub:
    """A hub that answers with a status and remembers what it was told."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.told: list[list[tuple[str, str]]] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hub.told.append(parse_qsl(body.decode()))
                self.send_response(hub.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hub?x=1"

    def __enter__(self) -> Hub:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def evil(behaviour: str) -> Iterator[str]:
    """A hub that accepts a connection and then hangs, drips, floods or resets."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        try:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                if behaviour == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return
                if behaviour == "nonsense":
                    connection.sendall(b"\x00\xff no HTTP at all\r\n\r\n")
                    return
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for count in range(10_000):
                    if ended.is_set():
                        return
                    if behaviour == "drip":
                        connection.sendall(b"X")
                        time.sleep(0.05)
                    elif behaviour == "flood":
                        connection.sendall(b"X-%d: " % count + b"x" * 60_000 + b"\r\n")
                    else:
                        ended.wait(0.05)
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        ended.set()
        listening.close()
        thread.join(5)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_a_hub_is_told_once(tmp_path: Path) -> None:
    queue = tmp_path / "own/hubs.json"
    with Hub() as hub:
        queue_topics(queue, [hub.address], TOPICS)
        assert tell_hubs(queue, [hub.address], AGENT, allow_private=True) == []
        assert tell_hubs(queue, [hub.address], AGENT, allow_private=True) == []
    assert hub.told == [[("hub.mode", "publish"), *(("hub.url", topic) for topic in TOPICS)]]
    assert not queue.exists()


def test_many_feeds_are_told_in_batches(tmp_path: Path) -> None:
    queue = tmp_path / "hubs.json"
    topics = [f"https://news.example/{n}.rss" for n in range(250)]
    with Hub() as hub:
        queue_topics(queue, [hub.address], topics)
        assert tell_hubs(queue, [hub.address], AGENT, allow_private=True) == []
    assert [len(one) - 1 for one in hub.told] == [100, 100, 50]
    assert [value for one in hub.told for name, value in one if name == "hub.url"] == topics


def test_what_a_hub_did_not_take_is_told_by_a_later_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = tmp_path / "hubs.json"
    with Hub(503) as hub:
        queue_topics(queue, [hub.address], TOPICS[:1])
        (problem,) = tell_hubs(queue, [hub.address], AGENT, allow_private=True)
        assert "HTTP 503" in str(problem)
        assert hub.address in str(problem)
        queue_topics(queue, [hub.address], TOPICS)  # a further change meanwhile
        assert tell_hubs(queue, [hub.address], AGENT, allow_private=True) == []  # it is not its time yet
        assert len(hub.told) == 1
        hub.status = 202
        now = time.time()
        monkeypatch.setattr(hubs.time, "time", lambda: now + 61)
        assert tell_hubs(queue, [hub.address], AGENT, allow_private=True) == []
    assert hub.told[1] == [("hub.mode", "publish"), *(("hub.url", topic) for topic in TOPICS)]
    assert read_queue(queue) == {}


def test_the_waits_grow_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, now, waits = tmp_path / "hubs.json", time.time(), []
    with Hub(500) as hub:
        queue_topics(queue, [hub.address], TOPICS)
        for _ in range(hubs.MOST_ATTEMPTS):
            monkeypatch.setattr(hubs.time, "time", lambda now=now: now)
            (problem,) = tell_hubs(queue, [hub.address], AGENT, allow_private=True)
            if waiting := read_queue(queue).get(hub.address):
                waits.append(waiting.next_try - now)
                now = waiting.next_try
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (60, 86400)
    assert "given up" in str(problem)
    assert read_queue(queue) == {}


@pytest.mark.parametrize("status", [400, 404, 410, 301])
def test_a_refusal_is_told_and_a_redirect_is_not_followed(tmp_path: Path, status: int) -> None:
    queue = tmp_path / "hubs.json"
    with Hub(status) as hub:
        queue_topics(queue, [hub.address], TOPICS)
        (problem,) = tell_hubs(queue, [hub.address], AGENT, allow_private=True)
    assert f"HTTP {status}" in str(problem)
    assert ("given up" in str(problem)) == (status != 301)


@pytest.mark.parametrize("behaviour", ["hang", "drip", "flood", "reset", "nonsense"])
def test_an_evil_hub_costs_a_bounded_time_and_hurts_no_other(tmp_path: Path, behaviour: str) -> None:
    queue = tmp_path / "hubs.json"
    with evil(behaviour) as bad, Hub() as good:
        queue_topics(queue, [bad, good.address], TOPICS)
        began = time.monotonic()
        problems = tell_hubs(queue, [bad, good.address], AGENT, allow_private=True, deadline=1.0)
        assert time.monotonic() - began < 2.0
        assert [problem.subject for problem in problems] == [bad]
        assert len(good.told) == 1
        assert list(read_queue(queue)) == [bad]


@pytest.mark.parametrize(
    ("hub", "told"),
    [
        ("http://127.0.0.1:9/", "private address"),
        ("http://2130706433/", "private address"),
        ("http://[::1]/", "private address"),
        ("http://169.254.169.254/latest/", "private address"),
        ("http://localhost/", "local network"),
        ("file:///etc/passwd", "http"),
        ("gopher://x/", "http"),
    ],
)
def test_the_guard_decides_who_is_told(tmp_path: Path, hub: str, told: str) -> None:
    queue = tmp_path / "hubs.json"
    queue_topics(queue, [hub], TOPICS)
    (problem,) = tell_hubs(queue, [hub], AGENT)
    assert told in str(problem)
    assert not queue.exists()  # for good


def test_a_name_that_leads_to_a_private_address_is_not_connected_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = tmp_path / "hubs.json"
    with Hub() as hub:
        port = hub.server.server_port
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(hubs.socket, "getaddrinfo", lambda *_, **__: found)
        queue_topics(queue, [f"http://hub.example:{port}/"], TOPICS)
        (problem,) = tell_hubs(queue, [f"http://hub.example:{port}/"], AGENT)
    assert "private address" in str(problem)
    assert hub.told == []


def test_through_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = tmp_path / "hubs.json"
    with Hub() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server.server_port}")
        monkeypatch.setenv("no_proxy", "")
        queue_topics(queue, ["http://hub.example/", "http://10.0.0.1/"], TOPICS)
        (problem,) = tell_hubs(queue, ["http://hub.example/", "http://10.0.0.1/"], AGENT)
    assert len(proxy.told) == 1
    assert problem.subject == "http://10.0.0.1/"


def test_a_hub_that_the_settings_name_no_more_is_forgotten(tmp_path: Path) -> None:
    queue = tmp_path / "hubs.json"
    queue_topics(queue, ["https://old.example/"], TOPICS)
    assert tell_hubs(queue, [], AGENT) == []
    assert not queue.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"hubs": 1}', b'{"hubs": {"x": {}}}', b"\xff"])
def test_a_damaged_queue_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    queue = tmp_path / "hubs.json"
    queue.write_bytes(content)
    assert tell_hubs(queue, ["https://hub.example/"], AGENT) == []
    queue.write_bytes(content)
    queue_topics(queue, ["https://hub.example/"], TOPICS)
    assert json.loads(queue.read_bytes())["hubs"]["https://hub.example/"]["topics"] == TOPICS


def test_a_run_tells_of_a_real_change_alone(tmp_path: Path) -> None:
    with Hub() as hub:
        room = Newsroom(tmp_path, base_url="https://news.example/", hubs=[hub.address], allow_private=True)
        room.write([entry(1, source="paper")])
        told = {value for one in hub.told for name, value in one if name == "hub.url"}
        assert "https://news.example/feeds/paper/city.atom" in told
        assert "https://news.example/feeds/all.json" in told
        hub.told.clear()
        room.write([entry(1, source="paper")])
        assert hub.told == []
