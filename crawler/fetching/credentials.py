"""A recipe's headers: in it stand names of the environment's variables; their values go to the one site and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from crawler.errors import FetchRefused
from crawler.urls import host_of

NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SHORTEST = 8
"""Letters: a shorter value is no secret worth the name, and stands in texts by chance."""
HIDDEN = "***"


def filled(headers: Mapping[str, str], url: str, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The headers with `${NAME}` replaced by the environment's values.

    Raises FetchRefused for a variable that is not set, or that no header can hold; its value is in no message.
    """

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        value = environment.get(name, "").strip()
        if not value:
            raise FetchRefused(url, f"the recipe's headers need the environment's variable {name}, which is not set")
        if not (value.isascii() and value.isprintable()):
            raise FetchRefused(url, f"the environment's variable {name} is not one line of printable ASCII, as a header must be")
        return value

    return {name: NAME.sub(value_of, text) for name, text in headers.items()}


def secrets_in(headers: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The values that come from the environment, longest first, in the spellings in which a site may send them back."""
    found: set[str] = set()
    for text in headers.values():
        for name in NAME.findall(text):
            value = environment.get(name, "").strip()
            if len(value) >= SHORTEST:
                found.update((value, quote(value, safe="")))
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def may_have(url: str, site: str) -> bool:
    """Whether an address gets what the recipe of a site sends along: the same host and port, never unencrypted where the site is not."""
    return host_of(url) == host_of(site) and (urlsplit(url).scheme == "https" or urlsplit(site).scheme == "http")


def without(secrets: Iterable[str], text: bytes) -> bytes:
    """A text of a site without the secrets that were sent to it: what a page repeats would stand in documents, logs, kept pages."""
    for secret in secrets:
        if (raw := secret.encode()) in text:
            text = text.replace(raw, HIDDEN.encode())
    return text
