"""An article's pictures are kept: downloaded by Scrapy's images pipeline in their host's turn, named by what they hold."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from PIL import Image as Pillow
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.pipelines.images import ImagesPipeline
from twisted.python.failure import Failure as TwistedFailure

from crawler.errors import HostRests
from crawler.fetching.answers import MOST_HOPS, failure_from, failure_of, redirect_target
from crawler.fetching.asking import Asker, Stopped, request_for
from crawler.files import write_durably
from crawler.outcome import Failure
from crawler.pipelines.run import Run
from crawler.pipelines.verdict import Verdict
from crawler.recipes import Recipe
from crawler.urls import host_of

logger = logging.getLogger(__name__)
EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
STOPPED = "stopped"
TRIES = 3  # of one picture in one run
BACKOFF = 2.0  # seconds before the second try, doubled for the third
MOST_FAILS = 6  # of a host, one after the other; then its pictures are tried once only
MOST_REMEMBERED = 2000  # pictures that failed, so that they are not asked for each article that shows them


class PictureRefused(Exception):
    """What came is no picture that is kept. Its text says why, in plain words."""


class PictureFailed(Exception):
    """The answer was no picture, but a failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def opened(content: bytes, most_pixels: int = MOST_PIXELS) -> Any:
    """The picture that the bytes are, whatever its address or server called it. Only its head is read.

    Raises PictureRefused for any other type (SVG, which can hold scripts, among them), broken files and such of too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Pillow.open(BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP", "AVIF"))
    except Pillow.DecompressionBombError:
        raise PictureRefused(f"it has more than {most_pixels:,} pixels") from None
    except Exception:  # Pillow's readers raise many kinds over broken files
        raise PictureRefused("it is no JPEG, PNG, GIF, WebP or AVIF picture") from None
    width, height = picture.size
    if width * height > most_pixels:
        raise PictureRefused(f"it has {width} × {height} pixels, more than {most_pixels:,}")
    if picture.format not in EXTENSIONS:
        raise PictureRefused(f"it is a {picture.format} picture")
    return picture


def asset_name(content: bytes, extension: str) -> str:
    """`<2 hex>/<16 hex of SHA-256>.<extension>`: the same picture is the same file, wherever it was found."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f"{digest[:2]}/{digest}.{extension}"


class AssetStore:
    """Where Scrapy's pipeline puts pictures: durable before their document is written."""

    def __init__(self, run: Run) -> None:
        self.run = run

    async def persist_file(self, path: str, content: BytesIO, info: Any, meta: Any = None, headers: Any = None) -> None:
        target, body = self.run.workspace.assets / path, content.getvalue()
        await self.run.in_store(lambda: write_durably(target, body))

    def stat_file(self, path: str, info: Any) -> dict[str, Any]:
        return {}


