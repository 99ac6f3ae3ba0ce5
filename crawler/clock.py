"""The run's time: the one clock for all that reaches output. Delays and leases take the real clock instead."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from crawler.errors import WorkspaceError

VARIABLE = "BROADSHEET_NOW"


def is_fixed(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether `BROADSHEET_NOW` says when the run starts, and not the machine's clock."""
    return bool(environ.get(VARIABLE, "").strip())


def run_start(environ: Mapping[str, str] = os.environ) -> datetime:
    """When this run started, cut to seconds; `BROADSHEET_NOW` (ISO 8601 with an offset) fixes it.

    Raises WorkspaceError where that variable holds anything else.
    """
    fixed = environ.get(VARIABLE, "").strip()
    if not fixed:
        return datetime.now(UTC).replace(microsecond=0)
    at: datetime | None = None
    try:
        at = datetime.fromisoformat(fixed)
    except ValueError:
        pass
    if at is None or at.tzinfo is None:
        raise WorkspaceError(VARIABLE, f"{fixed!r} is no ISO time with an offset; write it as 2026-01-31T06:00:00Z")
    return at.astimezone(UTC).replace(microsecond=0)
