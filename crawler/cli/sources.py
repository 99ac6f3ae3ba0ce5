"""`broadsheet sources`: what is crawled, and how it stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

import typer
from rich.text import Text

from crawler.cli.app import WRONG_USE, app, workspace
from crawler.cli.terminal import out, padded, plain, say_error, to_json
from crawler.recipes import Source, find_sources
from crawler.store import Store


@app.command()
def sources(as_json: Annotated[bool, typer.Option("--json", help="As JSON on stdout.")] = False) -> None:
    """List the sources of the workspace, their sections and state, and the shipped ones that can be crawled by name.

    Example:

        broadsheet -C news sources
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    known = place.settings.store or (place.own / "store.sqlite").exists()
    store = Store(place.store_url) if known else None
    try:
        paused = place.settings.paused
        rows = [about(source, store, paused, shipped=False) for source in catalogue.sources.values()]
        rows += [about(source, store, paused, shipped=True) for name, source in catalogue.shipped.items() if name not in catalogue.sources]
    finally:
        if store is not None:
            store.close()
    if as_json:
        typer.echo(to_json(rows))
    else:
        show(rows)
    for error in catalogue.errors:
        say_error(error)
    if catalogue.errors:
        raise typer.Exit(WRONG_USE)


def about(source: Source, store: Store | None, paused: Collection[str], *, shipped: bool) -> dict[str, Any]:
    """A source with what the store knows of it."""
    recipe = source.recipe
    row: dict[str, Any] = {
        "id": recipe.id,
        "name": recipe.title,
        "url": recipe.url,
        "sections": [{"id": section.id, "name": section.title} for section in recipe.sections],
        "shipped": shipped,
        "paused": recipe.id in paused,
        "articles": 0,
        "failed": 0,
        "waiting": 0,
        "last_run": "",
    }
    if store is not None:
        with store.begin() as transaction:
            states = transaction.pages.states(recipe.id)
            row["articles"] = transaction.entries.counts().get(recipe.id, 0)
            row["failed"] = states.get(("article", "failed"), 0)
            row["waiting"] = states.get(("article", "queued"), 0) + states.get(("article", "leased"), 0)
            last = transaction.runs.last_of(recipe.id)
            row["last_run"] = last[0] if last else ""
    return row


def show(rows: list[dict[str, Any]]) -> None:
    console = out()
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        state = f"{row['articles']:,} articles"
        if row["waiting"]:
            state += f" · {row['waiting']:,} waiting"
        if row["failed"]:
            state += f" · {row['failed']:,} failed"
        if not row["last_run"]:
            state = "shipped, runs when named" if row["shipped"] else "never crawled"
        if row["paused"]:
            state += " · paused"
        console.print(
            Text(f"{padded(row['id'], width)}   {padded(plain(row['name']), 28)}   {padded(state, 36)}   {row['last_run']}".rstrip())
        )
        sections = ", ".join(f"{section['id']} ({plain(section['name'])})" for section in row["sections"])
        if sections:
            console.print(Text(f"{'':{width}}   {sections}", style="dim"))
