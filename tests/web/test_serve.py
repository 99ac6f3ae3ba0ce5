"""`broadsheet serve` in a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import COMMAND, Broadsheet, clean_environment
from feeds.entries import entry
from web.newsroom import Newsroom, serving


@contextmanager
def served(folder: Path, *options: str, **extra: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [*COMMAND, "-C", str(folder), "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment(**extra)) as server:
        assert server.stdout is not None
        line, what_to_open = server.stdout.readline(), server.stdout.readline()
        assert what_to_open.startswith("Open")
        try:
            yield line.split(" on ")[1].split()[0], server
        finally:
            server.kill()


def wait_for(address: str) -> httpx.Response:
    for _ in range(100):
        try:
            return httpx.get(address, trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError(f"{address} never answered")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_stops_quietly(tmp_path: Path, sent: signal.Signals) -> None:
    Newsroom(tmp_path).write([entry(1, source="paper")])
    with served(tmp_path) as (address, server):
        assert address.startswith("http://127.0.0.1:")
        assert wait_for(f"{address}feeds/all.atom").status_code == 200
        assert httpx.get(f"{address}feeds/../.broadsheet/store.sqlite", trust_env=False).status_code == 404
        server.send_signal(sent)
        _, err = server.communicate(timeout=20)
        assert server.returncode == 0
        assert err == ""


def test_an_answer_under_way_is_finished(tmp_path: Path) -> None:
    Newsroom(tmp_path).write([entry(1, source="paper")])
    with served(tmp_path) as (address, server):
        wait_for(f"{address}healthz")
        with httpx.Client(trust_env=False) as client, client.stream("GET", f"{address}feeds/all.atom") as answer:
            server.send_signal(signal.SIGTERM)
            assert b"</feed>" in b"".join(answer.iter_bytes())
        assert server.wait(20) == 0


def test_the_key_of_the_environment_goes_before_the_settings(tmp_path: Path) -> None:
    Newsroom(tmp_path, server_key="of-the-settings").write([entry(1, source="paper")])
    with served(tmp_path, BROADSHEET_KEY="of-the-environment") as (address, _):
        assert wait_for(f"{address}feeds/all.rss?key=of-the-environment").status_code == 200
        assert httpx.get(f"{address}feeds/all.rss?key=of-the-settings", trust_env=False).status_code == 401
    with served(tmp_path) as (address, _):
        assert wait_for(f"{address}feeds/all.rss?key=of-the-settings").status_code == 200


def test_a_port_that_is_taken_is_told(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = broadsheet("serve", "--port", str(port), code=2).stderr
    assert f"127.0.0.1:{port}" in told
    assert "--port" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [(("--host", "no host"), "no host"), (("--root-path", "news"), "/news"), (("--port", "70000"), "65535")],
)
def test_wrong_options_are_told(broadsheet: Broadsheet, options: tuple[str, ...], told: str) -> None:
    assert told in broadsheet("serve", *options, code=2).stderr


def test_a_reader_that_takes_nothing_is_hung_up_on(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    large = tmp_path / "output/feeds/all.rss"
    large.parent.mkdir(parents=True)
    large.write_bytes(b"x" * 30_000_000)
    with serving(room.workspace, patience=0.5, most=1) as address:
        host, port = address.removeprefix("http://").split(":")
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, int(port)))
        slow.sendall(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        assert httpx.get(f"{address}/feeds/all.rss", trust_env=False).status_code == 503
        time.sleep(1.0)
        assert httpx.get(f"{address}/feeds/all.rss", trust_env=False).status_code == 200
        slow.close()