class KeptImages(ImagesPipeline):
    """Scrapy's images pipeline with items that can't be changed, our politeness, and pictures left as they are."""

    def __init__(self, run: Run, crawler: Crawler, asker: Asker | None) -> None:
        self.run, self.asker = run, asker
        super().__init__(str(run.workspace.assets), crawler=crawler)
        self.most_bytes = crawler.settings.getint("BROADSHEET_IMAGE_BYTES", MOST_BYTES)
        self.most_pixels = crawler.settings.getint("BROADSHEET_IMAGE_PIXELS", MOST_PIXELS)
        self.why: dict[str, Failure] = {}
        """Address as it was asked → why it gave no picture; the last ones."""
        self.fails: Counter[str] = Counter()
        """Host → how often it failed since it gave a picture last."""
        self.open_spider()

    async def process_item(self, item: Verdict, spider: Any = None) -> Verdict:
        """The verdict with the files of its pictures. One whose failure may be a matter of time is asked three times.

        Raises Stopped where the run ended before all were asked.
        """
        info, source = self.spiderinfo, self.run.summary.sources[item.outcome.source]
        requests = {address: self.request(item, address) for address in item.pictures}
        for tried in range(1, TRIES + 1):
            done: Verdict = await super().process_item(item)
            for request in requests.values():  # Scrapy would hold what became of every picture of a run
                info.downloaded.pop(self._fingerprinter.fingerprint(request), None)
            again = [request for request in requests.values() if self.may_come(request.url)]
            if tried == TRIES or not again:
                break
            for request in again:
                del self.why[request.url]
            await asyncio.sleep(BACKOFF * 2 ** (tried - 1))
        kept = dict(done.image_files)
        for address in (address for address in requests if address not in kept):
            why = self.why.get(requests[address].url)
            reason = why.reason if why else "it can't be had"
            source.images_failed.append((address, reason))
            logger.info("%s: the picture %s is not kept: %s", item.outcome.url, address, reason)
        source.images += len(kept)
        return done

    def may_come(self, url: str) -> bool:
        """Whether a picture is worth another try in this run: not on a host that gives none at all."""
        why = self.why.get(url)
        return why is not None and why.again == "soon" and self.fails[host_of(url)] < MOST_FAILS

    def _get_store(self, uri: str) -> AssetStore:  # type: ignore[override]
        return AssetStore(self.run)

    def recipe_of(self, item: Verdict) -> Recipe:
        return self.run.recipes[item.outcome.source]

    def get_media_requests(self, item: Verdict, info: Any) -> list[Request]:
        return [self.request(item, address) for address in item.pictures]

    def request(self, item: Verdict, address: str) -> Request:
        request = request_for(self.recipe_of(item), address, download_maxsize=self.most_bytes)
        request.headers["Accept"] = "image/avif,image/webp,image/*;q=0.9,*/*;q=0.1"
        return request

    async def media_to_download(  # type: ignore[override]  # Scrapy awaits whatever comes (2.19, pipelines/media.py)
        self, request: Request, info: Any, *, item: Any = None
    ) -> dict[str, Any] | None:
        """What was kept earlier, or failed in this run, is not asked again; else the host's turn is waited for."""
        url = request.url
        if url in self.why:
            return {"url": url, "path": "", "checksum": None, "status": "failed"}

        def known() -> str:
            with self.run.store.begin() as transaction:
                file = transaction.images.at([url]).get(url, "")
            return file if file and (self.run.workspace.assets / file).is_file() else ""

        if file := await self.run.in_store(known):
            return {"url": url, "path": file, "checksum": None, "status": "uptodate"}
        try:
            await self.turn(item, url)
        except Stopped:
            return {"url": url, "path": "", "checksum": None, "status": STOPPED}
        except HostRests as error:
            self.why[url] = Failure(error.problem, "next run")
            return {"url": url, "path": "", "checksum": None, "status": "resting"}
        return None

    async def turn(self, item: Verdict, url: str) -> None:
        if self.asker is not None:
            await self.asker.turn(item.outcome.source, url)

    async def media_downloaded(self, response: Response, request: Request, info: Any, *, item: Any = None) -> Any:
        for _ in range(MOST_HOPS):
            target = redirect_target(response)
            if not target:
                break
            await self.turn(item, target)
            response = await self.crawler.engine.download_async(self.request(item, target))
        if failure := failure_of(response):
            if failure.retry_after and self.asker is not None:
                await self.asker.rest(response.url, failure.retry_after)
            raise PictureFailed(failure)
        opened(response.body, self.most_pixels)
        done = await super().media_downloaded(response, request, info, item=item)

        def keep() -> None:
            with self.run.store.begin() as transaction:
                transaction.images.put(request.url, done["path"])

        await self.run.in_store(keep)
        self.fails.pop(host_of(request.url), None)
        return done

    def media_failed(self, failure: TwistedFailure, request: Request, info: Any) -> None:  # type: ignore[override]
        """Noted, and no more: a picture that can't be had costs nothing but itself. Giving None tells Scrapy that there is none."""
        error = failure.value or RuntimeError(str(failure))
        self.why[request.url] = why_of(error)
        if len(self.why) > MOST_REMEMBERED:
            del self.why[next(iter(self.why))]
        self.fails[host_of(request.url)] += 1

    def get_images(self, response: Response, request: Request, info: Any, *, item: Any = None) -> Iterator[tuple[str, Any, BytesIO]]:
        """The picture as it came: nothing is decoded, turned into JPEG or made smaller."""
        picture = opened(response.body, self.most_pixels)
        yield self.file_path(request, response, info, item=item), picture, BytesIO(response.body)

    def file_path(self, request: Request, response: Response | None = None, info: Any = None, *, item: Any = None) -> str:
        assert response is not None
        return asset_name(response.body, EXTENSIONS[opened(response.body, self.most_pixels).format])

    def item_completed(self, results: Sequence[tuple[bool, Any]], item: Verdict, info: Any) -> Verdict:
        """The verdict with the files of its pictures. Raises Stopped where the run ended before all were asked."""
        files = []
        for address, (done, file) in zip(item.pictures, results, strict=True):
            url = self.request(item, address).url
            if done and file and file["path"]:
                files.append((address, file["path"]))
            elif (done and file and file["status"] == STOPPED) or (url in self.why and self.why[url].reason == STOPPED):
                raise Stopped
            elif url not in self.why:
                self.why[url] = Failure(str(getattr(file, "value", file)), "next run")
        return replace(item, image_files=tuple(files))


def why_of(error: BaseException) -> Failure:
    """Why there is no picture."""
    if isinstance(error, Stopped):
        return Failure(STOPPED, "later")
    if isinstance(error, PictureFailed):
        return error.failure
    return Failure(str(error), "later") if isinstance(error, PictureRefused) else failure_from(error)
