"""Scrapy's download handler with the guard at the moment of connecting: the address that was checked is the one that is asked."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _BindAddressAgent, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.client import HTTPConnectionPool

from crawler.errors import FetchRefused
from crawler.fetching.connecting import BoundedFactory, GuardedReactor

OWN_SITE = "own_site"  # in request.meta: the recipe names this host as a site of one's own, and it may lie on a private address


class GuardedAgent(_ScrapyAgent):
    """Asks one request: directly with a guarded look-up of the name, or through the proxy that the user configured."""

    guard: GuardedReactor | None = None

    def _get_agent(self, request: Request, timeout: float) -> Any:
        if request.meta.get("proxy") or request.meta.get(OWN_SITE):
            return super()._get_agent(request, timeout)
        from twisted.internet import reactor

        self.guard = GuardedReactor(reactor)
        return _BindAddressAgent(self.guard, self._contextFactory, timeout, None, self._pool)  # type: ignore[arg-type]


class GuardedHandler(HTTP11DownloadHandler):
    """Two pools of connections: one that the guard watches, and one for sites of one's own and for the configured proxy.

    Through a proxy the target's address is the proxy's to look up: the proxy is trusted as it stands; literal private targets were
    refused before (`crawler.fetching.guard.check_url`).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._guarded = self._pool
        self._open = HTTPConnectionPool(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._open.maxPersistentPerHost = self._guarded.maxPersistentPerHost
        for pool in (self._guarded, self._open):
            pool._factory = BoundedFactory

    async def download_request(self, request: Request) -> Response:
        unguarded = bool(request.meta.get("proxy") or request.meta.get(OWN_SITE))
        agent = GuardedAgent(
            contextFactory=self._contextFactory,
            pool=self._open if unguarded else self._guarded,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=True,  # a cut body is never an article
            crawler=self._crawler,
        )
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except CannotResolveHostError:
            if agent.guard is not None and agent.guard.refused:
                raise FetchRefused(
                    request.url, "its name leads to a private address, which is asked only with `allow_private: true`"
                ) from None
            raise

    async def close(self) -> None:
        for pool in (self._guarded, self._open):
            self._pool = pool
            await super().close()
