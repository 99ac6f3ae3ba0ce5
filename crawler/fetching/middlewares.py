"""What every request passes before it leaves, and every answer before it is read: guard, robots.txt, pace, credentials, coding."""

from __future__ import annotations

from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from crawler.errors import AnswerError, FetchRefused
from crawler.fetching.answers import header_of
from crawler.fetching.asking import NO_ROBOTS, SOURCE, Asker
from crawler.fetching.coding import ACCEPTED, codings_in, undone
from crawler.fetching.credentials import may_have, secrets_in, without
from crawler.fetching.guard import check_url
from crawler.fetching.handler import OWN_SITE
from crawler.fetching.whole import seems_cut
from crawler.recipes.environment import sent_headers
from crawler.recipes.model import Recipe
from crawler.shown import make_logs_plain
from crawler.urls import host_of


class GuardMiddleware:
    """Refuses what must not be asked, proxy or not, and sends a routed host (the demo newspaper) to its own server."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        make_logs_plain()  # here, because every crawl of ours passes it
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        check_url(request.url, allow_private=bool(request.meta.get(OWN_SITE)))
        routes: dict[str, str] = getattr(self.crawler.spider, "routes", {})
        if route := routes.get(host_of(request.url)):
            request.meta["proxy"] = route


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
        await asker.pace(source, request.url, first=NO_ROBOTS in request.meta)


class CredentialsMiddleware:
    """Gives the recipe's headers and cookies to the hosts that it names, and to no other that a link or redirect leads to.

    They are put in here, as late as can be: no Request that is kept, logged or queued has them. What a site sends back of them is hidden.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CredentialsMiddleware:
        return cls(crawler)

    def recipe_of(self, request: Request) -> Recipe | None:
        """The recipe that has headers for this request's host."""
        asker: Asker | None = getattr(self.crawler.spider, "asker", None)
        source = request.meta.get(SOURCE)
        if asker is None or source is None:
            return None
        recipe = asker.frontier.plans[source].recipe
        return recipe if (recipe.headers or recipe.cookies) and may_have(request.url, recipe) else None

    def process_request(self, request: Request) -> None:
        if recipe := self.recipe_of(request):
            for name, value in sent_headers(recipe).items():
                request.headers[name] = value

    def process_response(self, request: Request, response: Response) -> Response:
        recipe = self.recipe_of(request)
        secrets = secrets_in(recipe) if recipe else ()
        if not secrets:
            return response
        headers = Headers()
        for name, values in response.headers.items():
            headers[name] = [without(secrets, value) for value in values]
        return remade(response, headers, without(secrets, response.body))


class CountMiddleware:
    """Counts what a source asks and gets, for its run's report: requests that left, and the bytes of all bodies as they came in."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        crawler.signals.connect(self.bytes_received, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CountMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if source := request.meta.get(SOURCE):
            self.stats.inc_value(f"broadsheet/{source}/requests")

    def bytes_received(self, data: bytes, request: Request, **_: Any) -> None:
        if source := request.meta.get(SOURCE):
            self.stats.inc_value(f"broadsheet/{source}/bytes", len(data))


class CodingMiddleware:
    """Undoes the coding of an answer's body, within limits, and refuses one that is cut off or broken: half a page is never an article."""

    def __init__(self, crawler: Crawler) -> None:
        self.most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CodingMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        codings = codings_in(header_of(response, "Content-Encoding"))
        if not response.body and not (codings and 200 <= response.status < 300):
            return response
        most = request.meta.get("download_maxsize", self.most)
        try:
            body = undone(request.url, response.body, codings, header_of(response, "Content-Type"), most)
        except AnswerError:
            if 200 <= response.status < 300:
                raise
            body = b""  # of an error's page nothing is read: its status is what counts
        if 200 <= response.status < 300 and seems_cut(body, framed="partial" not in response.flags):
            raise AnswerError(request.url, "the answer was cut off", "soon")
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        return remade(response, headers, body)


def remade(response: Response, headers: Headers, body: bytes) -> Response:
    """The answer with other headers and body. Scrapy's own `replace` would guess a charset, for nobody."""
    return Response(response.url, response.status, headers, body, response.flags, response.request, ip_address=response.ip_address)
