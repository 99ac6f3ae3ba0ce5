"""`broadsheet crawl`: the main job."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import WRONG_USE, app, debugging, workspace
from crawler.cli.loading import loading
from crawler.cli.progress import Progress
from crawler.cli.report import show_summary
from crawler.cli.stopping import Stopping
from crawler.cli.terminal import say_error, to_json
from crawler.clock import run_start
from crawler.errors import BroadsheetError, UnknownSource
from crawler.recipes import Catalogue, Recipe, find_sources
from crawler.recipes.environment import check_environment
from crawler.recipes.inferred import needs_inference
from crawler.workspace import Workspace

if TYPE_CHECKING:
    from crawler.spiders.inferring import Inferred


@app.command()
def crawl(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources by id; none: all of the workspace.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="New articles in the whole run, at most.")] = None,
    settings: Annotated[list[str] | None, typer.Option("-s", metavar="NAME=VALUE", help="A Scrapy setting.")] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Nothing but what went wrong (for cron).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON on stdout.")] = False,
    profile: Annotated[
        str, typer.Option("--profile", metavar="NAME", help="Write documents for: hexo, hugo, jekyll, eleventy, obsidian, plain.")
    ] = "",
) -> None:
    """Crawl sources: new articles become documents, changed feeds are written.

    Examples:

        broadsheet crawl demo                   the embedded demo newspaper

        broadsheet -C news crawl                all sources of the workspace news/

        broadsheet -C news crawl guancha --limit 20

        broadsheet -C news crawl -q             from cron: silent when all is well

    Exit codes: 0 done, 1 a source gave no readable list, 2 wrong use, 3 stopped early and can go on or another run holds the source.
    """
    stopping = Stopping()
    place = workspace()
    if profile:
        place = Workspace(place.root, place.settings.model_copy(update={"profile": profile}))
    catalogue = find_sources(place.sources)
    recipes, problems = chosen(catalogue, names or [])
    for problem in problems:
        say_error(problem)
    if not recipes:
        raise typer.Exit(WRONG_USE)
    inferred = infer_first(place, recipes)
    if inferred:
        catalogue = find_sources(place.sources)
        recipes = {name: catalogue.get(name).recipe for name in recipes}
    quietly = quiet or as_json
    summary = run(place, catalogue, recipes, stopping, limit=limit, settings=settings or [], quiet=quietly, inferred=inferred)
    if as_json:
        typer.echo(to_json(summary.as_json()))
    show_summary(summary, place, recipes, quiet=quietly)
    stopping.done()
    raise typer.Exit(summary.exit_code or (WRONG_USE if problems else 0))


def chosen(catalogue: Catalogue, names: list[str]) -> tuple[dict[str, Recipe], list[BroadsheetError]]:
    """The recipes to crawl, and what is wrong with the others: one mistake never stops the rest."""
    problems: list[BroadsheetError] = []
    if not names:
        problems += catalogue.errors
        names = list(catalogue.sources)
        if not catalogue.sources and not problems:
            problems.append(
                UnknownSource("", "there are no sources here yet; try: broadsheet crawl demo, or make a workspace: broadsheet init news")
            )
    recipes = {}
    for name in dict.fromkeys(names):
        try:
            recipe = catalogue.get(name).recipe
            check_environment(recipe)
            recipes[name] = recipe
        except BroadsheetError as error:
            problems.append(error)
    return recipes, problems


def infer_first(place: Workspace, recipes: Mapping[str, Recipe]) -> list[Inferred]:
    """What is found out of recipes that are only an address, before the run; nothing of others, nor of paused ones."""
    asked = [name for name, recipe in recipes.items() if needs_inference(recipe) and name not in place.settings.paused]
    if not asked:
        return []
    from crawler.spiders.inferring import infer_missing

    return infer_missing(place, asked, run_start())


def run(
    place: Workspace,
    catalogue: Catalogue,
    recipes: dict[str, Recipe],
    stopping: Stopping,
    *,
    limit: int | None,
    settings: list[str],
    quiet: bool,
    inferred: Sequence[Inferred] = (),
) -> Any:
    """One Scrapy process over all these sources; gives its RunSummary."""
    from crawler.pipelines.run import open_run

    given = {"LOG_LEVEL": "DEBUG" if debugging() else "ERROR", "USER_AGENT": place.sent_as}
    for pair in settings:
        name, mark, value = pair.partition("=")
        if not mark or not name:
            raise BroadsheetError(f"-s {pair}", "NAME=VALUE is expected, for example -s LOG_LEVEL=INFO")
        given[name] = value
    opened = open_run(place, recipes, run_start(), limit=limit)
    for one in inferred:
        opened.tell_inferred(one.source, one.told, failed=one.failed)
    if not opened.plans:
        opened.abandon()
        return opened.summary
    with loading():
        from scrapy.crawler import AsyncCrawlerProcess
        from scrapy.settings import Settings

        from crawler.spiders.spider import NewsSpider

    all_settings = Settings()
    all_settings.setmodule("crawler.settings", priority="project")
    all_settings.setdict(given, priority="cmdline")
    process = AsyncCrawlerProcess(all_settings)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    with Progress(opened, shown=not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"):
        crawling = process.crawl(NewsSpider, run=opened, catalogue=catalogue)
        stopping.gently = partial(in_reactor, opened.stop)
        process.start(install_signal_handlers=False)
    if crawling.done() and not crawling.cancelled() and (error := crawling.exception()) is not None:
        raise error
    return opened.summary


def in_reactor(call: Callable[[], None]) -> None:
    """Has the event loop call it: a signal handler may have interrupted anything."""
    from twisted.internet import reactor

    reactor.callFromThread(call)
