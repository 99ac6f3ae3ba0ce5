"""A site that breaks each answer in its own way: no half of a page becomes an article, what is whole does, and each fault is told once."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import frontmatter
import pytest
import zstandard
from conftest import COMMAND, clean_environment, write_recipe
from evil_site import EvilSite, Raw, answer, chunked, redirect, unframed
from local_site import article, listing

HTML = "Content-Type: text/html; charset=utf-8"
CODINGS = ("gzip", "br", "zstd", "deflate")
MIB = 2**20
ZEROS = b"<html>" + b" " * (40 * MIB)
RANDOM = bytes((number * 7919 + number // 3) % 256 for number in range(5000))
RECIPE = """\
url: SITE/
allow_private: true
delay: 0
concurrency: 24
sections:
  - {id: home, list: {url: SITE/, link: h2 a}}
"""


def page(name: str) -> bytes:
    return article(f"The story of {name}").encode()


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


def coded(name: str, body: bytes) -> bytes:
    return {
        "gzip": lambda: gzip.compress(body),
        "deflate": lambda: zlib.compress(body),
        "br": lambda: brotli.compress(body, quality=4),
        "zstd": lambda: zstandard.ZstdCompressor(level=3).compress(body),
    }[name]()


def long_page() -> bytes:
    return page("x").replace(b"</article>", b"<p>And so on, and on, as long stories do.</p>" * 90 + b"</article>")


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def endless(head: bytes, piece: bytes) -> Raw:
    return Raw(itertools.chain([head], itertools.repeat(piece)))


def dripping(body: bytes, pause: float) -> Raw:
    return Raw((body[at : at + 1] for at in range(len(body))), pause=pause)


WHOLE: dict[str, Any] = {
    "length": answer(page("length"), HTML),
    "chunks": chunked(page("chunks"), HTML),
    "neither": unframed(page("neither"), HTML),
    "one-zero": b"HTTP/1.0 200 OK\r\n" + HTML.encode() + b"\r\n\r\n" + page("one-zero"),
    "bare-newlines": answer(page("bare-newlines"), HTML).replace(b"\r\n", b"\n", 5),
    "a-line-that-is-no-header": answer(page("a-line-that-is-no-header"), HTML, "this line has no mark"),
    "interim": b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n\r\n" + answer(page("interim"), HTML),
    "raw-deflate": answer(raw_deflate(page("raw-deflate")), HTML, "Content-Encoding: deflate"),
    "two-members": answer(
        gzip.compress(half(page("two-members"))) + gzip.compress(page("two-members")[len(page("two-members")) // 2 :]),
        HTML,
        "Content-Encoding: gzip",
    ),
    "gzip-twice": answer(gzip.compress(gzip.compress(page("gzip-twice"))), HTML, "Content-Encoding: gzip, gzip"),
    "said-gzip-is-plain": answer(page("said-gzip-is-plain"), HTML, "Content-Encoding: gzip"),
    "said-br-is-plain": answer(page("said-br-is-plain"), HTML, "Content-Encoding: br"),
    "said-nothing-is-gzip": answer(gzip.compress(page("said-nothing-is-gzip")), HTML),
    "coding-named-utf-8": answer(page("coding-named-utf-8"), HTML, "Content-Encoding: UTF-8"),
    "no-type": answer(page("no-type")),
    "type-pdf": answer(page("type-pdf"), "Content-Type: application/pdf"),
    **{f"coded-{name}": unframed(coded(name, page(f"coded-{name}")), HTML, f"Content-Encoding: {name}") for name in CODINGS},
}  # fmt: skip
CUT: dict[str, Any] = {
    "length": answer(half(page("x")), HTML, length=len(page("x"))),
    "chunks": chunked(half(page("x")), HTML, end=False),
    "in-a-chunk": chunked(page("x"), HTML)[:-700],
    "neither": unframed(half(page("x")), HTML),
    "kept-by-a-cache": answer(half(long_page()), HTML),
    "chunks-that-end": chunked(half(long_page()), HTML),
    "nothing-of-it": unframed(b"", HTML, "Content-Encoding: gzip"),
    **{f"{name}-neither": unframed(half(coded(name, page("x"))), HTML, f"Content-Encoding: {name}") for name in CODINGS},
    **{f"{name}-chunks": chunked(half(coded(name, page("x"))), HTML, f"Content-Encoding: {name}") for name in CODINGS},
    "gzip-trailer": unframed(gzip.compress(page("x"))[:-4], HTML, "Content-Encoding: gzip"),
    "gzip-checksum": answer(gzip.compress(page("x"))[:-8] + b"\0" * 8, HTML, "Content-Encoding: gzip"),
}  # fmt: skip
# path → bytes, and a word of the reason that is told
BROKEN: dict[str, tuple[Any, str]] = {
    "reset": (Raw(b"", reset=True), "broke off"),
    "hangs-up": (b"", "broke off"),
    "no-http": (b"SSH-2.0-OpenSSH_9.2\r\n" * 3, "broke off"),
    "two-lengths": (answer(page("x"), HTML, "Content-Length: 7"), "broke off"),
    "negative-length": (answer(page("x"), HTML, length=-5), "broke off"),
    "bad-chunk": (chunked(page("x"), HTML).replace(b"3e8\r\n", b"zzz\r\n", 1), "cut off"),
    "unknown-transfer": (unframed(page("x"), HTML, "Transfer-Encoding: gzip, chunked"), "broke off"),
    "says-gzip": (answer(RANDOM, HTML, "Content-Encoding: gzip"), "said to be gzip"),
    "says-nonsense": (answer(RANDOM, HTML, "Content-Encoding: rot13"), "rot13"),
    "many-codings": (answer(gzip.compress(page("x")), HTML, "Content-Encoding: " + "gzip, " * 20 + "gzip"), "21 times"),
    "bomb-gzip": (answer(coded("gzip", ZEROS), HTML, "Content-Encoding: gzip"), "larger"),
    "bomb-deflate": (answer(coded("deflate", ZEROS), HTML, "Content-Encoding: deflate"), "larger"),
    "bomb-br": (answer(coded("br", ZEROS), HTML, "Content-Encoding: br"), "larger"),
    "bomb-zstd": (answer(coded("zstd", ZEROS), HTML, "Content-Encoding: zstd"), "larger"),
    "bomb-in-a-bomb": (answer(gzip.compress(coded("gzip", ZEROS)), HTML, "Content-Encoding: gzip, gzip"), "larger"),
    "bomb-unsaid": (answer(coded("gzip", ZEROS), HTML), "larger"),
    "says-terabytes": (answer(page("x"), HTML, length=10**12), "larger"),
    "endless": (lambda *_: endless(unframed(b"<html>", HTML), b"<p>more</p>" * 6000), "larger"),
    "endless-headers": (lambda *_: endless(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 4000 + b"\r\n"), "headers are larger"),
    "endless-header": (lambda *_: endless(b"HTTP/1.1 200 OK\r\nX-More: ", b"x" * 65536), "broke off"),
    "endless-folded-header": (lambda *_: endless(b"HTTP/1.1 200 OK\r\nX-More: x\r\n", b" x" * 2000 + b"\r\n"), "headers are larger"),
    "endless-interim": (lambda *_: endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), "headers are larger"),
    "drips": (lambda *_: dripping(answer(page("x"), HTML), 0.2), "no answer in time"),
    "drips-headers": (lambda *_: dripping(b"HTTP/1.1 200 OK\r\n" + b"X-More: x\r\n" * 500, 0.2), "no answer in time"),
    "silent": (lambda *_: Raw(iter((b"", b"")), pause=30), "no answer in time"),
    "not-modified-unasked": (b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", "304"),
    "empty": (answer(b"", HTML), "empty"),
    "no-content": (b"HTTP/1.1 204 No Content\r\n\r\n", "204"),
    "accepted": (answer(page("x"), HTML, status="202 Accepted"), "202"),
    "a-part": (answer(page("x"), HTML, "Content-Range: bytes 0-9/99", status="206 Partial Content"), "206"),
    "circle": (redirect("/circle-2"), "circle"),
    "far": (redirect("/far-1"), "redirects"),
    "to-a-file": (redirect("file:///etc/passwd"), "leads to no address"),
    "to-a-script": (redirect("javascript:alert(1)"), "leads to no address"),
    "to-nowhere": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "leads to no address"),
    "to-a-bad-port": (redirect("http://news.example:25/"), "port 25"),
    "to-a-password": (redirect("http://127.0.0.1:25@127.0.0.2/"), "redirects to http://127.0.0.2/"),
    "to-a-private-address": (redirect("http://10.0.0.1/"), "private address"),
    "to-the-metadata": (redirect("http://169.254.169.254/latest/meta-data/"), "private address"),
    "to-the-metadata-in-decimal": (redirect("http://2852039166/latest/meta-data/"), "private address"),
    "to-the-metadata-in-six": (redirect("http://[::ffff:a9fe:a9fe]/"), "private address"),
    "pdf": (answer(b"%PDF-1.7\n" + RANDOM, HTML), "PDF"),
    "teapot": (answer(page("x"), HTML, status="418 I'm a teapot"), "418"),
    "status-999": (answer(page("x"), HTML, status="999 Denied"), "999"),
    "error-in-gzip": (answer(RANDOM, HTML, "Content-Encoding: gzip", status="500 Oh no"), "500"),
}  # fmt: skip


@dataclass
class Crawled:
    site: EvilSite
    workspace: Path
    first: dict[str, Any]
    again: dict[str, Any]

    def reasons(self, found: dict[str, Any]) -> dict[str, list[str]]:
        told: dict[str, list[str]] = {}
        for failure in found["failures"]:
            told.setdefault(failure["url"].rpartition("/")[2], []).append(failure["reason"])
        return told

    def titles(self) -> set[str]:
        return {str(frontmatter.load(str(path))["title"]) for path in (self.workspace / "output" / "here").rglob("*.md")}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """One crawl of everything, then one after the cut pages were mended."""
    workspace = tmp_path_factory.mktemp("faulty")
    pages: dict[str, Any] = {f"/whole-{name}": sent for name, sent in WHOLE.items()}
    pages |= {f"/cut-{name}": sent for name, sent in CUT.items()}
    pages |= {f"/{name}": sent for name, (sent, _) in BROKEN.items()}
    pages["/"] = answer(listing(*pages).encode(), HTML)
    pages |= {"/circle-2": redirect("/circle"), **{f"/far-{hop}": redirect(f"/far-{hop + 1}") for hop in range(1, 40)}}
    with EvilSite(pages) as site:
        write_recipe(workspace, "here", RECIPE.replace("SITE", site.address))
        first = crawl(workspace)
        titles = {str(frontmatter.load(str(path))["title"]) for path in (workspace / "output" / "here").rglob("*.md")}
        assert titles == {f"The story of {name}" for name in WHOLE}
        site.pages |= {f"/cut-{name}": answer(page(f"mended {name}"), HTML) for name in CUT}
        again = crawl(workspace)
        yield Crawled(site, workspace, first, again)


def crawl(workspace: Path) -> dict[str, Any]:
    command = [*COMMAND, "crawl", "--json", "-s", "DOWNLOAD_TIMEOUT=3"]
    done = subprocess.run(command, cwd=workspace, env=clean_environment(), capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["sources"]["here"]
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_becomes_an_article(name: str, crawled: Crawled) -> None:
    assert f"The story of {name}" in crawled.titles()
    assert crawled.site.paths().count(f"/whole-{name}") == 1


@pytest.mark.parametrize("name", CUT)
def test_what_is_cut_is_asked_three_times_told_once_and_tried_again_next_run(name: str, crawled: Crawled) -> None:
    (reason,) = crawled.reasons(crawled.first)[f"cut-{name}"]
    assert "cut off" in reason or name == "gzip-checksum"
    assert "tried again next run" in reason
    assert crawled.site.paths().count(f"/cut-{name}") == 4
    assert f"The story of mended {name}" in crawled.titles()


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_once_with_its_reason(name: str, crawled: Crawled) -> None:
    (reason,) = crawled.reasons(crawled.first)[name]
    assert BROKEN[name][1] in reason


def test_nothing_else_became_an_article(crawled: Crawled) -> None:
    assert crawled.first["new"] == len(WHOLE)
    assert crawled.again["new"] == len(CUT)
    assert crawled.titles() == {f"The story of {name}" for name in WHOLE} | {f"The story of mended {name}" for name in CUT}


def test_the_report_counts_what_went_over_the_line(crawled: Crawled) -> None:
    elsewhere = 2 * 3  # robots.txt of 127.0.0.2, where nobody answers
    assert crawled.first["requests"] + crawled.again["requests"] == len(crawled.site.paths()) + elsewhere
    assert crawled.first["bytes"] > 16 * MIB  # the endless one alone
