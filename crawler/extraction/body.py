"""The body of an article: which blocks of the page belong to it, and their HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.clean import sanitise
from crawler.extraction.tags import TEXT
from crawler.extraction.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from crawler.extraction.view import View


def simple_blocks(view: View) -> list[int]:
    """Blocks of the container with the most running text."""
    blocks = view.blocks
    scores: dict[int, float] = {}
    for number, text in enumerate(blocks.texts):
        size = len(text) - 2 * blocks.link_lengths[number]
        marks = sum(text.count(mark) for mark in ".,，。、!?")
        if size > 25 and marks:
            container = blocks.containers[number]
            for share in (0.6, 1.0, 0.5, 0.25):
                if container < 0:
                    break
                scores[container] = scores.get(container, 0) + share * (size + 10 * marks)
                container = blocks.parents[container]
    if not scores:
        return []
    best = max(scores, key=lambda number: scores[number])
    chosen = range(blocks.begins[best], blocks.stops[best])
    return [number for number in chosen if blocks.link_lengths[number] * 2 <= len(blocks.texts[number])]


def body_of_blocks(view: View, chosen: Sequence[int]) -> str:
    """Clean HTML of these blocks and the pictures among them."""
    if not chosen:
        return ""
    blocks, tree = view.blocks, view.tree
    kept: set[int] = set()
    for number in chosen:
        kept.update(range(blocks.first[number], blocks.last[number] + 1))
    first, last = blocks.first[chosen[0]], blocks.last[chosen[-1]]
    kept.update(picture for picture in view.blocks.pictures if first <= picture <= last)
    root = common(tree.parents, tree.ends, first, last)
    return sanitise(Writer(tree, view.links, kept.__contains__).write(range(root, tree.ends[root])))


def common(parents: list[int], ends: list[int], first: int, last: int) -> int:
    """The smallest element that holds both places."""
    place = parents[first] if parents[first] >= 0 else first
    while ends[place] <= last and parents[place] >= 0:
        place = parents[place]
    return place


def body_of_elements(view: View, places: Sequence[int], removed: Container[int]) -> str:
    """Clean HTML of whole elements, as a recipe names them."""
    tree = view.tree
    parts = [
        Writer(tree, view.links, dropped=removed).write(
            range(place, tree.ends[place]) if tree.tags[place] == TEXT else range(place + 1, tree.ends[place])
        )
        for place in places
    ]
    return sanitise("\n".join(part for part in parts if part))
