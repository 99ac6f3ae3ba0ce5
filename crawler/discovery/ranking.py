"""Which links of a page lead to articles: what each says for itself, weighed together with its family on the page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

from crawler.discovery import vocabulary as v
from crawler.discovery.anchors import Anchor, Candidate, candidates_of
from crawler.discovery.features import address_traits, place_traits
from crawler.discovery.kinds import other_kind
from crawler.discovery.shapes import Shape, shape_of
from crawler.urls import address_key

WEIGHTS = Path(__file__).with_name("model") / "links.json"
LIMIT = 4.0
"""What one part of the model may say, either way: no single part decides alone."""
FEW_FILMS = 0.35
"""Share of a family's links that are marked as films or galleries; where it is more the mark says nothing."""

MARKED = "marked as a video or gallery"
"""The kind of what has an article's address, but is shown as something else."""

LIKES, MOST_AGAINST = 0.75, 1.7
"""Share of a list's links that must be articles' for those that are like them to be some, and how much may speak against those."""
FEW = 3
"""Articles: a list page has so many."""
MOST_RAISED, MARGIN = 1.5, 0.3
"""By how much the links of a page with short headlines are raised, at most, and how far above the threshold the third is then."""

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A link with what it most likely leads to."""

    candidate: Candidate
    shape: Shape
    kind: str
    """What it certainly is instead of an article; empty: open."""
    score: float
    """How likely it is an article's, 0 to 1."""

    @property
    def url(self) -> str:
        return self.candidate.url

    @property
    def is_article(self) -> bool:
        return self.score >= 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What the parts of the model say of one link (log odds, held within LIMIT): the traits of the last step."""

    address: float
    place: float
    family: float
    """The mean of `place` among the links of the same shape on the same host …"""
    best: float
    """… their best …"""
    wide: float
    """… and the mean among those of the same shape in its last steps on any host."""
    size: float
    """The logarithm of the family's size."""


@cache
def shipped_weights() -> Mapping[str, Weights]:
    """The weights that come with Broadsheet (crawler/discovery/model/CARD.md)."""
    read: dict[str, Any] = json.loads(WEIGHTS.read_text("utf-8"))
    return {name: read[name] for name in ("address", "place", "page")}


def rank(anchors: Sequence[Anchor], url: str, weights: Mapping[str, Weights] | None = None) -> list[Ranked]:
    """Each address that a page's links lead to, in the page's order, with how likely an article is there.

    `url`: the page's own address. `weights`: in place of the shipped ones (in training).
    """
    weights = weights or shipped_weights()
    candidates = candidates_of(list(anchors))
    shapes = [shape_of(candidate.url) for candidate in candidates]
    kinds = kinds_of(candidates, shapes, url)
    parts = parts_of(candidates, shapes, kinds, weights)
    odds = raised([None if kind else log_odds(one, weights["page"]) for one, kind in zip(parts, kinds, strict=True)], parts)
    odds = with_their_likes(odds, candidates)
    return [
        Ranked(candidate, shape, kind, 0.0 if value is None else share_of(value))
        for candidate, shape, kind, value in zip(candidates, shapes, kinds, odds, strict=True)
    ]


def kinds_of(candidates: Sequence[Candidate], shapes: Sequence[Shape], url: str) -> list[str]:
    """What is no article's for certain: by its words, the page itself, and films and galleries that the page marks as such."""
    own, home = address_key(url), shape_of(url).host
    kinds = ["this page" if address_key(one.url) == own else other_kind(shape, home) for one, shape in zip(candidates, shapes, strict=True)]
    marked: defaultdict[str, list[int]] = defaultdict(list)
    for place, shape in enumerate(shapes):
        if not kinds[place]:
            marked[shape.wide_family].append(place)
    for places in marked.values():
        films = [place for place in places if is_marked_film(candidates[place])]
        if len(films) < FEW_FILMS * len(places):
            for place in films:
                kinds[place] = MARKED
    return kinds


def is_marked_film(candidate: Candidate) -> bool:
    """Whether the page marks what is there as a film, a gallery or something to hear, wherever it links it."""
    if candidate.text and all(v.SHOWN_AS_FILM.match(anchor.text) for anchor in candidate.anchors if anchor.text):
        return True
    return all(v.FILMS & anchor.names or (v.FILMS & anchor.inner_names and not anchor.text) for anchor in candidate.anchors)


def parts_of(candidates: Sequence[Candidate], shapes: Sequence[Shape], kinds: Sequence[str], weights: Mapping[str, Weights]) -> list[Parts]:
    """What the parts of the model say of each candidate."""
    address = [within(total(weights["address"], address_traits(shape))) for shape in shapes]
    place = [within(total(weights["place"], place_traits(candidate))) for candidate in candidates]
    narrow: defaultdict[str, list[float]] = defaultdict(list)
    wide: defaultdict[str, list[float]] = defaultdict(list)
    for shape, kind, value in zip(shapes, kinds, place, strict=True):
        if not kind:
            narrow[shape.family].append(value)
            wide[shape.wide_family].append(value)
    narrow_said = {name: (sum(some) / len(some), max(some), log(len(some))) for name, some in narrow.items()}
    wide_said = {name: sum(some) / len(some) for name, some in wide.items()}
    found = []
    for shape, of_address, of_place in zip(shapes, address, place, strict=True):
        mean, best, size = narrow_said.get(shape.family, (of_place, of_place, 0.0))
        found.append(Parts(of_address, of_place, mean, best, wide_said.get(shape.wide_family, of_place), size))
    return found


def total(weights: Weights, traits: Sequence[str]) -> float:
    return weights.get("none", 0.0) + sum(weights.get(trait, 0.0) for trait in traits)


def within(value: float) -> float:
    return max(-LIMIT, min(LIMIT, value))


def log_odds(parts: Parts, weights: Weights) -> float:
    """The last step: all parts together."""
    value: float = weights["none"]
    for name in Parts.__slots__:
        value += weights[name] * getattr(parts, name)
    return value


def raised(odds: Sequence[float | None], parts: Sequence[Parts]) -> list[float | None]:
    """The log odds of a page's links, raised together where hardly any is taken, but some stand out: the page's headlines are short then.

    None stands for a link that is certainly something else.
    """
    given = [value for value in odds if value is not None]
    if sum(value >= 0 for value in given) >= FEW:
        return list(odds)
    good = sorted(
        (value for value, one in zip(odds, parts, strict=True) if value is not None and one.address > 0 and one.best > 0), reverse=True
    )
    if len(good) < FEW or not 0 < -good[FEW - 1] <= MOST_RAISED:
        return list(odds)
    lift = MARGIN - good[FEW - 1]
    return [None if value is None else value + lift for value in odds]


def with_their_likes(odds: Sequence[float | None], candidates: Sequence[Candidate]) -> list[float | None]:
    """The log odds, where what stands just as the links of a list stand, nearly all of them articles', is taken too."""
    tracks: defaultdict[str, list[int]] = defaultdict(list)
    for place, (value, candidate) in enumerate(zip(odds, candidates, strict=True)):
        if value is not None:
            for track in {anchor.track for anchor in candidate.anchors if anchor.text}:
                tracks[track].append(place)
    found = list(odds)
    for places in tracks.values():
        values = [value for place in places if (value := odds[place]) is not None]
        taken = sum(value >= 0 for value in values)
        if taken >= FEW and taken >= LIKES * len(values):
            for place, value in zip(places, values, strict=True):
                if -MOST_AGAINST <= value < 0:
                    found[place] = 0.0
    return found


def share_of(value: float) -> float:
    return 1.0 / (1.0 + exp(-value))
