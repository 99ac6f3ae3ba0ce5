"""The frontier for a foreign Scrapy project, on request only: its requests wait in the store and outlive a kill."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from typing import Any

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.request import request_from_dict

from crawler.pipelines.foreign import run_of
from crawler.pipelines.run import Run
from crawler.urls import host_of

NUMBER = "broadsheet_request"  # in request.meta: its row


class StoreScheduler(BaseScheduler):
    """`BROADSHEET_FRONTIER = True` in a project with Broadsheet's add-on.

    Requests are kept in the store (callbacks by name, as Scrapy's disk queues do), each host is asked at the store's pace, which
    other crawls on this machine share, and a request is done only when the items that it brought have passed the pipelines. After a
    kill the same command goes on; a crawl that came to its end leaves nothing behind. A request whose callback is no method of the
    spider can't be kept and waits in memory.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: Run | None = None
        self.source = ""
        self.leased: dict[int, Request] = {}
        self.in_memory: list[Request] = []
        self.asked_again = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreScheduler:
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        self.run = run_of(self.crawler)
        self.source = next(iter(self.run.plans))
        with self.run.store.begin() as transaction:
            transaction.requests.begin(self.source)

    def close(self, reason: str) -> None:
        assert self.run is not None
        self._settle()
        if reason == "finished":
            with self.run.store.begin() as transaction:
                transaction.requests.forget(self.source)

    def has_pending_requests(self) -> bool:
        assert self.run is not None
        if self.in_memory:
            return True
        with self.run.store.begin() as transaction:
            return transaction.requests.count(self.source, "queued") > 0

    def enqueue_request(self, request: Request) -> bool:
        assert self.run is not None
        assert self.crawler.request_fingerprinter is not None
        fingerprint = self.crawler.request_fingerprinter.fingerprint(request).hex()
        if request.dont_filter:
            self.asked_again += 1
            fingerprint += f"#{time.time_ns()}.{self.asked_again}"
        try:
            content = packed(request.to_dict(spider=self.crawler.spider))
        except ValueError:
            self.in_memory.append(request)
            return True
        with self.run.store.begin() as transaction:
            return transaction.requests.add(self.source, fingerprint, host_of(request.url), request.priority, content)

    def next_request(self) -> Request | None:
        assert self.run is not None
        self._settle()
        if self.in_memory:
            return self.in_memory.pop(0)
        with self.run.store.begin() as transaction:
            found = transaction.requests.due(self.source, time.time())
            if found is None:
                return None
            number, host, content = found
            transaction.requests.lease(number)
            delay = max(self.run.plans[self.source].delay, transaction.hosts.get(host).crawl_delay)
            transaction.hosts.wait_until(host, time.time() + delay, time.time())
        request = request_from_dict(unpacked(content), spider=self.crawler.spider)
        request.meta[NUMBER] = number
        self.leased[number] = request
        self._wake(delay)
        return request

    def _settle(self) -> None:
        """Requests that the engine has wholly processed, their items included, are done."""
        engine = self.crawler.engine
        slot = engine._slot if engine else None
        under_way = {request.meta.get(NUMBER) for request in slot.inprogress} if slot else set()
        finished = [number for number in self.leased if number not in under_way]
        if finished and self.run is not None:
            with self.run.store.begin() as transaction:
                transaction.requests.done(finished)
            for number in finished:
                del self.leased[number]

    def _wake(self, delay: float) -> None:
        """The engine looks again when the host is due; by itself it would after five seconds."""
        from twisted.internet import reactor

        engine = self.crawler.engine
        if engine is not None and engine._slot is not None:
            later: Any = reactor
            later.callLater(delay, engine._slot.nextcall.schedule)


def packed(values: dict[str, Any]) -> dict[str, Any]:
    """A request's dict as JSON can hold it: bytes marked and in base64. Raises ValueError for what JSON can't hold."""
    return {key: pack(value) for key, value in values.items()}


def pack(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b64": b64encode(value).decode()}
    if isinstance(value, dict):
        return {"dict": [[pack(key), pack(one)] for key, one in value.items()]}
    if isinstance(value, list | tuple):
        return [pack(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise ValueError(f"a request with {type(value).__name__} in it can't be kept")


def unpacked(values: dict[str, Any]) -> dict[str, Any]:
    return {key: unpack(value) for key, value in values.items()}


def unpack(value: Any) -> Any:
    if isinstance(value, dict) and "b64" in value:
        return b64decode(value["b64"])
    if isinstance(value, dict) and "dict" in value:
        return {unpack(key): unpack(one) for key, one in value["dict"]}
    if isinstance(value, list):
        return [unpack(one) for one in value]
    return value
