"""What a run settles before it begins: when it started, how it goes about each source, whether it can write where it has to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from crawler import extraction
from crawler.article import zulu
from crawler.clock import is_fixed
from crawler.documents import PROFILES, Documents, profile_of
from crawler.errors import DocumentError, WorkspaceError
from crawler.files import make_folder
from crawler.frontier import Plan
from crawler.pipelines.summary import RunSummary
from crawler.recipes import Recipe, first_addresses
from crawler.recipes.values import duration
from crawler.workspace import Workspace


def in_order(started: datetime, last: str, summary: RunSummary) -> datetime:
    """A run's start, never before the last one's: a clock that was put back would sort what is new among what readers have long had."""
    if is_fixed() or zulu(started) >= last:
        return started
    summary.notes.append(f"The clock stands at {zulu(started)}, before the last run's start; what is new counts as seen at {last}.")
    return datetime.fromisoformat(last)


def written_for_others(documents: Documents, sources: Iterable[str]) -> list[str]:
    """Shipped profiles other than the present one in which documents of these sources are written; the first of each is looked at."""
    found = set()
    for source in sources:
        with suppress(DocumentError):
            path = next((path for path in documents.paths(source) if isinstance(path, str)), "")
            name = profile_of(documents.content(path)) if path else ""
            found |= {name} - {"", documents.profile.name}
    return sorted(found) if documents.profile.name in PROFILES else []


def plan_for(workspace: Workspace, recipe: Recipe) -> Plan:
    """How a run goes about a source: the recipe's word, else the workspace's."""
    settings = workspace.settings
    return Plan(
        recipe=recipe,
        fingerprint=f"{recipe.fingerprint()}:{extraction.VERSION}",
        starts=tuple((section.id, way, url) for section in recipe.sections for way, url in first_addresses(section)),
        delay=settings.delay if recipe.delay is None else recipe.delay,
        budget=settings.budget if recipe.budget is None else recipe.budget,
        concurrency=recipe.concurrency or settings.concurrency,
        looks=looks_of(settings.look_again if recipe.look_again is None else recipe.look_again),
    )


def looks_of(durations: Sequence[str]) -> tuple[float, ...]:
    """Seconds after which a young article is looked at again. Raises WorkspaceError for what is no duration."""
    try:
        return tuple(sorted(duration(text).total_seconds() for text in durations))
    except ValueError as error:
        raise WorkspaceError("look_again", str(error)) from None


def check_writable(path: Path) -> None:
    """Raises WorkspaceError where a folder can't be made or written in."""
    try:
        make_folder(path)
    except OSError as error:
        raise WorkspaceError(
            str(path), f"can't be made ({error.strerror}); give it to the user who runs this, or name another folder"
        ) from None
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        raise WorkspaceError(str(path), "can't be written; give it to the user who runs this, or name another folder in broadsheet.yaml")
