"""The sample document: an article page with its content, in guancha's markup, crawled, gives its header byte for byte."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from conftest import Broadsheet, clean_environment, write_recipe
from local_site import Answer, Site
from shared import SHARED, needs_shared

pytestmark = needs_shared
ADDRESS = "/industry-science/2022_03_22_631276.shtml"
PAGE = """<!doctype html>
<html lang="zh-cmn-Hans"><head><meta charset="utf-8"><title>{title}</title>
<meta name="author" content="name, email@gmail.com"><meta name="Description" content="">
<meta name="mobile-agent" content="format=html5; url=https://m.guancha.cn{address}">
<link rel="alternate" media="only screen and (max-width: 640px)" href="https://m.guancha.cn{address}">
<script>var _DOC_ID="631276"; var x = {{"pubDate": "2022-03-22T16:37:35"}};</script></head>
<body><div class="header"><a href="/">首页</a></div>
<ul class="two-coloum fix"><li class="left left-main">
<h3>{title}</h3>
<div class="time fix"><span>2022-03-22 16:37:35</span><span>字号：<a>A-</a> <a>A</a> <a>A+</a></span><span>来源：观察者网</span></div>
<div class="content all-txt">{body}</div>
<div class="share">分享到</div>
</li></ul>
<script>window._bd_share_config = {{common: {{bdPic : '{picture}'}}}};</script>
<div class="footer">Copyright 观察者</div></body></html>"""


def sample() -> str:
    assert SHARED is not None
    return (SHARED / "sample" / "guancha-2022-03-22.md").read_text("utf-8")


def page_of(text: str) -> str:
    """The sample's article as guancha's page has it: white space inside paragraphs, no referrerpolicy."""
    title = re.search(r"^title: '(.*)'$", text, re.M).group(1)  # type: ignore[union-attr]
    picture = re.search(r"^headimg: '(.*)'$", text, re.M).group(1)  # type: ignore[union-attr]
    body = text.partition("<div>")[2].rpartition("</div>")[0]
    body = body.replace(' referrerpolicy="no-referrer"', "").replace("<p>\n", "<p>\n\t")
    return PAGE.format(title=title, picture=picture, body=body, address=ADDRESS)


def crawl_sample(broadsheet: Broadsheet, tmp_path: Path) -> str:
    """Crawls that page with guancha's own recipe, its host answered by a proxy on loopback; gives what was said."""
    front = f'<ul class="img-List"><li><h4 class="module-title"><a href="{ADDRESS}?s=sywglbt">软通动力</a></h4></li></ul>'
    host = "http://www.guancha.cn"
    from crawler.recipes import find_sources

    shipped = Path(find_sources(tmp_path).shipped["guancha"].ref.path).read_text("utf-8")
    recipe = shipped.replace("https://www.guancha.cn", host)
    write_recipe(tmp_path, "guancha", recipe + "\ndelay: 0\n" if "\ndelay:" not in recipe else recipe)
    pages = {f"{host}/": front, host + ADDRESS: Answer(page_of(sample()).encode(), headers={"Content-Type": "text/html"})}
    pages[f"{host}{ADDRESS}?s=sywglbt"] = pages[host + ADDRESS]
    with Site(pages) as site:
        done = broadsheet("crawl", "guancha", "--json", code=None, http_proxy=site.address, https_proxy=site.address)
    return done.stdout + done.stderr


@pytest.fixture
def document(broadsheet: Broadsheet, tmp_path: Path) -> str:
    """The document that the crawl writes."""
    said = crawl_sample(broadsheet, tmp_path)
    assert (tmp_path / "output" / "guancha").is_dir(), said
    (path,) = (tmp_path / "output" / "guancha").rglob("*.md")
    return path.read_text("utf-8")


def test_header_is_the_samples_but_for_the_true_instant(document: str) -> None:
    expected = sample().strip().partition("thumbnail:")[0].replace("Tue, 22 Mar 2022 16:37:35 GMT", "Tue, 22 Mar 2022 08:37:35 GMT")
    thumbnail = re.search(r"^thumbnail: .*\n", sample(), re.M).group()  # type: ignore[union-attr]
    assert document.startswith(expected + thumbnail)


def test_body_has_every_paragraph_and_the_picture(document: str) -> None:
    def words(text: str) -> str:
        return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", text.partition("<div>")[2])))

    assert words(document) == words(sample())
    assert document.count("<p>") == sample().count("<p>")
    assert 'referrerpolicy="no-referrer"' in document
    assert 'class="bigimg"' in document


def test_the_same_bytes_anywhere(document: str, tmp_path: Path) -> None:
    (path,) = (tmp_path / "output" / "guancha").rglob("*.md")
    code = """
import sys
from html import unescape
from crawler.documents import profile_named
hexo, content = profile_named("hexo"), open(sys.argv[1], "rb").read()
assert hexo.write(hexo.read(content, sys.argv[1].partition("output/")[2])) == content
"""
    subprocess.run([sys.executable, "-c", code, str(path)], env=clean_environment(TZ="Pacific/Chatham", PYTHONHASHSEED="3"), check=True)
