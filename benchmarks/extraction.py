"""Our extractor beside others on one corpus: quality by the corpus' own measure, speed as a ratio to trafilatura, in one run.

Usage: python -m benchmarks.extraction CORPUS [--every N] [--speed-every N]

Ours is quoted cross-validated (crawler/extraction/model/figures.json, written by `make train`): the shipped weights have seen these pages. The
others are run on them here; one that isn't installed is left out (magic-html needs Python 3.12). Speed is this process's CPU time a page, each page once after a warm-up,
bytes to everything (ours: cleaned HTML and provenance too; trafilatura: bare_extraction with metadata).
"""

# ruff: noqa: E501 - tables read better in one line each

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import logging
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawler.charset import decode
from crawler.errors import ExtractionError
from crawler.extraction import extract
from crawler.page import Page

FIGURES = Path(__file__).parents[1] / "crawler" / "extraction" / "model" / "figures.json"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
Answer = dict[str, Any]
Reader = Callable[[bytes, str, str], Answer]
"""Bytes, address, language → title, author, date, image, text."""


def ours(body: bytes, url: str, language: str) -> Answer:
    try:
        article = extract([Page(body, url, fetched_at=NOW)])
    except ExtractionError:
        return {}
    return {"title": article.title}


def trafilatura(precision: bool) -> Reader:
    library = importlib.import_module("trafilatura")

    def read(body: bytes, url: str, language: str) -> Answer:
        found = library.bare_extraction(decode(body)[0], url=url, with_metadata=True, favor_precision=precision)
        if found is None:
            return {}
        return {
            "title": found.title,
            "author": [found.author] if found.author else [],
            "date": found.date,
            "image": found.image,
            "text": found.text,
        }

    return read


def readability() -> Reader:
    document = importlib.import_module("readability").Document
    text_content = importlib.import_module("lxml.html").fromstring

    def read(body: bytes, url: str, language: str) -> Answer:
        page = document(decode(body)[0])
        return {"title": page.short_title(), "text": text_content(page.summary()).text_content()}

    return read


def newspaper() -> Reader:
    library = importlib.import_module("newspaper")

    def read(body: bytes, url: str, language: str) -> Answer:
        article = library.Article(url, language=language if language in library.valid_languages() else "en", fetch_images=False)
        article.download(input_html=decode(body)[0])
        article.parse()
        day = article.publish_date
        return {
            "title": article.title,
            "author": article.authors,
            "date": str(day.date()) if day else None,
            "image": article.top_image,
            "text": article.text,
        }

    return read


def gne() -> Reader:
    extractor = importlib.import_module("gne").GeneralNewsExtractor()

    def read(body: bytes, url: str, language: str) -> Answer:
        found = extractor.extract(decode(body)[0], host=url)
        return {
            "title": found["title"],
            "author": found["author"],
            "date": found["publish_time"],
            "image": next(iter(found["images"]), None),
            "text": found["content"],
        }

    return read


def resiliparse() -> Reader:
    extract_text = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda body, url, language: {"text": extract_text(decode(body)[0], main_content=True)}


def htmldate() -> Reader:
    find_date = importlib.import_module("htmldate").find_date
    return lambda body, url, language: {"date": find_date(decode(body)[0], url=url, max_date=date(2026, 11, 24).isoformat())}


OTHERS: dict[str, Callable[[], Reader]] = {
    "trafilatura": lambda: trafilatura(False),
    "trafilatura, precision": lambda: trafilatura(True),
    "readability-lxml": readability,
    "newspaper4k": newspaper,
    "gne": gne,
    "resiliparse": resiliparse,
    "htmldate": htmldate,
}
COLUMNS = ("body F1", "en", "zh", "title", "author", "date", "image", "speed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--every", type=int, default=1, help="score the others on every Nth page only")
    parser.add_argument("--speed-every", type=int, default=8, help="measure speed on every Nth page")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    score = load_score(asked.corpus)
    cases = [case for case in score.load_cases(str(asked.corpus / "dev"))]
    pages = {
        case["id"]: gzip.decompress((asked.corpus / "dev" / case["source_dataset"] / f"{case['id']}.html.gz").read_bytes())
        for case in cases
    }
    readers: dict[str, Reader] = {}
    for name, make in OTHERS.items():
        try:
            readers[name] = make()
        except ImportError:
            print(f"{name}: not installed, left out")
    timed = cases[:: asked.speed_every]
    times = {name: seconds_a_page(reader, timed, pages) for name, reader in {"ours": ours, **readers}.items()}
    unit = times.get("trafilatura", 0.0)
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))["figures"]
    rows = [("ours (cross-validated)", row_of({key.partition("/")[2]: value for key, value in figures.items()}), times["ours"])]
    for name, reader in readers.items():
        some = cases[:: asked.every]
        groups, _ = score.evaluate({case["id"]: safely(reader, pages[case["id"]], case) for case in some}, some)
        rows.append((name, row_of({group: values for (_, group), values in groups.items()}), times[name]))
    print(
        f"\n{datetime.now(UTC).date()}, {len(cases)} pages, the others scored on {len(cases[:: asked.every])}, speed on {len(timed)}; trafilatura {1000 * unit:.1f} ms a page\n"
    )
    print("| | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, shown, seconds in rows:
        print(
            f"| {name} | " + " | ".join(shown) + f" | {unit / seconds:.1f} |"
            if unit
            else f"| {name} | " + " | ".join(shown) + f" | {1000 * seconds:.1f} ms |"
        )


def row_of(groups: dict[str, dict[str, Any]]) -> list[str]:
    everything = groups.get("total", {})
    values = [
        everything.get("body_f1"),
        groups.get("en", {}).get("body_f1"),
        groups.get("zh", {}).get("body_f1"),
        *(everything.get(field) for field in ("title", "author", "date", "image")),
    ]
    return ["" if value is None else f"{value:.3f}" for value in values]


def safely(reader: Reader, body: bytes, case: dict[str, Any]) -> Answer:
    """Other libraries' crashes count as no answer."""
    try:
        return reader(body, case["url"], case["language"])
    except Exception:
        return {}


def seconds_a_page(reader: Reader, cases: list[dict[str, Any]], pages: dict[str, bytes]) -> float:
    for case in cases[:20]:
        safely(reader, pages[case["id"]], case)
    started = time.process_time()
    for case in cases:
        safely(reader, pages[case["id"]], case)
    return (time.process_time() - started) / len(cases)


def load_score(corpus: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{corpus}: no score.py there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
