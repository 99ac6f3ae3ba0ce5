"""The second look: what the first look's probabilities say of a block's neighbours, containers and likes."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.features import Described, Matrix

WIDTH = 45
"""Features of a block at the second look."""


def second_look(page: Described, p: NDArray[np.float32]) -> Matrix:
    """More features of each block, from every block's probability of belonging to the body."""
    n = len(p)
    size = page.tokens
    place = np.arange(n)
    padded = np.zeros(n + 6, np.float32)
    padded[3 : n + 3] = p
    likely = p > 0.5
    sized = p * size
    amounts = np.array((size, sized, np.ones(n, np.float32), p, likely))
    added = np.zeros((5, n + 1), np.float64)
    np.cumsum(amounts, axis=1, out=added[:, 1:])
    expected = added[1, n] + 1e-3
    columns = np.empty((WIDTH, n), np.float32)
    columns[0] = p
    columns[1] = np.log((p + 1e-4) / (1 - p + 1e-4))
    for row, step in enumerate((-3, -2, -1, 1, 2, 3), 2):
        columns[row] = padded[3 + step : n + 3 + step]
    for row, reach in ((8, 3), (10, 8)):
        window = added.take(np.minimum(place + (reach + 1), n), axis=1) - added.take(np.maximum(place - reach, 0), axis=1)
        columns[row] = window[1] / (window[0] + 1)
        columns[row + 1] = window[3] / window[2]
    inside = added.take(page.stops, axis=1) - added.take(page.begins, axis=1)
    described = np.array((inside[1] / (inside[0] + 1), inside[1] / expected, inside[3] / (inside[2] + 1), np.log1p(inside[4])))
    columns[12:28].reshape(4, 4, n)[:] = described.take(page.up, axis=1).transpose(1, 0, 2)
    # the element and the unbroken run that would be the best body by themselves
    gain = size * (p - 0.4)
    gained = np.concatenate([[0.0], np.cumsum(gain)])
    gains = gained[page.stops] - gained[page.begins]
    best = int(np.argmax(gains))
    lowest = np.minimum.accumulate(gained[:-1])
    run_stop = int(np.argmax(gained[1:] - lowest)) + 1
    run_start = int(np.argmin(gained[:run_stop]))
    in_best = (place >= page.begins[best]) & (place < page.stops[best])
    in_run = (place >= run_start) & (place < run_stop)
    columns[28], columns[29] = in_best, in_run
    around = np.array((place - run_start, run_stop - place, place - page.begins[best], page.stops[best] - place))
    columns[30:34] = np.minimum(np.maximum(around, -15), 15)
    signature = page.signature
    sums = np.bincount(signature, weights=p), np.bincount(signature, weights=sized), np.bincount(signature, weights=size) + 1
    columns[34] = (sums[0] / np.maximum(np.bincount(signature), 1)).take(signature)
    columns[35] = (sums[1] / sums[2]).take(signature)
    last_likely = np.maximum.accumulate(np.where(likely, place, -40))
    next_likely = np.minimum.accumulate(np.where(likely, place, n + 40)[::-1])[::-1]
    columns[36] = np.minimum(place - last_likely, 15)
    columns[37] = np.minimum(next_likely - place, 15)
    before = added[1, :-1] / expected
    columns[38] = before
    columns[39] = 1 - before - sized / expected
    columns[40], columns[41] = np.log1p(expected), expected / (added[0, n] + 1)
    columns[42], columns[43] = gains[best] / expected, p.max()
    parent = page.up[1]
    columns[44] = parent == parent[np.argmax(sized)]
    return columns.T


SOFTER = 0.75
"""The log-odds are taken down to this share before the cut: blocks of a page go wrong together, so single ones are less sure than they say."""
LOW, HIGH = 0.05, 0.85
RECALL = 0.8
"""What a token that is left out costs beside one that is too much; comments and related stories come in long runs, so a little less than 1 does best."""


def best_cut(p: NDArray[np.float32], size: NDArray[np.float32]) -> tuple[NDArray[np.int64], float]:
    """The blocks that have the greatest expected token F1 together, and that F1: how sure the page is.

    With S the chosen blocks and r = RECALL, it is about (1 + r)·Σ_S p·size / (Σ_S size + r·Σ p·size).
    """
    odds = np.log((p + 1e-6) / (1 - p + 1e-6)) * SOFTER
    soft = 1 / (1 + np.exp(-odds))
    order = np.argsort(-soft, kind="stable")
    probable = soft[order]
    weight = size[order]
    gained = np.cumsum(probable * weight)
    f1 = (1 + RECALL) * gained / (np.cumsum(weight) + RECALL * gained[-1] + 1e-9)
    # everything above HIGH stays, nothing below LOW comes
    first = max(int(np.searchsorted(-probable, -HIGH, side="right")) - 1, 0)
    last = max(int(np.searchsorted(-probable, -LOW, side="right")) - 1, first)
    best = first + int(np.argmax(f1[first : last + 1]))
    return np.flatnonzero(soft >= probable[best]), float(f1[best])
