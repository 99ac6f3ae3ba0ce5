"""`broadsheet feeds`: writes the feeds again."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, opened_store, workspace
from crawler.cli.report import left_out_of_feeds
from crawler.cli.terminal import number, out, plain, show_problems
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.run import documents_of


@app.command()
def feeds(
    everything: Annotated[bool, typer.Option("--all", help="Every feed from the documents, not only those that are stale.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Publish sources, too, whose known articles came back under other ids: readers get them as new.")
    ] = False,
) -> None:
    """Write the feeds that an article entered or changed in since they were last built.

    A change of the settings or of a recipe's names is noticed by itself: then the feeds that it concerns are written again.

    Examples:

        broadsheet -C news feeds

        broadsheet -C news feeds --all          after files were deleted or edited by hand

        broadsheet -C news feeds --force        after a site moved its articles and they are to be read again
    """
    place = workspace()
    with opened_store(place) as store:
        report = publish_feeds(store, documents_of(place), place, everything=everything, force=force)
    console = out()
    deleted = f", {number(len(report.deleted), 'file')} deleted" if report.deleted else ""
    console.print(
        Text(f"{number(len(report.written), 'file')} written, {report.unchanged:,} unchanged{deleted}   {place.shown(place.feeds)}/")
    )
    for line in left_out_of_feeds(place):
        console.print(line)
    for name in report.waiting:
        console.print(Text(f"{plain(name)}: a crawl is under way and publishes its new articles at its end"))
    show_problems(map(str, report.problems), console)
