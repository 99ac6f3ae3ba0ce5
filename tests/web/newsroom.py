"""A workspace that the tests write articles into, and the real server over it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
import yaml
from conftest import write_recipe
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.article import zulu
from crawler.entry import Entry
from crawler.feeds import PublishReport
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.run import documents_of
from crawler.store import KnownEntry, Store
from crawler.web import make_app
from crawler.workspace import Workspace, open_workspace

LONG_AGO = 1_700_000_000.0
"""Seconds since 1970: files as if a crawl of some time ago had written them."""
RECIPE = """\
url: http://demo.broadsheet.example/
name: The Paper
language: en
sections:
  - {id: city, name: City, feed: "http://demo.broadsheet.example/city.xml"}
  - {id: world, name: World, feed: "http://demo.broadsheet.example/world.xml"}
"""


class Newsroom:
    """A workspace with the source `paper`."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.root = root
        (root / "broadsheet.yaml").write_text(yaml.safe_dump(settings), "utf-8")
        write_recipe(root, "paper", RECIPE)
        self.workspace: Workspace = open_workspace(root)

    def write(self, entries: Sequence[Entry], *, aged: bool = True) -> PublishReport:
        """Writes articles as a crawl does, and the feeds. `aged`: as if that had been long ago."""
        store = Store(self.workspace.store_url)
        documents = documents_of(self.workspace)
        try:
            documents.write(entries)
            with store.begin() as transaction:
                for entry in entries:
                    known = KnownEntry(
                        guid=entry.guid,
                        source=entry.source,
                        path=entry.path,
                        url=entry.article.url,
                        first_seen=zulu(entry.first_seen),
                        published=entry.published.zulu(),
                        title_key=entry.article.title,
                        day=str(entry.published.at.date()),
                        sections=entry.sections,
                        also_at=(),
                        categories=entry.categories,
                        written=True,
                        rank=0,
                        run=1,
                    )
                    transaction.entries.put(known, [])
                    transaction.entries.mark_stale(entry.source, entry.sections)
                    transaction.publications.note(entry.guid, entry.source)
            report = publish_feeds(store, documents, self.workspace)
        finally:
            store.close()
        if aged:
            self.age()
        return report

    def age(self, by: float = 0) -> None:
        import os

        for path in (self.root / "output").rglob("*"):
            if path.is_file():
                os.utime(path, (LONG_AGO + by, LONG_AGO + by))


class Answered(NamedTuple):
    """One line of a server's log."""

    path: str
    status: int
    reader: str


def logged(app: ASGIApp, log: list[Answered]) -> ASGIApp:
    """The application, with a log of what was answered."""

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                reader = dict(scope["headers"]).get(b"user-agent", b"").decode()
                log.append(Answered(scope["path"], message["status"], reader))
            await send(message)

        await app(scope, receive, note if scope["type"] == "http" else send)

    return noting


@contextmanager
def serving(
    workspace: Workspace, *, listening: socket.socket | None = None, log: list[Answered] | None = None, **options: Any
) -> Iterator[str]:
    """The address of a running server. `listening`: the socket it takes, so that its address is known before; `log`: of its answers."""
    listening = listening or socket.create_server(("127.0.0.1", 0))
    app = make_app(workspace, **options)
    config = uvicorn.Config(
        app if log is None else logged(app, log),
        log_level="critical",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def raw(address: str, request: bytes) -> bytes:
    """What a server answers to these very bytes."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer
