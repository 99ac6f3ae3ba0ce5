"""The body of an article: which blocks of the page belong to it, and their HTML."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from crawler.extraction.classes import CAPTION, COMMENT, FOOT, NAVIGATION, RELATED, SHARE
from crawler.extraction.clean import sanitise
from crawler.extraction.context import best_cut
from crawler.extraction.phrases import Told
from crawler.extraction.repair import image_source, pixels
from crawler.extraction.tags import NUMBER, TEXT
from crawler.extraction.writer import Writer

if TYPE_CHECKING:
    from crawler.extraction.models import BodyModel
    from crawler.extraction.view import View

JUNK = COMMENT | RELATED | FOOT | NAVIGATION | SHARE
IMG, FIGURE, FIGCAPTION = NUMBER["img"], NUMBER["figure"], NUMBER["figcaption"]
TABLE, ROW, CELLS = NUMBER["table"], NUMBER["tr"], (NUMBER["td"], NUMBER["th"])
SMALL = 80
"""Pixels: a picture whose width or height is given below is an icon or an avatar."""


def told_of(view: View) -> Told:
    """What the blocks are compared with."""
    first = view.structured.first
    return Told(first("og:title", "twitter:title") or view.head.title, first("og:description", "description"))


def choose_blocks(view: View, model: BodyModel) -> tuple[list[int], float]:
    """The blocks of the body, and how sure the model is of them: the token F1 that it expects."""
    if not view.blocks.texts:
        return [], 0.0
    probability, _, tokens = model.probabilities(view.blocks, told_of(view))
    chosen, expected = best_cut(probability, tokens)
    return chosen.tolist(), expected


def with_tables(view: View, chosen: Sequence[int]) -> list[int]:
    """The blocks, and those of the tables of data that stand between them: a model that counts words takes figures for a page's furniture."""
    members = set(chosen)
    blocks, tree = view.blocks, view.tree
    for number, tag in enumerate(blocks.tags):
        if tag != TABLE:
            continue
        begin, stop = blocks.begins[number], blocks.stops[number]
        if not (begin - 1 in members and stop in members) or blocks.inherited[number] & JUNK:
            continue
        within = range(begin, stop)
        if all(block in members for block in within) or 2 * sum(blocks.link_lengths[block] for block in within) > sum(
            len(blocks.texts[block]) for block in within
        ):
            continue
        place = blocks.places[number]
        inside = tree.tags[place + 1 : tree.ends[place]]
        if TABLE not in inside and inside.count(ROW) > 1 and sum(inside.count(cell) for cell in CELLS) >= 2 * inside.count(ROW):
            members.update(within)
    return sorted(members)


def captions_of(view: View, pictures: Sequence[int]) -> list[int]:
    """Places of the texts in the captions of these pictures' figures."""
    tree = view.tree
    found: list[int] = []
    for place in pictures:
        figure = place
        while figure >= 0 and tree.tags[figure] != FIGURE:
            figure = tree.parents[figure]
        if figure >= 0:
            for at in range(place, tree.ends[figure]):
                if tree.tags[at] == FIGCAPTION:
                    found += [text for text in range(at, tree.ends[at]) if tree.tags[text] == TEXT]
                    break
    return found


def body_of_blocks(view: View, chosen: Sequence[int], removed: Container[int] = ()) -> str:
    """Clean HTML of these blocks and the pictures among them, without the elements at the places that a recipe takes out."""
    if not chosen:
        return ""
    chosen = with_tables(view, chosen)
    blocks, tree = view.blocks, view.tree
    kept: set[int] = set()
    for number in chosen:
        kept.update(range(blocks.first[number], blocks.last[number] + 1))
    pictures = body_pictures(view, chosen)
    kept.update(pictures)
    kept.update(captions_of(view, pictures))
    first, last = blocks.first[chosen[0]], blocks.last[chosen[-1]]
    if pictures:
        first, last = min(first, pictures[0]), max(last, pictures[-1])
    root = common(tree.parents, tree.ends, first, last)
    return sanitise(Writer(tree, view.links, kept.__contains__, removed, spans=kept).write(range(root, tree.ends[root])))


def body_pictures(view: View, chosen: Sequence[int]) -> list[int]:
    """Places of the pictures and players between the body's first block and a little behind its last, without those of boxes beside it."""
    blocks, tree = view.blocks, view.tree
    members = set(chosen)
    low, high = chosen[0], chosen[-1] + 1
    found: list[int] = []
    for place in blocks.pictures:
        at = blocks.block_before.get(place, -1)
        if not low - 3 <= at <= high + 1:
            continue
        inherited = view.inherited_at(place)
        if inherited & JUNK and not inherited & CAPTION:
            continue
        # a picture whose neighbours on both sides are not of the body stands in a box of its own
        if not (at in members or at - 1 in members) and not (view.stands_in(place, "figure") and low - 3 <= at < low):
            continue
        if tree.tags[place] == IMG:
            attributes = tree.attributes(place)
            width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
            if (width is not None and width < SMALL) or (height is not None and height < SMALL) or not image_source(attributes, view.links):
                continue
        found.append(place)
    return found


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
        Writer(tree, view.links, dropped=removed).write(range(place, tree.ends[place]) if tree.tags[place] == TEXT else range(place + 1, tree.ends[place]))
        for place in places
    ]  # fmt: skip
    return sanitise("\n".join(part for part in parts if part))
