"""What tells a list page from an article: learnt from saved list pages (a replay folder) against the corpus' articles.

Usage: python -m tools.train_lists CORPUS REPLAY      after `make train`, whose body model it looks through
"""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from crawler.extraction.article import word_count
from crawler.extraction.body import choose_blocks
from crawler.extraction.models import FOLDER, shipped
from crawler.extraction.recognise import list_traits
from crawler.extraction.view import view_of
from crawler.page import Page
from tools.corpus import read_cases, site_label
from tools.examples import FETCHED

CAUTION = 0.6
"""Added to the score, as sites with many lists weigh little: cross-validated, six lists of ten are told and 1 of 1,960 articles is lost (at 1.25 seven, and 5)."""
PAGES = 4
"""A site counts as so many pages at most."""


def traits_of(page: Page) -> list[str]:
    view = view_of(page)
    if not view.blocks.texts:
        return []
    view.chosen, sure = choose_blocks(view, shipped().body)
    return list_traits(view, word_count(" ".join(view.blocks.texts[number] for number in view.chosen)), sure)


def main() -> None:
    corpus, replay = map(Path, sys.argv[1:3])
    rows: list[tuple[bool, str, list[str]]] = []
    for saved in json.loads((replay / "manifest.json").read_text(encoding="utf-8")):
        if saved["kind"] in ("listing", "article") and "file" in saved:
            body = (replay / saved["file"]).read_bytes()
            body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            page = Page(body, saved["url"], headers={"content-type": saved.get("content_type") or ""}, fetched_at=FETCHED)
            rows.append((saved["kind"] == "listing", site_label(saved["url"]), traits_of(page)))
    rows += [(False, case.site, traits_of(Page(case.body, case.url, fetched_at=FETCHED))) for case in read_cases(corpus)]
    rows = [row for row in rows if row[2]]
    names = sorted({trait for _, _, traits in rows for trait in traits})
    columns = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for number, (_, _, traits) in enumerate(rows):
        matrix[number, [columns[trait] for trait in traits]] = 1
    wanted = np.array([row[0] for row in rows])
    counts = Counter((site, is_list) for is_list, site, _ in rows)
    weight = np.array([1 / max(1, counts[site, is_list] / PAGES) for is_list, site, _ in rows])
    model = LogisticRegression(C=0.5, max_iter=1000).fit(matrix, wanted, sample_weight=weight)
    weights = {name: round(float(model.coef_[0][columns[name]]), 3) for name in names} | {
        "none": round(float(model.intercept_[0]) + CAUTION, 3)
    }
    (FOLDER / "lists.json").write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
