"""Runs the benchmarks side by side and writes docs/benchmarks.md: each figure with its bar, reached or falls short, and plots.

Run: make benchmarks [ONLY=startup,crawling]    (in the environment .bench, which holds the peers and matplotlib)

What a benchmark printed and gave as JSON is kept under benchmarks/results/, one file each, with the day, the machine and the versions: so one
of them can be run anew without the others. The page is made of these files alone.
"""

# ruff: noqa: E501 - tables read better in one line each

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import known
import startup

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
PACKAGES = ("scrapy", "twisted", "lxml", "selectolax", "numpy", "trafilatura", "newspaper4k", "feedgen")
CORPUS = ROOT / ".." / "shared" / "corpus"
REPLAY = ROOT / ".." / "shared" / "replay"
Figures = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A figure and what it has to be."""

    what: str
    beside: str
    find: Callable[[Figures], float | None]
    limit: float
    least: bool = True
    """Whether the figure has to be `limit` at least; else at most."""

    def row(self, figures: Figures) -> str:
        try:
            found = self.find(figures)
        except (KeyError, IndexError):
            found = None
        wanted = f"{'≥' if self.least else '≤'} {self.limit:g}"
        if found is None:
            return f"| {self.what} | {self.beside} | {wanted} | not measured | |"
        reached = found >= self.limit if self.least else found <= self.limit
        return f"| {self.what} | {self.beside} | {wanted} | {found:.2f} | {'reached' if reached else '*falls short*'} |"


@dataclass(frozen=True)
class Benchmark:
    name: str
    about: str
    command: tuple[str, ...]
    """Behind the interpreter; `JSON` stands for the file that it writes its figures to."""
    bars: tuple[Bar, ...] = ()
    needs: Path | None = None
    note: str = ""
    """What a reader has to know of its figures."""


def script(name: str, *arguments: str) -> tuple[str, ...]:
    return (f"benchmarks/{name}.py", *arguments)


def ratio(name: str) -> Callable[[Figures], float]:
    return lambda figures: float(figures["ratios"][name])


CRAWLING = """\
It was .14 and .52 on the morning of 26 November 2026, with 24.0 ms of the crawling process a page. What brought it here: pages settled in
groups, index, feeds and archives that do each thing once, archives built by a process beside (its time counts among the workers'), quicker
extraction. What brought nothing: a third worker, rarer garbage collection, an own writer of JSON, extraction compiled by mypyc (about as
long on these pages, 1.15 times as long on real ones).

The floor: two cores can't be quicker than half of what all processes take together. That is 7.0 + 12.7 ms a page now, 3.7 of them Scrapy's own
(the bare spider), so .37 is the most that the same work can reach on them. For .6 all together may take 12.3 ms. Beside Scrapy with
trafilatura no crawl that fetches with Scrapy can be 8 times as fast on these pages: the bare spider is 4.1 times. The rest of the crawling
process's time is spread thinly: see the next benchmark."""
REAL = """\
Pages of 20 to 200 KB of many sites, as they were published: harder to read than the made ones above, for trafilatura above all."""
BENCHMARKS = (
    Benchmark("startup", "Start-up", script("startup", "--json", "JSON"), (
        Bar("`broadsheet --help`", "`import scrapy`", ratio("broadsheet --help"), startup.BARS["broadsheet --help"], least=False),
        Bar("`broadsheet crawl`, no page to fetch", "`import scrapy`", ratio("broadsheet crawl, no page"), startup.BARS["broadsheet crawl, no page"], least=False),
    )),
    Benchmark("crawling", "A whole crawl of 2,000 pages", script("crawling", "--times", "3", "--json", "JSON"), (
        Bar("a whole crawl", "bare Scrapy, titles only", ratio("beside bare Scrapy"), 0.8),
        Bar("a whole crawl", "Scrapy with trafilatura", ratio("beside Scrapy with trafilatura"), 8),
        Bar("a recrawl with nothing new", "the first crawl", ratio("recrawl beside crawl"), 10),
    ), note=CRAWLING),
    Benchmark("real", "A whole crawl of real pages", script("crawling", "--corpus", str(CORPUS), "--times", "2", "--json", "JSON"), (
        Bar("a whole crawl of real pages", "bare Scrapy, titles only", ratio("beside bare Scrapy"), 0.8),
        Bar("a whole crawl of real pages", "Scrapy with trafilatura", ratio("beside Scrapy with trafilatura"), 8),
    ), needs=CORPUS, note=REAL),
    Benchmark("samples", "Where the time of a crawl goes", script("samples")),
    Benchmark("known", "One more article with a million known", script("known", "--json", "JSON"), (
        Bar("one more article, 1,000,000 known", "1,000 known", lambda figures: float(figures["ratio"][0]), known.AT_MOST, least=False),
    )),
    Benchmark("memory", "Memory over 50,000 pages in one run", script("memory", "--json", "JSON"), (
        Bar("greatest memory of a run of 50,000 pages", "of 1,000", lambda figures: float(figures["last"]) / float(figures["first"]), 1.1, least=False),
    )),
    Benchmark("many_feeds", "One new article among 10,000 feeds", script("many_feeds", "--json", "JSON"), (
        Bar("one new article in 10,000 feeds: ms", "its start-up alone", lambda figures: 1000 * float(figures["more"]["clock"]), 100, least=False),
    )),
    Benchmark("feeds", "Feeds beside feedgen, their server beside nginx", script("feeds")),
    Benchmark("index", "One new article in an index of 200,000", script("index")),
    Benchmark("documents", "Documents", script("documents")),
    Benchmark("crash", "Killed at any moment", script("crash")),
    Benchmark("faults", "A site that fails", script("faults"), needs=REPLAY),
    Benchmark("discovery", "Which links are articles'", ("-m", "benchmarks.discovery", str(REPLAY)), needs=REPLAY),
    Benchmark("extraction", "Extraction beside others", ("-m", "benchmarks.extraction", str(CORPUS), "--every", "3"), needs=CORPUS, note="newspaper4k ran without its Chinese segmenter (jieba) that day, htmldate in its default mode; magic-html needs Python 3.12."),
)  # fmt: skip


def run(benchmark: Benchmark) -> None:
    """Runs one and keeps what it printed and gave; one that fails is kept with its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        command = [sys.executable, *(str(figures) if one == "JSON" else one for one in benchmark.command)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        kept = {
            "day": datetime.now(UTC).date().isoformat(),
            "machine": machine(),
            "versions": dict(versions()),
            "exit": done.returncode,
            "printed": done.stdout.strip() if done.stdout.strip() else done.stderr.strip()[-2000:],
            "figures": json.loads(figures.read_text("utf-8")) if figures.exists() else {},
        }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{benchmark.name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{benchmark.name}: exit {done.returncode}", flush=True)


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    cores = sum(line.startswith("processor") for line in lines)
    return f"{cores} cores, {model}, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"


def versions() -> Iterator[tuple[str, str]]:
    for name in PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def page(kept: dict[str, Figures], plots: list[str]) -> str:
    rows = [bar.row(kept.get(one.name, {}).get("figures", {})) for one in BENCHMARKS for bar in one.bars]
    lines = [
        "# Benchmarks",
        "",
        "Made by `make benchmarks`, which runs each script below on this machine and keeps what it said; `make benchmarks ONLY=startup,crawling`",
        "runs some of them anew. Ratios are measured in one run, one after the other on the same two cores.",
        "",
        "| | beside | wanted | ratio | |",
        "|---|---|---|---|---|",
        *rows,
        "",
        *(line for name in plots for line in (f"![{name}](benchmarks/{name}.png)", "")),
    ]
    for one in BENCHMARKS:
        lines += [f"## {one.about}", "", f"`{' '.join(one.command).replace(str(ROOT) + '/', '').replace(' --json JSON', '')}`", ""]
        if found := kept.get(one.name):
            said = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
            lines += [f"{found['day']}, {found['machine']}; {said}." + (f" Exit code {found['exit']}." if found["exit"] else ""), ""]
            lines += ["```", found["printed"], "```", ""]
            lines += [one.note, ""] if one.note else []
        else:
            lines += ["Not measured yet.", ""]
    return "\n".join(lines).rstrip() + "\n"


def draw(kept: dict[str, Figures]) -> list[str]:
    """The plots that there are figures for, as PNG under docs/benchmarks/; gives their names."""
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return [path.stem for path in sorted((ROOT / "docs" / "benchmarks").glob("*.png"))]
    drawn = []
    for name, title, unit, values in charts(kept):
        figure, axes = pyplot.subplots(figsize=(7, 0.6 + 0.45 * len(values)))
        bars = axes.barh(list(values), list(values.values()), color=["#7a8793" if "broadsheet" not in key else "#1d5c8a" for key in values])
        axes.bar_label(bars, fmt=lambda value: f"{value:,.0f}" if value >= 100 else f"{value:.3g}", padding=3)
        axes.invert_yaxis()
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_xlabel(unit)
        axes.margins(x=0.15)
        axes.spines[["top", "right"]].set_visible(False)
        figure.tight_layout()
        (ROOT / "docs" / "benchmarks").mkdir(exist_ok=True)
        figure.savefig(ROOT / "docs" / "benchmarks" / f"{name}.png", dpi=120)
        pyplot.close(figure)
        drawn.append(name)
    return drawn


def charts(kept: dict[str, Figures]) -> Iterator[tuple[str, str, str, dict[str, float]]]:
    """File name, title, unit, bars."""
    if figures := kept.get("crawling", {}).get("figures"):
        pages = figures["pages"]
        named = {name if "nothing" not in name else "broadsheet crawl, nothing new": took["wall"] for name, took in figures["took"].items()}
        yield "crawling", f"{pages:,} pages", "pages a second", {name: pages / wall for name, wall in named.items()}
    if figures := kept.get("startup", {}).get("figures"):
        yield "startup", "Start-up", "seconds of processor time", figures["seconds"]
    if figures := kept.get("known", {}).get("figures"):
        named = {f"broadsheet crawl: {name}": took[0] for name, took in figures["seconds"].items()}
        yield "known", "A crawl by how many articles are known", "seconds", named


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="names with commas between; none are run: -")
    asked = parser.parse_args()
    names = {one.name for one in BENCHMARKS}
    wanted = set(asked.only.split(",")) - {""} or names
    if unknown := wanted - names - {"-"}:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(sorted(names))}")
    for one in BENCHMARKS:
        if one.name in wanted:
            if one.needs is not None and not one.needs.exists():
                print(f"{one.name}: left out, {one.needs.name} is not there")
            else:
                run(one)
    kept = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))}
    PAGE.write_text(page(kept, draw(kept)), "utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
