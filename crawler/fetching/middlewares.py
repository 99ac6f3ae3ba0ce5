"""What every request passes before it leaves: the guard, the demo newspaper's own way, robots.txt, and a count for each source."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errors import FetchRefused
from crawler.fetching.asking import NO_ROBOTS, SOURCE, Asker
from crawler.fetching.guard import check_url
from crawler.fetching.handler import ALLOW_PRIVATE
from crawler.urls import host_of


class GuardMiddleware:
    """Refuses what must not be asked, proxy or not, and sends a routed host (the demo newspaper) to its own server."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        check_url(request.url, allow_private=bool(request.meta.get(ALLOW_PRIVATE)))
        routes: dict[str, str] = getattr(self.crawler.spider, "routes", {})
        if route := routes.get(host_of(request.url)):
            request.meta["proxy"] = route
        if source := request.meta.get(SOURCE):
            self.stats.inc_value(f"broadsheet/{source}/requests")

    def process_response(self, request: Request, response: Response) -> Response:
        if source := request.meta.get(SOURCE):
            self.stats.inc_value(f"broadsheet/{source}/bytes", len(response.body))
        return response


class RobotsMiddleware:
    """Asks robots.txt before the first page of a host, refuses what it forbids, and keeps the host's pace."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        asker: Asker | None = getattr(self.crawler.spider, "asker", None)
        source = request.meta.get(SOURCE)
        if asker is None or source is None:
            return
        recipe = asker.frontier.plans[source].recipe
        if recipe.robots and not request.meta.get(NO_ROBOTS):
            robots = await asker.robots(recipe, request.url)
            if not robots.allows(request.url, asker.user_agent):
                raise FetchRefused(request.url, robots.why_not())
        await asker.pace(source, request.url)
