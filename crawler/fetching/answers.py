"""What an answer is: a whole page, a redirect, nothing new, or a failure with its reason."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from crawler.errors import AnswerError, BroadsheetError
from crawler.outcome import Failure, Validators
from crawler.store.hosts import LONGEST_REST
from crawler.urls import join

if TYPE_CHECKING:
    from scrapy.http import Response

PAGES = frozenset({200, 203})  # 202 is a promise, 204 and 205 nothing, 206 a part that nobody asked for
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SOON = frozenset({408, 425, 429, 502, 503, 504})  # the server says that it is a matter of time (RFC 9110, 15.5.9, 15.6; RFC 6585, 4)
BUSY = frozenset({429, 503})  # … and may say how long its whole host is to be left alone
TOO_MANY = 10.0  # seconds that a host is left alone that says "too many requests" and not for how long
MOST_HOPS = 10
LONGEST_VALIDATOR = 1_000  # letters; a longer ETag is not kept and sent again
PRIVATE = frozenset({"set-cookie", "set-cookie2"})  # what a site means for one visitor is not kept with its pages


def header_of(response: Response, name: str) -> str:
    """A header's value, repeated ones joined; "" without one."""
    return ", ".join(value.decode("latin-1") for value in response.headers.getlist(name))


def headers_of(response: Response) -> dict[str, str]:
    """The answer's headers, names in lower case, repeated ones joined (RFC 9110, 5.3); without cookies."""
    found = {}
    for raw, values in response.headers.items():
        name = raw.decode("latin-1").lower()
        if name not in PRIVATE:
            found[name] = ", ".join(value.decode("latin-1") for value in values)
    return found


def redirect_target(response: Response) -> str:
    """Where a redirect leads, absolute; "" for any other answer or a target that is no http(s) address."""
    location = response.headers.get("Location")
    if response.status not in REDIRECTS or not location:
        return ""
    try:
        return join(response.url, location.decode("utf-8"))
    except UnicodeDecodeError:
        return join(response.url, location.decode("latin-1"))


def failure_of(response: Response) -> Failure | None:
    """Why an answer is no page; None where it is one."""
    status = response.status
    if status in PAGES:
        return None if response.body else Failure("the answer is empty", "next run")
    retry_after = seconds_in(response.headers.get("Retry-After")) if status in BUSY else None
    if status == 304:
        return Failure("HTTP 304 Not Modified, though it was asked for whole", "next run")
    if status == 429 and retry_after is None:
        retry_after = TOO_MANY
    if status in SOON:
        return Failure(f"HTTP {status} {phrase(status)}".strip(), "soon", retry_after)
    if status in REDIRECTS:
        return Failure(f"HTTP {status} leads to no address", "next run")
    return Failure(f"HTTP {status} {phrase(status)}".strip(), "later" if status in (404, 410) else "next run", retry_after)


def failure_from(error: BaseException) -> Failure:
    """Why a request gave no answer at all."""
    if isinstance(error, AnswerError):
        return Failure(error.problem, error.again)
    if isinstance(error, BroadsheetError):
        return Failure(error.problem, "next run")
    for inner in within(error):
        if isinstance(inner, AnswerError):
            return failure_from(inner)
        if "certificate" in str(inner).lower():
            return Failure("its certificate is not valid", "next run")
    said = REASONS.get(type(error).__name__)
    if said is None:
        return Failure(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}", "soon", silent=True)
    final = type(error).__name__ in FINAL
    return Failure(said, "next run" if final else "soon", silent=not final)


def within(error: BaseException) -> Iterator[BaseException]:
    """What a connection's own protocol found wrong, out of the errors that Twisted and Scrapy put around it."""
    for reason in getattr(error.__cause__, "reasons", ()):
        if isinstance(value := getattr(reason, "value", None), BaseException):
            yield value


REASONS = {
    "DownloadTimeoutError": "no answer in time",
    "TimeoutError": "no answer in time",
    "CannotResolveHostError": "its name leads to no address",
    "DNSLookupError": "its name leads to no address",
    "DownloadConnectionRefusedError": "the connection was refused",
    "ConnectionRefusedError": "the connection was refused",
    "ResponseDataLossError": "the answer was cut off",
    "DownloadFailedError": "the connection broke off",
    "ConnectionLost": "the connection broke off",
    "DownloadCancelledError": "the answer is larger than DOWNLOAD_MAXSIZE allows",
    "UnsupportedURLSchemeError": "only http:// and https:// are asked",
    "TunnelError": "the proxy makes no connection to it",
}
FINAL = frozenset({"CannotResolveHostError", "DNSLookupError", "DownloadCancelledError", "UnsupportedURLSchemeError", "TunnelError"})


def validators_of(response: Response) -> Validators:
    """What a later conditional request sends back."""
    etag, modified = ((response.headers.get(name) or b"").decode("latin-1") for name in ("ETag", "Last-Modified"))
    return Validators(*(value if len(value) <= LONGEST_VALIDATOR and value.isprintable() else "" for value in (etag, modified)))


def seconds_in(retry_after: bytes | None) -> float | None:
    """Seconds that a Retry-After header asks to wait, a day at most: a number or a date (RFC 9110, 10.2.3); None without one."""
    if not retry_after:
        return None
    text = retry_after.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_REST)
    try:
        return min(max(0.0, parsedate_to_datetime(text).timestamp() - time.time()), LONGEST_REST)
    except (ValueError, TypeError, OverflowError):
        return None


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
