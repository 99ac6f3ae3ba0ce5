"""What readers need of a server: the numbers are those of docs/feeds.md."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import brotli
import httpx
import pytest
import zstandard
from feeds.entries import entry
from web.newsroom import LONG_AGO, Newsroom, raw, serving

from crawler.errors import WorkspaceError
from crawler.web import make_app

FEEDS = [
    ("/feeds/all.rss", "application/rss+xml; charset=utf-8"),
    ("/feeds/paper.atom", "application/atom+xml; charset=utf-8"),
    ("/feeds/paper/city.json", "application/feed+json; charset=utf-8"),
]


def file_of(newsroom: Newsroom, path: str) -> Path:
    return newsroom.root / "output" / path.lstrip("/")


@pytest.mark.parametrize(("path", "media_type"), FEEDS)
def test_the_same_paths_as_on_the_disk_and_the_same_bytes(newsroom: Newsroom, client: httpx.Client, path: str, media_type: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.content == file_of(newsroom, path).read_bytes()


def test_every_file_of_the_output_is_there(newsroom: Newsroom, client: httpx.Client) -> None:
    output = newsroom.root / "output"
    (output / "assets").mkdir(exist_ok=True)
    (output / "assets/picture.png").write_bytes(b"\x89PNG")
    (output / "index.html").write_text("<!doctype html><title>Front</title>", "utf-8")
    paths = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
    assert len(paths) > 12
    for path in paths:
        answer = client.get(f"/{path}")
        assert (answer.status_code, answer.content) == (200, (output / path).read_bytes()), path
    assert client.get("/").content == (output / "index.html").read_bytes()
    assert client.get("/assets/picture.png").headers["content-type"] == "image/png"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "identity"])
def test_8_a_strong_tag_for_each_coding_that_outlives_a_restart(newsroom: Newsroom, coding: str) -> None:
    tags, dates = set(), set()
    for _ in range(2):
        with serving(newsroom.workspace) as address, httpx.Client(base_url=address, trust_env=False) as client:
            answer = client.get("/feeds/all.atom", headers={"Accept-Encoding": coding})
            tags.add(answer.headers["etag"])
            dates.add(answer.headers["last-modified"])
            other = client.get("/feeds/all.atom", headers={"Accept-Encoding": "identity" if coding != "identity" else "gzip"})
            assert other.headers["etag"] not in tags
    assert len(tags) == 1
    assert tags.pop().startswith('"')
    assert dates == {"Tue, 14 Nov 2023 22:13:20 GMT"}


def test_9_if_none_match_makes_304_with_the_headers_and_without_a_body(client: httpx.Client) -> None:
    whole = client.get("/feeds/all.atom")
    for tag in (whole.headers["etag"], "W/" + whole.headers["etag"], f'"x", {whole.headers["etag"]}', "*"):
        answer = client.get("/feeds/all.atom", headers={"If-None-Match": tag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"})
        assert answer.status_code == 304
        assert answer.content == b""
        assert "content-type" not in answer.headers
        for name in ("etag", "cache-control", "vary"):
            assert answer.headers[name] == whole.headers[name]
    assert (
        client.get("/feeds/all.atom", headers={"If-None-Match": '"other"', "If-Modified-Since": whole.headers["last-modified"]}).status_code
        == 200
    )


def test_9_a_tag_of_another_coding_is_another_tag(client: httpx.Client) -> None:
    coded = client.get("/feeds/all.atom", headers={"Accept-Encoding": "gzip"}).headers["etag"]
    assert client.get("/feeds/all.atom", headers={"Accept-Encoding": "identity", "If-None-Match": coded}).status_code == 200
    assert client.get("/feeds/all.atom", headers={"Accept-Encoding": "gzip", "If-None-Match": coded}).status_code == 304


def test_10_if_modified_since_with_the_very_string_makes_304(client: httpx.Client) -> None:
    told = client.get("/feeds/all.rss").headers["last-modified"]
    assert client.get("/feeds/all.rss", headers={"If-Modified-Since": told}).status_code == 304
    assert client.get("/feeds/all.rss", headers={"If-Modified-Since": "the other day"}).status_code == 200
    assert client.get("/feeds/all.rss", headers={"If-Modified-Since": "Mon, 13 Nov 2023 22:13:20 GMT"}).status_code == 200


def test_10_two_changes_within_a_second_are_told_apart(newsroom: Newsroom, client: httpx.Client) -> None:
    path = file_of(newsroom, "/feeds/all.rss")
    now = time.time()
    os.utime(path, (now, now))
    first = client.get("/feeds/all.rss")
    assert "last-modified" not in first.headers  # another change could still bear this second
    replace(path, path.read_bytes() + b"\n", now)
    assert client.get("/feeds/all.rss", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def replace(path: Path, content: bytes, modified: float) -> None:
    new = path.with_name("new.rss")
    new.write_bytes(content)
    os.utime(new, (modified, modified))
    new.replace(path)


def test_a_new_article_is_seen_at_once(newsroom: Newsroom, client: httpx.Client) -> None:
    before = client.get("/feeds/all.atom")
    newsroom.write([entry(9, source="paper")], aged=False)
    after = client.get("/feeds/all.atom", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert b"Headline 9" in after.content


@pytest.mark.parametrize(("refresh", "age"), [(15, 900), (20, 1200), (60, 3600)])
def test_11_how_long_an_answer_holds_is_what_the_feeds_say(tmp_path: Path, refresh: int, age: int) -> None:
    room = Newsroom(tmp_path, refresh=refresh)
    room.write([entry(1, source="paper")])
    with serving(room.workspace) as address:
        answer = httpx.get(f"{address}/feeds/all.rss", trust_env=False)
    assert answer.headers["cache-control"] == f"public, max-age={age}"
    assert f"<ttl>{refresh}</ttl>" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_13_what_is_sent_in_a_coding_is_the_same_feed(newsroom: Newsroom, client: httpx.Client, coding: str) -> None:
    decoders = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": lambda coded: zstandard.ZstdDecompressor().decompress(coded)}
    with client.stream("GET", "/feeds/all.atom", headers={"Accept-Encoding": coding}) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(sent)
    assert decoders[coding](sent) == file_of(newsroom, "/feeds/all.atom").read_bytes()


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/feeds/none.atom", "/", "/paper", "/feeds/all.rss?limit=1", "/healthz"])
def test_14_every_answer_has_the_headers_that_keep_a_browser_quiet(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in answer.headers
    assert answer.headers.get("content-type", "").startswith(("text/plain", "application/", "text/html")), answer.headers


def test_15_too_much_at_once_is_503_with_retry_after_and_no_html(newsroom: Newsroom) -> None:
    with serving(newsroom.workspace, most=0) as address:
        answer = httpx.get(f"{address}/feeds/all.atom", trust_env=False)
        assert httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/feeds/old.atom", "/feeds/paper.atom"),
        ("/feeds/old.html", "/feeds/paper.html"),
        ("/feeds/old/world.json?limit=3", "/feeds/paper/world.json?limit=3"),
        ("/feeds/old/world/archive/2.rss", "/feeds/paper/world/archive/2.rss"),
        ("/old/world?format=atom&limit=3", "/feeds/paper/world.atom?limit=3"),
        ("/old", "/feeds/paper.rss"),
    ],
)
def test_16_a_moved_feed(tmp_path: Path, path: str, location: str) -> None:
    room = Newsroom(tmp_path, moved={"old": "paper"})
    with serving(room.workspace) as address:
        answer = httpx.get(address + path, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (301, location)


def test_16_a_removed_feed_is_410_even_if_its_file_is_still_there(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, gone=["paper/city"])
    room.write([entry(1, source="paper")])
    with serving(room.workspace) as address:
        for path in ("/feeds/paper/city.atom", "/paper/city", "/feeds/paper/city/archive/1.rss"):
            assert httpx.get(address + path, trust_env=False).status_code == 410
        assert httpx.get(address + "/feeds/paper.atom", trust_env=False).status_code == 200


def test_16_moves_in_a_circle_are_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="circle"):
        make_app(Newsroom(tmp_path, moved={"a": "b", "b": "a"}).workspace)


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/feeds/all.rss?limit=1", "/feeds/nothing.rss", "/paper"])
def test_17_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert head.content == b""
    assert head.status_code == whole.status_code
    assert {k: v for k, v in head.headers.items() if k != "date"} == {k: v for k, v in whole.headers.items() if k != "date"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "TRACE"])
def test_17_only_reading_is_allowed(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/feeds/all.atom", content=b"x" * 1000)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_18_hubs_stand_in_the_document_and_in_the_header(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, base_url="https://news.example/paper/", hubs=["https://hub.example/"])
    (tmp_path / ".broadsheet").mkdir()
    room.write([entry(1, source="paper")])
    with serving(room.workspace) as address:
        answer = httpx.get(f"{address}/feeds/paper/city.atom", trust_env=False)
        page = httpx.get(f"{address}/feeds/paper.rss?limit=1", trust_env=False)
    own = "https://news.example/paper/feeds/paper/city.atom"
    assert answer.headers["link"] == f'<https://hub.example/>; rel="hub", <{own}>; rel="self"'
    assert answer.text.count('rel="hub"') == 1
    assert f'href="{own}"' in answer.text
    assert "hub" not in page.text  # nobody tells the hub of a filtered feed's changes
    assert "link" not in page.headers


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/paper", "/feeds/paper.rss"),
        ("/paper/", "/feeds/paper.rss"),
        ("/all", "/feeds/all.rss"),
        ("/paper/city", "/feeds/paper/city.rss"),
        ("/paper/city?format=atom", "/feeds/paper/city.atom"),
        ("/paper/city?limit=5&format=json&filter=a%20b", "/feeds/paper/city.json?limit=5&filter=a%20b"),
        ("/feeds/paper/city", "/feeds/paper/city.rss"),
    ],
)
def test_rsshub_addresses_lead_to_the_feed(client: httpx.Client, path: str, location: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, location)
    assert client.get(location).status_code == 200


def test_an_unknown_format_is_told(client: httpx.Client) -> None:
    answer = client.get("/paper/city?format=ums")
    assert answer.status_code == 400
    assert "rss, atom, json" in answer.text


@pytest.mark.parametrize(
    ("path", "near"),
    [("/feeds/papre.atom", "/feeds/paper.atom"), ("/paper/citi", "/feeds/paper/city.rss"), ("/feeds/al.json", "/feeds/all.json")],
)
def test_an_unknown_feed_is_404_in_plain_words_with_what_is_near(client: httpx.Client, path: str, near: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert near in answer.text


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_behind_a_proxy_that_cuts_the_prefix_off_or_not(newsroom: Newsroom, prefix: str) -> None:
    with serving(newsroom.workspace, root_path="/news") as address:
        assert httpx.get(f"{address}{prefix}/feeds/all.atom", trust_env=False).status_code == 200
        assert httpx.get(f"{address}{prefix}/healthz", trust_env=False).status_code == 200
        assert httpx.get(f"{address}{prefix}/paper", trust_env=False).headers["location"] == "/news/feeds/paper.rss"
        assert "/news/feeds/paper.atom" in httpx.get(f"{address}{prefix}/feeds/papre.atom", trust_env=False).text


def test_a_redirect_stays_where_the_reader_asked_whatever_the_host_header_says(newsroom: Newsroom) -> None:
    with serving(newsroom.workspace) as address:
        answer = raw(address, b"GET /paper HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n")
        assert b"evil" not in answer
        assert b"location: /feeds/paper.rss\r\n" in answer.lower()
        assert b"evil.example/\r\n" not in raw(address, b"GET //evil.example/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


def test_feeds_that_lie_elsewhere_are_served_where_base_url_has_them(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, feeds="output/rss", base_url="https://news.example/")
    room.write([entry(1, source="paper")])
    with serving(room.workspace) as address:
        assert httpx.get(f"{address}/rss/paper/city.atom", trust_env=False).headers["content-type"].startswith("application/atom+xml")
        assert httpx.get(f"{address}/paper/city", trust_env=False).headers["location"] == "/rss/paper/city.rss"


def test_a_large_file_is_streamed_and_has_validators(newsroom: Newsroom, client: httpx.Client) -> None:
    path = file_of(newsroom, "/feeds/paper/archive/1.atom")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"<feed/>" + b" " * 6 * 2**20)
    os.utime(path, (LONG_AGO, LONG_AGO))
    whole = client.get("/feeds/paper/archive/1.atom")
    assert whole.content == path.read_bytes()
    assert whole.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert client.get("/feeds/paper/archive/1.atom", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert client.head("/feeds/paper/archive/1.atom").headers["content-length"] == str(len(path.read_bytes()))


def test_before_the_first_crawl_it_says_so(tmp_path: Path) -> None:
    with serving(Newsroom(tmp_path).workspace) as address:
        answer = httpx.get(f"{address}/", trust_env=False)
        assert httpx.get(f"{address}/healthz", trust_env=False).text == "ok\n"
    assert answer.status_code == 404
    assert "crawl" in answer.text
    assert not (tmp_path / "output").exists()
