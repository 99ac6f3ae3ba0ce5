"""The card beside the weights: what they learnt from, under which licences, and how well they do on sites they never saw."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from tools.corpus import Case

ORIGINS = {
    "aeb": ("scrapinghub/article-extraction-benchmark", "MIT"),
    "trafilatura": ("adbar/trafilatura, tests", "Apache-2.0"),
    "fundus": ("flairNLP/fundus, tests/resources", "MIT"),
    "magic": ("opendatalab/magic-html, benchmark", "Apache-2.0"),
    "zhcw": ("immortal-autumn/Chinese-Web-Content-Extraction-Dataset", "MIT"),
    "gne": ("GeneralNewsExtractor, tests (pages only; gold made for this project)", "GPL-3.0"),
    "daniel": ("rundimeco/waddle, Corpus DAnIEL v2.1", "GPL-3.0"),
    "wcxb": ("Murrough-Foley/web-content-extraction-benchmark", "CC-BY-4.0"),
    "postlight": ("postlight/parser, fixtures", "Apache-2.0 / MIT"),
    "newspaper4k": ("AndyTheFactory/newspaper4k, tests/data", "MIT"),
    "htmldate": ("adbar/htmldate, tests/test_set", "Apache-2.0"),
}


def write_card(path: Path, cases: list[Case], figures: dict[str, dict[str, Any]]) -> None:
    counts = Counter(case.source for case in cases)
    lines = [
        "# The extractor's weights",
        "",
        "Plain numbers, written by `make train`; nobody edits them. `body.npz`: the first look (one small net a fold) and the second (boosted trees) at a page's blocks;",
        "`words.json`: log-odds of the words in classes and ids; `fields.json`: weights of the traits of a candidate for title, author, date, image.",
        "No text of any page is in them: only numbers, words of class names seen on three sites or more, and names of traits.",
        "",
        "## Learnt from",
        "",
        "The licences cover annotations and collections; the pages' text remains their publishers' and is not part of the weights.",
        "",
        "| data set | from | licence | pages |",
        "|---|---|---|---:|",
        *(
            f"| {name} | {ORIGINS.get(name, (name, '?'))[0]} | {ORIGINS.get(name, (name, '?'))[1]} | {count} |"
            for name, count in sorted(counts.items())
        ),
        "",
        "## Cross-validated by site",
        "",
        "Five folds, a site's pages all in one; each page is read by models that never saw its site, cleaned body and all. A score of the shipped weights on these pages would say nothing.",
        "",
        "| | cases | body F1 | precision | recall | snippets F1 | title | author | date | image |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(row(name, values) for name, values in figures.items()),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def row(name: str, values: dict[str, Any]) -> str:
    shown = [values.get(key) for key in ("body_f1", "body_p", "body_r", "snip_f1", "title", "author", "date", "image")]
    return (
        f"| {name.partition('/')[2]} | {values['cases']} | " + " | ".join("" if value is None else f"{value:.3f}" for value in shown) + " |"
    )
