"""What a command costs before it does anything, beside `import scrapy`. Run: .venv/bin/python benchmarks/startup.py [--times 9] [--json FILE]

`broadsheet --help`; `broadsheet crawl` in a workspace whose only source rests, so that there is no page to fetch; `broadsheet feeds` with
nothing to write. CPU time (user and system) of each process, the best of some runs, taken in turn.
"""

# ruff: noqa: E501 - HTML and tables read better in one line each

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

SCRAPY = "import scrapy"
COMMANDS = {
    SCRAPY: [sys.executable, "-c", "import scrapy"],
    "broadsheet --help": [sys.executable, "-m", "crawler", "--help"],
    "broadsheet crawl, no page": [sys.executable, "-m", "crawler", "crawl"],
    "broadsheet feeds, nothing new": [sys.executable, "-m", "crawler", "feeds"],
}
BARS = {"broadsheet --help": 1.0, "broadsheet crawl, no page": 2.5}


def seconds(command: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--json", type=Path, help="where the figures go, too")
    asked = parser.parse_args()
    best = dict.fromkeys(COMMANDS, float("inf"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources").mkdir()
        (folder / "broadsheet.yaml").write_text("paused: [resting]\n", "utf-8")
        section = "sections:\n  - {id: home, name: Home, list: {url: 'http://resting.example/', link: 'h2 a'}}\n"
        (folder / "sources" / "resting.yaml").write_text(f"url: http://resting.example/\nname: Resting\n{section}", "utf-8")
        for _ in range(asked.times):
            for what, command in COMMANDS.items():
                best[what] = min(best[what], seconds(command, folder))
    for what, took in best.items():
        bar = f"   at most {BARS[what]}" if what in BARS else ""
        print(f"{what:32}{took:7.3f} s {took / best[SCRAPY]:6.2f}{bar}")
    if asked.json:
        asked.json.write_text(
            json.dumps({"seconds": best, "ratios": {what: took / best[SCRAPY] for what, took in best.items()}}, indent=1), "utf-8"
        )


if __name__ == "__main__":
    main()
