"""Single pages that a person names: fetched through the same guard and handler as a crawl's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure as TwistedFailure

from crawler.fetching.answers import MOST_HOPS, failure_from, failure_of, redirect_target
from crawler.fetching.asking import page_of
from crawler.fetching.guard import is_own
from crawler.fetching.handler import OWN_SITE
from crawler.outcome import Failure
from crawler.page import Page


class PagesSpider(Spider):
    """Fetches a few pages, redirects followed, and keeps them in `found`."""

    name = "pages"

    def __init__(self, urls: Sequence[str], found: dict[str, Page | Failure], *, allow_private: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls, self.found, self.allow_private = urls, found, allow_private

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield self.request(url, asked=url, hops=0)

    def request(self, url: str, *, asked: str, hops: int) -> Request:
        return Request(
            url,
            dont_filter=True,
            meta={"handle_httpstatus_all": True, OWN_SITE: self.allow_private and is_own(url, self.urls)},
            callback=partial(self.answered, asked, hops),
            errback=partial(self.unanswered, asked),
        )

    async def answered(self, asked: str, hops: int, response: Response) -> AsyncIterator[Any]:
        target = redirect_target(response)
        if target and hops < MOST_HOPS:
            yield self.request(target, asked=asked, hops=hops + 1)
        else:
            self.found[asked] = failure_of(response) or page_of(response, asked)

    async def unanswered(self, asked: str, failure: TwistedFailure) -> None:
        self.found[asked] = failure_from(failure.value or RuntimeError(str(failure)))


def fetch_pages(urls: Sequence[str], user_agent: str, *, allow_private: bool = False) -> dict[str, Page | Failure]:
    """Each address's page, or why there is none. One call a process: Twisted's reactor starts once.

    `allow_private`: the hosts that the addresses themselves name may be private ones; what they redirect to may not.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({"LOG_LEVEL": "ERROR", "USER_AGENT": user_agent, "ADDONS": {}}, priority="cmdline")
    found: dict[str, Page | Failure] = {}
    process = AsyncCrawlerProcess(settings)
    process.crawl(PagesSpider, urls=list(dict.fromkeys(urls)), found=found, allow_private=allow_private)
    process.start()
    return {url: found.get(url, Failure("the run was stopped", "soon")) for url in urls}
