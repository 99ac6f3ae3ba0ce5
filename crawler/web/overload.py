"""What stands around every answer: the limit on requests under way, the headers that all have."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.web.representation import ALWAYS, say

MOST = 200
"""Requests under way at the same time."""
RETRY_AFTER = 30
"""Seconds."""
PATIENCE = 60.0
"""Seconds that a reader may take nothing of what it is sent, before it is hung up on."""


class Limit:
    """Answers 503 with Retry-After to what would be too much at once; never 403, never HTML (readers give such a feed up)."""

    def __init__(self, app: ASGIApp, most: int = MOST, patience: float = PATIENCE) -> None:
        self.app = app
        self.most = most
        self.patience = patience
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(self.patience):
                await send(message)

        if self.under_way >= self.most and not scope["path"].endswith("/healthz"):
            return await busy()(scope, receive, send_in_time)
        self.under_way += 1
        try:
            await self.app(scope, receive, send_in_time)
        except TimeoutError:
            return None  # the server closes the connection of an answer that was not finished
        finally:
            self.under_way -= 1


def busy() -> Response:
    """Too much at once."""
    return say(503, "Too many ask at once. Try again in a moment.", caching="no-store", headers={"Retry-After": str(RETRY_AFTER)})


class Safe:
    """Gives every answer the headers that keep a browser from making more of it than it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                wanted = [(name.lower().encode(), value.encode()) for name, value in ALWAYS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in wanted if pair[0] not in there)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
