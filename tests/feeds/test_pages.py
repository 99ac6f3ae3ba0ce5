from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from feeds.entries import SITE, entry
from feeds.shelves import Documents
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from crawler.article import Image, Moment
from crawler.entry import Entry
from crawler.feeds import pages
from crawler.feeds.desk import PagesAt
from crawler.feeds.feed import Channel, Picture
from crawler.feeds.item import FeedEntry, prepare
from crawler.feeds.pages.layout import When
from crawler.feeds.pages.text import for_pages
from crawler.feeds.pages.write import date_of, relative
from crawler.feeds.plans import FeedSettings
from crawler.feeds.publish import PublishReport, publish
from crawler.feeds.sources import SectionInfo, SourceInfo

SOURCES = (
    SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=(SectionInfo("city", "City"), SectionInfo("empty", "Empty"))),
    SourceInfo("guancha", "观察者网", "https://www.guancha.cn/", language="zh-CN", zone="Asia/Shanghai"),
    SourceInfo("hebrew", "חדשות", "https://he.example/", language="he"),
)
ENTRIES = (
    entry(1, title="A < B & C", authors=("Ann Lee", "Demo"), body=f'<p>Text</p><p><img src="{SITE}/p.jpg" alt="P"></p>'),
    entry(2, source="guancha", sections=(), title="标题", language="zh-CN", published=Moment(datetime(2024, 5, 1, 20, 0, tzinfo=UTC))),
    entry(3, source="hebrew", sections=(), title="כותרת", language="he", published=Moment(datetime(2024, 5, 1, tzinfo=UTC), "day")),
)


def run(root: Path, *entries: Entry, base_url: str = "", documents: Path | None = None, which: list[str] | None = None) -> PublishReport:
    shelf = Documents(entries or ENTRIES)
    return publish(
        which,
        sources=SOURCES,
        membership=shelf,
        read_document=shelf.read_document,
        folder=root / "feeds",
        settings=FeedSettings(title="The Paper", base_url=base_url),
        pages=PagesAt(root, documents or root),
    )


def page(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def links(path: Path) -> list[str]:
    return [node.attributes["href"] or "" for node in page(path).css("a[href], link[href]")]


def test_a_front_page_one_page_a_feed_and_one_stylesheet(tmp_path: Path) -> None:
    run(tmp_path)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.suffix in (".html", ".css"))
    assert found == [
        "assets/broadsheet.css",
        *(f"feeds/{path}.html" for path in ("all", "demo", "demo/city", "feeds", "guancha", "hebrew")),
        "index.html",
    ]


def test_every_link_between_our_files_leads_to_one(tmp_path: Path) -> None:
    for made in ENTRIES:
        (tmp_path / made.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made.path).write_text("a document")
    run(tmp_path)
    for path in tmp_path.rglob("*.html"):
        for href in links(path):
            parts = urlsplit(href)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path}: {href}"
            if parts.fragment:
                assert page(target).css_matches(f"#{parts.fragment}"), f"{path}: {href}"


def test_without_a_network_nothing_is_asked_for_but_our_own_files(tmp_path: Path) -> None:
    run(tmp_path)
    front = page(tmp_path / "index.html")
    assert not front.css("script, iframe, object, embed, form")
    assert [node.attributes["href"] for node in front.css("link[rel=stylesheet]")] == ["assets/broadsheet.css"]
    assert not front.css("img")  # none of these pictures is kept here
    assert "url(" not in (tmp_path / "assets/broadsheet.css").read_text(encoding="utf-8")
    for picture in page(tmp_path / "feeds/all.html").css("img"):
        assert picture.attributes["loading"] == "lazy"
        assert picture.css_matches("details:not([open]) img")


