"""A Scrapy spider to compare with: it reads a newspaper's lists and each article's title, or has trafilatura extract the article.

Run by benchmarks/crawling.py: scrapy runspider bare.py -a start=URL -a how=title|trafilatura -o FILE.jsonl
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import TextResponse


class BareSpider(scrapy.Spider):
    name = "bare"
    custom_settings = {  # noqa: RUF012 - Scrapy's own way
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }

    def __init__(self, start: str, how: str = "title", **values: Any) -> None:
        super().__init__(**values)
        self.start_urls = [start]
        self.read = extracted if how == "trafilatura" else titled

    def parse(self, response: TextResponse, **_: Any) -> Iterator[Any]:
        for link in response.css("h2 a::attr(href)").getall():
            yield response.follow(link, self.article)
        for link in response.css("a.next::attr(href)").getall():
            yield response.follow(link, self.parse)

    def article(self, response: TextResponse) -> Iterator[dict[str, Any]]:
        yield self.read(response)


def titled(response: TextResponse) -> dict[str, Any]:
    return {"url": response.url, "title": response.css("title::text").get()}


def extracted(response: TextResponse) -> dict[str, Any]:
    import trafilatura

    found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
    return {"url": response.url, **({} if found is None else {"title": found.title, "date": found.date, "text": found.text})}
