"""What the addresses of a site's articles have in common, as a recipe's pattern, and the part of it that names the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from crawler.discovery.forms import Form, forms_of
from crawler.discovery.shapes import Shape, shape_of
from crawler.filters import compile_pattern
from crawler.urls import path_and_query

MOST_FORMS = 5
"""Forms of addresses that one pattern knows."""
FEW = 0.02
"""Share of the articles that a form is worth being known for."""
ENOUGH = 0.97
"""Share of what a form matches on a page that must be articles, or it is no help."""
SAME = 0.95
"""Share of the articles that must have a key of their own, for it to be one."""
PRICE = 2.0
"""How many articles more a form must bring for each address of anything else that it lets in."""
KINDED = 0.25
MOST_ARTICLES, MOST_OTHERS = 2_000, 3_000
"""Addresses that forms are made of, and of anything else that they are tried on."""


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """A recipe's `article.url`."""

    text: str
    """RE2; empty: the addresses have nothing in common that others lack."""
    known_by: str
    """For a person: what in the address tells one article from another."""
    right: int = 0
    """Of `articles` addresses of articles that it was made from, so many match …"""
    articles: int = 0
    wrong: int = 0
    """… and so many of `others` of anything else."""
    others: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.articles)

    @property
    def names_id(self) -> bool:
        return "(?P<id>" in self.text


@dataclass(frozen=True, slots=True)
class Tried:
    """A form with what it matches of the addresses that it was made from."""

    form: Form
    articles: frozenset[str]
    others: float
    """How many of anything else; those that are told by their words count little, for a list's selector can leave them out."""


def infer_pattern(articles: Iterable[str], others: Mapping[str, str], *, name_id: bool = True) -> UrlPattern:
    """The pattern of articles' addresses, made of addresses of articles and of others on the same site.

    `others`: each with its kind (`crawler.discovery.kinds`), "" where its words leave it open. `name_id`: whether what names an article
    may be marked as its key (a recipe that nobody looks at names none).
    """
    wanted = {path_and_query(url): shape_of(url) for url in islice(articles, MOST_ARTICLES)}
    rest = {address: KINDED if kind else 1.0 for url, kind in others.items() if (address := path_and_query(url)) not in wanted}
    rest = dict(list(rest.items())[:MOST_OTHERS])
    chosen = choose(try_all(wanted, rest), len(wanted))
    if not chosen:
        return UrlPattern("", "its address")
    forms = [one.form for one in chosen]
    plain = compile_pattern(pattern_of(forms, keyed=False))
    right = sum(plain.search(address) is not None for address in wanted)
    wrong = sum(plain.search(address) is not None for address in rest)
    keyed = pattern_of(forms, keyed=True)
    known_by = forms[0].key_name if keyed and is_key(keyed, list(wanted)) else ""
    text = keyed if name_id and known_by else pattern_of(forms, keyed=False)
    return UrlPattern(text, known_by or "its address", right, len(wanted), wrong, len(rest))


def try_all(wanted: Mapping[str, Shape], rest: Mapping[str, float]) -> list[Tried]:
    """Every form that the articles' families may have, with what it matches."""
    families: defaultdict[tuple[str, int], list[Shape]] = defaultdict(list)
    for shape in wanted.values():
        for key in ((shape.wide_family, 0), (shape.loose_family, 0), (shape.tail_family, 1)):
            families[key].append(shape)
    tried: dict[str, Tried] = {}
    for (_, steps), shapes in families.items():
        for form in forms_of(shapes, steps):
            if form.pattern in tried:
                continue
            pattern = compile_pattern(form.pattern)
            matched = frozenset(address for address in wanted if pattern.search(address))
            tried[form.pattern] = Tried(form, matched, sum(weight for address, weight in rest.items() if pattern.search(address)))
    return list(tried.values())


def choose(tried: Sequence[Tried], total: int) -> list[Tried]:
    """The fewest forms that match nearly all articles and little else: each time the one that brings most."""
    sound = [one for one in tried if one.articles and len(one.articles) >= ENOUGH * (len(one.articles) + one.others)]
    chosen: list[Tried] = []
    have: frozenset[str] = frozenset()
    while len(chosen) < MOST_FORMS and sound:
        gains = {one.form.pattern: len(one.articles - have) - PRICE * one.others for one in sound}
        most = max(gains.values())
        if most <= max(FEW * total, 1.0 if chosen else 0.0):
            break
        # some more or fewer are alike: then one that names a key, the stricter, the shorter
        alike = [one for one in sound if gains[one.form.pattern] >= most - FEW * total]
        best = max(alike, key=lambda one: worth(one.form, one.others))
        chosen = [one for one in chosen if not one.articles <= best.articles] + [best]
        have |= best.articles
    return chosen


def worth(form: Form, others: float) -> tuple[bool, float, int, int, str]:
    return (bool(form.key), -others, -form.looseness, -len(form.pattern), form.pattern)


def pattern_of(forms: Sequence[Form], *, keyed: bool) -> str:
    """One pattern of several forms. With the key named: of all where it is alike and in the same place, else of the first."""
    if not keyed:
        return "|".join(form.pattern for form in forms)
    first = forms[0]
    if not first.key:
        return ""
    if len(forms) > 1 and all((form.key, form.after) == (first.key, first.after) for form in forms):
        return f"(?:{'|'.join(form.before for form in forms)})(?P<id>{first.key}){first.after}"
    return "|".join([f"{first.before}(?P<id>{first.key}){first.after}", *(form.pattern for form in forms[1:])])


def is_key(pattern: str, addresses: Sequence[str]) -> bool:
    """Whether the part that a pattern names is another one in each address."""
    compiled = compile_pattern(pattern)
    keys: dict[str, str] = {}
    for address in addresses:
        match = compiled.search(address)
        if match is not None and (key := match.group("id")):
            keys[address] = key
    # one story may stand on a page under several addresses with idle parameters; a key that many share is none
    stories = {address.partition("?")[0] if "?" in pattern else address for address in keys}
    return bool(keys) and len(set(keys.values())) >= SAME * max(1, len(stories))