def test_a_kept_picture_stands_beside_its_headline() -> None:
    item = replace(
        prepare(FeedEntry(ENTRIES[0])), image=Picture("https://x.example/assets/ab.jpg", "image/jpeg", 3, asset="assets/ab/ab.jpg")
    )
    mark = pages.Shelfmark(Channel("all", "All", f"{SITE}/"), "feeds/all.html")
    front = LexborHTMLParser(pages.write_front_page("Paper", mark, [pages.Story(item, "Demo")]).decode())
    assert [node.attributes["src"] for node in front.css("img.picture")] == ["assets/ab/ab.jpg"]


def test_titles_and_names_are_text_never_markup(tmp_path: Path) -> None:
    run(tmp_path, entry(1, title="<script>alert(1)</script>", authors=("<b>x</b>",), tags=("<i>",), description="<img src=x onerror=y>"))
    for path in tmp_path.rglob("*.html"):
        tree = page(path)
        assert not tree.css("script, main b, main i, main [onerror]")
        assert all("<script>alert(1)</script>" in story.text() for story in tree.css("article"))


def test_each_language_is_marked_and_right_to_left_runs_so(tmp_path: Path) -> None:
    run(tmp_path)
    marked = {node.attributes.get("lang"): node.attributes.get("dir") for node in page(tmp_path / "index.html").css("article")}
    assert marked == {None: None, "zh-CN": None, "he": "rtl"}
    by = page(tmp_path / "index.html").css_first("article[lang=he] .by")
    assert (by.attributes.get("lang"), by.attributes.get("dir")) == ("en", "ltr")


def test_dates_are_those_of_the_sources_zone_and_exact_for_machines(tmp_path: Path) -> None:
    run(tmp_path)
    times = [(node.attributes["datetime"], node.text()) for node in page(tmp_path / "feeds/all.html").css("article time")]
    assert times == [
        ("2024-05-01T20:00:00Z", "Thursday, 2 May 2024, 04:00"),
        ("2024-05-01T07:00:00Z", "Wednesday, 1 May 2024, 07:00"),
        ("2024-05-01", "Wednesday, 1 May 2024"),
    ]


def test_a_day_keeps_its_day_in_its_zone() -> None:
    day = Moment(datetime.fromisoformat("2024-05-02T00:00+08:00"), "day")
    item = prepare(FeedEntry(entry(1, published=day)))
    assert date_of(pages.Story(item, "x", "Asia/Shanghai", "day")) == When("Thursday, 2 May 2024", "", "2024-05-02")


def test_headlines_are_grouped_by_day_and_lead_to_the_full_text(tmp_path: Path) -> None:
    run(tmp_path)
    front = page(tmp_path / "index.html")
    assert [node.text() for node in front.css("h2.day")] == ["Thursday, 2 May 2024", "Wednesday, 1 May 2024"]
    href = front.css_first("article[lang=zh-CN] h3 a").attributes["href"] or ""
    file, _, anchor = href.partition("#")
    assert "What happened under number 2." in page(tmp_path / file).css_first(f"#{anchor} .text").text()


def test_a_byline_names_the_source_once(tmp_path: Path) -> None:
    run(tmp_path)
    assert page(tmp_path / "feeds/demo.html").css_first(".by").text() == "Wednesday, 1 May 2024, 07:00 · Demo · Ann Lee"


def test_headings_do_not_skip_a_level(tmp_path: Path) -> None:
    run(tmp_path)
    for path in tmp_path.rglob("*.html"):
        levels = [int((node.tag or "")[1]) for node in page(path).css("h1, h2, h3, h4") if not node.css_matches(".text *")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), path


def test_autodiscovery_and_opml_list_the_same_addresses(tmp_path: Path) -> None:
    run(tmp_path, base_url="https://x.example/news/")
    outlines = etree.parse(str(tmp_path / "feeds/feeds.opml")).getroot().iter("outline")
    listed = {outline.get("xmlUrl") for outline in outlines if outline.get("xmlUrl")}
    found = page(tmp_path / "index.html").css("link[rel=alternate][type='application/atom+xml']")
    assert {node.attributes["href"] for node in found} == listed
    assert "https://x.example/news/feeds/feeds.opml" in links(tmp_path / "index.html")
    own = [node.attributes["href"] for node in page(tmp_path / "feeds/demo/city.html").css("link[rel=alternate]")]
    assert own == [f"https://x.example/news/feeds/demo/city.{suffix}" for suffix in ("rss", "atom", "json")]


