"""Draws the demo newspaper's pictures: flat views of a harbour as small PNG files, the same bytes for the same scene."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 800, 450
HORIZON = 270
STEPS = 14
"""Bands of colour in the sky, and in the sea."""

Colour = tuple[int, int, int]

# top of the sky, sky at the horizon, sea at the horizon, sea in front, far land, near things
LIGHTS: dict[str, tuple[Colour, ...]] = {
    "dawn": ((94, 116, 164), (250, 206, 176), (222, 184, 172), (70, 92, 128), (132, 122, 148), (44, 48, 70)),
    "day": ((92, 158, 208), (214, 234, 242), (132, 184, 202), (34, 94, 130), (112, 146, 142), (36, 58, 74)),
    "dusk": ((52, 50, 104), (244, 150, 98), (206, 124, 104), (38, 40, 78), (92, 68, 106), (26, 24, 44)),
    "night": ((10, 14, 36), (40, 56, 96), (34, 48, 82), (8, 12, 28), (22, 30, 58), (4, 6, 14)),
    "fog": ((186, 194, 200), (222, 226, 226), (206, 212, 214), (150, 164, 172), (198, 204, 206), (104, 116, 124)),
}
LAND, NEAR, LIT, PALE = 2 * STEPS, 2 * STEPS + 1, 2 * STEPS + 2, 2 * STEPS + 3


class Canvas:
    """Rows of palette numbers."""

    def __init__(self) -> None:
        sky = HORIZON / STEPS
        sea = (HEIGHT - HORIZON) / STEPS
        bands = [int(y / sky) if y < HORIZON else STEPS + int((y - HORIZON) / sea) for y in range(HEIGHT)]
        self.rows = [bytearray([band]) * WIDTH for band in bands]

    def box(self, left: int, top: int, right: int, bottom: int, colour: int) -> None:
        left, right = max(left, 0), min(right, WIDTH)
        if left < right:
            for y in range(max(top, 0), min(bottom, HEIGHT)):
                self.rows[y][left:right] = bytes([colour]) * (right - left)

    def shape(self, corners: Sequence[tuple[int, int]], colour: int) -> None:
        """A convex shape."""
        for y in range(min(y for _, y in corners), max(y for _, y in corners) + 1):
            crossed = [
                x0 + (x1 - x0) * (y - y0) // (y1 - y0)
                for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True)
                if y0 != y1 and min(y0, y1) <= y <= max(y0, y1)
            ]
            if crossed:
                self.box(min(crossed), y, max(crossed) + 1, y + 1, colour)

    def disc(self, x: int, y: int, radius: int, colour: int) -> None:
        for dy in range(-radius, radius + 1):
            half = int((radius * radius - dy * dy) ** 0.5)
            self.box(x - half, y + dy, x + half + 1, y + dy + 1, colour)


def draw(name: str, scene: str) -> bytes:
    """A picture of `scene`: a light (`dawn`, `day`, `dusk`, `night`, `fog`) and what is seen, in words; `name` decides where it stands.

    zlib's own choices are in the bytes, so another build of it may give other bytes for the same pixels.
    """
    light, *things = scene.split()
    places = hashlib.sha256(name.encode()).digest()
    canvas = Canvas()
    for number, thing in enumerate(things):
        THINGS[thing](canvas, 90 + (places[number] * 620) // 255, places[number + 8])
    return png(canvas.rows, palette(LIGHTS[light]))


def hills(canvas: Canvas, x: int, chance: int) -> None:
    for shift, height in ((-260, 60 + chance // 6), (40, 90 + chance // 8), (330, 44 + chance // 5)):
        top = HORIZON - height
        canvas.shape(
            [(x + shift - 300, HORIZON - 1), (x + shift - 20, top), (x + shift + 30, top + 4), (x + shift + 280, HORIZON - 1)], LAND
        )


def houses(canvas: Canvas, x: int, chance: int) -> None:
    left = x - 240
    for number in range(9):
        wide, high = 34 + (chance * (number + 3)) % 23, 34 + (chance * (number + 5) + 17 * number) % 62
        canvas.box(left, HORIZON - high, left + wide, HORIZON + 6, NEAR)
        canvas.shape([(left - 2, HORIZON - high), (left + wide // 2, HORIZON - high - 16), (left + wide + 2, HORIZON - high)], NEAR)
        canvas.box(left + wide // 3, HORIZON - high + 10, left + wide // 3 + 7, HORIZON - high + 20, LIT)
        left += wide + 6


def ship(canvas: Canvas, x: int, chance: int) -> None:
    y = HORIZON + 60 + chance // 6
    canvas.shape([(x - 150, y), (x + 160, y - 6), (x + 128, y + 40), (x - 126, y + 40)], NEAR)
    canvas.box(x - 96, y - 62, x - 18, y, PALE)
    canvas.box(x - 70, y - 104, x - 44, y - 62, NEAR)
    for number in range(4):
        canvas.box(x + 4 + 34 * number, y - 26 - 14 * ((chance + number) % 2), x + 34 + 34 * number, y - 2, LIT if number % 2 else LAND)
    for number in range(5):
        canvas.box(x - 90 + 15 * number, y - 46, x - 82 + 15 * number, y - 38, LIT)


def ferry(canvas: Canvas, x: int, chance: int) -> None:
    y = HORIZON + 44 + chance // 7
    canvas.shape([(x - 110, y), (x + 118, y), (x + 96, y + 26), (x - 96, y + 26)], NEAR)
    canvas.box(x - 84, y - 28, x + 84, y, PALE)
    canvas.box(x - 56, y - 50, x + 40, y - 28, PALE)
    for number in range(9):
        canvas.box(x - 76 + 17 * number, y - 20, x - 66 + 17 * number, y - 10, LIT)
    canvas.box(x - 10, y - 76, x + 10, y - 50, NEAR)


def crane(canvas: Canvas, x: int, chance: int) -> None:
    top = 96 + chance // 5
    for leg in (-34, 34):
        canvas.box(x + leg - 4, top, x + leg + 5, HORIZON + 20, NEAR)
    canvas.box(x - 38, top + 60, x + 39, top + 68, NEAR)
    canvas.box(x - 130, top - 8, x + 200, top + 4, NEAR)
    canvas.shape([(x - 8, top - 56), (x + 8, top - 56), (x + 16, top), (x - 16, top)], NEAR)
    canvas.box(x + 148, top, x + 151, top + 70 + chance // 4, NEAR)
    canvas.box(x + 132, top + 70 + chance // 4, x + 168, top + 92 + chance // 4, LIT)


def lighthouse(canvas: Canvas, x: int, chance: int) -> None:
    top = 84 + chance // 6
    canvas.shape([(x - 120, HORIZON + 26), (x - 60, HORIZON - 14), (x + 70, HORIZON - 10), (x + 140, HORIZON + 26)], LAND)
    canvas.shape([(x - 16, top), (x + 16, top), (x + 28, HORIZON), (x - 28, HORIZON)], PALE)
    canvas.box(x - 21, top + 44, x + 22, top + 72, NEAR)
    canvas.box(x - 14, top - 26, x + 15, top, LIT)
    canvas.shape([(x - 20, top - 26), (x, top - 44), (x + 20, top - 26)], NEAR)


def bridge(canvas: Canvas, x: int, chance: int) -> None:
    deck = HORIZON - 22
    canvas.box(0, deck, WIDTH, deck + 9, NEAR)
    for tower in (x - 190, x + 190):
        canvas.box(tower - 7, deck - 110, tower + 8, HORIZON + 22, NEAR)
        for step in range(1, 8):
            canvas.shape([(tower, deck - 108), (tower + 1, deck - 108), (tower + 25 * step, deck), (tower + 25 * step - 1, deck)], NEAR)
            canvas.shape([(tower, deck - 108), (tower + 1, deck - 108), (tower - 25 * step, deck), (tower - 25 * step - 1, deck)], NEAR)


def quay(canvas: Canvas, x: int, chance: int) -> None:
    top = HEIGHT - 70 - chance // 10
    canvas.box(0, top, WIDTH, HEIGHT, NEAR)
    for number in range(5):
        post = (x + 170 * number) % WIDTH
        canvas.box(post, top - 20, post + 16, top, NEAR)
        canvas.box(post - 4, top - 24, post + 20, top - 18, NEAR)


def sun(canvas: Canvas, x: int, chance: int) -> None:
    canvas.disc(x, 70 + chance // 3, 34, LIT)


def moon(canvas: Canvas, x: int, chance: int) -> None:
    canvas.disc(x, 60 + chance // 4, 26, PALE)


def gulls(canvas: Canvas, x: int, chance: int) -> None:
    for number in range(5):
        at, y = (x + 110 * number) % WIDTH, 60 + (chance * (number + 1)) % 110
        canvas.shape([(at - 14, y - 5), (at, y + 2), (at, y + 4)], PALE)
        canvas.shape([(at + 14, y - 5), (at, y + 2), (at, y + 4)], PALE)


THINGS = {thing.__name__: thing for thing in (hills, houses, ship, ferry, crane, lighthouse, bridge, quay, sun, moon, gulls)}


def palette(light: tuple[Colour, ...]) -> list[Colour]:
    top, haze, far, front, land, near = light
    sky = [between(top, haze, step / (STEPS - 1)) for step in range(STEPS)]
    sea = [between(far, front, step / (STEPS - 1)) for step in range(STEPS)]
    return [*sky, *sea, land, near, (255, 214, 120), (244, 242, 234)]


def between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def png(rows: Sequence[bytes | bytearray], colours: Sequence[Colour]) -> bytes:
    """Rows of palette numbers as a PNG of eight bits a pixel (PNG, third edition, 5.6, 11.2)."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(c for colour in colours for c in colour)), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content)) for kind, content in chunks
    )


BLANK = png([b"\0"], [(232, 230, 224)])
"""One grey pixel: what stands in a lazy image's `src`."""
