"""What kind of letter each code point is, and how many of each kind the blocks have: counted for a whole page at once."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

SPACE, LOWER, UPPER, DIGIT, HAN, SYLLABLE, STOP, COMMA, QUOTE, BAR, BRACKET, COLON, SIGN, OTHER = range(14)
"""Words are made of the second to the fourth."""
KINDS = 14


def _table() -> NDArray[np.uint8]:
    kinds = np.full(65536, OTHER, np.uint8)
    for code in range(65536):
        letter = chr(code)
        if letter.isspace():
            kinds[code] = SPACE
        elif 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code == 0x3005:
            kinds[code] = HAN
        elif 0x3040 <= code <= 0x30FF or 0x0E00 <= code <= 0x0EFF:
            kinds[code] = SYLLABLE
        elif letter.isalpha():
            kinds[code] = UPPER if letter.isupper() else LOWER
        elif letter.isdigit() or letter == "_":
            kinds[code] = DIGIT
        elif unicodedata.combining(letter):
            kinds[code] = LOWER
    for kind, letters in (
        (STOP, ".!?。！？…؟।"), (COMMA, ",;，、；،"), (QUOTE, "\"'«»“”‘’„‚‹›「」『』"), (BAR, "|/\\•·►▶→>—–-_~＞｜●■▪◆"), (BRACKET, "()[]{}（）【】〔〕《》<"), (COLON, ":："), (SIGN, "©®™@#&*+=%$€£"),
    ):  # fmt: skip
        for letter in letters:
            kinds[ord(letter)] = kind
    return kinds


TABLE = _table()


PLAIN = TABLE[:256].tobytes()
"""The kinds of the first 256 code points."""


def count_letters(texts: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """How many letters of each kind each text has (a row for each kind), how many tokens (words; each Han or kana letter), the kinds of its
    first and last letter.
    """
    n = len(texts)
    sizes = np.array(list(map(len, texts)), np.int64)
    text = "".join(texts)
    try:
        kinds = np.frombuffer(text.encode("latin-1").translate(PLAIN), np.uint8)
    except UnicodeEncodeError:
        kinds = TABLE.take(np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32), mode="clip")
    stops = np.cumsum(sizes)
    starts = stops - sizes
    owner = np.repeat(np.arange(0, n * KINDS, KINDS), sizes)
    owner += kinds
    counts = np.ascontiguousarray(np.bincount(owner, minlength=n * KINDS).reshape(n, KINDS).T, np.float32)
    word = kinds - np.uint8(LOWER) <= DIGIT - LOWER  # a space, before them, comes out as 255
    begins = word.copy()
    begins[1:] &= ~word[:-1]
    begins[starts] = word[starts]
    tokens = np.add.reduceat(begins, starts, dtype=np.float32) + counts[HAN] + counts[SYLLABLE]
    return counts, tokens, kinds[starts].astype(np.int64), kinds[stops - 1].astype(np.int64)
