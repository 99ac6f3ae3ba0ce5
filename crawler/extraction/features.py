"""What the body model looks at: for each block its text, its place, its containers and its neighbours, as one matrix of numbers."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Blocks
from crawler.extraction.class_scores import ClassScores
from crawler.extraction.classes import BYLINE, COMMENT
from crawler.extraction.letters import COLON, COMMA, DIGIT, HAN, STOP, SYLLABLE, UPPER, count_letters
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
BITS = np.arange(31, dtype=np.int64)
COMMENT_BIT, BYLINE_BIT = COMMENT.bit_length() - 1, BYLINE.bit_length() - 1
SHORT = 160
"""Characters of a block in which dates and set phrases are looked for."""
DAY = re.compile(r"(?:19|20)\d\d|\d{1,2}[:.]\d\d")
SAYS_PHRASE, SAYS_COMMENTS, SAYS_MORE = 1, 2, 4
PHRASES = (
    (SAYS_PHRASE, "related advertisement advertising anzeige werbung photo photos image images credit copyright rights subscribe newsletter follow share comment comments click posted updated published by foto fotos quelle lesen mehr lire leer zobacz czytaj читайте фото διαβάστε source video bild von"),
    (SAYS_COMMENTS, "comment comments kommentar kommentare kommentieren komentarz komentarze комментарии комментарий комментировать комментариев σχόλια leserbrief reader readers opinie forum dodaj discuss discussion discussions yorum yorumlar responses response reply replies login log sign"),
    (SAYS_MORE, "related more read next also recommended recommend recommends see miss popular latest trending zobacz czytaj więcej także читайте также теме ещё mehr weitere weiterlesen interessant empfehlungen lire leggi leia lee διαβάστε σχετικά newsletter subscribe tags tag share topics schlagworte"),
)  # fmt: skip
SPOKEN: dict[str, int] = {}
for _mark, _words in PHRASES:
    for _word in _words.split():
        SPOKEN[_word] = SPOKEN.get(_word, 0) | _mark
SPOKEN_WORDS = frozenset(SPOKEN)
HAN_PHRASE = re.compile(r"责任编辑|相关|原标题|来源|本文|编辑|作者|记者|点击|关注|分享|转载|版权|関連")
HAN_COMMENTS = re.compile(r"评论|網友|网友|留言|跟贴|回复|コメント|댓글")
HAN_MORE = re.compile(r"相关|推荐|延伸|热点|热门|更多|精彩|上一篇|下一篇|関連|관련")


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


@dataclass(frozen=True, slots=True)
class Told:
    """What the page's head says that blocks are compared with."""

    title: str
    description: str


