"""Candidates for one field, grouped by what they say: each group knows its sources, and everything that speaks for or against it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, fsum
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    value: Value | None
    probability: float
    sources: str
    """`jsonld+h1`; empty where nothing was found."""


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

    def weigh(self, weights: Mapping[str, float]) -> list[tuple[Group[Value], float]]:
        """Each group with its probability, the likeliest first: a conditional logit over the page's groups and "none of them"."""
        scored = []
        total = exp(weights.get("none", 0.0))
        weight_of = weights.get
        for group in self.groups.values():
            # fsum: traits are a set, and the order of a plain sum would decide ties otherwise in every process
            score = max(-30.0, min(30.0, fsum([weight_of(trait, 0.0) for trait in group.traits])))
            odds = exp(score)
            total += odds
            scored.append((group, odds))
        scored.sort(key=lambda one: -one[1])
        return [(group, odds / total) for group, odds in scored]

    def choose(self, weights: Mapping[str, float]) -> tuple[Group[Value] | None, float]:
        """The likeliest group and its probability; None and 1 where there is no candidate."""
        weighed = self.weigh(weights)
        return weighed[0] if weighed else (None, 1.0)


def bucket(name: str, value: float, *bounds: float) -> str:
    """`name<b`: the first bound that the value lies under."""
    for bound in bounds:
        if value < bound:
            return f"{name}<{bound:g}"
    return f"{name}+"
