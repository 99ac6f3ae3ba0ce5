"""Kept pages: whole after a kill, read by other tools, and the same articles again by a better recipe."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import frontmatter
import pytest
from conftest import Broadsheet, tree, write_recipe
from local_site import Answer, Site, article, listing, recipe
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio

from crawler.article import Moment
from crawler.files import write_durably_in_parts
from crawler.page import Hints, Page
from crawler.pipelines import keeping
from crawler.pipelines.keeping import Keeper
from crawler.store import Store
from crawler.store.kept import KeptRow

AT = datetime(2026, 3, 1, 10, 20, 30, 123456, tzinfo=UTC)
HINTS = Hints(title="Überschrift", published=Moment(AT, "minute"), authors=("Ann",), body="<p>full</p>", tags=("a", "b"))


def page(name: str = "1", body: bytes = b"<html>\r\n\r\nbody \xff\x00</html>", hints: Hints = HINTS) -> Page:
    headers = {"content-type": "text/html; charset=gbk", "content-encoding": "gzip", "etag": '"x"'}
    url = f"https://news.example/{name}.html?q=%E4%B8%AD"
    return Page(body, url, f"https://m.news.example/{name}", 200, headers, fetched_at=AT, hints=hints)


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield Keeper(store, tmp_path / "pages")
    store.close()


def keep(keeper: Keeper, guid: str, *pages: Page, commit: bool = True) -> list[KeptRow]:
    rows = keeper.keep([(guid, "bridge", pages)])
    if commit:
        with keeper.store.begin() as transaction:
            for row in rows:
                transaction.kept.put(row)
    return rows


def files(keeper: Keeper) -> dict[str, bytes]:
    return tree(keeper.folder / "bridge")


def test_pages_come_back_as_they_were(keeper: Keeper) -> None:
    (row,) = keep(keeper, "urn:uuid:1", page("1"), page("2", b""))
    first, second = keeper.pages(row)
    assert (first.body, first.url, first.requested_url, first.status) == (page().body, page().url, page().requested_url, 200)
    assert (first.fetched_at, first.hints) == (AT, HINTS)
    assert first.headers["content-type"] == "text/html; charset=gbk"
    assert "content-encoding" not in first.headers
    assert second.body == b""


def test_other_tools_read_the_files(keeper: Keeper, capsys: pytest.CaptureFixture[str]) -> None:
    keep(keeper, "urn:uuid:1", page("1"))
    keep(keeper, "urn:uuid:2", page("2", "正文".encode("gbk")), page("3"))
    (path,) = (keeper.folder / "bridge").glob("*")
    warcio(["index", "-f", "warc-type,warc-target-uri,offset,length,http:status", str(path)])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["warc-type"] for line in lines] == ["warcinfo", "response", "metadata", "response", "response", "metadata"]
    assert lines[1]["warc-target-uri"] == page("1").url
    assert lines[1]["http:status"] == "200"
    for line in lines:
        content = path.read_bytes()[int(line["offset"]) : int(line["offset"]) + int(line["length"])]
        assert gzip.decompress(content).startswith(b"WARC/1.1\r\n")
    checks(path)


def checks(path: Path) -> None:
    """All digests of the file are right, as warcio finds it."""
    with pytest.raises(SystemExit) as ended:
        warcio(["check", str(path)])
    assert ended.value.code == 0


def test_the_same_pages_are_kept_once(keeper: Keeper) -> None:
    keep(keeper, "urn:uuid:1", page())
    before = files(keeper)
    assert keep(keeper, "urn:uuid:1", page()) == []
    assert files(keeper) == before
    (row,) = keep(keeper, "urn:uuid:1", page(body=b"changed"))
    with keeper.store.begin() as transaction:
        assert transaction.kept.last("urn:uuid:1") == row


@pytest.mark.parametrize("left", [b"", b"torn", b"whole"])
def test_what_a_kill_left_is_cut_off(keeper: Keeper, left: bytes) -> None:
    keep(keeper, "urn:uuid:1", page("1"))
    if left == b"whole":
        keep(keeper, "urn:uuid:2", page("lost"), commit=False)
    else:
        with (keeper.folder / "bridge" / "pages-00001.warc.gz").open("ab") as file:
            file.write(left)
    keep(keeper, "urn:uuid:3", page("3"))
    (path,) = (keeper.folder / "bridge").glob("*")
    with path.open("rb") as file:
        urls = [one.rec_headers.get_header("WARC-Target-URI") for one in ArchiveIterator(file) if one.rec_type == "response"]
    assert urls == [page("1").url, page("3").url]


def test_a_large_file_is_followed_by_another(keeper: Keeper) -> None:
    keeper.most_bytes = 1000
    for number in range(5):
        keep(keeper, f"urn:uuid:{number}", page(str(number), bytes(range(256)) * 4))
    assert len(files(keeper)) > 1
    with keeper.store.begin() as transaction:
        rows = [transaction.kept.last(f"urn:uuid:{number}") for number in range(5)]
    assert [keeper.pages(row)[0].url for row in rows if row] == [page(str(number)).url for number in range(5)]


def test_a_lost_table_is_filled_from_the_files(keeper: Keeper) -> None:
    keeper.most_bytes = 2000
    for number in range(4):
        keep(keeper, f"urn:uuid:{number % 3}", page(str(number)), page("part"))

    def known() -> list[list[KeptRow]]:
        with keeper.store.begin() as transaction:
            return [transaction.kept.of(f"urn:uuid:{number}") for number in range(3)]

    before = known()
    with keeper.store.begin() as transaction:
        for name in files(keeper):
            transaction.kept.forget_file("bridge", name)
    path = max((keeper.folder / "bridge").glob("*"))
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08torn")
    assert keeper.find_again("bridge") == 4
    assert known() == before


def test_a_removed_article_leaves_no_page_behind(keeper: Keeper) -> None:
    for number in range(3):
        keep(keeper, f"urn:uuid:{number}", page(str(number)))
    keep(keeper, "urn:uuid:1", page("1", b"changed"))
    keeper.forget("urn:uuid:1", "bridge")
    assert all(page("1").url.encode() not in gzip.decompress(content) for content in files(keeper).values())
    with keeper.store.begin() as transaction:
        assert transaction.kept.of("urn:uuid:1") == []
        rest = [transaction.kept.last("urn:uuid:0"), transaction.kept.last("urn:uuid:2")]
    assert [keeper.pages(row)[0].url for row in rest if row] == [page("0").url, page("2").url]
    keep(keeper, "urn:uuid:4", page("4"))
    checks(max((keeper.folder / "bridge").glob("*")))


def test_what_was_kept_last_stays_the_last_when_another_article_goes(keeper: Keeper) -> None:
    keeper.most_bytes = 1
    for guid, body in (("urn:uuid:1", b"old"), ("urn:uuid:2", b"x"), ("urn:uuid:1", b"new")):
        keep(keeper, guid, page(body=body))
    keeper.most_bytes = 10**6
    keep(keeper, "urn:uuid:3", page("3"))
    before = files(keeper)
    keeper.forget("urn:uuid:2", "bridge")
    assert set(files(keeper)) == set(before) - {"pages-00002.warc.gz"}
    keeper.most_bytes = 1
    keep(keeper, "urn:uuid:4", page("4"))
    keeper.forget("urn:uuid:3", "bridge")
    with keeper.store.begin() as transaction:
        row = transaction.kept.last("urn:uuid:1")
    assert row is not None
    assert keeper.pages(row)[0].body == b"new"


@pytest.mark.parametrize("killed_at", ["before", "after"])
def test_forgetting_that_was_killed_is_finished_by_the_next_try(keeper: Keeper, monkeypatch: pytest.MonkeyPatch, killed_at: str) -> None:
    for number in range(3):
        keep(keeper, f"urn:uuid:{number}", page(str(number)))

    def killed(path: Path, parts: Iterable[bytes]) -> None:
        if killed_at == "after":
            write_durably_in_parts(path, parts)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "write_durably_in_parts", killed)
        with pytest.raises(KeyboardInterrupt):
            keeper.forget("urn:uuid:1", "bridge")
    keep(keeper, "urn:uuid:3", page("3"))
    keeper.forget("urn:uuid:1", "bridge")
    with keeper.store.begin() as transaction:
        assert transaction.kept.guids("bridge") == ["urn:uuid:0", "urn:uuid:2", "urn:uuid:3"]
        rows = [transaction.kept.last(f"urn:uuid:{number}") for number in (0, 2, 3)]
    assert [keeper.pages(row)[0].url for row in rows if row] == [page(str(number)).url for number in (0, 2, 3)]
    assert all(page("1").url.encode() not in gzip.decompress(content) for content in files(keeper).values())


def test_forgetting_holds_no_file_in_memory(keeper: Keeper) -> None:
    for number in range(6):
        keep(keeper, f"urn:uuid:{number}", page(str(number), random.Random(number).randbytes(3_000_000)))
    assert sum(map(len, files(keeper).values())) > 17_000_000
    tracemalloc.start()
    keeper.forget("urn:uuid:1", "bridge")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000
    with keeper.store.begin() as transaction:
        row = transaction.kept.last("urn:uuid:5")
    assert row is not None
    assert keeper.pages(row)[0].body == random.Random(5).randbytes(3_000_000)


def test_what_was_kept_before_the_store_was_lost_is_found_beside_what_came_after(keeper: Keeper) -> None:
    keep(keeper, "urn:uuid:1", page("1"))
    keep(keeper, "urn:uuid:2", page("2"))
    with keeper.store.begin() as transaction:
        transaction.kept.forget_file("bridge", "pages-00001.warc.gz")
    assert keep(keeper, "urn:uuid:2", page("2")) == []
    keep(keeper, "urn:uuid:3", page("3"))
    with keeper.store.begin() as transaction:
        assert transaction.kept.guids("bridge") == ["urn:uuid:1", "urn:uuid:2", "urn:uuid:3"]


def test_a_file_of_another_program_is_left_alone(keeper: Keeper) -> None:
    (keeper.folder / "bridge").mkdir(parents=True)
    (keeper.folder / "bridge" / "pages-1x.warc.gz").write_bytes(b"none of ours")
    keep(keeper, "urn:uuid:1", page("1"))
    keeper.forget("urn:uuid:1", "bridge")
    assert files(keeper) == {"pages-1x.warc.gz": b"none of ours"}


def test_a_better_recipe_makes_yesterdays_articles_again(broadsheet: Broadsheet, tmp_path: Path) -> None:
    pages = {"/": Answer(listing("/news/1.html", "/news/2.html").encode())}
    for number in (1, 2):
        text = article(f"Story {number}").replace("<h1>", f'<div class="zz">Topic {number}</div><h1>')
        pages[f"/news/{number}.html"] = Answer(text.encode())
    with Site(pages) as site:
        write_recipe(tmp_path, "quay", recipe(site, extra="keep_pages: true\n"))
        broadsheet("crawl", "-q")
        before = tree(tmp_path / "output")
        again = broadsheet("extract", "--kept", BROADSHEET_NOW="2026-05-01T00:00:00Z")
        assert "2 articles read again · 0 changed" in again.stdout
        assert tree(tmp_path / "output") == before
        write_recipe(tmp_path, "quay", recipe(site, extra='keep_pages: true\narticle:\n  tags: [".zz"]\n'))
        asked = len(site.asked)
        again = broadsheet("extract", "--kept", "quay", BROADSHEET_NOW="2026-05-01T00:00:00Z")
        assert "2 changed" in again.stdout
        assert "tags 2" in again.stdout
        assert len(site.asked) == asked
        after = tree(tmp_path / "output")
        assert set(after) == set(before)
        for name in (name for name in before if name.endswith(".md")):
            old, new = frontmatter.loads(before[name].decode()), frontmatter.loads(after[name].decode())
            assert new["tags"][0].startswith("Topic")  # type: ignore[index]
            assert [old[key] for key in ("guid", "updated_at", "published_at", "first_seen")] == [
                new[key] for key in ("guid", "updated_at", "published_at", "first_seen")
            ]
        assert b"Topic 1" in after["feeds/all.atom"]
        assert b"Topic 1" in next(content for name, content in after.items() if name.endswith(".ndjson"))
        gone = next(name for name in before if name.endswith(".md"))
        (tmp_path / "output" / gone).unlink()
        broadsheet("extract", "--kept", BROADSHEET_NOW="2026-05-01T00:00:00Z")
        assert frontmatter.loads((tmp_path / "output" / gone).read_text("utf-8"))["guid"] in after[gone].decode()


def test_without_kept_pages_it_says_what_to_set(broadsheet: Broadsheet) -> None:
    assert "keep_pages: true" in broadsheet("extract", "--kept", code=2).stderr
