"""The application: one route for all that is read, around it the key, the limit and the headers that every answer has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from crawler.web.key import Key, refuse
from crawler.web.overload import MOST, PATIENCE, Limit, Safe
from crawler.web.representation import say
from crawler.web.site import Site
from crawler.workspace import Workspace

HEALTH = "healthz"


def make_app(workspace: Workspace, *, key: str = "", root_path: str = "", most: int = MOST, patience: float = PATIENCE) -> ASGIApp:
    """The ASGI application that serves a workspace's output.

    `key`: what every request but `/healthz` must bring; empty: none. `root_path`: what a reverse proxy puts before every path, with or
    without cutting it off (`/news`). `most`: requests under way at once. Raises WorkspaceError where `moved:` has a mistake.
    """
    root_path = "/" + root_path.strip("/") if root_path.strip("/") else ""
    site = Site(workspace, root_path=root_path, private=bool(key))
    lock = Key(key)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        response = await found(request)
        await response(scope, receive, send)

    async def found(request: Request) -> Response:
        path, query = request.scope["path"], request.scope["query_string"].decode("ascii", "replace")
        names = names_of(path, root_path)
        if HEALTH in names:
            return say(200, "ok", caching="no-store")
        if not lock.admits(request.headers, query):
            return refuse()
        if request.method not in ("GET", "HEAD"):
            return say(405, "Only GET and HEAD are answered.", headers={"Allow": "GET, HEAD"})
        for name in names:
            if (there := await site.answer(name, query, request.headers)) is not None:
                return there
        return await site.nothing_at(names[0])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        site.queries.close()

    return Starlette(
        routes=[Route("/{path:path}", Endpoint(answer))],
        middleware=[Middleware(Safe), Middleware(Limit, most=most, patience=patience)],
        exception_handlers={HTTPException: refused},
        lifespan=lifespan,
    )


class Endpoint:
    """An ASGI application as a route's end: unlike a function's, all methods come through to it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def names_of(path: str, root_path: str) -> list[str]:
    """What a path may name, the likelier first: a proxy may pass the prefix on or cut it off, and a source may be called like it."""
    plain = path[1:]
    if not root_path or not (path == root_path or path.startswith(root_path + "/")):
        return [plain]
    return [path[len(root_path) + 1 :], plain]


async def refused(_: Request, error: Exception) -> Response:
    """What the framework refuses, in plain words too."""
    assert isinstance(error, HTTPException)
    return say(error.status_code, error.detail, headers=error.headers)
