from __future__ import annotations

import gzip

import pytest

from crawler.binary import binary_kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 x", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (gzip.compress(b"x"), "a gzip file"),
        (b"\x00\x00\x00\x20ftypavif", "a film or a picture"),
        (bytes(range(256)) * 2 + b"\0" * 200, "a binary file"),
        (b"<html>", ""),
        ("<html>港口</html>".encode("utf-16"), ""),
        ("<p>港口重新开放".encode("gbk"), ""),
        (b"", ""),
    ],
)
def test_what_is_no_text_is_named(body: bytes, kind: str) -> None:
    assert binary_kind(body) == kind
