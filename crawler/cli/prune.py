"""`broadsheet prune`: room is made, by age and size."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import STOPPED, app, opened_store, workspace
from crawler.cli.terminal import err, number, out, show_problems, size, to_json
from crawler.errors import WorkspaceError
from crawler.pipelines.run import documents_of
from crawler.upkeep.limits import Limit, limit_of
from crawler.upkeep.prune import Pruned, Pruner
from crawler.workspace import Workspace


@app.command()
def prune(
    pages: Annotated[str, typer.Option("--pages", metavar="LIMIT", help="Of kept pages: 90d, 2GB, or '90d 2GB'.")] = "",
    revisions: Annotated[str, typer.Option("--revisions", metavar="LIMIT", help="Of earlier revisions, likewise.")] = "",
    runs: Annotated[str, typer.Option("--runs", metavar="LIMIT", help="Of the records of runs: 180d, 1000, or '180d 1000'.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Nothing but what went wrong (for cron).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What went, as JSON on stdout.")] = False,
) -> None:
    """Make room: kept pages, earlier revisions and records of runs that are older than a limit go, and the oldest beyond a size.

    What no option names is as broadsheet.yaml says under `prune`. Documents, feeds, index and pictures that they show are never touched.

    Examples:

        broadsheet -C news prune --pages 90d --revisions '52w 500MB'

        broadsheet -C news prune -q       # from cron, by what broadsheet.yaml says

    Exit codes: 0 done, 2 nothing says what may go, 3 a run holds a source, of which nothing went.
    """
    place = workspace()
    limits = limits_of(place, {"pages": pages, "revisions": revisions, "runs": runs})
    with opened_store(place) as store:
        done = Pruner(store, documents_of(place), place, dry_run).prune(limits)
    if as_json:
        typer.echo(to_json(asdict(done) | {"bytes": done.bytes}))
    elif not quiet:
        show(done, dry_run)
    show_problems([*done.problems, *(f"{name}: another run holds it; nothing of it went" for name in done.busy)], err())
    if done.busy:
        raise typer.Exit(STOPPED)


def limits_of(place: Workspace, given: dict[str, str]) -> dict[str, Limit]:
    """The options' word, else the settings'. Raises WorkspaceError where neither names one."""
    found = {}
    for name, text in given.items():
        setting = "" if text else getattr(place.settings.prune, name)
        limit = limit_of(text or setting, f"prune: {name}" if setting else f"--{name}", counted=name == "runs")
        if limit is not None:
            found[name] = limit
    if not found:
        raise WorkspaceError("prune", "nothing says what may go; name it, as in --pages 90d, or under `prune` in broadsheet.yaml")
    return found


def show(done: Pruned, dry_run: bool) -> None:
    words = [
        number(done.pages.count, "kept fetch", "kept fetches"),
        number(done.revisions.count, "revision"),
        number(done.runs.count, "run"),
    ]
    words += [number(done.pictures.count, "picture")] if done.pictures.count else []
    out().print(Text(f"{'would go' if dry_run else 'gone'}      {' · '.join(words)}   {size(done.bytes)}"))
