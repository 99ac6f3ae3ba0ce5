"""What the body model looks at: for each block its text, its place, its containers and its neighbours, as one matrix of numbers."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Blocks
from crawler.extraction.class_scores import ClassScores
from crawler.extraction.classes import BYLINE, COMMENT
from crawler.extraction.letters import BAR, BRACKET, COLON, COMMA, DIGIT, HAN, QUOTE, SIGN, STOP, SYLLABLE, UPPER, count_letters
from crawler.extraction.phrases import Told, said_of
from crawler.extraction.tags import NUMBER

Matrix = NDArray[np.float32]
OWN_TAGS = tuple(
    NUMBER[name]
    for name in ("p", "li", "div", "td", "h1", "h2", "h3", "h4", "blockquote", "figcaption", "pre", "dd", "section", "article", "body", "a")
    if name in NUMBER
)
TAG_COLUMN = np.full(1024, len(OWN_TAGS), np.int64)
for _column, _tag in enumerate(OWN_TAGS):
    TAG_COLUMN[_tag] = _column
WIDTH = 288
"""Features of a block."""
SHARES = np.array([UPPER, DIGIT, HAN, STOP, COMMA, COLON, QUOTE, BAR, BRACKET, SIGN])
"""The kinds of letters whose share is looked at."""
ARTICLE = NUMBER["article"]
COMMENT_BIT, BYLINE_BIT = COMMENT.bit_length() - 1, BYLINE.bit_length() - 1


@dataclass(slots=True)
class Described:
    """A page's blocks in numbers."""

    matrix: Matrix
    tokens: Matrix
    containers: NDArray[np.int64]
    """Of each block, its container."""
    signature: NDArray[np.int64]
    half: int
    """The smallest container with half of the good text."""
    up: NDArray[np.int64]
    """Of each block, its container, that one's parent, and so on: one row a step."""
    parents: NDArray[np.int64]
    begins: NDArray[np.int64]
    stops: NDArray[np.int64]


class Sheet:
    """A page's numbers while they are found: a row for each feature, a column for each block, filled from the first row on."""

    def __init__(self, blocks: int) -> None:
        self.filled = np.zeros((WIDTH, blocks), np.float32)
        self.next = 0

    def rows(self, count: int) -> Matrix:
        """The next so many rows, to be filled; they hold noughts."""
        begin = self.next
        self.next += count
        return self.filled[begin : self.next]


