"""`broadsheet import opml` and `export opml`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Broadsheet, write_recipe
from hypothesis import given
from hypothesis import strategies as st
from local_site import Answer, Site

from crawler.errors import ListingError
from crawler.listings.opml import read_opml
from crawler.recipes import load_recipe

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="News &amp; more">
    <outline text="inner">
      <outline type="rss" text="short" title="观察者网 &lt;b&gt; “Home”: #1" language="zh-CN"
        xmlUrl="https://www.guan.example/rss/home.xml?a=1&amp;b=2" htmlUrl="https://www.guan.example/"/>
    </outline>
    <outline type="rss" text="Guan world" xmlUrl="https://www.guan.example/rss/world.xml" htmlUrl="https://www.guan.example/"/>
    <outline type="rss" text="国际" xmlUrl="https://www.guan.example/feed/" htmlUrl="https://www.guan.example/"/>
    <outline type="rss" text="国内" xmlUrl="https://www.guan.example/rss/" htmlUrl="https://www.guan.example/"/>
  </outline>
  <outline text="Old style" xmlURL="feed://old.example/index.rdf"/>
  <outline text="A parent feed" xmlUrl="http://parent.example/feed"><outline text="Child" xmlUrl="http://child.example/feed"/></outline>
  <outline type="rss" text="Twice" xmlUrl="https://www.guan.example/rss/world.xml?utm_source=x"/>
  <outline type="rss" text="Broken" xmlUrl="javascript:alert(1)"/>
  <outline type="link" text="A page" url="https://page.example/"/>
  <outline type="rss" text="all" xmlUrl="https://all/feed"/>
  <outline type="rss" text="x: [y]\u2028- z" xmlUrl="http://quoting.example/feed"/>
</body></opml>
"""


def recipes(tmp_path: Path) -> dict[str, str]:
    return {path.stem: load_recipe(path).title for path in (tmp_path / "sources").glob("*.yaml")}


def test_each_feed_becomes_a_source_with_its_name(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML, "utf-8")
    done = broadsheet("import", "opml", "list.opml")
    assert recipes(tmp_path) == {
        "guan-example": "观察者网 <b> “Home”: #1",
        "guan-example-guan-world": "Guan world",
        "guan-example-2": "国际",
        "guan-example-3": "国内",
        "old-example": "Old style",
        "parent-example": "A parent feed",
        "child-example": "Child",
        "all-2": "all",
        "quoting-example": "x: [y] - z",
    }
    first = load_recipe(tmp_path / "sources/guan-example.yaml")
    assert first.sections[0].feed == "https://www.guan.example/rss/home.xml?a=1&b=2"
    assert (first.url, first.group, first.language) == ("https://www.guan.example/", "inner", "zh-CN")
    assert load_recipe(tmp_path / "sources/old-example.yaml").sections[0].feed == "http://old.example/index.rdf"
    assert "there" in done.stdout
    assert "Twice" in done.stdout
    assert "javascript:alert(1)" in done.stderr
    assert "9 sources made" in done.stdout


def test_a_second_time_nothing_is_made_and_nothing_is_touched_and_what_is_exported_is_imported_again(
    broadsheet: Broadsheet, tmp_path: Path
) -> None:
    (tmp_path / "list.opml").write_text(OPML, "utf-8")
    broadsheet("import", "opml", "list.opml")
    edited = tmp_path / "sources/old-example.yaml"
    edited.write_text(edited.read_text("utf-8") + "delay: 7\n", "utf-8")
    before = {path: path.read_bytes() for path in (tmp_path / "sources").iterdir()}
    assert "0 sources made" in broadsheet("import", "opml", "list.opml", code=None).stdout
    assert {path: path.read_bytes() for path in (tmp_path / "sources").iterdir()} == before
    broadsheet("export", "opml", "-o", "out.opml")
    exported = {one.url: one.name for one in read_opml((tmp_path / "out.opml").read_bytes(), "out.opml")}
    assert len(exported) == 9
    (tmp_path / "other").mkdir()
    broadsheet("-C", "other", "import", "opml", "out.opml")
    broadsheet("-C", "other", "export", "opml", "-o", "again.opml")
    assert {one.url: one.name for one in read_opml((tmp_path / "again.opml").read_bytes(), "again.opml")} == exported


