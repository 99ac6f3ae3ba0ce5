"""Another Scrapy project switches Broadsheet's pipelines on with one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import frontmatter
import pytest
from conftest import clean_environment
from local_site import Site, article, listing

SPIDER = """
from datetime import UTC, datetime

import scrapy
from crawler.page import Page


class Theirs(scrapy.Spider):
    name = "Their Spider"
    start_urls = ["{address}/"]

    def parse(self, response):
        for link in response.css("h2 a"):
            yield response.follow(link, self.parse_article)

    def parse_article(self, response):
        yield Page(body=response.body, url=response.url, fetched_at=datetime.now(UTC))
        yield {{"something": "else"}}
"""


@pytest.mark.parametrize("frontier", [False, True])
def test_a_foreign_spider_yields_pages_and_gets_documents_and_feeds(tmp_path: Path, frontier: bool) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs.settings\n")
    (tmp_path / "theirs").mkdir()
    settings = 'SPIDER_MODULES = ["theirs"]\nADDONS = {"crawler.pipelines.BroadsheetAddon": 500}\nLOG_LEVEL = "ERROR"\n'
    (tmp_path / "broadsheet.yaml").write_text("delay: 0\n")
    (tmp_path / "theirs" / "settings.py").write_text(settings + ("BROADSHEET_FRONTIER = True\n" if frontier else ""))
    (tmp_path / "theirs" / "__init__.py").touch()
    pages = {"/": listing("/a", "/b", "/none"), "/a": article("First"), "/b": article("Second"), "/none": "<p>nothing"}
    with Site(pages) as site:
        (tmp_path / "theirs" / "spider.py").write_text(SPIDER.format(address=site.address))
        command = [sys.executable, "-m", "scrapy", "crawl", "Their Spider"]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=clean_environment(PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert done.returncode == 0, done.stderr
    titles = {frontmatter.load(str(path))["title"] for path in (tmp_path / "output" / "their-spider").rglob("*.md")}
    assert titles == {"First", "Second"}, done.stderr
    assert (tmp_path / "output" / "feeds" / "their-spider.atom").exists()
    assert "Traceback" not in done.stderr
    assert sorted(site.paths()).count("/a") == 1


EVIL_SPIDER = """
import scrapy
from crawler.article import Article, Image


class Evil(scrapy.Spider):
    name = "Evil"
    start_urls = ["{address}/"]

    def parse(self, response):
        body = "<p>Words enough.</p><script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>"
        yield Article(url=response.url + "a", title="<script>alert(1)</script>", body=body, image=Image("javascript:alert(1)"))
"""


def test_an_article_that_other_code_made_goes_through_the_cleaner_too(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs.settings\n")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "__init__.py").touch()
    (tmp_path / "theirs" / "settings.py").write_text(
        'SPIDER_MODULES = ["theirs"]\nADDONS = {"crawler.pipelines.BroadsheetAddon": 500}\nLOG_LEVEL = "ERROR"\n'
    )
    with Site({"/": "<p>start</p>"}) as site:
        (tmp_path / "theirs" / "spider.py").write_text(EVIL_SPIDER.format(address=site.address))
        environment = clean_environment(PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
        command = [sys.executable, "-m", "scrapy", "crawl", "Evil"]
        subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=100)
    (path,) = (tmp_path / "output" / "evil").rglob("*.md")
    document = frontmatter.load(str(path))
    assert "<script" not in document.content
    assert "onerror" not in document.content
    assert "javascript" not in path.read_text("utf-8")
    assert "Words enough." in document.content
