"""Each field's likeliest candidate on a page, by the learnt weights, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import TYPE_CHECKING

from crawler.article import Moment
from crawler.extraction.fields.agreed import agreed_authors, agreed_date, agreed_image, agreed_title
from crawler.extraction.fields.author import author_candidates
from crawler.extraction.fields.candidates import Candidates, Choice, Group, Value
from crawler.extraction.fields.date import date_candidates
from crawler.extraction.fields.image import image_candidates
from crawler.extraction.fields.names import key_of as name_key
from crawler.extraction.fields.title import title_candidates

if TYPE_CHECKING:
    from crawler.extraction.view import View

Weights = Mapping[str, Mapping[str, float]]
EVEN = 0.3
"""Below these odds there is no author rather than a wrong one: half of the cross-validated answers from .3 to .4 are right, fewer below."""
MOST_SOURCES = 3


def chosen(candidates: Candidates[Value], weights: Mapping[str, float]) -> Choice[Value]:
    group, probability = candidates.choose(weights)
    return Choice(group.value if group else None, probability, sources_of(group) if group else "")


def sources_of(group: Group[Value]) -> str:
    names = list(dict.fromkeys(source.removesuffix(" first") for source in group.sources))
    return "+".join(names[:MOST_SOURCES])


def choose_title(view: View, weights: Weights) -> Choice[str]:
    return agreed_title(view) or chosen(title_candidates(view), weights["title"])


def choose_authors(view: View, weights: Weights) -> Choice[list[str]]:
    if agreed := agreed_authors(view):
        return agreed
    weighed = author_candidates(view).weigh(weights["author"])
    if not weighed:
        return Choice(None, 1.0, "")
    best, probability = weighed[0]
    # some of the same people, or more: no other author, only another cut of the byline
    words = set(name_key(best.value))
    odds = probability + fsum(other for group, other in weighed[1:] if (own := set(name_key(group.value))) < words or words < own)
    return Choice(best.value, odds, sources_of(best)) if odds >= EVEN else Choice(None, odds, "")


def choose_date(view: View, weights: Weights) -> Choice[Moment]:
    if agreed := agreed_date(view):
        return agreed
    candidates = date_candidates(view)
    group, probability = candidates.choose(weights["date"])
    if group is None:
        return Choice(None, 0.0, "")
    return Choice(group.value, probability, sources_of(group))


def choose_image(view: View, weights: Weights) -> Choice[str]:
    return agreed_image(view) or chosen(image_candidates(view), weights["image"])
