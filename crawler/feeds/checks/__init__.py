"""Whether a feed's bytes may be published: well-formed, whole, no id twice. What fails here is never written. Pure."""

from __future__ import annotations

from crawler.feeds.checks.atom import atom_faults
from crawler.feeds.checks.json import json_faults
from crawler.feeds.checks.rss import rss_faults

__all__ = ["CHECKS", "atom_faults", "faults", "json_faults", "rss_faults"]

CHECKS = {"rss": rss_faults, "atom": atom_faults, "json": json_faults}


def faults(suffix: str, content: bytes) -> list[str]:
    """What is wrong with a feed in one of the three formats, in plain words; empty where nothing is."""
    return list(CHECKS[suffix](content))