def describe(blocks: Blocks, told: Told, scores: ClassScores | None, own_scores: NDArray[np.float32] | None = None) -> Described:
    """The matrix of a page that has one block at least. `own_scores`: the containers' scores, in place of looking them up (in training)."""
    n = len(blocks.texts)
    counts, size, head, tail = count_letters(blocks.texts)
    chars = counts.sum(0)
    container, first, last = np.array((blocks.containers, blocks.first, blocks.last), np.int64)
    parents, begins, stops, tags, signatures = np.array(
        (blocks.parents, blocks.begins, blocks.stops, blocks.tags, blocks.signatures), np.int64
    )
    parents[0] = 0
    tags = np.minimum(tags, 1023)
    depths = np.array(blocks.depths, np.float32)
    signature = signatures.take(container)
    link_lengths, link_counts, bold_lengths, after_break, images = np.array(
        (blocks.link_lengths, blocks.link_counts, blocks.bold_lengths, blocks.after_break, blocks.images), np.int64
    ).astype(np.float32)
    if own_scores is None:
        assert scores is not None
        own_scores = np.array(list(map(scores.score, blocks.names)), np.float32)
    up = np.empty((4, n), np.int64)
    up[0] = container
    for step in (1, 2, 3):
        parents.take(up[step - 1], out=up[step], mode="clip")
    link = np.minimum(link_lengths / chars, 1)
    good = size * (link < 0.34) * ((counts[STOP] + counts[COMMA] > 0) & (size >= 8))
    total, total_good = size.sum() + 1, good.sum() + 1
    children = np.bincount(parents, minlength=len(parents))
    likes = np.bincount(signature)
    alike = likes.take(signature)
    place = np.arange(n, dtype=np.float32)
    column = TAG_COLUMN.take(tags.take(container))
    said, first_title = said_of(blocks.texts, told, (counts[DIGIT] >= 3).tolist())
    if first_title < 0 and (column == 4).any():
        first_title = int(np.argmax(column == 4))
    strong = good > 0
    is_heading = (column >= 4) & (column <= 7)
    last_heading, last_strong = np.maximum.accumulate(np.where((is_heading, strong), place, -1), axis=1)
    next_strong = np.minimum.accumulate(np.where(strong, place, n + 1)[::-1])[::-1]
    logs = np.log1p(
        np.array((size, chars, link_counts, counts[STOP], counts[COMMA], children.take(up[1]), children.take(container), alike), np.float32)
    )

    sheet = Sheet(n)
    own = sheet.rows(30)
    own[0:2] = logs[0:2]
    own[2], own[3] = link, logs[2]
    np.divide(bold_lengths, chars, out=own[4])
    np.divide(chars, size + 1, out=own[5])
    own[6:8] = logs[3:5]
    own[8] = after_break
    np.minimum(images, 4, out=own[9])
    np.divide(place, n, out=own[10])
    np.divide(np.cumsum(size) - size, total, out=own[11])
    np.divide(np.cumsum(good) - good, total_good, out=own[12])
    own[13], own[14], own[15] = log1p(n), log1p(total_good), total_good / total
    depths.take(container, out=own[16], mode="clip")
    own[[17, 21, 22]] = own_scores.take(up[:3])
    own[18:21] = paths(own_scores, blocks.parents).take(container, axis=1)
    np.minimum(place - last_heading, 20, out=own[23])
    np.minimum(place - last_strong, 20, out=own[24])
    np.minimum(next_strong - place, 20, out=own[25])
    own[26] = first_title >= 0
    own[27] = np.minimum(np.maximum(place - first_title, -30), 30)
    own[28] = place > first_title
    own[29] = counts[[HAN, SYLLABLE]].sum() / chars.sum()
    shares = np.divide(counts.take(SHARES, axis=0), chars, out=sheet.rows(10))
    kinds = sheet.rows(28)
    block = np.arange(n)
    kinds[head, block] = 1
    kinds[14 + tail, block] = 1
    said_rows = sheet.rows(11)
    said_rows[said] = 1
    sheet.rows(len(OWN_TAGS) + 1)[column, block] = 1
    above = sheet.rows(31)
    above[:] = bits_of(blocks.inherited).take(container, axis=1)[:31]
    itself = sheet.rows(16)
    itself[:] = bits_of(blocks.marks).take(container, axis=1)[:16]

    # sums over the blocks before each one, and so over those of a container or around a block
    added = np.zeros((14, n + 1), np.float32)
    amounts = np.array((
        size, good, size * link, np.ones(n, np.float32), size * own[18], strong, is_heading, counts[STOP], said_rows[4], said_rows[7], said_rows[8],
        size < 8, above[COMMENT_BIT], itself[BYLINE_BIT],
    ), np.float32)  # fmt: skip
    np.cumsum(amounts, axis=1, out=added[:, 1:])
    half = add_containers(sheet, added, (up, begins, stops, depths), place, total_good)
    siblings = sheet.rows(4)
    siblings[:3] = logs[5:8]
    siblings[3] = np.bincount(signature, weights=good).take(signature) / total_good

    key = np.zeros((7, n + 6), np.float32)
    key[:, 3 : n + 3] = (logs[0], link, own[18], strong, shares[3] + shares[4], is_heading, column == 0)
    for step in (-3, -2, -1, 1, 2, 3):
        sheet.rows(7)[:] = key[:, 3 + step : n + 3 + step]
    add_windows(sheet, added)
    add_edges(sheet, added, (up, begins, stops, first, last), begins[tags == ARTICLE])
    like = sheet.rows(4)
    for row, values in zip(like, (logs[0], link, said_rows[4], shares[3]), strict=True):
        np.divide(np.bincount(signature, weights=values).take(signature), alike, out=row, casting="same_kind")
    return Described(sheet.filled.T, size, container, signature, half, up, parents, begins, stops)


def bits_of(numbers: list[int]) -> NDArray[np.uint8]:
    """The bits of whole numbers below 2^32: a row for each, from the lowest, a column for each number."""
    return np.unpackbits(np.array(numbers, "<u4").view(np.uint8).reshape(-1, 4), axis=1, bitorder="little").T


