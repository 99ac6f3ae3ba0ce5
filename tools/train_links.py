"""Which links lead to articles: learns the weights of crawler/discovery/model, and cross-validates them by site.

Usage: python -m tools.train_links CORPUS REPLAY
       python -m tools.train_links --last REPLAY      the last step alone, over the first two as they are

Two parts learn from the corpus' article pages, of hundreds of sites, where no link has a label but much is known: `address` from the pages'
own addresses against short links in their navigation; `place` from links whose address has the shape of the page's own against links whose
address names nothing. The last step, `page`, weighs the two and what they say of a link's family; it learns from the building half of the
links labelled by hand. No site with labels is among those that the first two learn from.
"""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from crawler.charset import decode
from crawler.discovery import vocabulary as v
from crawler.discovery.anchors import Candidate, candidates_of
from crawler.discovery.embedded import anchors_in
from crawler.discovery.features import address_traits, place_traits
from crawler.discovery.kinds import other_kind
from crawler.discovery.ranking import WEIGHTS, Parts, kinds_of, log_odds, parts_of, raised, with_their_likes
from crawler.discovery.shapes import Shape, shape_of
from crawler.urls import address_key
from tools.corpus import read_cases
from tools.labelled import Count, Labelled, read_labels, with_pages

Weights = dict[str, dict[str, float]]
PAGES = 5  # a site counts as so many pages at most
MOST = 15  # links of one page that are learnt from, on each side
FEWEST = 8  # examples that have a trait, or it is left out
STRENGTH = {"address": 0.3, "place": 0.3, "page": 0.03}  # the regression's C
WEIGHT = 3.0  # of a page in it


class Examples:
    """Rows of traits with what they are."""

    def __init__(self) -> None:
        self.traits: list[list[str]] = []
        self.wanted: list[bool] = []
        self.weights: list[float] = []

    def add(self, traits: list[str], wanted: bool, weight: float) -> None:
        self.traits.append(traits)
        self.wanted.append(wanted)
        self.weights.append(weight)

    def learn(self, strength: float) -> dict[str, float]:
        vectorizer = DictVectorizer()
        matrix = vectorizer.fit_transform([dict.fromkeys(traits, 1) for traits in self.traits])
        kept = np.asarray((matrix > 0).sum(0)).ravel() >= FEWEST
        model = LogisticRegression(C=strength, max_iter=3000).fit(
            matrix[:, kept], self.wanted, sample_weight=np.array(self.weights) * WEIGHT
        )
        names = np.array(vectorizer.get_feature_names_out())[kept]
        return {"none": round(float(model.intercept_[0]), 3)} | {
            str(name): round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)
        }


