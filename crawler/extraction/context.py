"""The second look: what the first look's probabilities say of a block's neighbours, containers and likes."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.features import Described, Matrix


def second_look(page: Described, p: NDArray[np.float32]) -> Matrix:
    """More features of each block, from every block's probability of belonging to the body."""
    n = len(p)
    size = page.tokens
    place = np.arange(n)
    padded = np.zeros(n + 6, np.float32)
    padded[3 : n + 3] = p
    near = [padded[3 + step : n + 3 + step] for step in (-3, -2, -1, 1, 2, 3)]
    amounts = np.column_stack([size, size * p, np.ones(n, np.float32), p, p > 0.5])
    added = np.zeros((n + 1, 5), np.float64)
    np.cumsum(amounts, axis=0, out=added[1:])
    expected = added[n, 1] + 1e-3
    windows = []
    for reach in (3, 8):
        window = added[np.minimum(place + reach + 1, n)] - added[np.maximum(place - reach, 0)]
        windows += [window[:, 1] / (window[:, 0] + 1), window[:, 3] / window[:, 2]]
    inside = added[page.stops] - added[page.begins]
    described = np.column_stack(
        [inside[:, 1] / (inside[:, 0] + 1), inside[:, 1] / expected, inside[:, 3] / (inside[:, 2] + 1), np.log1p(inside[:, 4])]
    )
    around = [described[step] for step in page.up]
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
    counts = np.bincount(page.signature)
    alike = np.bincount(page.signature, weights=p)[page.signature] / counts[page.signature]
    alike_sized = np.bincount(page.signature, weights=p * size)[page.signature] / (
        np.bincount(page.signature, weights=size)[page.signature] + 1
    )
    likely = p > 0.5
    last_likely = np.maximum.accumulate(np.where(likely, place, -40))
    next_likely = np.minimum.accumulate(np.where(likely, place, n + 40)[::-1])[::-1]
    before = (added[:-1, 1]) / expected
    columns = [
        p, np.log((p + 1e-4) / (1 - p + 1e-4)), *near, *windows, *(column for step in around for column in step.T),
        in_best, in_run, np.clip(place - run_start, -15, 15), np.clip(run_stop - place, -15, 15), np.clip(place - page.begins[best], -15, 15), np.clip(page.stops[best] - place, -15, 15),
        alike, alike_sized, np.minimum(place - last_likely, 15), np.minimum(next_likely - place, 15), before, 1 - before - p * size / expected,
        np.full(n, np.log1p(expected)), np.full(n, expected / (added[n, 0] + 1)), np.full(n, gains[best] / expected), np.full(n, p.max()),
        page.parents[page.containers] == page.parents[page.containers[np.argmax(p * size)]],
    ]  # fmt: skip
    return np.column_stack(columns).astype(np.float32, copy=False)


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
