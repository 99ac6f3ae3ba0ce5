"""How the command speaks: aligned lines, one colour with a meaning (red: do something), nothing a page could smuggle in."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from crawler.errors import BroadsheetError
from crawler.shown import number, plain, plain_lines, size, to_json

__all__ = ["err", "number", "out", "padded", "plain", "say_data", "say_error", "size", "to_json"]


def out() -> Console:
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say_data(text: str) -> None:
    """A page's own text on stdout: to another program as it is, to a terminal made plain."""
    sys.stdout.write((plain_lines(text) if sys.stdout.isatty() else text) + "\n")


def padded(text: str, width: int) -> str:
    """Text on so many columns, wide characters counted as two; longer text is cut with an ellipsis."""
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…"


def say_error(error: BroadsheetError) -> None:
    """What went wrong on stderr: one line, or a few where several mistakes are told."""
    lines = str(error).splitlines() or [type(error).__name__]
    err().print(Text.assemble(("✗ ", "red"), plain(lines[0])))
    for line in lines[1:]:
        err().print(Text("  " + plain(line)))


def show_problems(problems: Iterable[str], console: Console | None = None) -> None:
    """What went wrong, each in a line; without a console on stdout."""
    for problem in problems:
        (console or out()).print(Text.assemble(("✗ ", "red"), plain(problem)))
