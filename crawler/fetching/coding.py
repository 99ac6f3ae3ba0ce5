"""A body as it was before it was compressed for the way: whole, or an error; never more than is allowed."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence

import brotli  # type: ignore[import-untyped]

from crawler.bounds import GZIP, MOST_MEMBERS, PIECE, gunzipped, inflated
from crawler.errors import AnswerError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_CODINGS = 3
"""Of one body: more than one is a mistake already, many are a way to make few bytes into gigabytes."""
ZSTD_WINDOW = 23
"""2^23 bytes: what a decoder has to bear, and a sender must not exceed (RFC 9659, 3)."""
NONE = frozenset({"", "identity", "none", "binary", "8bit", "7bit", "utf-8", "utf8"})
"""What is found as a coding's name and means that there is none."""
TEXT = frozenset(bytes(range(0x20, 0x7F)) + b"\t\n\r\f\x1b" + bytes(range(0x80, 0x100)))
READABLE = ("text/", "xml", "json", "javascript")

Broken = (zlib.error, brotli.error, zstd.ZstdError)


def undone(url: str, body: bytes, codings: Sequence[str], content_type: str, most: int) -> bytes:
    """The body without its codings (RFC 9110, 8.4), the last one named undone first.

    A body that was never coded, whatever its header says, is taken as it is where it is plainly text; one that is gzip without saying so
    is undone where its type says that it is text. Raises AnswerError for a body that is cut off or broken, larger than `most` bytes, or
    coded in a way that nobody asked for.
    """
    named = [name for name in codings if name not in NONE]
    if not body:
        if named:
            raise AnswerError(url, "the answer was cut off", "soon")
        return body
    if looks_plain(body):
        return body
    if not named and body.startswith(GZIP) and any(mark in content_type.lower() for mark in READABLE):
        named = ["gzip"]
    if len(named) > MOST_CODINGS:
        raise AnswerError(url, f"the answer says that it is compressed {len(named)} times over")
    for name in reversed(named):
        decoder = DECODERS.get(name)
        if decoder is None:
            raise AnswerError(url, f"the answer is coded as {name[:40]!r}, which nobody asked for")
        body = joined(url, name, decoder(body), most)
    return body


def joined(url: str, name: str, pieces: Iterator[bytes], most: int) -> bytes:
    """All that a decoder gives. Raises AnswerError."""
    out: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise AnswerError(url, f"the answer is larger than {most:,} bytes when it is uncompressed")
            out.append(piece)
    except EOFError:
        raise AnswerError(url, f"the answer was cut off (its {name} has no end)", "soon") from None
    except Broken:
        raise AnswerError(url, f"the answer is said to be {name} and is not, or broken", "soon") from None
    return b"".join(out)


def codings_in(header: str) -> list[str]:
    """The names in a Content-Encoding header, in small letters, in its order."""
    return [name for part in header.split(",")[:32] if (name := part.strip().lower())]


def looks_plain(body: bytes) -> bool:
    """Whether a body begins as text does and compressed bytes never: a bracket, then nothing but letters; or nothing but ASCII."""
    start = body.removeprefix(b"\xef\xbb\xbf")[:600].lstrip()
    if start[:1] in (b"<", b"{", b"["):
        return TEXT.issuperset(start)
    return len(start) >= 16 and start.isascii() and TEXT.issuperset(start)


def deflated(body: bytes) -> Iterator[bytes]:
    """zlib's form, as the standard means it, or the bare one that some servers send (RFC 9110, 8.4.1.2)."""
    try:
        zlib.decompressobj().decompress(body[:PIECE], 1)
    except zlib.error:
        yield from inflated(zlib.decompressobj(wbits=-15), body, 0)
    else:
        yield from inflated(zlib.decompressobj(), body, 0)


def unbrotlied(body: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    piece = stream.process(body, output_buffer_limit=PIECE)
    while not stream.is_finished():
        if not piece:
            raise EOFError
        yield piece
        piece = stream.process(b"", output_buffer_limit=PIECE)
    yield piece


def unzstded(body: bytes) -> Iterator[bytes]:
    """zstd may be several frames, one behind the other (RFC 8878, 3)."""
    place = 0
    for _ in range(MOST_MEMBERS):
        stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW})
        while not stream.eof:
            rest = body[place : place + PIECE] if stream.needs_input else b""
            if stream.needs_input and not rest:
                raise EOFError
            place += len(rest)
            yield stream.decompress(rest, PIECE)
        place -= len(stream.unused_data)
        if place >= len(body):
            return
    raise zstd.ZstdError("too many frames")


DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": gunzipped,
    "x-gzip": gunzipped,
    "deflate": deflated,
    "br": unbrotlied,
    "zstd": unzstded,
}
ACCEPTED = "gzip, deflate, br, zstd"
