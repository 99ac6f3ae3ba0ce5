"""Scrapy's download handler with the guard at the moment of connecting: the address that was checked is the one that is asked."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _LenientHTTP11ClientFactory
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.web.client import HTTPConnectionPool

from crawler.errors import FetchRefused
from crawler.fetching.guard import is_private

logger = logging.getLogger(__name__)
ALLOW_PRIVATE = "allow_private"  # in request.meta: the recipe says that this is a site of one's own


class GuardedClientFactory(_LenientHTTP11ClientFactory):
    """Speaks to no private address: a name may resolve to another address each time (DNS rebinding)."""

    def buildProtocol(self, addr: Any) -> Any:
        try:
            peer = ipaddress.ip_address(addr.host.partition("%")[0])
        except (AttributeError, ValueError):
            peer = None
        if peer is None or is_private(peer):
            logger.info("refused to connect to %s", getattr(addr, "host", addr))
            return None
        return super().buildProtocol(addr)


class GuardedHandler(HTTP11DownloadHandler):
    """Two pools of connections: one that the guard watches, and one for sites of one's own and for the configured proxy.

    Through a proxy the target's address is the proxy's to look up: the proxy is trusted as it stands; literal private targets were
    refused before (`crawler.fetching.guard.check_url`).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guarded = self._pool
        self._guarded._factory = GuardedClientFactory
        from twisted.internet import reactor

        self._open = HTTPConnectionPool(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._open.maxPersistentPerHost = self._guarded.maxPersistentPerHost
        self._open._factory = _LenientHTTP11ClientFactory

    async def download_request(self, request: Request) -> Response:
        unguarded = bool(request.meta.get("proxy") or request.meta.get(ALLOW_PRIVATE))
        # the agent takes the pool when it is made, before the first await: no other request comes between
        self._pool = self._open if unguarded else self._guarded
        try:
            return await super().download_request(request)
        except Exception as error:
            if not unguarded and "NoProtocol" in repr(error):
                raise FetchRefused(
                    request.url, "its name leads to a private address, which is asked only with `allow_private: true`"
                ) from None
            raise

    async def close(self) -> None:
        for pool in (self._guarded, self._open):
            self._pool = pool
            await super().close()
