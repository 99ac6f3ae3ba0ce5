"""The command's frame: its options, its subcommands, and errors as one line for a person."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from crawler import __version__
from crawler.cli.commands import Commands
from crawler.cli.terminal import err, plain, say_error, show_problems
from crawler.errors import BroadsheetError, SourceBusy, StoreError

if TYPE_CHECKING:
    from crawler.store import Store
    from crawler.workspace import Workspace

WRONG_USE, STOPPED = 2, 3
app = typer.Typer(
    name="broadsheet",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_chosen: dict[str, Path | bool] = {"folder": Path(), "debug": False}


def show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"broadsheet {__version__}")
        raise typer.Exit


@app.callback()
def options(
    folder: Annotated[Path, typer.Option("-C", metavar="DIR", help="The workspace: a folder with broadsheet.yaml, sources/.")] = Path(),
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and Scrapy's log.")] = False,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=show_version, help="Print the version and leave.")] = False,
) -> None:
    """Crawls news sites and turns what they publish into front-matter documents and feeds.

    `broadsheet crawl demo` crawls the embedded demo newspaper; `broadsheet init news` makes a workspace of your own.
    """
    _chosen.update(folder=folder, debug=debug)


def workspace() -> Workspace:
    """The workspace that `-C` chose. Raises WorkspaceError."""
    from crawler.workspace import open_workspace

    return open_workspace(Path(str(_chosen["folder"])))


def folder() -> Path:
    return Path(str(_chosen["folder"]))


def debugging() -> bool:
    return bool(_chosen["debug"])


@contextmanager
def opened_store(place: Workspace, *, alone: bool = False) -> Iterator[Store]:
    """The workspace's store, for as long as a command needs it; what had to be done to it is told on stderr.

    `alone`: while no run and no other command uses it. Raises StoreError, SourceBusy.
    """
    from crawler.pipelines.opening import open_store
    from crawler.pipelines.run import documents_of

    opened = open_store(place, documents_of(place), alone=alone)
    show_problems(opened.problems, err())
    for note in opened.notes:
        err().print(Text(plain(note)))
    try:
        yield opened.store
    finally:
        opened.store.close()


def main() -> None:
    """Runs the command; its exit codes: FORMATS, "Exit codes"."""
    try:
        app()
    except BroadsheetError as error:
        if debugging():
            traceback.print_exc()
        say_error(error)
        sys.exit(STOPPED if isinstance(error, StoreError | SourceBusy) else WRONG_USE)
    except BrokenPipeError:  # `broadsheet extract … | head`
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if debugging():
            traceback.print_exc()
        say_error(BroadsheetError(str(error.filename or ""), (error.strerror or str(error)).lower()))
        sys.exit(STOPPED)
