"""A small net with one hidden layer, trained by Adam: the first look at a page's blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(slots=True)
class Net:
    hidden: Matrix
    hidden_bias: Matrix
    out: Matrix
    out_bias: float

    def logits(self, normal: Matrix) -> Matrix:
        return (np.maximum(normal @ self.hidden + self.hidden_bias, 0) @ self.out + self.out_bias).astype(np.float32)


def train_net(
    normal: Matrix, wanted: Matrix, weight: Matrix, seed: int, units: int = 32, epochs: int = 6, rate: float = 4e-3, batch: int = 1024
) -> Net:
    """Learn from normalised rows. Some inputs and units are left out at random in each step, so that none is relied on alone."""
    random = np.random.default_rng(seed)
    rows = np.flatnonzero(weight > 0)
    columns = normal.shape[1]
    parts: list[NDArray[np.float32]] = [
        random.normal(0, np.sqrt(2 / columns), (columns, units)).astype(np.float32),
        np.zeros(units, np.float32),
        random.normal(0, np.sqrt(1 / units), units).astype(np.float32),
        np.full(1, -1, np.float32),
    ]
    first = [np.zeros_like(part) for part in parts]
    second = [np.zeros_like(part) for part in parts]
    steps = epochs * (len(rows) // batch)
    mean_weight = float(weight[rows].mean())
    step = 0
    for _ in range(epochs):
        order = random.permutation(rows)
        for at in range(len(order) // batch):
            chosen = order[at * batch : (at + 1) * batch]
            inputs = normal[chosen] * (random.random(columns) > 0.05)
            raw = inputs @ parts[0] + parts[1]
            kept = (random.random(units) > 0.1).astype(np.float32) / 0.9
            units_out = np.maximum(raw, 0) * kept
            p = 1 / (1 + np.exp(-np.clip(units_out @ parts[2] + parts[3][0], -30, 30)))
            error = ((p - wanted[chosen]) * weight[chosen] / mean_weight / batch).astype(np.float32)
            back = (error[:, None] * parts[2] * kept) * (raw > 0)
            gradients = [inputs.T @ back + 1e-4 * parts[0], back.sum(0), units_out.T @ error + 1e-4 * parts[2], error.sum(keepdims=True)]
            step += 1
            size = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            for number, gradient in enumerate(gradients):
                first[number] = 0.9 * first[number] + 0.1 * gradient
                second[number] = 0.999 * second[number] + 0.001 * gradient * gradient
                change = size * (first[number] / (1 - 0.9**step)) / (np.sqrt(second[number] / (1 - 0.999**step)) + 1e-8)
                parts[number] = (parts[number] - change).astype(np.float32)
    return Net(parts[0], parts[1], parts[2], float(parts[3][0]))
