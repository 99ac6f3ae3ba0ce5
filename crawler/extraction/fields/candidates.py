"""Candidates for one field, grouped by what they say: each group knows its sources, and everything that speaks for or against it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, fsum
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(slots=True)
class Group(Generic[Value]):
    """One thing that a page says, perhaps in several places."""

    key: Hashable
    value: Value
    rank: int
    """The best rank of its sources: whose spelling is taken."""
    sources: list[str]
    traits: set[str]


@dataclass(slots=True)
class Candidates(Generic[Value]):
    """All candidates of a page for a field."""

    groups: dict[Hashable, Group[Value]] = field(default_factory=dict)

    def add(self, key: Hashable, value: Value, source: str, rank: int, *traits: str) -> None:
        """A source names a value. Of equal keys the value of the lowest rank is shown."""
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key, value, rank, [], set())
        elif rank < group.rank:
            group.value, group.rank = value, rank
        if source not in group.traits:
            group.sources.append(source)
            group.traits.add(source)
        group.traits.update(traits)

    def __iter__(self) -> Iterator[Group[Value]]:
        return iter(self.groups.values())

    def __len__(self) -> int:
        return len(self.groups)

    def choose(
        self, weights: Mapping[str, float], finish: Callable[[Candidates[Value]], None] | None = None
    ) -> tuple[Group[Value] | None, float]:
        """The likeliest group and its probability (a conditional logit over the page's groups, "none of them" being one more)."""
        if finish is not None:
            finish(self)
        best: Group[Value] | None = None
        highest = weights.get("none", 0.0)
        total = exp(highest)
        nothing = total
        best_score = float("-inf")
        for group in self.groups.values():
            # fsum: traits are a set, and the order of a plain sum would decide ties otherwise in every process
            score = max(-30.0, min(30.0, fsum(weights.get(trait, 0.0) for trait in group.traits)))
            total += exp(score)
            if score > best_score:
                best, best_score = group, score
        if best is None:
            return None, nothing / total
        return best, exp(best_score) / total


def bucket(name: str, value: float, *bounds: float) -> str:
    """`name<b`: the first bound that the value lies under."""
    for bound in bounds:
        if value < bound:
            return f"{name}<{bound:g}"
    return f"{name}+"
