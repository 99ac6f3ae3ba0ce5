"""The demo newspaper's pictures are real PNG files, small, distinct, and the same each time."""

from __future__ import annotations

import struct
import zlib

import pytest

from crawler.demo.pictures import BLANK, HEIGHT, LIGHTS, THINGS, WIDTH, draw
from crawler.demo.site import answer, scenes


def chunks(png: bytes) -> dict[bytes, bytes]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(kind + content)
        found[kind] = content
        at += length + 12
    return found


def pixels(png: bytes) -> bytes:
    """Decoded by hand: every row has filter 0."""
    found = chunks(png)
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", found[b"IHDR"])
    assert (depth, colour, rest) == (8, 3, [0, 0, 0])
    raw = zlib.decompress(found[b"IDAT"])
    assert len(raw) == (width + 1) * height
    assert {raw[row * (width + 1)] for row in range(height)} == {0}
    assert max(raw) < len(found[b"PLTE"]) // 3
    return raw


@pytest.mark.parametrize("name", scenes())
def test_picture_is_a_small_png_of_full_size(name: str) -> None:
    found = answer(f"/images/{name}.png")
    assert found.content_type == "image/png"
    assert len(found.body) <= 8 * 1024
    assert struct.unpack(">II", chunks(found.body)[b"IHDR"][:8]) == (WIDTH, HEIGHT)
    pixels(found.body)


def test_no_two_pictures_are_alike() -> None:
    assert len({answer(f"/images/{name}.png").body for name in scenes()}) == len(scenes())


def test_same_scene_is_the_same_picture_and_another_name_moves_it() -> None:
    assert draw("a", "day ship") == draw("a", "day ship")
    assert draw("a", "day ship") != draw("b", "day ship")


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("thing", THINGS)
def test_everything_can_be_drawn_in_every_light_and_is_seen(light: str, thing: str) -> None:
    for name in ("left", "right", "somewhere"):
        empty, drawn = pixels(draw(name, light)), pixels(draw(name, f"{light} {thing}"))
        assert sum(a != b for a, b in zip(empty, drawn, strict=True)) > 100


def test_blank_is_one_pixel() -> None:
    assert pixels(BLANK) == b"\0\0"
