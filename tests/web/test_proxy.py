"""The demo newspaper, crawled, behind nginx under a sub-path: every address of ours in feeds, pages and OPML answers."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import COMMAND, clean_environment
from web.newsroom import serving

from crawler.workspace import open_workspace

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
CONF = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location /news/ {{ proxy_pass {upstream}; proxy_set_header Host $http_host; }} }}
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def nginx(folder: Path, port: int, upstream: str) -> Iterator[None]:
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "nginx.conf").write_text(CONF.format(folder=folder, port=port, upstream=upstream), "utf-8")
    with subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf")]) as server:
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A workspace with the demo newspaper, and the port of the nginx that its addresses name."""
    root, port = tmp_path_factory.mktemp("proxied"), free_port()
    (root / "broadsheet.yaml").write_text(f"base_url: http://127.0.0.1:{port}/news/\n", "utf-8")
    subprocess.run([*COMMAND, "crawl", "demo", "-q"], cwd=root, env=clean_environment(), check=True, timeout=240)
    return root, port


@pytest.mark.needs("nginx")
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize("cut", [True, False])
def test_every_address_of_ours_answers_behind_nginx(crawled: tuple[Path, int], tmp_path: Path, cut: bool) -> None:
    root, port = crawled
    base = f"http://127.0.0.1:{port}/news/"
    with (
        serving(open_workspace(root), root_path="/news") as upstream,
        nginx(tmp_path / "nginx", port, upstream + ("/" if cut else "")),
        httpx.Client(trust_env=False) as client,
    ):
        found: set[str] = set()
        for path in (root / "output/feeds").rglob("*.*"):
            answer = client.get(base + path.relative_to(root / "output").as_posix())
            assert answer.content == path.read_bytes()
            found |= {address.replace("&amp;", "&") for address in re.findall(re.escape(base) + r"[^\"'<>\s\\]*", answer.text)}
        assert any(address.endswith("feeds/demo/city.atom") for address in found)
        statuses = {address: client.get(address).status_code for address in sorted(found)}
        assert {address: status for address, status in statuses.items() if status != 200} == {}
        moved = client.get(base + "demo/city?format=json")
        assert client.get(f"http://127.0.0.1:{port}" + moved.headers["location"]).json()["feed_url"] == base + "feeds/demo/city.json"
        tag = client.get(base + "feeds/all.atom").headers["etag"]
        assert client.get(base + "feeds/all.atom", headers={"If-None-Match": tag}).status_code == 304


def test_the_pages_and_what_they_load_are_served(crawled: tuple[Path, int]) -> None:
    with serving(open_workspace(crawled[0])) as address, httpx.Client(base_url=address, trust_env=False) as client:
        page = client.get("/")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")
        loaded = re.findall(r'(?:src|href)="(?!https?:|#)([^"#]+)', page.text)
        assert len(loaded) > 10
        for target in dict.fromkeys(loaded):
            assert client.get(f"/{target}").status_code == 200, target
