"""Which content coding an answer is sent in (RFC 9110, 12.5.3), and the coding. Pure: the same bytes give the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping

import brotli  # type: ignore[import-untyped]
import zstandard

# of equal weight the first is sent; levels at which half a megabyte takes some tens of milliseconds, once for each change
ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=6),
    "zstd": lambda content: zstandard.ZstdCompressor(level=9).compress(content),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
}
IDENTITY = ""
SMALLEST = 256
"""Bytes below which a coding saves nothing."""


def chosen(accept_encoding: str | None) -> str:
    """The coding that a reader likes best; "" is none. Without the header, or with one that can't be read, none."""
    weights = weights_of(accept_encoding or "")
    others = weights.get("*", 0.0)
    liked = {coding: weights.get(coding, others) for coding in ENCODERS}
    liked["gzip"] = max(liked["gzip"], weights.get("x-gzip", 0.0))  # the same (8.4.1.3)
    best = max(ENCODERS, key=lambda coding: liked[coding])  # max keeps the first of equals
    return best if liked[best] > 0 and liked[best] >= weights.get("identity", 0.0) else IDENTITY


def weights_of(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in header.lower().split(",")[:32]:
        coding, _, parameters = part.partition(";")
        quality = parameters.replace(" ", "").partition("q=")[2].partition(";")[0]
        try:
            weights[coding.strip()] = min(1.0, max(0.0, float(quality))) if quality else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    return weights
