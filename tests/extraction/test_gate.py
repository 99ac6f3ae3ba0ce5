"""The quality gate: cross-validated figures may not drop, and must be those of this code."""

# ruff: noqa: E501 - test pages stand on one line each

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shared import SHARED

from crawler.extraction.models import FOLDER
from crawler.extraction.version import CODE

BASELINE = json.loads(Path(__file__).with_name("baseline.json").read_text(encoding="utf-8"))
FIGURES = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))
ALLOWED = 0.003

needs_corpus = pytest.mark.skipif(SHARED is None, reason="../shared is not here")


@needs_corpus
@pytest.mark.parametrize(("group", "measure"), [(group, measure) for group, values in BASELINE.items() for measure in values])
def test_no_cross_validated_figure_dropped(group: str, measure: str) -> None:
    was, is_now = BASELINE[group][measure], FIGURES["figures"][group][measure]
    assert is_now >= was - ALLOWED, (
        f"{group} {measure}: {was:.4f} before, {is_now:.4f} now; find out why, or accept it in {Path(__file__).with_name('baseline.json').name}"
    )


@needs_corpus
def test_the_figures_are_those_of_this_code() -> None:
    assert FIGURES["code"] == CODE, (
        "the extraction code changed since its figures were made: run `make train` and commit crawler/extraction/model"
    )
