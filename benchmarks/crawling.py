"""A whole crawl beside Scrapy: 2,000 pages of 60 to 100 KB from nginx on loopback, all in one go, one after the other.

Run: .venv/bin/python benchmarks/crawling.py [--pages 2000 | --corpus FOLDER] [--times 1] [--peer .bench/bin/python] [--json FILE]

Four crawls of the same site: a bare Scrapy spider that reads each page's title; Scrapy with trafilatura in its callback, JSON lines out;
`broadsheet crawl` (extract, clean, documents, store, feeds), and the same again with nothing new. Each is a process of its own, timed from its
start to its end; start-up is in it. With `--corpus` the pages are real ones, of 20 to 200 KB and of many sites, each as it was published; some
of them are told to be no articles, and how many documents there are is said. Of ours the CPU time of the main process and of its workers is told, too (proc(5), utime and stime).
nginx: Debian's package. trafilatura: in the environment of `--peer`.
"""

# ruff: noqa: E501 - HTML and tables read better in one line each

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from memory import children
from newspaper import Newspaper
from pages import write_real_site, write_site

HERE = Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")
CONFIG = """\
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  default_type "text/html{charset}";
  keepalive_requests 100000;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


@dataclass
class Took:
    """What a crawl took, in seconds."""

    wall: float
    main: float = 0.0
    """CPU time of the process itself."""
    workers: float = 0.0
    """… of its children."""


@contextmanager
def nginx(folder: Path, charset: str = "; charset=utf-8") -> Iterator[str]:
    """Serves folder/site, each page with this parameter of its type; gives its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, charset=charset), "utf-8")
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def cpu(pid: int) -> float:
    """Seconds of CPU time that a process has used; 0 where it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK
    return 0.0


def timed(command: Sequence[str], cwd: Path) -> Took:
    """Runs a crawl. Its CPU times are looked at four times a second: they are right but for the last quarter of a second."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""}, stdout=subprocess.PIPE, text=True)
    main, workers = 0.0, dict[int, float]()
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.25)
        if process.returncode is not None:
            break
        main = max(main, cpu(process.pid))
        for child in children(process.pid):
            workers[child] = max(workers.get(child, 0.0), cpu(child))
    wall = time.perf_counter() - began
    said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{said}")
    return Took(wall, main, sum(workers.values()))


def scrapy(python: str, address: str, folder: Path, how: str, pages: int) -> Took:
    out = folder / f"{how}.jsonl"
    out.unlink(missing_ok=True)
    spider = [
        python,
        "-m",
        "scrapy",
        "runspider",
        str(HERE / "bare.py"),
        "-a",
        f"start={address}/list/1",
        "-a",
        f"how={how}",
        "-o",
        str(out),
    ]
    took = timed(spider, folder)
    found = len(out.read_text("utf-8").splitlines())
    if found != pages:
        sys.exit(f"Scrapy, {how}: {found} of {pages} pages")
    return took


def make_workspace(workspace: Path, address: str, pages: int) -> None:
    shutil.rmtree(workspace, ignore_errors=True)
    (workspace / "sources").mkdir(parents=True)
    (workspace / "broadsheet.yaml").write_text("base_url: https://news.example/\n", "utf-8")
    (workspace / "sources" / "newspaper.yaml").write_text(Newspaper(pages, address=address).recipe(), "utf-8")


def ours(address: str, workspace: Path, pages: int, least: float) -> tuple[Took, Took, int]:
    """A first crawl, one with nothing new, and how many documents there are: so many at least."""
    make_workspace(workspace, address, pages)
    command = [sys.executable, "-m", "crawler", "crawl", "-q"]
    first = timed(command, workspace)
    found = len(list((workspace / "output").rglob("*.md")))
    if found < least:
        sys.exit(f"broadsheet: {found} of {pages} documents")
    return first, timed(command, workspace), found


def has_trafilatura(python: str) -> bool:
    return (
        shutil.which(python) is not None
        and subprocess.run([python, "-c", "import trafilatura, scrapy"], capture_output=True).returncode == 0
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--corpus", type=Path, help="real pages instead, of this folder")
    parser.add_argument("--times", type=int, default=1, help="of each the best of so many")
    parser.add_argument("--peer", default=str(HERE.parent / ".bench" / "bin" / "python"), help="a Python with Scrapy and trafilatura")
    parser.add_argument("--json", type=Path, help="where the figures go, too")
    asked = parser.parse_args()
    if shutil.which("nginx") is None:
        sys.exit("nginx is not installed: apt-get install nginx")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if asked.corpus:
            pages, size = write_real_site(folder / "site", asked.corpus)
            least, charset = 0.8 * pages, ""
        else:
            pages, size = asked.pages, write_site(folder / "site", asked.pages)
            least, charset = pages, "; charset=utf-8"
        print(f"{pages:,} pages, {size / pages / 1000:.0f} KB each on average\n")
        with nginx(folder, charset) as address:
            found: dict[str, list[Took]] = {}
            for _ in range(asked.times):
                found.setdefault("bare Scrapy, title", []).append(scrapy(sys.executable, address, folder, "title", pages))
                first, again, documents = ours(address, folder / "workspace", pages, least)
                found.setdefault("broadsheet crawl", []).append(first)
                found.setdefault("… again, nothing new", []).append(again)
                if has_trafilatura(asked.peer):
                    found.setdefault("Scrapy with trafilatura", []).append(scrapy(asked.peer, address, folder, "trafilatura", pages))
                else:
                    print(f"Scrapy with trafilatura: left out, {asked.peer} has not both")
    best = {name: min(tooks, key=lambda took: took.wall) for name, tooks in found.items()}
    print(f"{'':26}{'seconds':>9}{'pages/s':>9}{'main ms':>9}{'workers ms':>12}  a page")
    for name, took in best.items():
        main_ms, worker_ms = 1000 * took.main / pages, 1000 * took.workers / pages
        print(f"{name:26}{took.wall:9.1f}{pages / took.wall:9.0f}{main_ms:9.2f}{worker_ms:12.2f}")
    print(f"\n{documents:,} documents")
    crawl, again = best["broadsheet crawl"].wall, best["… again, nothing new"].wall
    ratios = {"beside bare Scrapy": best["bare Scrapy, title"].wall / crawl, "recrawl beside crawl": crawl / again}
    if "Scrapy with trafilatura" in best:
        ratios["beside Scrapy with trafilatura"] = best["Scrapy with trafilatura"].wall / crawl
    print()
    for name, ratio in ratios.items():
        print(f"{name:32}{ratio:6.2f}")
    if asked.json:
        figures = {name: vars(took) for name, took in best.items()}
        asked.json.write_text(json.dumps({"pages": pages, "bytes": size, "took": figures, "ratios": ratios}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
