"""Blocks of a recipe that end: a redesign adds one, and pages from before are still read by the old one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from pydantic import Field

from crawler.recipes.choices import Shape
from crawler.recipes.values import Day


class Dated(Shape):
    """A block that may end."""

    until: Day = Field("", examples=["2026-05-01"])
    """The block holds for what was fetched before this day (in the source's zone); the block below it from then on."""


Block = TypeVar("Block", bound=Dated)


def as_blocks(value: Any) -> Any:
    """One block may stand without its list."""
    return [value] if isinstance(value, (dict, Shape)) else value


def in_order(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks end one after the other, and the last one not at all."""
    ends = [block.until for block in blocks[:-1]]
    if not all(ends):
        raise ValueError("of several blocks all but the last one need until: the day from which on the next one holds")
    if ends != sorted(set(ends)):
        raise ValueError("blocks stand in the order of their until, the oldest first")
    if blocks and blocks[-1].until:
        raise ValueError("the last block has no until: it holds from then on")
    return blocks


def in_force(blocks: Sequence[Block], day: date) -> Block:
    """The block that holds for a page fetched on that day."""
    return next((block for block in blocks if not block.until or day < date.fromisoformat(block.until)), blocks[-1])
