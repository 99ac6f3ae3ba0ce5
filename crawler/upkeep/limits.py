"""How long something is kept, and how much of it: `90d`, `2GB`, `90d 2GB`; of runs how many: `180d 1000`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from crawler.errors import WorkspaceError
from crawler.recipes.values import duration

AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)([kMGT]?)(i?)B", re.IGNORECASE)
COUNT = re.compile(r"[0-9]+")
POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


@dataclass(frozen=True, slots=True)
class Limit:
    """What is older goes, and of the rest the oldest until no more is left than that."""

    age: timedelta | None = None
    most: int | None = None
    """Bytes; of runs: how many."""


def limit_of(text: str, name: str, *, counted: bool = False) -> Limit | None:
    """The limit that a text names; None for an empty one. `counted`: a bare number is how many, instead of an amount of bytes.

    Raises WorkspaceError naming the setting.
    """
    age: timedelta | None = None
    most: int | None = None
    for word in text.split():
        amount = COUNT.fullmatch(word) if counted else AMOUNT.fullmatch(word)
        try:
            if amount and most is None:
                most = int(word) if counted else bytes_of(amount)
            elif age is None and not amount:
                age = duration(word)
            else:
                raise ValueError
        except ValueError:
            most_of = "a number like 1000" if counted else "a size like 500MB or 2GB"
            raise WorkspaceError(name, f"an age like 90d, {most_of}, or both are expected, found {text!r}") from None
    return Limit(age, most) if text.split() else None


def bytes_of(amount: re.Match[str]) -> int:
    return int(float(amount[1]) * (1024 if amount[3] else 1000) ** POWERS[amount[2].upper()])
