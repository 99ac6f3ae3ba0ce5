"""The fields' weights: a conditional logit over the candidates of each page, with "none of them" as one more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from crawler.extraction.fields.author import author_candidates
from crawler.extraction.fields.date import date_candidates
from crawler.extraction.fields.image import image_candidates
from crawler.extraction.fields.title import title_candidates
from crawler.extraction.view import View
from tools.corpus import Case

FIELDS = ("title", "author", "date", "image")
PENALTY = {"title": 4.0, "author": 2.0, "date": 2.0, "image": 1.0}
"""L2, on every weight; what cross-validates best."""
SEEN = 3
"""A trait counts that is seen on this many candidates or more."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page's candidates for one field: the traits of each, and whether it is right."""

    fold: int
    traits: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]


def pages_of(case: Case, view: View, score_case: Any) -> dict[str, Page]:
    """The candidates of each field that the case has gold for."""
    gathered = {
        "title": [(group.value, group.traits) for group in title_candidates(view)],
        "author": [(group.value, group.traits) for group in author_candidates(view)],
        "date": [(str(group.value.at.date()), group.traits) for group in date_candidates(view)],
        "image": [(group.value, group.traits) for group in image_candidates(view)],
    }
    found: dict[str, Page] = {}
    for field, candidates in gathered.items():
        if field not in score_case(case.gold, {}):
            continue
        right = tuple(bool(score_case({field: case.gold[field]}, {field: value}).get(field)) for value, _ in candidates)
        found[field] = Page(case.fold, tuple(tuple(sorted(traits)) for _, traits in candidates), right)
    return found


def train_field(field: str, pages: list[Page]) -> dict[str, float]:
    """Weights of the traits, by maximum likelihood of a right candidate being chosen."""
    penalty = PENALTY[field]
    columns: dict[str, int] = {}
    rows: list[list[int]] = []
    group: list[int] = []
    right: list[float] = []
    for number, page in enumerate(page for page in pages if page.traits):
        for traits, is_right in zip(page.traits, page.right, strict=True):
            rows.append([columns.setdefault(trait, len(columns)) for trait in traits])
            group.append(number)
            right.append(float(is_right))
        rows.append([columns.setdefault("none", len(columns))])
        group.append(number)
        right.append(float(not any(page.right)))
    places = np.concatenate([np.array(row, np.int64) for row in rows])
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    matrix = csr_matrix((np.ones(len(places)), places, starts), shape=(len(rows), len(columns)))
    groups, wanted = np.array(group), np.array(right)
    count = int(groups.max()) + 1

    def loss(weights: Any) -> tuple[float, Any]:
        score = matrix @ weights
        highest = np.full(count, -1e9)
        np.maximum.at(highest, groups, score)
        odds = np.exp(score - highest[groups])
        total = np.bincount(groups, odds, count)
        good = odds * wanted
        total_good = np.bincount(groups, good, count)
        gradient = matrix.T @ (odds / total[groups] - good / total_good[groups]) + penalty * weights
        return float(-np.log(total_good / total).sum() + penalty * (weights @ weights) / 2), gradient

    found = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    seen = np.bincount(places, minlength=len(columns))
    return {trait: round(float(found.x[column]), 3) for trait, column in sorted(columns.items()) if seen[column] >= SEEN}
