"""The demo newspaper in a crawl: its server runs as long as the crawl, and its host is asked there and nowhere else."""

from __future__ import annotations

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

SOURCE = "demo"


class DemoRoute:
    """A Scrapy extension: on only where the run crawls the demo newspaper."""

    def __init__(self, crawler: Crawler) -> None:
        from crawler.demo import HOST, DemoServer  # only where it is crawled: other runs need none of it

        self.server = DemoServer()
        self.server.__enter__()
        getattr(crawler.spider, "routes")[HOST] = self.server.proxy  # noqa: B009 - NewsSpider's; rooms below import none of it
        crawler.signals.connect(self.close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DemoRoute:
        run = getattr(crawler.spider, "run", None)
        if run is None or SOURCE not in run.plans or not run.recipes[SOURCE].url.startswith("http://demo.broadsheet.example/"):
            raise NotConfigured
        return cls(crawler)

    def close(self) -> None:
        self.server.__exit__(None, None, None)
