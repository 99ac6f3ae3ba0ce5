from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from feeds.entries import START, entry
from web.newsroom import LONG_AGO, Newsroom, serving

from crawler.article import Moment
from crawler.feeds.checks import faults

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    room = Newsroom(
        tmp_path_factory.mktemp("queries"), own_feeds={"bridges": {"title": "Bridges", "filters": {"filter_title": "[Bb]ridge"}}}
    )
    made = [
        entry(1, source="paper", title="A bridge opens", tags=("bridges",)),
        entry(2, source="paper", title="Storm at sea", authors=("Ann Lee",), sections=("world",)),
        entry(3, source="paper", title="The old Bridge closes", body="<p>" + "Long text. " * 60 + "Sponsored</p>"),
        entry(4, source="paper", title="Found late", published=Moment(START - timedelta(days=3)), seen=START + timedelta(days=31)),
        entry(5, source="paper", title="Just now", published=Moment(NOW - timedelta(hours=1)), seen=NOW),
    ]
    room.write(made)
    with serving(room.workspace) as address, httpx.Client(base_url=address, trust_env=False) as made_client:
        yield made_client


def titles(client: httpx.Client, path: str, **query: str) -> list[str]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"filter": "bridge"}, ["A bridge opens"]),
        ({"filter_title": "[Bb]ridge"}, ["The old Bridge closes", "A bridge opens"]),
        ({"filter_title": "bridge", "filter_case_sensitive": "false"}, ["The old Bridge closes", "A bridge opens"]),
        ({"filter_author": "Ann"}, ["Storm at sea"]),
        ({"filter_category": "World"}, ["Storm at sea"]),
        ({"filter_description": "Sponsored"}, ["The old Bridge closes"]),
        ({"filter_title": "[Bb]ridge", "filterout": "Sponsored"}, ["A bridge opens"]),
        ({"filter_time": "86400"}, ["Just now"]),
        ({"limit": "2"}, ["Just now", "Found late"]),
        ({"sorted": "false", "limit": "3"}, ["Just now", "Found late", "The old Bridge closes"]),
        ({"filter": "nothing at all"}, []),
    ],
)
def test_what_a_query_keeps(client: httpx.Client, query: dict[str, str], expected: list[str]) -> None:
    assert titles(client, "/feeds/paper.json", **query) == expected


def test_the_order_of_arrival(client: httpx.Client) -> None:
    assert titles(client, "/feeds/paper.json", sorted="false")[:2] == ["Just now", "Found late"]
    assert titles(client, "/feeds/paper.json", sorted="true", limit="5")[-1] == "Found late"


def test_brief_is_plain_text(client: httpx.Client) -> None:
    item = next(i for i in client.get("/feeds/paper.json?brief=100").json()["items"] if i["title"] == "The old Bridge closes")
    assert len(item["content_html"]) < 120
    assert "…" in item["content_html"]


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
@pytest.mark.parametrize("query", ["filter_title=ridge", "filter=nothing", "limit=1", "brief=100&sorted=false"])
@pytest.mark.parametrize("path", ["paper", "all", "paper/world", "bridges"])
def test_answers_are_valid_feeds_with_validators_of_their_own(client: httpx.Client, path: str, query: str, suffix: str) -> None:
    address = f"/feeds/{path}.{suffix}?{query}"
    answer = client.get(address)
    assert answer.status_code == 200
    assert faults(suffix, answer.content) == []
    whole = client.get(f"/feeds/{path}.{suffix}")
    assert (answer.headers["etag"] == whole.headers["etag"]) == (answer.content == whole.content)
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": answer.headers["last-modified"]}).status_code == 304
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert (plain.headers["etag"] == answer.headers["etag"]) == ("content-encoding" not in answer.headers)


def test_a_filtered_feed_has_an_id_of_its_own_and_its_articles_keep_theirs(client: httpx.Client) -> None:
    whole, part = (feedparser.parse(client.get(f"/feeds/paper.atom{query}").content) for query in ("", "?filter_title=ridge"))
    assert whole.feed.id != part.feed.id
    assert {e.id for e in part.entries} < {e.id for e in whole.entries}