def describe(blocks: Blocks, told: Told, scores: ClassScores | None, own_scores: NDArray[np.float32] | None = None) -> Described:
    """The matrix of a page that has one block at least. `own_scores`: the containers' scores, in place of looking them up (in training)."""
    texts = blocks.texts
    n = len(texts)
    counts, tokens, head, tail = count_letters(texts)
    chars = counts.sum(1)
    container = np.array(blocks.containers, np.int64)
    parents = np.array(blocks.parents, np.int64)
    parents[0] = 0
    begins, stops = np.array(blocks.begins, np.int64), np.array(blocks.stops, np.int64)
    tags = np.minimum(np.array(blocks.tags, np.int64), 1023)
    depths = np.array(blocks.depths, np.float32)
    signature = np.array(blocks.signatures, np.int64)[container]
    if own_scores is None:
        assert scores is not None
        look_up = scores.score
        own_scores = np.array([look_up(name) for name in blocks.names], np.float32)
    # along the way from the root: sum, least, greatest
    sums, lows, highs = [0.0], [0.0], [0.0]
    for own_score, parent in zip(own_scores.tolist(), blocks.parents, strict=True):
        place_of = parent + 1
        least, most = lows[place_of], highs[place_of]
        sums.append(0.8 * sums[place_of] + own_score)
        lows.append(own_score if own_score < least else least)
        highs.append(own_score if own_score > most else most)
    path = np.array((sums, lows, highs), np.float32).T[1:]
    link = np.minimum(np.array(blocks.link_lengths, np.float32) / chars, 1)
    size = tokens
    good = size * (link < 0.34) * ((counts[:, STOP] + counts[:, COMMA] > 0) & (size >= 8))
    total, total_good = size.sum() + 1, good.sum() + 1
    score = own_scores[container]
    score_path = path[container]
    up = np.stack([container, parents[container], parents[parents[container]], parents[parents[parents[container]]]])
    share = counts / chars[:, None]

    # own text
    log_size = np.log1p(size)
    place = np.arange(n, dtype=np.float32)
    before = np.cumsum(size) - size
    good_before = np.cumsum(good) - good
    flags = ((np.array(blocks.inherited, np.int64)[container][:, None] >> BITS) & 1).astype(np.float32)
    own_flags = ((np.array(blocks.marks, np.int64)[container][:, None] >> BITS[:16]) & 1).astype(np.float32)
    tag = np.zeros((n, len(OWN_TAGS) + 1), np.float32)
    column = TAG_COLUMN[tags[container]]
    tag[np.arange(n), column] = 1
    kinds = np.zeros((n, 28), np.float32)
    kinds[np.arange(n), head] = 1
    kinds[np.arange(n), 14 + tail] = 1
    said = said_of(texts, told, (counts[:, DIGIT] >= 3).tolist())
    is_heading = (column >= 4) & (column <= 7)
    last_heading = np.maximum.accumulate(np.where(is_heading, place, -1))
    first_title = int(np.argmax(said[:, 0])) if said[:, 0].any() else (int(np.argmax(column == 4)) if (column == 4).any() else -1)
    strong = good > 0
    last_strong = np.maximum.accumulate(np.where(strong, place, -1))
    next_strong = np.minimum.accumulate(np.where(strong, place, n + 1)[::-1])[::-1]
    own: list[Any] = [
        log_size, np.log1p(chars), link, np.log1p(np.array(blocks.link_counts, np.float32)), np.array(blocks.bold_lengths, np.float32) / chars,
        chars / (size + 1), np.log1p(counts[:, STOP]), np.log1p(counts[:, COMMA]), np.array(blocks.after_break, np.float32), np.minimum(np.array(blocks.images, np.float32), 4),
        place / n, before / total, good_before / total_good, log1p(n), log1p(total_good), total_good / total,
        depths[container], score, *(score_path.T), own_scores[up[1]], own_scores[up[2]],
        np.minimum(place - last_heading, 20), np.minimum(place - last_strong, 20), np.minimum(next_strong - place, 20),
        first_title >= 0, np.clip(place - first_title, -30, 30), place > first_title, counts[:, [HAN, SYLLABLE]].sum() / chars.sum(),
    ]  # fmt: skip

    # containers
    short = (size < 8).astype(np.float32)
    spoken_for = flags[:, COMMENT_BIT]
    amounts = stacked(
        n,
        [
            size,
            good,
            size * link,
            1,
            size * score_path[:, 0],
            strong,
            is_heading,
            counts[:, STOP],
            said[:, 4],
            said[:, 7],
            said[:, 8],
            short,
            spoken_for,
            own_flags[:, BYLINE_BIT],
        ],
    )
    added = np.zeros((n + 1, amounts.shape[1]), np.float32)
    np.cumsum(amounts, axis=0, out=added[1:])
    inside = added[stops] - added[begins]
    enough = np.flatnonzero(inside[:, 1] >= 0.5 * (total_good - 1))
    half = int(enough[-1]) if len(enough) else 0
    in_size = inside[:, 0] + 1
    described = stacked(len(inside), [
        inside[:, 1] / total_good, inside[:, 1] / in_size, inside[:, 2] / in_size, np.log1p(inside[:, 3]), inside[:, 4] / in_size,
        np.log1p(inside[:, 0]), inside[:, 5] / (inside[:, 3] + 1), inside[:, 7] / in_size,
        inside[:, 8] / (inside[:, 3] + 2), inside[:, 9] / (inside[:, 3] + 2), inside[:, 12] / (inside[:, 3] + 1), inside[:, 13] / (inside[:, 3] + 2),
    ])  # fmt: skip
    around = [described[step] for step in up]
    in_half = (place >= begins[half]) & (place < stops[half])
    half_place = (
        in_half,
        np.where(in_half, depths[container] - depths[half], -1),
        np.clip(place - begins[half], -20, 20),
        np.clip(stops[half] - place, -20, 20),
    )
    children = np.bincount(parents, minlength=len(parents)).astype(np.float32)
    same = np.bincount(signature, weights=None, minlength=1)[signature].astype(np.float32)
    same_good = np.bincount(signature, weights=good)[signature] / total_good
    siblings = (np.log1p(children[up[1]]), np.log1p(children[container]), np.log1p(same), same_good)

    # neighbours
    key = stacked(n, [log_size, link, score_path[:, 0], strong, share[:, STOP] + share[:, COMMA], is_heading, column == 0])
    padded = np.zeros((n + 6, key.shape[1]), np.float32)
    padded[3 : n + 3] = key
    near = [padded[3 + step : n + 3 + step] for step in (-3, -2, -1, 1, 2, 3)]
    windows = []
    for reach in (3, 8):
        low, high = np.maximum(np.arange(n) - reach, 0), np.minimum(np.arange(n) + reach + 1, n)
        window = added[high] - added[low]
        windows += [window[:, [0, 1, 2, 4]] / (window[:, :1] + 1), window[:, 8:] / window[:, 3:4]]
    # what has been said before and how the block lies between its containers' edges
    passed = np.minimum(added[:-1, [8, 9, 10, 12, 13]], 10)
    article = np.flatnonzero(tags == NUMBER["article"])
    article_begins = np.zeros(n + 1, np.float32)
    np.add.at(article_begins, begins[article], 1)
    which = np.cumsum(article_begins[:n])
    opens = (begins[up] == np.arange(n)).sum(0).astype(np.float32)
    closes = (stops[up] == np.arange(n) + 1).sum(0).astype(np.float32)
    first, last = np.array(blocks.first, np.float32), np.array(blocks.last, np.float32)
    gap = np.log1p(np.diff(first, prepend=0) - np.concatenate([[0], (last - first)[:-1]]))
    likes = np.bincount(signature)
    like = [np.bincount(signature, weights=column)[signature] / likes[signature] for column in (log_size, link, said[:, 4], share[:, STOP])]
    edges: list[Any] = [
        passed, np.minimum(added[-1:, [8, 9, 10, 12, 13]], 30).repeat(n, 0), np.minimum(which, 5), min(len(article), 10), opens, closes, np.append(opens[1:], 4), gap, np.append(gap[1:], 9),
        np.log1p(place - begins[up[0]]), np.log1p(stops[up[0]] - place), np.log1p(place - begins[up[1]]), np.log1p(stops[up[1]] - place), np.log1p(place - begins[up[2]]), np.log1p(stops[up[2]] - place), *like,
    ]  # fmt: skip
    matrix = stacked(
        n,
        [
            *own,
            share[:, [UPPER, DIGIT, HAN, STOP, COMMA, COLON, 8, 9, 10, 12]],
            kinds,
            said,
            tag,
            flags,
            own_flags,
            *around,
            *half_place,
            *siblings,
            *near,
            *windows,
            *edges,
        ],
    )
    return Described(matrix, size, container, signature, half, up, parents, begins, stops)


