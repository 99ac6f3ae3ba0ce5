"""`make train`: learn the extractor's weights from the corpus, cross-validate them by site, write both beside a card.

Usage: python -m tools.train CORPUS [--quick]      CORPUS: the folder with dev, more and score.py
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from crawler.errors import ExtractionError
from crawler.extraction.article import article_of
from crawler.extraction.body import choose_blocks
from crawler.extraction.clean import text_of
from crawler.extraction.models import FOLDER, Models, lists
from crawler.extraction.version import CODE
from tools.card import write_card
from tools.class_words import ClassWords
from tools.corpus import FOLDS, Case, read_cases
from tools.examples import example_of, page_of, view_of_case
from tools.train_body import train_body
from tools.train_fields import FIELDS, Page, pages_of, train_field

FIGURES = FOLDER / "figures.json"
SHOWN = ("en", "zh", "de", "ru", "pl", "el")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--quick", action="store_true", help="only the shipped weights, without cross-validated figures")
    parser.add_argument("--predictions", type=Path, help="write the cross-validated answers for score.py here")
    asked = parser.parse_args()
    score = load_score(asked.corpus)
    cases = list(read_cases(asked.corpus))
    with get_context("fork").Pool(2) as pool:
        examples = [example for example in pool.map(example_of, cases, chunksize=20) if example is not None]
    say(f"{len(cases)} cases, {len(examples)} with a body")
    words = ClassWords(examples)
    bodies: dict[int, Any] = {}
    predicted: dict[str, Any] = {}
    global _shared
    _shared = (examples, words)
    with get_context("fork").Pool(2) as pool:
        for fold, model, arrays, names in pool.imap_unordered(train_one, [None] if asked.quick else [None, *range(FOLDS)]):
            if fold is None:
                final = model
                FOLDER.mkdir(exist_ok=True)
                np.savez(FOLDER / "body.npz", **arrays)
                write_json(FOLDER / "words.json", names)
            else:
                bodies[fold] = model
            say("body of all pages" if fold is None else f"body without fold {fold}")
    candidates = gather(cases, bodies or dict.fromkeys(range(FOLDS), final), score)
    if not asked.quick:
        predicted = cross_validate(cases, bodies, candidates)
        if asked.predictions:
            asked.predictions.write_text(json.dumps(predicted), encoding="utf-8")
    fields = {field: train_field(field, candidates[field]) for field in FIELDS}
    write_json(FOLDER / "fields.json", fields)
    if predicted:
        groups, _ = score.evaluate(predicted, score.load_cases(str(asked.corpus / "dev")))
        figures = {
            f"{kind}/{name}": rounded(values)
            for (kind, name), values in sorted(groups.items())
            if kind == "all" or (kind == "language" and name in SHOWN) or kind == "dataset"
        }
        write_json(FIGURES, {"code": CODE, "figures": figures})
        write_card(FOLDER / "CARD.md", cases, figures)
        print(score.table(groups))
    say("written")


def train_one(fold: int | None) -> tuple[int | None, Any, dict[str, Any], dict[str, float]]:
    """The body model without a fold's sites; without a fold that of all."""
    examples, words = _shared
    return fold, *train_body(examples, words, fold)


def gather(cases: list[Case], bodies: dict[int, Any], score: Any) -> dict[str, list[Page]]:
    """Every page's candidates, with the body that a model of other sites finds on it."""
    found: dict[str, list[Page]] = {field: [] for field in FIELDS}
    global _shared
    _shared = (bodies, score)
    with get_context("fork").Pool(2) as pool:
        for pages in pool.map(gather_one, cases, chunksize=20):
            for field, page in pages.items():
                found[field].append(page)
    return found


def gather_one(case: Case) -> dict[str, Page]:
    bodies, score = _shared
    view = view_of_case(case)
    if not view.blocks.texts:
        return {}
    view.chosen, _ = choose_blocks(view, bodies[case.fold])
    return pages_of(case, view, score.score_case)


def cross_validate(cases: list[Case], bodies: dict[int, Any], candidates: dict[str, list[Page]]) -> dict[str, Any]:
    """Each page's article, by models that never saw its site."""
    global _shared
    models = {}
    for fold in range(FOLDS):
        models[fold] = Models(
            bodies[fold],
            {field: train_field(field, [page for page in candidates[field] if page.fold != fold]) for field in FIELDS},
            lists(),
        )
    _shared = (models, None)
    with get_context("fork").Pool(2) as pool:
        return dict(pool.map(predict, [case for case in cases if case.scored], chunksize=20))


def predict(case: Case) -> tuple[str, dict[str, Any]]:
    models, _ = _shared
    try:
        article = article_of([page_of(case)], None, models[case.fold])
    except ExtractionError as error:
        return case.id, {"error": error.problem}
    return case.id, {
        "title": article.title,
        "author": list(article.authors),
        "date": str(article.published) if article.published else None,
        "image": article.image.url if article.image else None,
        "text": text_of(article.body),
    }


_shared: Any = None


def load_score(corpus: Path) -> Any:
    """The corpus's own measure."""
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{corpus}: no score.py there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"{time.monotonic() - STARTED:5.0f} s  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
