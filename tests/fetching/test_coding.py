from __future__ import annotations

import gzip
import zlib
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import AnswerError
from crawler.fetching.coding import codings_in, looks_plain, undone

MOST = 100_000


def coded(name: str, body: bytes) -> bytes:
    makers: dict[str, Any] = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.ZstdCompressor().compress,
    }
    made: bytes = makers[name](body)
    return made


CODINGS = ["gzip", "x-gzip", "deflate", "br", "zstd"]


@settings(deadline=None)
@given(st.sampled_from(CODINGS), st.binary(max_size=2000))
def test_what_was_coded_comes_back(name: str, body: bytes) -> None:
    assert undone("u", coded(name, body), [name], "", MOST) == body


@settings(deadline=None)
@given(st.lists(st.sampled_from(CODINGS), min_size=1, max_size=3), st.binary(min_size=1, max_size=500))
def test_the_last_coding_is_undone_first(names: list[str], body: bytes) -> None:
    sent = body
    for name in names:
        sent = coded(name, sent)
    assert undone("u", sent, names, "", MOST) == body


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(CODINGS), st.binary(min_size=1, max_size=300), st.data())
def test_no_part_of_a_coded_body_is_taken_for_the_whole(name: str, body: bytes, data: st.DataObject) -> None:
    sent = coded(name, body)
    cut = sent[: data.draw(st.integers(0, len(sent) - 1))]
    with pytest.raises(AnswerError) as error:
        undone("u", cut, [name], "", MOST)
    assert error.value.again == "soon"


@settings(deadline=None)
@given(st.lists(st.sampled_from([*CODINGS, "identity", "compress", ""]), max_size=3), st.binary(max_size=300))
def test_any_bytes_give_a_body_within_the_limit_or_an_answer_error(names: list[str], body: bytes) -> None:
    try:
        found = undone("u", body, names, "text/html", 1000)
    except AnswerError:
        return
    assert len(found) <= 1000


@pytest.mark.parametrize("name", CODINGS)
def test_a_body_may_be_as_large_as_is_allowed_and_not_a_byte_larger(name: str) -> None:
    assert len(undone("u", coded(name, b"\0" * MOST), [name], "", MOST)) == MOST
    with pytest.raises(AnswerError, match="larger than 100,000 bytes"):
        undone("u", coded(name, b"\0" * (MOST + 1)), [name], "", MOST)


def test_zstd_with_a_window_that_no_reader_has_to_bear_is_refused() -> None:
    """RFC 9659: 8 MiB at most."""
    parameters = zstandard.ZstdCompressionParameters.from_level(19, window_log=27)
    body = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    with pytest.raises(AnswerError):
        undone("u", body.compress(b"\0" * 1000) + body.flush(), ["zstd"], "", MOST)


def test_names_of_codings() -> None:
    assert codings_in("GZip , br,,  ") == ["gzip", "br"]
    assert codings_in("") == []


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (b"<!doctype html>", True),
        (b"\xef\xbb\xbf\n<rss>", True),
        ("<p>grün".encode("latin-1"), True),
        (b"User-agent: *\nDisallow:\n", True),
        (b"User", False),
        (b"<\0?\0x\0", False),
        (gzip.compress(b"<html>"), False),
        (b"", False),
    ],
)
def test_what_is_plainly_text(body: bytes, plain: bool) -> None:
    assert looks_plain(body) is plain
