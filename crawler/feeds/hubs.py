"""Tells WebSub hubs which feeds changed, so that they fetch them and pass them on. What a hub did not take is told again by a later run.

A publisher tells a hub by `hub.mode=publish` and `hub.url` (https://www.w3.org/TR/websub/#publishing leaves the form to the hub; this is
the one that PubSubHubbub 0.4, 7.1, gave them all).
"""

from __future__ import annotations

import fcntl
import http.client
import ipaddress
import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from crawler.errors import FetchRefused
from crawler.feeds.feed import Problem
from crawler.fetching.guard import check_url, is_private
from crawler.files import delete_durably, make_folder, write_durably

VERSION = 1
DEADLINE = 10.0
"""Seconds that all hubs together may take of a run."""
PATIENCE = 5.0
"""Seconds for a connection, and for an answer."""
BATCH = 100
"""Feeds told in one request."""
MOST_TOPICS = 10_000
"""Feeds waiting for one hub; of more the oldest are dropped: their readers poll."""
FIRST_WAIT, LONGEST_WAIT = 60.0, 86_400.0
MOST_ATTEMPTS = 12
"""Failures in a row after which what waits is given up: with the waits between them some five days."""
FOR_GOOD = frozenset({400, 401, 403, 404, 405, 410, 422})
"""Answers that the same request would get again."""


@dataclass(frozen=True, slots=True)
class HubProblem(Problem):
    """A hub that did not take what it was told."""

    def __str__(self) -> str:
        return f"hub {self.subject}: {self.reason}"


@dataclass(slots=True)
class Waiting:
    """What one hub has still to be told."""

    topics: list[str] = field(default_factory=list)
    attempts: int = 0
    """Failures in a row."""
    next_try: float = 0.0
    """Seconds since 1970, real clock."""


def queue_topics(path: Path, hubs: Sequence[str], topics: Iterable[str]) -> None:
    """Notes durably what the hubs have to be told. `path`: the queue's file, ours alone. Raises OSError."""
    topics = list(topics)
    if not hubs or not topics:
        return
    with held(path) as queue:
        for hub in hubs:
            waiting = queue.setdefault(hub, Waiting())
            waiting.topics = list(dict.fromkeys([*waiting.topics, *topics]))[-MOST_TOPICS:]


def tell_hubs(
    path: Path, hubs: Sequence[str], user_agent: str, *, allow_private: bool = False, deadline: float = DEADLINE
) -> list[HubProblem]:
    """Tells the hubs what waits for them, all at the same time, and gives what went wrong.

    Takes `deadline` seconds at most, whatever the hubs do: what is not taken by then waits for the next run. Nothing is sent to a hub
    that the settings don't name any more. Raises OSError where the queue can't be kept.
    """
    if not path.exists():
        return []
    now = time.time()
    with held(path) as queue:
        for hub in [hub for hub in queue if hub not in hubs]:
            del queue[hub]
        due = {hub: list(waiting.topics) for hub, waiting in queue.items() if waiting.next_try <= now}
    calls = [Call(hub, topics, user_agent, allow_private) for hub, topics in due.items()]
    end = time.monotonic() + deadline
    for call in calls:
        call.thread.start()
    for call in calls:
        call.thread.join(max(0.0, end - time.monotonic()))
    with held(path) as queue:
        return [problem for call in calls if (problem := note(queue, call, now))]


def note(queue: dict[str, Waiting], call: Call, now: float) -> HubProblem | None:
    """Puts into the queue what became of a call."""
    told, reason, final = call.close()
    waiting = queue.get(call.hub, Waiting())
    waiting.topics = [topic for topic in waiting.topics if topic not in told]
    waiting.attempts = waiting.attempts + 1 if reason else 0
    waiting.next_try = now + min(LONGEST_WAIT, FIRST_WAIT * 3 ** (waiting.attempts - 1)) if reason else 0.0
    given_up = bool(reason) and (final or waiting.attempts >= MOST_ATTEMPTS)
    if not waiting.topics or given_up:
        queue.pop(call.hub, None)
    if not reason:
        return None
    return HubProblem("", call.hub, f"{reason}; {'given up' if given_up else 'told again by a later run'}")


