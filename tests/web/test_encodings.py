from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.web.encodings import ENCODERS, chosen


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, ""),
        ("", ""),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd;q=1, br;q=0.5", "zstd"),
        ("gzip;q=1.0, br; q=0.9", "gzip"),
        ("gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "zstd"),
        ("identity", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("gzip;q=nonsense", ""),
        ("deflate", ""),
    ],
)
def test_which_coding_is_sent(header: str | None, coding: str) -> None:
    assert chosen(header) == coding


@given(st.binary(max_size=2000))
def test_every_coding_gives_the_content_back_and_the_same_bytes_each_time(content: bytes) -> None:
    decoders = {"br": brotli.decompress, "gzip": gzip.decompress, "zstd": lambda coded: zstandard.ZstdDecompressor().decompress(coded)}
    for coding, encode in ENCODERS.items():
        coded = encode(content)
        assert decoders[coding](coded) == content
        assert encode(content) == coded


@given(st.text(max_size=100))
def test_any_header_is_read_or_passed_over(header: str) -> None:
    assert chosen(header) in ("", *ENCODERS)
