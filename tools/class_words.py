"""The words of classes and ids that speak for or against the article's text: log-odds, counted by site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import log

import numpy as np

from crawler.extraction.class_scores import words_of
from tools.examples import Example

SITES = 3
"""A word counts that is seen on this many sites or more."""
PRIOR = 0.5

Shares = dict[str, tuple[float, float]]
"""Of each word the share of a page's wanted tokens that lie under it, and of its unwanted ones."""


def shares_of(example: Example) -> Shares:
    if not example.whole or not example.positive.any():
        return {}
    blocks = example.blocks
    good, bad = example.tokens * example.positive, example.tokens * (1 - example.positive)
    sums = [np.concatenate([[0.0], np.cumsum(part, dtype=np.float64)]) / max(float(part.sum()), 1) for part in (good, bad)]
    begins, stops = np.array(blocks.begins), np.array(blocks.stops)
    inside = [part[stops] - part[begins] for part in sums]
    found: dict[str, list[float]] = {}
    for number, name in enumerate(blocks.names):
        if name and stops[number] > begins[number]:
            for word in words_of(name):
                share = found.setdefault(word, [0.0, 0.0])
                share[0] = max(share[0], float(inside[0][number]))
                share[1] += float(inside[1][number])
    return {word: (min(share[0], 1.0), min(share[1], 1.0)) for word, share in found.items()}


class ClassWords:
    """The words' log-odds over all sites but those left out."""

    def __init__(self, examples: list[Example]) -> None:
        pages: dict[str, list[Shares]] = defaultdict(list)
        self.folds: dict[str, int] = {}
        for example in examples:
            self.folds[example.site] = example.fold
            if shares := shares_of(example):
                pages[example.site].append(shares)
        self.sites: dict[str, Shares] = {}
        for site, many in pages.items():
            added: dict[str, list[float]] = {}
            for shares in many:
                for word, (good, bad) in shares.items():
                    sums = added.setdefault(word, [0.0, 0.0, 0.0])
                    sums[0] += good
                    sums[1] += bad
                    sums[2] += 1
            self.sites[site] = {word: (sums[0] / sums[2], sums[1] / sums[2]) for word, sums in added.items()}

    def totals(self, without_fold: int | None) -> dict[str, tuple[float, float, int]]:
        totals: dict[str, list[float]] = {}
        for site in sorted(self.sites):
            if self.folds[site] == without_fold:
                continue
            for word, (good, bad) in self.sites[site].items():
                sums = totals.setdefault(word, [0.0, 0.0, 0.0])
                sums[0] += good
                sums[1] += bad
                sums[2] += 1
        return {word: (sums[0], sums[1], int(sums[2])) for word, sums in totals.items()}

    def scores(
        self, totals: dict[str, tuple[float, float, int]], without_site: str = "", only: Iterable[str] | None = None
    ) -> dict[str, float]:
        """Word → log-odds, a site's own pages left out; of all words or of some."""
        own = self.sites.get(without_site, {})
        scores: dict[str, float] = {}
        for word in totals if only is None else only:
            if word not in totals:
                continue
            good, bad, sites = totals[word]
            if word in own:
                good, bad, sites = max(good - own[word][0], 0.0), max(bad - own[word][1], 0.0), sites - 1
            if sites >= SITES:
                scores[word] = round(log((good + PRIOR) / (bad + PRIOR)), 3)
        return scores
