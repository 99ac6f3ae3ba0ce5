"""The learnt weights, evaluated with numpy alone: which blocks are the body, and how much each trait of a field's candidate counts."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Blocks
from crawler.extraction.class_scores import ClassScores
from crawler.extraction.context import second_look
from crawler.extraction.features import Matrix, describe
from crawler.extraction.phrases import Told

FOLDER = Path(__file__).with_name("model")
UNLIKELY = 0.01
"""Blocks below this probability at the first look get no second one."""
LEAF = np.zeros(65536, np.uint8)
for _bit in range(15, -1, -1):
    LEAF[1 << _bit :: 1 << (_bit + 1)] = _bit


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees of at most 16 leaves, laid out so that all are walked at once.

    Each inner node has a mask of the leaves that stay possible when its test fails; the masks of all failed tests of a tree, joined by AND,
    leave the reached leaf as their lowest bit (QuickScorer, Lucchese et al. 2015).
    """

    columns: NDArray[np.intp]
    """Of each node the feature it tests; trees one after another, each filled up to the same number of nodes."""
    thresholds: NDArray[np.float32]
    masks: NDArray[np.uint16]
    leaves: NDArray[np.float32]
    """Trees × 16."""

    def score(self, matrix: Matrix) -> NDArray[np.float32]:
        """The sum of the reached leaves: the log-odds."""
        trees = len(self.leaves)
        failed = matrix.T.take(self.columns, axis=0) > self.thresholds[:, None]
        left = np.where(failed, self.masks[:, None], np.uint16(0xFFFF)).reshape(trees, -1, len(matrix))
        reached = LEAF.take(np.bitwise_and.reduce(left, axis=1)).T
        total: NDArray[np.float32] = self.leaves[np.arange(trees), reached].sum(axis=1, dtype=np.float32)
        return total


@dataclass(slots=True)
class BodyModel:
    words: ClassScores
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    hidden: Matrix
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: float
    trees: Trees

    def probabilities(self, blocks: Blocks, told: Told) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Of each block its probability of belonging to the body, that of the first look, and its tokens."""
        page = describe(blocks, told, self.words)
        first = self.first_look(page.matrix)
        likely = np.flatnonzero(first > UNLIKELY)
        final = first.copy()
        if len(likely):
            matrix = np.concatenate([page.matrix.T.take(likely, axis=1), second_look(page, first).T.take(likely, axis=1)])
            final[likely] = sigmoid(self.trees.score(matrix.T))
        return final, first, page.tokens

    def first_look(self, matrix: Matrix) -> NDArray[np.float32]:
        normal = matrix - self.mean
        normal *= self.scale
        hidden = np.clip(normal, -4, 4, out=normal) @ self.hidden
        hidden += self.hidden_bias
        return sigmoid(np.maximum(hidden, 0, out=hidden) @ self.out + self.out_bias)


@dataclass(frozen=True, slots=True)
class Models:
    body: BodyModel
    fields: Mapping[str, Mapping[str, float]]
    """Of each field the weights of its candidates' traits."""
    lists: Mapping[str, float]
    """What speaks for and against a list page."""


def sigmoid(logit: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-np.clip(logit, -20, 20)))).astype(np.float32)


def body_model(arrays: Mapping[str, Any], words: Mapping[str, float]) -> BodyModel:
    """A body model of its arrays, as they are stored."""
    trees = Trees(arrays["columns"].astype(np.intp), arrays["thresholds"], arrays["masks"], arrays["leaves"])
    return BodyModel(
        ClassScores(words), arrays["mean"], arrays["scale"], arrays["hidden"].astype(np.float32), arrays["hidden_bias"], arrays["out"], float(arrays["out_bias"]), trees
    )  # fmt: skip


@lru_cache(1)
def shipped() -> Models:
    """The weights that ship with the package."""
    with np.load(FOLDER / "body.npz", allow_pickle=False) as arrays:
        words = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
        return Models(body_model(arrays, words), json.loads((FOLDER / "fields.json").read_text(encoding="utf-8")), lists())


def lists() -> dict[str, float]:
    """What speaks for a list page; learnt apart, from other pages."""
    return dict(json.loads((FOLDER / "lists.json").read_text(encoding="utf-8")))
