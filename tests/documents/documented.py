"""Blocks of the documentation, so that tests try what it says."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(page: str, language: str, after: str = "") -> list[str]:
    """The fenced blocks of a page, in order; with `after` only those whose paragraph before them begins with that in backticks."""
    text = (DOCS / page).read_text("utf-8")
    pattern = re.compile(rf"(?:^|\n\n)((?:(?!\n\n)[\s\S])*)\n\n```{language}\n([\s\S]*?)```")
    found = [(match[1], match[2]) for match in pattern.finditer(text)]
    return [block for before, block in found if before.startswith(f"`{after}`")] if after else [block for _, block in found]
