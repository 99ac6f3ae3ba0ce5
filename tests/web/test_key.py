from __future__ import annotations

import base64
from pathlib import Path

import httpx
import pytest
from feeds.entries import entry
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from web.newsroom import Newsroom, raw, serving

from crawler.web.key import Key

KEY = "schlüssel & more"
ROUTES = [
    "/",
    "/feeds/all.rss",
    "/feeds/all.atom",
    "/feeds/all.json",
    "/feeds/all.rss?limit=1",
    "/paper/city",
    "/paper/2024/05/00001.md",
    "/feeds/nothing.rss",
    "/feeds/moved.rss",
    "/feeds/gone.rss",
    "/.broadsheet/store.sqlite",
    "/feeds/feeds.opml",
    "/" + "x" * 3000,
]


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture
def private(tmp_path: Path) -> Newsroom:
    room = Newsroom(tmp_path, moved={"moved": "paper"}, gone=["gone"])
    room.write([entry(1, source="paper")])
    return room


def test_every_route_but_healthz_asks_for_the_key(private: Newsroom) -> None:
    with serving(private.workspace, key=KEY, root_path="/news") as address, httpx.Client(base_url=address, trust_env=False) as client:
        for path in (*ROUTES, *("/news" + route for route in ROUTES), "/feeds/healthz", "/healthz/"):
            for method in ("GET", "HEAD", "POST", "OPTIONS"):
                answer = client.request(method, path)
                assert answer.status_code == 401, (method, path)
                assert answer.headers["www-authenticate"].startswith("Basic ")
                assert answer.headers["cache-control"] == "no-store"
        assert client.get("/healthz").status_code == 200
        assert b" 401 " in raw(address, b"GET /%2e%2e/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_the_key_opens_in_three_ways(private: Newsroom, suffix: str) -> None:
    with serving(private.workspace, key=KEY) as address, httpx.Client(base_url=address, trust_env=False) as client:
        path = f"/feeds/all.{suffix}"
        whole = client.get(path, params={"key": KEY})
        assert whole.status_code == 200
        assert whole.headers["cache-control"].startswith("private, max-age=")
        assert whole.content == (private.root / "output/feeds" / f"all.{suffix}").read_bytes()
        assert client.get(path, headers=basic("anybody", KEY)).content == whole.content
        assert client.get(path, headers=basic(KEY, "")).content == whole.content
        assert client.get(path, params={"key": KEY}, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        assert KEY not in whole.text


def test_an_ascii_key_as_bearer_token(private: Newsroom) -> None:
    with serving(private.workspace, key="abc-123") as address:
        assert httpx.get(f"{address}/feeds/all.rss", headers={"Authorization": "bearer  abc-123"}, trust_env=False).status_code == 200


def test_a_redirect_and_a_query_keep_the_key(private: Newsroom) -> None:
    with serving(private.workspace, key="abc 1") as address, httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/paper/city?key=abc%201&format=atom").headers["location"] == "/feeds/paper/city.atom?key=abc%201"
        answer = client.get("/feeds/paper.json?key=abc%201&limit=1")
        assert len(answer.json()["items"]) == 1
        assert "abc" not in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic"},
        {"authorization": "Basic ???"},
        {"authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"authorization": "Digest secret"},
        basic("secret", "wrong"),
        basic("", ""),
    ],
)
def test_what_is_not_the_key_is_refused(wrong: dict[str, str]) -> None:
    assert not Key("secret").admits(Headers({name.lower(): value for name, value in wrong.items()}), "key=&key=Secret&key=secret%00")


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_but_the_key_opens(query: str, header: str) -> None:
    headers = Headers(raw=[(b"authorization", header.encode("utf-8", "replace"))])
    assert not Key("a-key-that-is-not-guessed").admits(headers, query)


def test_without_a_key_nothing_is_asked() -> None:
    assert Key("").admits(Headers({}), "")
