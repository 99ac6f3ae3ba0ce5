"""The command's subcommands by name: each lies in a module that is loaded when it is asked for, so that `--help` loads none."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from crawler.cli.loading import loading


class Entry(NamedTuple):
    modules: str
    """Under crawler.cli; importing them registers the command with the app."""
    line: str
    """The first lines of its docstring, for the list of commands."""


COMMANDS = {
    "crawl": Entry("crawl", "Crawl sources: new articles become documents, changed feeds are written."),
    "add": Entry("add", "Look at a site and make a source of it: its best way in, its sections, its articles' addresses, recorded pages."),
    "extract": Entry("extract", "Turn a page into an article: title, authors, dates, language, picture, clean body."),
    "feeds": Entry("feeds", "Write the feeds that an article entered or changed in since they were last built."),
    "serve": Entry("serve", "Serve the feeds, the front page, documents and kept pictures, until Ctrl+C."),
    "init": Entry("init", "Make a new workspace: settings, a folder for recipes, an example. Nothing that is there already is touched."),
    "sources": Entry(
        "sources", "List the sources of the workspace, their sections and state, and the shipped ones that can be crawled by name."
    ),
    "pause": Entry("housekeeping", "Let sources rest: no crawl asks them until they are resumed. Their articles and feeds stay."),
    "resume": Entry("housekeeping", "Have sources crawled again."),
    "rename": Entry("housekeeping", "Give a source another id. Its articles keep theirs, so no reader gets one twice."),
    "record": Entry("recordings", "Keep pages of a source, with the article that its recipe makes of each now: its tests from then on."),
    "test": Entry("recordings", "Make articles of all recorded pages again, offline, and show what came out otherwise, field by field."),
    "preview": Entry(
        "preview",
        "Show a page with the parts outlined that were taken, beside the document that came out, and where each field came from.",
    ),
    "remove": Entry(
        "upkeep",
        "Take articles down for good: document, pictures, revisions, kept pages and feed entries go, and no later crawl brings them back.",
    ),
    "history": Entry("upkeep", "List an article's earlier revisions, oldest first."),
    "rebuild": Entry("upkeep", "Make store, index and feeds again from the documents, broadsheet.yaml and sources/."),
    "doctor": Entry("doctor", "Check store, documents, index, feeds and kept pages against each other, and mend what can be mended."),
    "prune": Entry(
        "prune",
        "Make room: kept pages, earlier revisions and records of runs that are older than a limit go, and the oldest beyond a size.",
    ),
    "import": Entry("subscriptions", "Take over what another program knows."),
    "export": Entry("subscriptions export", "Give what is known to another program."),
    "schema": Entry("schema", "Print the JSON Schema of recipes, or of the lines of the index."),
}


class Commands(TyperGroup):
    """The group of all commands. In a list each is its name and line; the one that is run, or asked for its help, is loaded."""

    def __init__(self, *, commands: dict[str, Any], **settings: Any) -> None:
        """`commands`: those that were loaded."""
        super().__init__(commands={name: TyperCommand(name, help=entry.line) for name, entry in COMMANDS.items()} | commands, **settings)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(str(command.name)) if command is not None else None, rest


def load(name: str) -> Any:
    """The command itself, as its modules register it with the app."""
    from crawler.cli.app import app

    with loading():
        for module in COMMANDS[name].modules.split():
            import_module(f"crawler.cli.{module}")
    return get_group(app).commands[name]