@contextmanager
def held(path: Path) -> Iterator[dict[str, Waiting]]:
    """The queue, in this process's hand for a moment, and written back. What can't be read is taken for empty: readers poll anyway."""
    make_folder(path.parent)
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        queue = read_queue(path)
        yield queue
        if queue:
            content = {hub: {"topics": w.topics, "attempts": w.attempts, "next_try": w.next_try} for hub, w in queue.items()}
            write_durably(path, (json.dumps({"v": VERSION, "hubs": content}, indent=1) + "\n").encode())
        else:
            delete_durably(path)
    finally:
        os.close(descriptor)


def read_queue(path: Path) -> dict[str, Waiting]:
    try:
        kept: Any = json.loads(path.read_bytes())
        return {
            str(hub): Waiting([str(topic) for topic in w["topics"]], int(w["attempts"]), float(w["next_try"]))
            for hub, w in kept["hubs"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


class Call:
    """One hub being told, in a thread that is left behind when it takes too long."""

    def __init__(self, hub: str, topics: Sequence[str], user_agent: str, allow_private: bool) -> None:
        self.hub = hub
        self.topics = topics
        self.user_agent = user_agent
        self.allow_private = allow_private
        self.thread = threading.Thread(target=self.run, name=f"hub {urlsplit(hub).hostname}", daemon=True)
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._reason = f"no answer within {DEADLINE:g} seconds"
        self._final = False
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        reason, final = "", False
        try:
            for start in range(0, len(self.topics), BATCH):
                batch = self.topics[start : start + BATCH]
                status = self.post(batch)
                if not 200 <= status < 300:
                    reason, final = f"it answered HTTP {status}", status in FOR_GOOD
                    break
                with self._lock:
                    self._told.update(batch)
        except FetchRefused as error:
            reason, final = error.problem, True
        except TimeoutError:
            reason = f"no answer within {PATIENCE:g} seconds"
        except Exception as error:  # whatever a hub or a resolver does, it ends this call alone
            reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        with self._lock:
            self._reason, self._final = reason, final

    def post(self, topics: Sequence[str]) -> int:
        """Sends one request; gives the answer's status."""
        connection, target = connect_to(self.hub, self.allow_private)
        with self._lock:
            self._connection = connection
        try:
            body = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": self.user_agent, "Connection": "close"}
            connection.request("POST", target, body, headers)
            return connection.getresponse().status  # its body is nobody's: the connection is closed over it
        finally:
            connection.close()

    def close(self) -> tuple[set[str], str, bool]:
        """What was told, what went wrong ("": nothing), and whether that is for good. A thread still waiting is woken."""
        with self._lock:
            if self.thread.is_alive() and self._connection is not None and self._connection.sock is not None:
                try:
                    self._connection.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            return set(self._told), self._reason, self._final


def connect_to(url: str, allow_private: bool) -> tuple[http.client.HTTPConnection, str]:
    """A connection that is yet to be opened, and what to ask on it. The address that is checked is the one that is connected to.

    Through a proxy that the environment names, literal private addresses are refused and names are the proxy's to check (as for pages).
    Raises FetchRefused.
    """
    check_url(url, allow_private=allow_private)
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{parts.query}" if parts.query else "")
    proxy = "" if proxy_bypass(host) else getproxies().get(parts.scheme, "")
    via = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
    made_to, made_at = (via.hostname or "", via.port or 80) if via else (host, port)
    context = ssl.create_default_context() if secure else None
    connection = (
        http.client.HTTPSConnection(made_to, made_at, timeout=PATIENCE, context=context)
        if secure
        else http.client.HTTPConnection(made_to, made_at, timeout=PATIENCE)
    )
    if via is None:
        connection._create_connection = guarded(url, allow_private)  # type: ignore[attr-defined]
    elif secure:
        connection.set_tunnel(host, port)
    else:
        target = f"http://{parts.netloc.rpartition('@')[2]}{target}"
    return connection, target


def guarded(url: str, allow_private: bool) -> Callable[..., socket.socket]:
    """`socket.create_connection`, to public addresses alone: a name may lead anywhere, each time somewhere else (DNS rebinding)."""

    def create_connection(address: tuple[str, int], timeout: float, source_address: Any = None) -> socket.socket:
        failed: OSError | None = None
        for _, _, _, _, found in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
            literal = str(found[0])
            if not allow_private and is_private(ipaddress.ip_address(literal.partition("%")[0])):
                raise FetchRefused(url, "its name leads to a private address; `allow_private: true` in broadsheet.yaml allows it")
            try:
                return socket.create_connection((literal, address[1]), timeout)
            except OSError as error:
                failed = error
        raise failed or OSError("its name leads to no address")

    return create_connection
