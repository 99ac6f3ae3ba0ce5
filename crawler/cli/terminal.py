"""How the command speaks: aligned lines, one colour with a meaning (red: do something), nothing a page could smuggle in."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from crawler.errors import BroadsheetError


def out() -> Console:
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def plain(text: str) -> str:
    """Text of a page or a file fit for a terminal: no control characters, no bidirectional overrides."""
    return "".join(
        " " if character in "\n\t" else "�" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") else character
        for character in text
    )


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


def number(count: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`, `12,345 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
