"""`broadsheet feeds`: writes the feeds again."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, workspace
from crawler.cli.terminal import number, out, plain
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.run import documents_of
from crawler.store import Store


@app.command()
def feeds(
    everything: Annotated[bool, typer.Option("--all", help="Every feed from the documents, not only those that are stale.")] = False,
) -> None:
    """Write the feeds that an article entered or changed in since they were last built.

    Examples:

        broadsheet -C news feeds

        broadsheet -C news feeds --all          after a change of title or base_url in broadsheet.yaml
    """
    place = workspace()
    store = Store(place.store_url)
    try:
        report = publish_feeds(store, documents_of(place), place, everything=everything)
    finally:
        store.close()
    console = out()
    console.print(Text(f"{number(len(report.written), 'file')} written, {report.unchanged:,} unchanged   {place.shown(place.feeds)}/"))
    for problem in report.problems:
        console.print(Text.assemble(("✗ ", "red"), plain(str(problem))))
