"""Which blocks of a page belong to its gold text: the tokens of both aligned in order, then what stands elsewhere by its shingles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher

NOSPACE = "々぀-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f฀-໿က-႟ក-៿"
TOKEN = re.compile(f"[{NOSPACE}]|[^\\W{NOSPACE}]+")
SHINGLE = 4


def tokens_of(text: str) -> list[str]:
    return TOKEN.findall(text)


def covered(blocks: list[list[str]], gold: list[str]) -> list[float]:
    """Of each block, the share of its tokens that is found in the gold, in the gold's order."""
    page = [token for block in blocks for token in block]
    taken = bytearray(len(page))
    used = bytearray(len(gold))
    for start_page, start_gold, size in matches(page, gold):
        for step in range(size):
            taken[start_page + step] = 1
            used[start_gold + step] = 1
    # what stands in another order: whole blocks whose shingles are in the unused gold
    left: Counter[tuple[str, ...]] = Counter()
    for place in range(len(gold) - SHINGLE + 1):
        if not any(used[place : place + SHINGLE]):
            left[tuple(gold[place : place + SHINGLE])] += 1
    shares: list[float] = []
    place = 0
    for block in blocks:
        size = len(block)
        share = sum(taken[place : place + size]) / size if size else 0.0
        if share < 0.5 and size >= SHINGLE + 2 and left:
            shingles = [tuple(block[at : at + SHINGLE]) for at in range(size - SHINGLE + 1)]
            found = sum(shingle in left for shingle in shingles) / len(shingles)
            if found > 0.7:
                share = max(share, found)
                left.subtract(shingle for shingle in shingles if shingle in left)
                left += Counter()
        shares.append(share)
        place += size
    return shares


def matches(page: list[str], gold: list[str]) -> list[tuple[int, int, int]]:
    """Equal runs of both in order: by shingles that both hold once, the longest increasing run of them, then between these."""
    found: list[tuple[int, int, int]] = []
    fill(page, gold, 0, len(page), 0, len(gold), 8, found)
    return found


def fill(
    page: list[str], gold: list[str], low: int, high: int, gold_low: int, gold_high: int, size: int, found: list[tuple[int, int, int]]
) -> None:
    """Align page[low:high] with gold[gold_low:gold_high], by ever smaller shingles."""
    while low < high and gold_low < gold_high and page[low] == gold[gold_low] and (size < 8):
        found.append((low, gold_low, 1))
        low, gold_low = low + 1, gold_low + 1
    while low < high and gold_low < gold_high and page[high - 1] == gold[gold_high - 1] and (size < 8):
        found.append((high - 1, gold_high - 1, 1))
        high, gold_high = high - 1, gold_high - 1
    if low >= high or gold_low >= gold_high:
        return
    if size < 1:
        return
    anchors = unique_pairs(page, gold, low, high, gold_low, gold_high, size)
    if not anchors:
        if (high - low) * (gold_high - gold_low) < 40_000:
            if size > 2:
                for at, gold_at, run in SequenceMatcher(
                    None, page[low:high], gold[gold_low:gold_high], autojunk=False
                ).get_matching_blocks():
                    if run >= 2 or (run and high - low < 12):
                        found.append((low + at, gold_low + gold_at, run))
            return
        fill(page, gold, low, high, gold_low, gold_high, size // 2, found)
        return
    before, gold_before = low, gold_low
    for at, gold_at in [*anchors, (high, gold_high)]:
        if at < before or gold_at < gold_before:
            continue
        fill(page, gold, before, at, gold_before, gold_at, size // 2, found)
        if at == high:
            break
        run = 0
        while at + run < high and gold_at + run < gold_high and page[at + run] == gold[gold_at + run]:
            run += 1
        found.append((at, gold_at, run))
        before, gold_before = at + run, gold_at + run


def unique_pairs(page: list[str], gold: list[str], low: int, high: int, gold_low: int, gold_high: int, size: int) -> list[tuple[int, int]]:
    places: dict[tuple[str, ...], int] = {}
    for at in range(gold_low, gold_high - size + 1):
        shingle = tuple(gold[at : at + size])
        places[shingle] = -1 if shingle in places else at
    seen: dict[tuple[str, ...], int] = {}
    for at in range(low, high - size + 1):
        shingle = tuple(page[at : at + size])
        if shingle in places:
            seen[shingle] = -1 if shingle in seen else at
    pairs = sorted((at, places[shingle]) for shingle, at in seen.items() if at >= 0 and places[shingle] >= 0)
    return longest_increasing(pairs)


def longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    tails: list[int] = []
    last: list[int] = []
    back: list[int] = []
    for number, (_, value) in enumerate(pairs):
        spot = bisect_left(tails, value)
        back.append(last[spot - 1] if spot else -1)
        if spot == len(tails):
            tails.append(value)
            last.append(number)
        else:
            tails[spot] = value
            last[spot] = number
    run: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        run.append(pairs[at])
        at = back[at]
    return run[::-1]
