"""What is sent for an address: its bytes in each coding with a strong tag of their own, and the headers that go with them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

from crawler.feeds.pages.layout import POLICY
from crawler.web.conditions import http_date, told_time, unchanged
from crawler.web.encodings import ENCODERS, IDENTITY, SMALLEST, chosen

PAGE_POLICY = f"{POLICY}; frame-ancestors 'none'"
# of everything that is no page: nothing loads, nothing runs, should a browser show it (an SVG picture, a feed's source)
BARE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Security-Policy": BARE_POLICY}


@dataclass(frozen=True, slots=True)
class Representation:
    """An answer in identity coding."""

    body: bytes
    media_type: str
    modified: float
    """Seconds since 1970 of the last change."""
    compresses: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    coded: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Coding → bytes and their tag, made when first asked for."""

    def fit_coding(self, accept_encoding: str | None) -> str:
        return chosen(accept_encoding) if self.compresses and len(self.body) >= SMALLEST else IDENTITY

    def ready(self, coding: str) -> bool:
        return coding in self.coded

    def code(self, coding: str) -> tuple[bytes, str]:
        """The bytes in a coding and their strong tag: the hash of what is sent, so it outlives a restart."""
        if coding not in self.coded:
            content = ENCODERS[coding](self.body) if coding else self.body
            self.coded[coding] = content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        return self.coded[coding]

    @property
    def weight(self) -> int:
        """Bytes in memory, once it was asked for in all codings."""
        return 2 * len(self.body) + 1000


def respond(shown: Representation, request: Headers, caching: str, now: float | None = None) -> Response:
    """200 with the bytes, or 304 where the reader has them."""
    coding = shown.fit_coding(one(request, "accept-encoding"))
    body, etag = shown.code(coding)
    now = time.time() if now is None else now
    modified = told_time(shown.modified, now)
    headers = {"ETag": etag, "Cache-Control": caching}
    if shown.compresses:
        headers["Vary"] = "Accept-Encoding"
    if modified is not None:
        headers["Last-Modified"] = http_date(modified)
    if unchanged(etag, modified, one(request, "if-none-match"), one(request, "if-modified-since"), now):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Type": shown.media_type, **shown.headers}
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, headers=headers)


def one(request: Headers, name: str) -> str | None:
    """A header's value; of a repeated one all, joined (RFC 9110, 5.3)."""
    values = request.getlist(name)
    return ", ".join(values) if values else None


def say(status: int, text: str, *, caching: str = "public, max-age=60", headers: Mapping[str, str] | None = None) -> Response:
    """An answer in plain words: never HTML, for a feed reader shows it or drops it."""
    return PlainTextResponse(text.rstrip() + "\n", status, headers={"Cache-Control": caching, **(headers or {})})
