"""The body model: class words, then a net for the first look, then boosted trees for the second, each learnt from pages of other sites."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from crawler.extraction.class_scores import ClassScores, words_of
from crawler.extraction.context import second_look
from crawler.extraction.features import Described, describe
from crawler.extraction.models import UNLIKELY, BodyModel, body_model, sigmoid
from tools.class_words import ClassWords
from tools.corpus import FOLDS
from tools.examples import Example
from tools.net import Net, train_net

TREES = {
    "objective": "binary", "learning_rate": 0.06, "num_leaves": 15, "max_depth": 6, "min_data_in_leaf": 150, "feature_fraction": 0.2, "bagging_fraction": 0.6, "bagging_freq": 1,
    "lambda_l2": 20, "max_bin": 127, "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 7,
}  # fmt: skip
ROUNDS = 240
NODES = 14
"""Inner nodes of a tree of 15 leaves."""


def described(examples: list[Example], words: ClassWords, without_fold: int | None) -> list[Described]:
    """Every page's features; a site's own pages are no witness for the words of its classes."""
    totals = words.totals(without_fold)
    jobs = []
    for example in examples:
        names = sorted({word for name in set(example.blocks.names) for word in words_of(name)})
        jobs.append((example, words.scores(totals, example.site if example.fold != without_fold else "", names)))
    return [described_one(example, scores) for example, scores in jobs]


def described_one(example: Example, scores: dict[str, float]) -> Described:
    page = describe(example.blocks, example.told, ClassScores(scores))
    page.matrix = np.ascontiguousarray(page.matrix)  # a block's numbers beside each other: sums over blocks are rounded by that order
    return page


def train_body(
    examples: list[Example], words: ClassWords, without_fold: int | None = None
) -> tuple[BodyModel, dict[str, Any], dict[str, float]]:
    """A model of all examples but one fold's; the arrays and words that it is stored as."""
    pages = described(examples, words, without_fold)
    used = [number for number, example in enumerate(examples) if example.fold != without_fold]
    stacked = np.vstack([pages[number].matrix for number in used])
    mean = stacked.mean(0)
    scale = (1 / (stacked.std(0) + 1e-3)).astype(np.float32)
    normal = {number: np.clip((pages[number].matrix - mean) * scale, -4, 4).astype(np.float32) for number in used}
    del stacked
    nets: list[Net] = []
    first: dict[int, NDArray[np.float32]] = {}
    for fold in range(FOLDS):
        if fold == without_fold:
            continue
        learnt = [number for number in used if examples[number].fold != fold]
        net = train_net(
            np.vstack([normal[number] for number in learnt]), np.concatenate([examples[number].positive for number in learnt]), np.concatenate([examples[number].weight for number in learnt]), seed=fold
        )  # fmt: skip
        nets.append(net)
        first |= {number: sigmoid(net.logits(normal[number])) for number in used if examples[number].fold == fold}
    rows, wanted, weights = [], [], []
    for number in used:
        chosen = (first[number] > UNLIKELY) & (examples[number].weight > 0)
        if chosen.any():
            rows.append(np.hstack([pages[number].matrix, second_look(pages[number], first[number])])[chosen])
            wanted.append(examples[number].positive[chosen])
            weights.append(examples[number].weight[chosen])
    data = lightgbm.Dataset(np.vstack(rows), np.concatenate(wanted), weight=np.concatenate(weights), params={"max_bin": TREES["max_bin"]})
    booster = lightgbm.train(TREES, data, ROUNDS)
    arrays: dict[str, Any] = {
        "mean": mean.astype(np.float32), "scale": scale, "hidden": np.hstack([net.hidden for net in nets]).astype(np.float16), "hidden_bias": np.concatenate([net.hidden_bias for net in nets]),
        "out": np.concatenate([net.out for net in nets]) / np.float32(len(nets)), "out_bias": np.float32(sum(net.out_bias for net in nets) / len(nets)), **flat(booster),
    }  # fmt: skip
    names = words.scores(words.totals(without_fold))
    return body_model(arrays, names), arrays, names


def flat(booster: lightgbm.Booster) -> dict[str, Any]:
    """The trees as the four arrays that `crawler.extraction.models.Trees` walks."""
    trees = booster.dump_model()["tree_info"]
    columns = np.zeros((len(trees), NODES), np.int16)
    thresholds = np.full((len(trees), NODES), np.inf, np.float32)
    masks = np.full((len(trees), NODES), 0xFFFF, np.uint16)
    leaves = np.zeros((len(trees), 16), np.float32)
    for number, tree in enumerate(trees):
        nodes: list[tuple[int, float, int]] = []
        values: list[float] = []

        def walk(node: dict[str, Any], nodes: list[tuple[int, float, int]] = nodes, values: list[float] = values) -> int:
            """The mask of the leaves below a node; leaves are counted from the left, and a failed test rules its left ones out."""
            if "leaf_value" in node:
                values.append(node["leaf_value"])
                return 1 << (len(values) - 1)
            place = len(nodes)
            nodes.append((0, 0.0, 0))
            left = walk(node["left_child"])
            nodes[place] = (node["split_feature"], node["threshold"], 0xFFFF & ~left)
            return left | walk(node["right_child"])

        walk(tree["tree_structure"])
        for place, (column, threshold, mask) in enumerate(nodes):
            columns[number, place], thresholds[number, place], masks[number, place] = column, np.float32(threshold), mask
        leaves[number, : len(values)] = values
    return {"columns": columns.reshape(-1), "thresholds": thresholds.reshape(-1), "masks": masks.reshape(-1), "leaves": leaves}
