"""The key of private feeds: in the address, as a bearer token, or as a password; compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response

from crawler.web.representation import say

PARAMETER = "key"
MOST_FIELDS = 50


class Key:
    """What every request but `/healthz` must bring; an empty one asks for nothing."""

    def __init__(self, secret: str) -> None:
        self.asked = bool(secret)
        self._digest = digest(secret)

    def admits(self, headers: Headers, query: str) -> bool:
        """Whether a request brings the key in one of the three ways. Digests are compared: their length tells nothing of the key's."""
        if not self.asked:
            return True
        given = [*in_query(query), *in_header(headers.get("authorization", ""))]
        matches = [hmac.compare_digest(digest(one), self._digest) for one in given]
        return any(matches)


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def in_query(query: str) -> list[str]:
    try:
        return [value for name, value in parse_qsl(query, max_num_fields=MOST_FIELDS) if name == PARAMETER]
    except ValueError:
        return []


def in_header(value: str) -> list[str]:
    scheme, _, rest = value.strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == "bearer":
        return [rest]
    if scheme.lower() != "basic":
        return []
    try:
        name, _, password = base64.b64decode(rest, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return []
    return [password or name]  # readers that have one field only put it into the name


def refuse() -> Response:
    text = "This is private. Give the key: ?key=… at the end of the address, or as password (any name)."
    asks = 'Basic realm="Broadsheet", charset="UTF-8"'
    return say(401, text, caching="no-store", headers={"WWW-Authenticate": asks})