def paths(own_scores: NDArray[np.float32], parents: list[int]) -> Matrix:
    """Of each container the scores along the way from the root: their sum, the least, the greatest."""
    sums, lows, highs = [0.0], [0.0], [0.0]
    for own_score, parent in zip(own_scores.tolist(), parents, strict=True):
        place_of = parent + 1
        least, most = lows[place_of], highs[place_of]
        sums.append(0.8 * sums[place_of] + own_score)
        lows.append(own_score if own_score < least else least)
        highs.append(own_score if own_score > most else most)
    return np.array((sums, lows, highs), np.float32)[:, 1:]


Containers = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Matrix]


def add_containers(sheet: Sheet, added: Matrix, containers: Containers, place: Matrix, total_good: np.float32) -> int:
    """What a block's containers hold, and where it lies to the smallest with half of the good text, whose number it gives."""
    up, begins, stops, depths = containers
    n = len(place)
    inside = added.take(stops, axis=1) - added.take(begins, axis=1)
    enough = np.flatnonzero(inside[1] >= 0.5 * (total_good - 1))
    half = int(enough[-1]) if len(enough) else 0
    in_size, in_count = inside[0] + 1, inside[3] + 1
    in_more = inside[3] + 2
    described = np.array((
        inside[1] / total_good, inside[1] / in_size, inside[2] / in_size, np.log1p(inside[3]), inside[4] / in_size, np.log1p(inside[0]),
        inside[5] / in_count, inside[7] / in_size, inside[8] / in_more, inside[9] / in_more, inside[12] / in_count, inside[13] / in_more,
    ), np.float32)  # fmt: skip
    sheet.rows(48).reshape(4, 12, n)[:] = described.take(up, axis=1).transpose(1, 0, 2)
    rows = sheet.rows(4)
    begin, stop = float(begins[half]), float(stops[half])
    in_half = (place >= begin) & (place < stop)
    rows[0] = in_half
    rows[1] = np.where(in_half, depths.take(up[0]) - depths[half], -1)
    rows[2] = np.minimum(np.maximum(place - begin, -20), 20)
    rows[3] = np.minimum(np.maximum(stop - place, -20), 20)
    return half


def add_windows(sheet: Sheet, added: Matrix) -> None:
    """What stands in the three and the eight blocks before and behind each."""
    block = np.arange(added.shape[1] - 1)
    for reach in (3, 8):
        window = added.take(np.minimum(block + (reach + 1), len(block)), axis=1) - added.take(np.maximum(block - reach, 0), axis=1)
        rows = sheet.rows(10)
        in_size = window[0] + 1
        np.divide(window[:3], in_size, out=rows[:3])
        np.divide(window[4], in_size, out=rows[3])
        np.divide(window[8:], window[3], out=rows[4:])


Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def add_edges(sheet: Sheet, added: Matrix, edges: Edges, articles: NDArray[np.int64]) -> None:
    """What has been said before, and how a block lies between its containers' edges. `articles`: where article elements begin."""
    up, begins, stops, first, last = edges
    n = len(first)
    block = np.arange(n)
    rows = sheet.rows(23)
    np.minimum(added[8:11, :-1], 10, out=rows[0:3])
    np.minimum(added[12:14, :-1], 10, out=rows[3:5])
    np.minimum(added[8:11, -1:], 30, out=rows[5:8])
    np.minimum(added[12:14, -1:], 30, out=rows[8:10])
    if len(articles):
        rows[10] = np.minimum(np.cumsum(np.bincount(articles, minlength=n)[:n]), 5)
        rows[11] = min(len(articles), 10)
    begun, stopped = begins.take(up), stops.take(up)
    opens = (begun == block).sum(0)
    rows[12] = opens
    rows[13] = (stopped == block + 1).sum(0)
    rows[14, :-1] = opens[1:]
    rows[14, -1] = 4
    between = np.empty((7, n))
    between[0, 0] = first[0]
    between[0, 1:] = first[1:] - last[:-1]
    between[1::2] = block - begun[:3]
    between[2::2] = stopped[:3] - block
    gaps = np.log1p(between)
    rows[15] = gaps[0]
    rows[16, :-1] = gaps[0, 1:]
    rows[16, -1] = 9
    rows[17:23] = gaps[1:]
