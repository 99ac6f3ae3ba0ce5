"""The moment of connecting: a name's addresses are looked up, the private ones dropped, and what is left is what is connected to."""

from __future__ import annotations

import ipaddress
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.internet.interfaces import IReactorPluggableNameResolver, IResolutionReceiver
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.errors import AnswerError
from crawler.fetching.guard import is_private

MOST_HEAD = 256 * 1024
"""Bytes of an answer before its body: status line, headers, interim answers (1xx)."""


@implementer(IReactorPluggableNameResolver)
class GuardedReactor:
    """The reactor, but for its name resolver: that gives no private address. One for each request, so it knows what was refused.

    A name may lead to another address each time it is looked up (DNS rebinding): here nothing is looked up twice.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self.refused: list[str] = []
        """Private addresses that the name led to."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    @property
    def nameResolver(self) -> GuardedReactor:
        return self

    def installNameResolver(self, resolver: Any) -> Any:
        return self._reactor.installNameResolver(resolver)

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0, *arguments: Any, **options: Any) -> Any:
        """As IHostnameResolver has it."""
        return self._reactor.nameResolver.resolveHostName(Sieve(receiver, self.refused), hostName, portNumber, *arguments, **options)


@implementer(IResolutionReceiver)
class Sieve:
    """Passes on the public addresses that a name leads to."""

    def __init__(self, receiver: Any, refused: list[str]) -> None:
        self.receiver, self.refused = receiver, refused

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        host = str(getattr(address, "host", ""))
        try:
            public = not is_private(ipaddress.ip_address(host.partition("%")[0]))
        except ValueError:
            public = False
        if public:
            self.receiver.addressResolved(address)
        else:
            self.refused.append(host)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Reads no more of an answer's head than MOST_HEAD: headers without end, or interim answers, would fill the memory."""

    head = 0

    def request(self, request: Any) -> Any:
        self.head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self.head += len(data)
            if self.head > MOST_HEAD:
                error = AnswerError("", f"the answer's headers are larger than {MOST_HEAD // 1024} KiB")
                self._giveUp(Failure(error))  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes such connections."""

    def buildProtocol(self, addr: Any) -> BoundedProtocol:
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