def stacked(rows: int, parts: Sequence[Any]) -> Matrix:
    """Columns and blocks of columns side by side; a number alone fills its column. One copy, where hstack would take several."""
    widths = [part.shape[1] if getattr(part, "ndim", 0) == 2 else 1 for part in parts]
    matrix = np.empty((rows, sum(widths)), np.float32)
    at = 0
    for part, width in zip(parts, widths, strict=True):
        if width > 1 or getattr(part, "ndim", 0) == 2:
            matrix[:, at : at + width] = part
        else:
            matrix[:, at] = part
        at += width
    return matrix


def said_of(texts: list[str], told: Told, numbered: list[bool]) -> Matrix:
    """Of each block: is it the title or part of it, does it hold the title, is it in the description, dated, a set phrase, a repetition."""
    title, description = told.title.casefold(), told.description
    opening = description[:60] if len(description) > 40 else ""
    rows: list[int] = []
    columns: list[int] = []
    seen: set[str] = set()
    for number, text in enumerate(texts):
        size = len(text)
        found = []
        if size < SHORT:
            low = text.casefold()
            if size > 8 and title:
                if low in title:
                    found.append(0 if size * 2 > len(title) else 1)
                elif title in low:
                    found.append(2)
            if numbered[number] and DAY.search(text):
                found.append(4)
            words = low.replace(":", " ").split()
            spoken = 0
            if not SPOKEN_WORDS.isdisjoint(words):
                for word in words:
                    spoken |= SPOKEN.get(word, 0)
            if not text.isascii():
                if HAN_PHRASE.search(text):
                    spoken |= SAYS_PHRASE
                if HAN_COMMENTS.search(text):
                    spoken |= SAYS_COMMENTS
                if HAN_MORE.search(text):
                    spoken |= SAYS_MORE
            if spoken:
                if spoken & SAYS_PHRASE:
                    found.append(5)
                if size < 60:
                    if spoken & SAYS_COMMENTS:
                        found.append(7)
                    if spoken & SAYS_MORE:
                        found.append(8)
        if size > 30 and description and (text[:60] in description or (opening and opening in text)):
            found.append(3)
        if text in seen:
            found.append(6)
        if "ookie" in text:
            found.append(9)
        if text[-1] in "….]" and text.endswith(("...", "…", "[...]", "[…]")):
            found.append(10)
        seen.add(text)
        if found:
            columns += found
            rows += [number] * len(found)
    said = np.zeros((len(texts), 11), np.float32)
    said[rows, columns] = 1
    return said
