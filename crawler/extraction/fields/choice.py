"""Each field's likeliest candidate on a page, by the learnt weights, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from crawler.article import Moment
from crawler.extraction.fields.author import author_candidates, people_in
from crawler.extraction.fields.candidates import Candidates, Group, Value
from crawler.extraction.fields.date import date_candidates
from crawler.extraction.fields.image import image_candidates
from crawler.extraction.fields.names import key_of as name_key
from crawler.extraction.fields.names import like_person, names_in
from crawler.extraction.fields.title import title_candidates
from crawler.extraction.structured import text_in
from crawler.extraction.times import read_time

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
    if agreed := agreed_authors(view):
        return agreed
    choice = chosen(author_candidates(view), weights["author"])
    return choice if choice.probability >= EVEN else Choice(None, choice.probability, "")


def choose_date(view: View, weights: Weights) -> Choice[Moment]:
    if agreed := agreed_date(view):
        return agreed
    candidates = date_candidates(view)
    group, probability = candidates.choose(weights["date"])
    if group is None:
        return Choice(None, 0.0, "")
    return Choice(group.value, probability, sources_of(group))


def choose_image(view: View, weights: Weights) -> Choice[str]:
    return chosen(image_candidates(view), weights["image"])


def agreed_authors(view: View) -> Choice[list[str]] | None:
    """People that JSON-LD and a meta element both name."""
    if not view.structured.articles:
        return None
    names = [name for text in people_in(view.structured.articles[0].get("author"), view.structured.nodes) for name in names_in(text)]
    if not names or len(names) > 6 or not all(like_person(name) for name in names):
        return None
    if any(
        name_key(names_in(value)) == name_key(names)
        for value in (view.structured.first("author"), view.structured.first("article:author", "parsely-author"))
        if value
    ):
        return Choice(names, 1.0, "jsonld+meta author")
    return None


def agreed_date(view: View) -> Choice[Moment] | None:
    """The day that JSON-LD and a meta element both give as the publication's."""
    if not view.structured.articles:
        return None
    said = [
        text_in(view.structured.articles[0].get("datePublished")),
        view.structured.first("article:published_time", "datepublished", "parsely-pub-date"),
    ]
    first, second = (read_time(text, view.zone, view.now) if text else None for text in said)
    if first is None or second is None or first.at.date() != second.at.date():
        return None
    return Choice(first if first.precision != "day" else second, 1.0, "jsonld+meta article")
