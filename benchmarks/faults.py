"""A site that fails every third request, crawled until nothing is pending, and the same site in good health: the same output.

Run: .venv/bin/python benchmarks/faults.py [--seeds 3] [--shared ../shared]
The site is zhaoqi.vip as it was saved, behind the replay server with 503, resets, cut bodies and slow ones. Prints for each seed how many
runs it took, what the server did, and how many files of the output differ: 0. Exit 1 where it is not 0, or something is still pending
after ten runs.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from replayed import ZHAOQI  # noqa: E402

FAULTS = ("--error-rate", ".2", "--reset", ".1", "--truncate", ".1", "--slow", ".05")
MOST_RUNS = 10
NOW = "2026-04-01T06:00:00Z"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="how many different sequences of faults")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the saved sites and their server lie")
    asked = parser.parse_args()
    server = asked.shared / "replay" / "serve.py"
    if not server.is_file():
        print(f"{server} is not here: the saved sites are needed")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        healthy = Path(folder, "healthy")
        with replay(server) as port:
            found = crawl(healthy, port)
        print(f"healthy   1 run    {found['requests']:4} requests   {found['new']} articles")
        results = [one_seed(server, seed, Path(folder, f"seed-{seed}"), healthy) for seed in range(asked.seeds)]
    return 0 if all(results) else 1


def one_seed(server: Path, seed: int, workspace: Path, healthy: Path) -> bool:
    """Crawls until nothing is pending; gives whether the output is the healthy one's."""
    requests = runs = 0
    with replay(server, *FAULTS, "--seed", str(seed)) as port:
        while runs < MOST_RUNS:
            found = crawl(workspace, port)
            runs, requests = runs + 1, requests + found["requests"]
            if not pending(found):
                break
        answers = Counter(str(status) for _, _, _, status in ask(port, "log")["requests"])
    files, differing = compared(healthy / "output", workspace / "output")
    told = f"{answers['503']} times 503, {answers['reset']} resets, {answers['200']} times 200 (cut and slow ones among them)"
    print(
        f"seed {seed:<4} {runs} runs   {requests:4} requests   {told}: {len(differing)} of {files} files differ, {pending(found)} pending"
    )
    for name in differing[:10]:
        print(f"  differs: {name}")
    return not differing and not pending(found)


def pending(found: dict[str, Any]) -> int:
    """What a further run would ask again."""
    return len(found["failures"]) + len(found["list_failures"]) + int(found["waiting"]) + len(found["resting"])


def crawl(workspace: Path, port: int) -> dict[str, Any]:
    """One run of the command, as a user starts it; its summary of the source."""
    (workspace / "sources").mkdir(parents=True, exist_ok=True)
    (workspace / "sources" / "zhaoqi.yaml").write_text(ZHAOQI, "utf-8")
    proxy = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "BROADSHEET_NOW": NOW}
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "crawler", "-C", str(workspace), "crawl", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"the crawl ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout)["sources"]["zhaoqi"]
    return found


def compared(one: Path, other: Path) -> tuple[int, list[str]]:
    """How many files there are in both folders together, and which of them are not the same in both (`diff -r`)."""
    names = sorted({path.relative_to(root).as_posix() for root in (one, other) for path in root.rglob("*") if path.is_file()})
    _, differing, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    return len(names), sorted([*differing, *missing])


@contextmanager
def replay(server: Path, *options: Sequence[str] | str) -> Iterator[int]:
    """The replay server, at its port."""
    command = [sys.executable, str(server), "--port", "0", "--map-https", "--snapshot", "0", "--max-seconds", "3600", *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().rsplit(":", 1)[1])
        finally:
            process.kill()


def ask(port: int, what: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/__replay__/{what}", timeout=30) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
