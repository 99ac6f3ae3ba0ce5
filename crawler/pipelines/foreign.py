"""The run behind a Scrapy crawler: our own spider brings one, another project's gets one made for its spider's name."""

from __future__ import annotations

import re
from pathlib import Path
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.clock import run_start
from crawler.pipelines.run import Run, open_run
from crawler.recipes import Recipe, find_sources
from crawler.workspace import open_workspace

_runs: WeakKeyDictionary[Crawler, Run] = WeakKeyDictionary()


def run_of(crawler: Crawler) -> Run:
    """The run of this crawler. Raises BroadsheetError where workspace or store can't be opened."""
    brought = getattr(crawler.spider, "run", None)
    if isinstance(brought, Run):
        return brought
    if crawler not in _runs:
        _runs[crawler] = run = foreign_run(crawler)
        crawler.signals.connect(run.close, signal=signals.spider_closed, weak=False)
    return _runs[crawler]


def foreign_run(crawler: Crawler) -> Run:
    """A run for another project's spider: its name is the source's id, a recipe of that id in the workspace speaks for it."""
    assert crawler.spider is not None
    name = crawler.spider.name
    workspace = open_workspace(Path(crawler.settings.get("BROADSHEET_WORKSPACE") or "."))
    own = find_sources(workspace.sources).sources.get(name)
    source = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "spider"
    domains = getattr(crawler.spider, "allowed_domains", None) or [f"{source}.invalid"]
    recipe = own.recipe if own else Recipe(id=source, name=name, url=f"http://{domains[0]}/")
    return open_run(workspace, {recipe.id: recipe}, run_start(), leasing=False)
