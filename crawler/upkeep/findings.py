"""What was found wrong with a workspace, in plain words, and who mends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Part = Literal["sources", "store", "documents", "pictures", "index", "feeds", "kept pages", "disk"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    part: Part
    subject: str
    """A path, as a person sees it, or an address."""
    problem: str
    repair: str = ""
    """What is done about it; empty: only a person can."""
    to_do: str = ""
    """What a person has to do."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
