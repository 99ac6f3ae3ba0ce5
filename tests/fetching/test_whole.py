from __future__ import annotations

import gzip
import json
import random

import pytest
from local_site import article
from shared import SHARED, needs_shared

from crawler.fetching.whole import seems_cut

PAGE = article("A story", words="quay").encode() * 2
LONG = b"<!doctype html><html><body>" + b"<p>word and word</p>" * 200


@pytest.mark.parametrize(
    ("body", "framed", "cut"),
    [
        (PAGE, False, False),
        (LONG + b"<p>and half a w", True, True),
        (LONG + b"<p>and half a w", False, True),
        (LONG + b"<p>its end tags are left out</p>\n", True, False),
        (LONG + b"<p>its end tags are left out</p>\n", False, False),
        (LONG + b"<div><p>a</p>", False, True),
        (LONG + b"<div><p>a</p>", True, False),
        (LONG + b"<script>let a = '</p>", False, True),
        (b"<html><body>a few words", True, False),
        (b"<html><body>a few words", False, True),
        (b"<p>only a piece of HTML", False, False),
        (b"<rss><channel><item></item>", False, True),
        (b"<rss><channel><item></item>", True, False),
        (b"<rss><channel></channel></rss>\n<!-- made in 3 ms -->", False, False),
        (b'<?xml version="1.0"?><a:feed xmlns:a="x"></a:feed>', False, False),
        (b'<?xml version="1.0"?><a:feed xmlns:a="x"><a:entry>', False, True),
        (b'{"items": [1, 2', False, True),
        (b'{"items": [1, 2]}\n', False, False),
        (b"plain text that ends anyhow", False, False),
        (b"", False, False),
    ],
)
def test_seems_cut(body: bytes, framed: bool, cut: bool) -> None:
    assert seems_cut(body, framed=framed) is cut


@needs_shared
def test_saved_pages_are_whole_and_most_of_their_halves_are_not() -> None:
    """Of all saved pages none is refused that came with its length; four in five of their halves are told by their text alone."""
    assert SHARED is not None
    root = SHARED / "replay"
    kept = [one for one in json.loads((root / "manifest.json").read_text("utf-8")) if "file" in one]
    bodies = [(root / one["file"]).read_bytes() for one in kept]
    bodies = [gzip.decompress(body) if one["file"].endswith(".gz") else body for one, body in zip(kept, bodies, strict=True)]
    bodies = [body for body in bodies if len(body) > 500]
    assert not any(seems_cut(body, framed=True) for body in bodies)
    assert sum(seems_cut(body, framed=False) for body in bodies) < len(bodies) / 100
    chance = random.Random(1)
    halves = [body[: chance.randrange(300, len(body) - 20)] for body in bodies]
    assert sum(seems_cut(half, framed=True) for half in halves) > 0.6 * len(halves)
    assert sum(seems_cut(half, framed=False) for half in halves) > 0.85 * len(halves)