def test_a_dry_run_writes_nothing(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML, "utf-8")
    assert "would be" in broadsheet("import", "opml", "--dry-run", "list.opml").stdout
    assert not (tmp_path / "sources").exists()


def test_an_address_is_asked_through_the_guard(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"http://lists.example/mine.opml": Answer(OPML.encode(), headers={"Content-Type": "text/x-opml"})}) as site:
        done = broadsheet("import", "opml", "http://lists.example/mine.opml", http_proxy=site.address)
        assert "9 sources made" in done.stdout
        refused = broadsheet("import", "opml", f"{site.address}/mine.opml", code=2)
        assert "private address" in refused.stderr
        assert site.paths() == ["http://lists.example/mine.opml"]
        site.pages["/mine.opml"] = Answer(OPML.encode(), headers={"Content-Type": "text/x-opml"})
        (tmp_path / "own").mkdir()
        (tmp_path / "own/broadsheet.yaml").write_text("allow_private: true\n", "utf-8")
        assert "9 sources made" in broadsheet("-C", "own", "import", "opml", f"{site.address}/mine.opml").stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "empty"),
        ("<opml><body><outline", "broken XML"),
        ("no XML at all", "broken XML"),
        ("<html><body/></html>", "its root is <html>"),
        ("<opml version='2.0'><body><outline text='x'/></body></opml>", "lists no feed"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline xmlUrl="http://a.example/&a;"/></body></opml>', "document type"),
        (
            '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;" xmlUrl="http://a.example/"/></body></opml>',
            "",
        ),
        ("<opml>" + "<outline>" * 5000 + "</outline>" * 5000 + "</opml>", "broken XML"),
    ],
)
def test_what_is_no_opml_is_told(content: str, told: str) -> None:
    with pytest.raises(ListingError) as error:
        read_opml(content.encode(), "list.opml")
    assert "list.opml" in str(error.value)
    assert told in str(error.value)
    assert "root:" not in str(error.value)


def test_a_file_that_is_none_or_missing_makes_no_source(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text("<opml><body><outline", "utf-8")
    told = broadsheet("import", "opml", "list.opml", code=2).stderr
    assert "list.opml" in told
    assert "broken XML" in told
    assert "no.opml" in broadsheet("import", "opml", "no.opml", code=2).stderr
    assert not (tmp_path / "sources").exists()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_an_error(content: bytes) -> None:
    with suppress(ListingError):
        assert read_opml(content, "list")


def test_with_base_url_our_feeds_are_given(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("base_url: https://news.example/paper/\n", "utf-8")
    write_recipe(
        tmp_path, "one", "url: https://one.example/\nname: One\ngroup: Papers\nsections: [{id: home, list: https://one.example/}]\n"
    )
    given_ = {one.url: (one.name, one.folder) for one in read_opml(broadsheet("export", "opml").stdout.encode(), "out")}
    assert given_ == {
        "https://news.example/paper/feeds/all.atom": ("Broadsheet", ""),
        "https://news.example/paper/feeds/one.atom": ("One", "Papers"),
        "https://news.example/paper/feeds/one/home.atom": ("One · home", "Papers"),
    }


def test_a_source_without_a_feed_of_its_own_is_told(broadsheet: Broadsheet, tmp_path: Path) -> None:
    write_recipe(tmp_path, "one", "url: https://one.example/\nsections: [{id: home, list: https://one.example/}]\n")
    assert "one has no feed" in broadsheet("export", "opml", code=1).stderr
