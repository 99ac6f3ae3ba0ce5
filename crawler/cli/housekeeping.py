"""`broadsheet pause`, `resume`, `rename`: sources that rest, or go by another id."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, opened_store, workspace
from crawler.cli.terminal import number, out, plain, show_problems
from crawler.pipelines.renaming import check, rename
from crawler.pipelines.run import documents_of
from crawler.recipes import find_sources
from crawler.workspace import Workspace, change_settings

Names = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Sources by id.")]


@app.command()
def pause(names: Names) -> None:
    """Let sources rest: no crawl asks them until they are resumed. Their articles and feeds stay.

    What is paused stands in broadsheet.yaml, under `paused`.

    Example:

        broadsheet -C news pause example
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    for name in names:
        if name not in catalogue.broken:
            catalogue.get(name)
    set_paused(place, sorted({*place.settings.paused, *names}))
    for name in names:
        out().print(Text(f"paused    {name}"))


@app.command()
def resume(names: Names) -> None:
    """Have sources crawled again.

    Example:

        broadsheet -C news resume example
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    for name in names:
        if name not in place.settings.paused:
            catalogue.get(name)
            out().print(Text(f"{name} was not paused"))
    set_paused(place, [name for name in place.settings.paused if name not in names])
    for name in names:
        if name in place.settings.paused:
            out().print(Text(f"resumed   {name}"))


def set_paused(place: Workspace, names: list[str]) -> None:
    def change(settings: dict[str, object]) -> None:
        if names:
            settings["paused"] = names
        else:
            settings.pop("paused", None)

    change_settings(place, change)


@app.command(name="rename")
def rename_source(
    old: Annotated[str, typer.Argument(metavar="SOURCE", help="A source by its id.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its id from now on: lower-case letters, digits, - and _.")],
) -> None:
    """Give a source another id. Its articles keep theirs, so no reader gets one twice.

    Recipe, documents, feeds, index and what is kept move to the new name. `broadsheet serve` sends readers of the old feeds to the new ones
    (`moved` in broadsheet.yaml); where files are served by another program, it has to be told. Documents have other paths afterwards.

    Example:

        broadsheet -C news rename example example-news
    """
    place = workspace()
    documents = documents_of(place)
    check(place, old, new)
    with opened_store(place, alone=True) as store:
        done = rename(store, documents, place, old, new)
    console = out()
    console.print(Text(f"renamed   {old} → {new}   {number(done.documents, 'document')} moved to {place.shown(place.documents / new)}/"))
    if done.left:
        folder = place.shown(place.documents / old)
        console.print(Text(f"{number(done.left, 'file')} that Broadsheet did not write stay in {plain(folder)}/"))
    show_problems(done.problems)
