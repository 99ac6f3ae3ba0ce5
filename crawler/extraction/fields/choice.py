"""Each field's likeliest candidate on a page, by the learnt weights, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from crawler.article import Moment
from crawler.extraction.fields.author import author_candidates
from crawler.extraction.fields.candidates import Candidates, Group, Value
from crawler.extraction.fields.date import date_candidates
from crawler.extraction.fields.image import image_candidates
from crawler.extraction.fields.title import title_candidates

if TYPE_CHECKING:
    from crawler.extraction.view import View

Weights = Mapping[str, Mapping[str, float]]
EVEN = 0.5
"""Below these odds there is no author rather than a wrong one."""
MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    value: Value | None
    probability: float
    sources: str
    """`jsonld+h1`; empty where nothing was found."""


def chosen(candidates: Candidates[Value], weights: Mapping[str, float]) -> Choice[Value]:
    group, probability = candidates.choose(weights)
    return Choice(group.value if group else None, probability, sources_of(group) if group else "")


def sources_of(group: Group[Value]) -> str:
    names = list(dict.fromkeys(source.removesuffix(" first") for source in group.sources))
    return "+".join(names[:MOST_SOURCES])


def choose_title(view: View, weights: Weights) -> Choice[str]:
    return chosen(title_candidates(view), weights["title"])


def choose_authors(view: View, weights: Weights) -> Choice[list[str]]:
    choice = chosen(author_candidates(view), weights["author"])
    return choice if choice.probability >= EVEN else Choice(None, choice.probability, "")


def choose_date(view: View, weights: Weights) -> Choice[Moment]:
    candidates = date_candidates(view)
    group, probability = candidates.choose(weights["date"])
    if group is None:
        return Choice(None, 0.0, "")
    return Choice(group.value, probability, sources_of(group))


def choose_image(view: View, weights: Weights) -> Choice[str]:
    return chosen(image_candidates(view), weights["image"])
