"""What feed readers need, one test each; the numbers are those of docs/feeds.md. 3 (readers) and 1, 2 (schemas) have files of their own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from feeds.entries import FULL, SITE, START, entry
from feeds.shelves import Documents
from selectolax.lexbor import LexborHTMLParser

from crawler.article import Image, Moment
from crawler.entry import Entry
from crawler.feeds.plans import FeedSettings
from crawler.feeds.publish import publish
from crawler.feeds.sources import SectionInfo, SourceInfo

SOURCE = SourceInfo("demo", "Demo", f"{SITE}/", icon=f"{SITE}/icon.png", language="en", sections=(SectionInfo("city", "City"),))
SUFFIXES = ("rss", "atom", "json")
Shown = dict[str, Any]


def published(folder: Path, *entries: Entry, base_url: str = "", source: SourceInfo = SOURCE) -> Path:
    documents = Documents(entries)
    settings = FeedSettings(base_url=base_url)
    publish(None, sources=[source], membership=documents, read_document=documents.read_document, folder=folder, settings=settings)
    return folder


def entries_of(path: Path) -> list[Shown]:
    """What a reader finds, the same keys for each format."""
    if path.suffix == ".json":
        return [
            {
                "id": item["id"],
                "link": item["url"],
                "title": item.get("title"),
                "published": item["date_published"],
                "updated": item.get("date_modified", item["date_published"]),
                "content": item.get("content_html", ""),
                "summary": item.get("summary"),
                "image": item.get("image"),
            }
            for item in json.loads(path.read_bytes())["items"]
        ]
    parsed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return [
        {
            "id": e.id,
            "link": e.link,
            "title": e.title,
            "published": iso(e.published_parsed),
            "updated": iso(e.updated_parsed if "updated" in e else e.published_parsed),
            "content": e.content[0].value if "content" in e else "",
            "summary": e.summary,
            "image": e.media_thumbnail[0]["url"] if "media_thumbnail" in e else None,
        }
        for e in parsed.entries
    ]


def iso(parsed: Any) -> str:
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6])


def ids(path: Path) -> list[str]:
    return [shown["id"] for shown in entries_of(path)]


def test_4_ids_are_the_same_in_all_formats_and_feeds(tmp_path: Path) -> None:
    published(tmp_path, FULL, entry(2))
    found = {tuple(ids(tmp_path / f"{path}.{suffix}")) for path in ("all", "demo", "demo/city") for suffix in SUFFIXES}
    assert len(found) == 1
    assert all(identity.startswith("urn:uuid:") for identity in found.pop())
    assert feedparser.parse((tmp_path / "all.rss").read_bytes()).entries[0].guidislink is False


@pytest.mark.parametrize("changed", [{"url": f"{SITE}/moved/1.html"}, {"title": "Another title"}, {"body": "<p>Rewritten.</p>"}])
def test_4_an_id_outlives_a_new_url_title_or_text(tmp_path: Path, changed: dict[str, str]) -> None:
    published(tmp_path / "before", entry(1))
    published(tmp_path / "after", entry(1, **changed), base_url="https://elsewhere.example/")
    assert [ids(tmp_path / f"before/all.{s}") for s in SUFFIXES] == [ids(tmp_path / f"after/all.{s}") for s in SUFFIXES]


def test_5_updated_moves_with_the_article_published_never_and_the_feeds_is_its_newest(tmp_path: Path) -> None:
    corrected = entry(1, updated=Moment(START + timedelta(days=2)))
    published(tmp_path / "before", entry(1), entry(2))
    published(tmp_path / "after", corrected, entry(2))
    for suffix in SUFFIXES:
        before, after = (entries_of(tmp_path / f"{when}/all.{suffix}") for when in ("before", "after"))
        assert [shown["published"] for shown in before] == [shown["published"] for shown in after]
        assert [shown["updated"] for shown in before] == ["2024-05-01T08:00:00Z", "2024-05-01T07:00:00Z"]
        assert [shown["updated"] for shown in after] == ["2024-05-01T08:00:00Z", "2024-05-03T06:00:00Z"]
    assert "<updated>2024-05-03T06:00:00Z</updated>" in (tmp_path / "after/all.atom").read_text(encoding="utf-8")
    assert "<lastBuildDate>Fri, 03 May 2024 06:00:00 GMT<" in (tmp_path / "after/all.rss").read_text(encoding="utf-8")


def test_6_the_order_in_which_articles_came_does_not_matter(tmp_path: Path) -> None:
    many = [entry(n) for n in range(20)]
    published(tmp_path / "a", *many)
    published(tmp_path / "b", *reversed(many))
    for path in ("all", "demo/city"):
        for suffix in SUFFIXES:
            assert (tmp_path / f"a/{path}.{suffix}").read_bytes() == (tmp_path / f"b/{path}.{suffix}").read_bytes()


def test_7_the_last_fifty_by_arrival_shown_by_date_nothing_in_the_future(tmp_path: Path) -> None:
    full = [entry(n, seen=START + timedelta(days=10)) for n in range(100, 160)]
    late = entry(1, seen=START + timedelta(days=11))
    scheduled = entry(2, seen=START + timedelta(days=11), published=Moment(START + timedelta(days=900)))
    published(tmp_path, *full, late, scheduled)
    for suffix in SUFFIXES:
        shown = entries_of(tmp_path / f"all.{suffix}")
        assert len(shown) == 50
        assert {late.guid, scheduled.guid} <= {s["id"] for s in shown}
        assert [s["published"] for s in shown] == sorted((s["published"] for s in shown), reverse=True)
        assert max(s["published"] for s in shown) == "2024-05-12T06:00:00Z"


def test_19_fifty_entries_and_512_kib(tmp_path: Path) -> None:
    published(tmp_path, *(entry(n, body=f"<p>{'字' * 9000}</p>") for n in range(60)))
    for suffix in SUFFIXES:
        assert (tmp_path / f"all.{suffix}").stat().st_size <= 512 * 1024
        assert len(ids(tmp_path / f"all.{suffix}")) < 50


def test_20_full_text_plain_summary_and_titles_escaped_once(tmp_path: Path) -> None:
    published(tmp_path, FULL)
    rss, atom, plain = (entries_of(tmp_path / f"all.{suffix}")[0] for suffix in SUFFIXES)
    assert rss["content"] == atom["content"] == plain["content"] != ""
    assert "<p>Text with " in plain["content"]
    assert atom["summary"] == plain["summary"] == "A < B, and C & D."
    assert rss["summary"] == "A &lt; B, and C &amp; D."
    for suffix in ("rss", "atom"):
        written = (tmp_path / f"all.{suffix}").read_text(encoding="utf-8")
        assert "<title>Bridge &amp; tunnel: &lt;b&gt;both&lt;/b&gt; open ]]&gt; “at last”</title>" in written


def test_21_every_address_in_the_content_is_absolute(tmp_path: Path) -> None:
    body = (
        '<p><a href="x">x</a><img src="/i.jpg" srcset="/i.jpg 1x, j.jpg 2x"></p><video src="v.mp4" poster="p.jpg"></video>'
        '<blockquote cite="/q"><p>q</p></blockquote>'
    )
    published(tmp_path, entry(1, body=body))
    tree = LexborHTMLParser(entries_of(tmp_path / "all.atom")[0]["content"])
    found = [node.attributes[name] for name in ("href", "src", "poster", "cite") for node in tree.css(f"[{name}]")]
    assert len(found) >= 4
    assert all((address or "").startswith(f"{SITE}/") for address in found)


def test_22_only_what_readers_keep(tmp_path: Path) -> None:
    body = (
        '<p class="c" style="x">t</p>'
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
        '<figure><img src="a.jpg"><figcaption>cap</figcaption></figure>'
        '<math><mi>x</mi></math><script>s()</script><form action="/"><input></form><svg></svg><iframe src="https://v.example/"></iframe>'
    )
    published(tmp_path, entry(1, body=body))
    tree = LexborHTMLParser(entries_of(tmp_path / "all.rss")[0]["content"])
    for kept in ("p", "td", "figure img", "figcaption"):
        assert tree.css_matches(kept), kept
    for dropped in ("script", "form", "input", "svg", "iframe", "[class]", "[style]"):
        assert not tree.css_matches(dropped), dropped


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_23_utf8_without_mark_dtd_or_forbidden_characters(tmp_path: Path, suffix: str) -> None:
    published(tmp_path, entry(1, title="a\x00\x1b\ufffe\ud800b 观察", body="<p>c\x0b\uffffd</p>"))
    content = (tmp_path / f"all.{suffix}").read_bytes()
    assert "观察" in content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"<!DOCTYPE" not in content
    assert b"\\u0000" not in content
    assert entries_of(tmp_path / f"all.{suffix}")[0]["title"] == "ab 观察"


def test_24_the_lead_image_beside_the_text_and_in_it_once_and_an_icon(tmp_path: Path) -> None:
    lead = f"{SITE}/pictures/bridge.jpg"
    published(
        tmp_path, entry(1, image=Image(lead)), entry(2, image=Image(lead), body=f'<p><img src="{SITE}/pictures/bridge-640x480.jpg"></p>')
    )
    for suffix in SUFFIXES:
        without, with_it = sorted(entries_of(tmp_path / f"demo.{suffix}"), key=lambda shown: str(shown["published"]))
        assert without["image"] == with_it["image"] == lead
        assert without["content"].count("<img") == with_it["content"].count("<img") == 1
        assert f"{SITE}/icon.png" in (tmp_path / f"demo.{suffix}").read_text(encoding="utf-8")
        assert "enclosure" not in (tmp_path / f"demo.{suffix}").read_text(encoding="utf-8")  # length unknown


def test_26_a_gathered_entry_names_its_origin_and_keeps_its_authors(tmp_path: Path) -> None:
    published(tmp_path, FULL, base_url="https://x.example/news")
    rss = feedparser.parse((tmp_path / "all.rss").read_bytes()).entries[0]
    atom = feedparser.parse((tmp_path / "all.atom").read_bytes()).entries[0]
    item = json.loads((tmp_path / "all.json").read_bytes())["items"][0]
    own = feedparser.parse((tmp_path / "demo.atom").read_bytes())
    assert (rss.source.title, rss.source.href) == ("Demo", "https://x.example/news/feeds/demo.rss")
    assert (atom.source.title, atom.source.id, atom.source.updated) == ("Demo", own.feed.id, own.feed.updated)
    assert item["external_url"] == item["url"]
    assert [author["name"] for author in item["authors"]] == [author.name for author in atom.authors] == ["Ann Lee", "鲍勃"]
    assert "source" not in own.entries[0]


def test_28_a_feed_that_is_not_valid_leaves_the_last_good_one(tmp_path: Path) -> None:
    published(tmp_path, entry(1))
    before = {suffix: (tmp_path / f"demo.{suffix}").read_bytes() for suffix in SUFFIXES}
    published(tmp_path, entry(1), entry(2), source=replace(SOURCE, url="no address"))
    assert {suffix: (tmp_path / f"demo.{suffix}").read_bytes() for suffix in SUFFIXES} == before
