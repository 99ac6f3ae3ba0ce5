"""What the demo newspaper is called, where it is known, and which sections it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

HOST = "demo.broadsheet.example"
ADDRESS = f"http://{HOST}/"
PRINTED = datetime(2026, 3, 31, 16, tzinfo=UTC)
"""When its one edition was finished: the Last-Modified of all it serves."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the newspaper, and the list pages that show its stories."""

    id: str
    name: str
    language: str
    pages: tuple[str, ...]
    """Paths of its list pages, in order."""
    first_page: int
    """How many stories the first of them shows; the last one shows the rest."""


SECTIONS = {
    "city": Section("city", "City", "en", ("/city/", "/city/page/2/"), 10),
    "world": Section("world", "世界", "zh-CN", ("/world/list_1.html", "/world/list_2.html"), 8),
}
