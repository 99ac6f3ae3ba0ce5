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
