"""A labelled page as training sees it: its blocks, which of them the gold holds, and how much each counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Blocks
from crawler.extraction.body import told_of
from crawler.extraction.phrases import Told
from crawler.extraction.view import View, view_of
from crawler.page import Page
from tools.corpus import Case
from tools.labels import covered, tokens_of

FETCHED = datetime(2026, 11, 24, tzinfo=UTC)
"""Behind every page of the corpus; no date found may be later than the fetch."""
WEIGHTS = {"more": 0.33, "snippets": 0.25, "other": 0.3}
"""Of pages that are only learnt from, that have only strings to keep and to lose, that are no articles."""


@dataclass(slots=True)
class Example:
    id: str
    site: str
    fold: int
    scored: bool
    whole: bool
    """Its gold is a text, not a few strings."""
    blocks: Blocks
    told: Told
    tokens: NDArray[np.float32]
    positive: NDArray[np.float32]
    weight: NDArray[np.float32]


def view_of_case(case: Case) -> View:
    return view_of(page_of(case))


def page_of(case: Case) -> Page:
    return Page(case.body, case.url, fetched_at=FETCHED)


def example_of(case: Case) -> Example | None:
    """None for a page without blocks or without a gold body."""
    view = view_of_case(case)
    blocks = view.blocks
    gold: dict[str, Any] = case.gold
    whole = bool(gold.get("text"))
    if not blocks.texts or not (whole or gold.get("with") or gold.get("without")):
        return None
    words = [tokens_of(text) for text in blocks.texts]
    tokens = np.array([len(some) for some in words], np.float32)
    if whole:
        share = np.array(covered(words, tokens_of(gold["text"])), np.float32)
    else:
        share = np.array(snippet_share(blocks.texts, gold), np.float32)
    positive = (share > 0.5).astype(np.float32)
    amount = max(float((tokens * positive).sum()), 20.0 if whole else 50.0)
    # an unweighted page would count by its length (facts: weight (tokens / gold tokens)^.6)
    weight = 3 * (np.maximum(tokens, 0.5) / amount) ** 0.6
    if not whole:
        weight = np.where(share >= 0, weight * WEIGHTS["snippets"], 0)
    elif not case.scored:
        weight = weight * WEIGHTS["more"]
    if case.page_type == "other":
        weight = weight * WEIGHTS["other"]
    return Example(
        case.id, case.site, case.fold, case.scored, whole, blocks, told_of(view), tokens, positive, np.minimum(weight, 3).astype(np.float32)
    )


def snippet_share(texts: list[str], gold: dict[str, Any]) -> list[float]:
    """1 where a block holds a string to keep, 0 where one to lose, -1 where nothing is known."""
    wanted = [" ".join(text.split()) for text in gold.get("with", [])]
    unwanted = [" ".join(text.split()) for text in gold.get("without", [])]
    shares = []
    for text in texts:
        if any(one in text for one in wanted) or (len(text) > 25 and any(text in one for one in wanted)):
            shares.append(1.0)
        elif any(one in text for one in unwanted):
            shares.append(0.0)
        else:
            shares.append(-1.0)
    return shares