def test_without_base_url_buttons_lead_to_the_files_and_there_is_no_opml(tmp_path: Path) -> None:
    run(tmp_path)
    assert [node.attributes["href"] for node in page(tmp_path / "feeds/demo/city.html").css(".subscribe a")] == [
        "city.rss",
        "city.atom",
        "city.json",
    ]
    assert "OPML" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_source_names_its_sections_that_are_there_and_a_section_its_source(tmp_path: Path) -> None:
    run(tmp_path)
    assert [node.text() for node in page(tmp_path / "feeds/demo.html").css("nav a")] == ["Demo", "Demo · City"]
    assert [node.text() for node in page(tmp_path / "feeds/demo/city.html").css("nav a")] == ["Demo", "Demo · City"]
    assert [node.text() for node in page(tmp_path / "index.html").css("nav a")] == [
        "All articles",
        "Demo",
        "观察者网",
        "חדשות",
        "All feeds",
    ]


def test_documents_elsewhere_are_not_linked(tmp_path: Path) -> None:
    run(tmp_path / "output", documents=tmp_path / "blog/source/_posts")
    assert not [href for href in links(tmp_path / "output/feeds/all.html") if href.endswith(".md")]


def test_a_new_article_touches_its_own_pages_and_the_front_page_alone(tmp_path: Path) -> None:
    run(tmp_path)
    report = run(tmp_path, *ENTRIES, entry(9, sections=()), which=["demo", "all"])
    touched = sorted(path.relative_to(tmp_path).as_posix() for path in report.written if path.suffix == ".html")
    assert touched == ["feeds/all.html", "feeds/demo.html", "index.html"]
    assert run(tmp_path, *ENTRIES, entry(9, sections=())).written == ()


def test_step_by_step_or_at_once_the_pages_are_the_same(tmp_path: Path) -> None:
    run(tmp_path / "steps", *ENTRIES[:1])
    run(tmp_path / "steps", *ENTRIES[:2], which=["guancha", "all"])
    run(tmp_path / "steps", *ENTRIES, which=["hebrew", "all"])
    run(tmp_path / "once", *ENTRIES)
    for path in (tmp_path / "once").rglob("*.*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "steps" / path.relative_to(tmp_path / "once")).read_bytes(), path


@pytest.mark.parametrize(
    ("target", "here", "way"),
    [
        ("assets/x.css", "index.html", "assets/x.css"),
        ("index.html", "feeds/demo/city.html", "../../index.html"),
        ("demo/2024/05/标 题#?.md", "feeds/all.html", "../demo/2024/05/%E6%A0%87%20%E9%A2%98%23%3F.md"),
    ],
)
def test_the_way_from_a_page_to_a_file(target: str, here: str, way: str) -> None:
    assert relative(target, here) == way


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_making_pictures_lazy_changes_nothing_else(alt: str, text: str) -> None:
    item = prepare(FeedEntry(entry(1, body=f"<p>{text}</p>", image=Image(f"{SITE}/p.jpg", alt=f'<img onerror=x "{alt}'))))
    tree = LexborHTMLParser(for_pages(item.content, {}))
    plain = LexborHTMLParser(item.content)
    assert [node.tag for node in tree.root.traverse()] == [node.tag for node in plain.root.traverse()]  # type: ignore[union-attr]
    assert [set(node.attributes) - {"loading", "alt"} for node in tree.css("img")] == [
        set(node.attributes) - {"alt"} for node in plain.css("img")
    ]
