"""Sources as Scrapy spiders: `scrapy list` shows them, `scrapy crawl guancha` runs one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.errors import UnknownSource
from crawler.recipes import find_sources
from crawler.spiders.spider import NewsSpider
from crawler.urls import same_site

logger = logging.getLogger(__name__)


class SourceLoader:
    """Makes a spider class of each source: the workspace's and the shipped ones."""

    def __init__(self, settings: BaseSettings) -> None:
        self.catalogue = find_sources(Path(settings.get("BROADSHEET_WORKSPACE") or ".") / "sources")
        for error in self.catalogue.errors:
            logger.error("%s", error)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SourceLoader:
        return cls(settings)

    def load(self, spider_name: str) -> type[NewsSpider]:
        """The spider of a source. Raises KeyError, as Scrapy expects, saying what there is."""
        try:
            self.catalogue.get(spider_name)
        except UnknownSource as error:
            raise KeyError(str(error)) from None
        return spider_for(spider_name)

    def list(self) -> Sequence[str]:
        return sorted({*self.catalogue.sources, *self.catalogue.shipped})

    def find_by_request(self, request: Request) -> Sequence[str]:
        known = {**self.catalogue.shipped, **self.catalogue.sources}
        return sorted(name for name, source in known.items() if same_site(source.recipe.url, request.url))


def spider_for(source: str) -> type[NewsSpider]:
    """The one spider, bound to one source."""
    return type("NewsSpider_" + source.replace("-", "_"), (NewsSpider,), {"name": source, "source_id": source})
