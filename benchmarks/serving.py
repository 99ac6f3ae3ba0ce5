"""Requests a second for a feed, whole (200) and unchanged (304), beside nginx serving the same file.

Run: python benchmarks/serving.py [SECONDS]. Four clients on loopback, connections kept alive, the same for both; they share the machine
with the server. nginx has one process too and does not compress. It is left out where it is not installed.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "crawler"]
CLIENTS = 4
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
  access_log off; gzip_static off; etag on;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            server.terminate()


def ask(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer


def rate(port: int, path: str, headers: Mapping[str, str], status: int, seconds: float) -> float:
    """Requests a second of some clients together."""
    counts = [0] * CLIENTS
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < end:
            answer = ask(connection, path, headers)
            assert answer.status == status, answer.status
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def measure(name: str, port: int, path: str, seconds: float, *, query: str = "") -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    tag = ask(connection, path + query, {}).getheader("ETag") or ""
    whole = rate(port, path + query, {}, 200, seconds)
    coded = rate(port, path + query, {"Accept-Encoding": "gzip"}, 200, seconds)
    same = rate(port, path + query, {"If-None-Match": tag}, 304, seconds)
    print(f"{name:<28} {whole:>8,.0f} {coded:>8,.0f} {same:>8,.0f}", flush=True)


def measure_all(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subprocess.run([*COMMAND, "-C", str(folder), "crawl", "demo", "-q"], check=False)
        path = "/feeds/all.atom"
        print(f"{path}, {(folder / 'output' / path[1:]).stat().st_size:,} bytes, {CLIENTS} clients\n")
        print(f"{'requests a second':<28} {'200':>8} {'gzip':>8} {'304':>8}")
        port = free_port()
        with running([*COMMAND, "-C", str(folder), "serve", "--port", str(port)], port):
            measure("broadsheet serve", port, path, seconds)
            measure("broadsheet serve, a query", port, path, seconds, query="?filter=harbour&limit=10")
        if nginx := shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"):
            port = free_port()
            folder.chmod(0o755)
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, root=folder / "output"), "utf-8")
            with running([nginx, "-c", str(folder / "nginx.conf")], port):
                measure("nginx, one process", port, path, seconds)


if __name__ == "__main__":
    measure_all(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