def learn_from_corpus(corpus: Path, left_out: frozenset[str]) -> tuple[Weights, Counter[str]]:
    """The parts `address` and `place`, and how many pages of which data set they learnt from."""
    addresses, places, pages = Examples(), Examples(), Counter[str]()
    seen: Counter[str] = Counter()
    rng = random.Random(0)
    for case in read_cases(corpus):
        own = shape_of(case.url)
        if not own.steps or "#" in case.url or case.site in left_out:
            continue
        seen[case.site] += 1
        pages[case.source] += 1
        weight = 1 / min(seen[case.site], PAGES)
        candidates = candidates_of(anchors_in(decode(case.body, "")[0], case.url))
        rows = [(one, shape) for one in candidates if not other_kind(shape := shape_of(one.url), own.host)]
        if not other_kind(own, own.host):
            addresses.add(address_traits(own), True, weight)
        other = [shape for one, shape in rows if shape.family != own.family and is_navigation(one)]
        for shape in sample(rng, other, MOST // 2):
            addresses.add(address_traits(shape), False, weight / min(len(other), MOST // 2))
        if names_something(own):
            kin = [one for one, shape in rows if shape.family == own.family and address_key(one.url) != address_key(case.url)]
            rest = [one for one, shape in rows if not names_something(shape)]
            if len(kin) >= 3 and rest:
                for some, wanted in ((kin, True), (rest, False)):
                    for one in sample(rng, some, MOST):
                        places.add(place_traits(one), wanted, weight / min(len(some), MOST))
    return {"address": addresses.learn(STRENGTH["address"]), "place": places.learn(STRENGTH["place"])}, pages


def is_navigation(candidate: Candidate) -> bool:
    """A short link in a navigation or footer."""
    around = v.NAVIGATION | v.FOOTER
    return candidate.words <= 3 and all(around & (anchor.names | anchor.far_names) for anchor in candidate.anchors)


def names_something(shape: Shape) -> bool:
    return shape.slug_words >= 3 or shape.has_id or shape.has_date


def sample(rng: random.Random, some: Sequence[Any], most: int) -> list[Any]:
    return list(some) if len(some) <= most else rng.sample(list(some), most)


Row = tuple[Parts, str, Candidate]
"""What the parts say of a link, and what it certainly is instead."""


def rows_of(page: Labelled, weights: Mapping[str, Mapping[str, float]]) -> list[Row]:
    candidates = candidates_of(anchors_in(page.text, page.url))
    shapes = [shape_of(one.url) for one in candidates]
    kinds = kinds_of(candidates, shapes, page.url)
    parts = parts_of(candidates, shapes, kinds, weights)
    return [(part, kind, one) for part, kind, one in zip(parts, kinds, candidates, strict=True)]


def learn_last_step(pages: Sequence[Labelled], rows: Mapping[str, Sequence[Row]]) -> dict[str, float]:
    """The part `page`, from links labelled by hand; each site counts alike."""
    values, wanted, weights = [], [], []
    of_site = Counter(page.site for page in pages)
    for page in pages:
        told = [(part, address_key(one.url)) for part, kind, one in rows[page.name] if not kind]
        known = [(part, key in page.articles) for part, key in told if key in page.articles | page.others]
        for part, is_article in known:
            values.append(astuple(part))
            wanted.append(is_article)
            weights.append(100 / len(known) / of_site[page.site])
    model = LogisticRegression(C=STRENGTH["page"], max_iter=3000).fit(np.array(values), wanted, sample_weight=weights)
    names = list(Parts.__slots__)
    return {"none": round(float(model.intercept_[0]), 3)} | {
        name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)
    }


def count(page: Labelled, rows: Sequence[Row], last: Mapping[str, float]) -> Count:
    odds = raised([None if kind else log_odds(parts, last) for parts, kind, _ in rows], [parts for parts, _, _ in rows])
    odds = with_their_likes(odds, [one for _, _, one in rows])
    return Count().add(
        {address_key(one.url): value is not None and value >= 0 for value, (_, _, one) in zip(odds, rows, strict=True)}, page
    )


def main() -> None:
    first, replay = sys.argv[1], Path(sys.argv[2])
    labelled = list(with_pages(replay))
    known: dict[str, Any] = json.loads(WEIGHTS.read_text("utf-8")) if first == "--last" else {}
    weights: Weights = {name: known[name] for name in ("address", "place") if known}
    pages = Counter[str](known.get("pages", {}))
    if not known:
        weights, pages = learn_from_corpus(Path(first), frozenset(page.site for page in read_labels()))
    rows = {page.name: rows_of(page, weights) for page in labelled}
    building = [page for page in labelled if page.half == "building"]
    figures: dict[str, Count] = {}
    for page in building:  # each judged by a last step that never saw its site
        last = learn_last_step([other for other in building if other.site != page.site], rows)
        figures[page.name] = count(page, rows[page.name], last)
    weights["page"] = learn_last_step(building, rows)
    for page in labelled:
        if page.half != "building":
            figures[page.name] = count(page, rows[page.name], weights["page"])
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps({"v": 1, "pages": dict(sorted(pages.items()))} | weights, indent=1, ensure_ascii=False) + "\n", "utf-8")
    write_card(labelled, figures, pages)


def write_card(labelled: Sequence[Labelled], figures: Mapping[str, Count], pages: Counter[str]) -> None:
    lines = [
        "# Which links lead to articles: the weights",
        "",
        "`links.json`, plain numbers written by `make train-links`; nobody edits them. Three logistic regressions: `address` (what an address looks",
        "like), `place` (text and surroundings of a link), `page` (both, and what `place` says of the link's family on the page). No text and no",
        "address of any page is in them. What an address is for certain (video, gallery, tag, author, form) is no matter of weights: `kinds.py`.",
        "",
        f"`address` and `place` learnt from the links of {pages.total():,} article pages of the extractor's corpus (origins and licences: crawler/extraction/model/CARD.md),",
        "without labels: a page's own address says what its site's articles look like. `page` learnt from the building half of the links labelled by hand",
        "in tests/discovery/labels. No labelled site is among the corpus' pages that were learnt from.",
        "",
        "## Figures",
        "",
        "Building pages: by a last step that never saw the page's site. Measuring pages and blogs: by the shipped weights, which never saw any",
        "of them.",
        "",
        "| page | half | right | wrong | missed | precision | recall |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for half in ("building", "measuring", "blog"):
        whole = Count()
        for page in labelled:
            if page.half == half:
                one = figures[page.name]
                whole = Count(whole.right + one.right, whole.wrong + one.wrong, whole.missed + one.missed)
                lines.append(line(page.name, half, one))
        lines.append(line("**all**", half, whole))
    WEIGHTS.with_name("CARD.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines[-len(labelled) - 4 :]))


def line(name: str, half: str, one: Count) -> str:
    return f"| {name} | {half} | {one.right} | {one.wrong} | {one.missed} | {one.precision:.3f} | {one.recall:.3f} |"


if __name__ == "__main__":
    main()