def test_the_self_link_names_the_query_without_key_and_trackers(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, base_url="https://news.example/")
    room.write([entry(1, source="paper")])
    with serving(room.workspace) as address:
        text = httpx.get(f"{address}/feeds/paper.json?filter=Headline&key=secret&utm_source=x", trust_env=False).json()
    assert text["feed_url"] == "https://news.example/feeds/paper.json?filter=Headline"


@pytest.mark.parametrize("query", ["", "utm_source=mail", "key=abc", "fbclid=1&ref=x"])
def test_parameters_of_others_change_nothing(client: httpx.Client, query: str) -> None:
    assert client.get(f"/feeds/paper.atom?{query}").headers["etag"] == client.get("/feeds/paper.atom").headers["etag"]


def test_another_format_is_where_it_always_is(client: httpx.Client) -> None:
    answer = client.get("/feeds/paper.rss?format=atom&limit=1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/feeds/paper.atom?limit=1")
    assert client.get("/feeds/paper.rss?format=rss").status_code == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("filter=(", "filter: '('"),
        ("filter_title=a(?=b)", "looking ahead"),
        ("filterout_author=%5B", "filterout_author"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("filter_time=-1", "filter_time"),
        ("brief=99", "brief"),
        ("opencc=s2t", "opencc"),
        ("format=xml", "format"),
        ("sorted=perhaps", "sorted"),
        ("filter=" + "a" * 501, "500"),
        ("&".join(f"filter=a{n}" for n in range(21)), "20"),
        ("&".join(f"x{n}=a" for n in range(60)), "20"),
    ],
)
def test_a_wrong_parameter_is_400_and_named(client: httpx.Client, query: str, told: str) -> None:
    answer = client.get(f"/feeds/paper.rss?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert told in answer.text


def test_a_query_has_a_length(client: httpx.Client) -> None:
    assert client.get("/feeds/paper.rss?filter=" + urllib.parse.quote("字" * 500)).status_code in (200, 414)
    assert client.get("/feeds/paper.rss?x=" + "a" * 5000).status_code == 414


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", ["(a*)*b", "(a+)+$", "(.*a){20}", "(x{1,200}){1,200}"])
def test_no_pattern_hangs_the_server(client: httpx.Client, pattern: str) -> None:
    assert client.get("/feeds/paper.rss", params={"filter": pattern}, timeout=20).status_code in (200, 400)


def test_a_document_that_changes_is_seen_though_its_feed_stays(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    made = [entry(n, source="paper") for n in range(60)]
    room.write(made)
    with serving(room.workspace) as address, httpx.Client(base_url=address, trust_env=False) as client:
        first = client.get("/feeds/paper.json?limit=60")
        assert len(first.json()["items"]) == 60
        room.write([entry(99, source="paper", title="Fresh")], aged=False)
        again = client.get("/feeds/paper.json?limit=60", headers={"If-None-Match": first.headers["etag"]})
        assert again.json()["items"][0]["title"] == "Fresh"


def test_a_taken_down_or_broken_document_is_left_out(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.write([entry(n, source="paper") for n in range(3)])
    (room.root / "output/paper/2024/05/00001.md").unlink()
    broken = room.root / "output/paper/2024/05/00002.md"
    broken.write_text("no document", "utf-8")
    os.utime(broken, (LONG_AGO, LONG_AGO))
    with serving(room.workspace) as address:
        answer = httpx.get(f"{address}/feeds/paper.json?limit=9", trust_env=False)
    assert [item["title"] for item in answer.json()["items"]] == ["Headline 0"]


def test_a_store_that_cannot_be_read_leaves_the_files_served(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.write([entry(1, source="paper")])
    for path in (room.root / ".broadsheet").glob("store.sqlite*"):
        path.unlink()
    (room.root / ".broadsheet/store.sqlite").write_bytes(b"damaged" * 1000)
    with serving(room.workspace) as address:
        answer = httpx.get(f"{address}/feeds/paper.json?limit=9", trust_env=False)
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert "sqlite" not in answer.text
        assert httpx.get(f"{address}/feeds/paper.json", trust_env=False).status_code == 200


def test_json_answers_are_json(client: httpx.Client) -> None:
    found: dict[str, Any] = json.loads(client.get("/feeds/all.json?limit=2").content)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert all("_source" in item for item in found["items"])
