"""Recipes that are only an address: what their sites offer is found out once, before the run, and kept."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.discovery.found import Discovery
from crawler.discovery.writing import as_yaml, recipe_of
from crawler.errors import BroadsheetError
from crawler.files import write_durably
from crawler.recipes import Recipe, Source, find_sources
from crawler.recipes.inferred import MARK, inferred_path, needs_inference
from crawler.store import Store
from crawler.workspace import Workspace

LONGEST = 300.0
"""Seconds that one look may take."""
UNSAID = frozenset({"id", "url", "use", "sections"})
"""Keys of a recipe that the inferred one says itself, or that lead to files beside it."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """What came of a recipe that was only an address."""

    source: str
    told: str
    """For a person: what was found, and where it is kept; or why nothing was."""
    failed: bool = False


def infer_missing(place: Workspace, names: Iterable[str], now: datetime) -> list[Inferred]:
    """Looks at the sites of those of these sources that say nothing of where their articles are; keeps what was found.

    Each look has a process of its own, as Twisted's reactor starts once in one.
    """
    catalogue = find_sources(place.sources)
    known = [source for name in names if (source := catalogue.sources.get(name)) is not None]
    wanted = [source for source in known if source.ref.kind == "recipe" and needs_inference(source.recipe)]
    return [infer(place, source, now) for source in wanted]


def infer(place: Workspace, source: Source, now: datetime) -> Inferred:
    context = multiprocessing.get_context("spawn")
    answer, sender = context.Pipe(duplex=False)
    process = context.Process(target=look_and_keep, args=(sender, place, source.recipe, source.ref.path, now), daemon=True)
    process.start()
    sender.close()
    try:
        if not answer.poll(LONGEST):
            return Inferred(source.recipe.id, f"looking at {source.recipe.url} took more than {LONGEST:.0f} s", failed=True)
        told, failed = answer.recv()
    except EOFError:
        return Inferred(source.recipe.id, f"looking at {source.recipe.url} failed", failed=True)
    finally:
        process.kill()
        process.join()
    return Inferred(source.recipe.id, told, failed=failed)


def look_and_keep(answer: Any, place: Workspace, recipe: Recipe, path: str, now: datetime) -> None:
    """In a process of its own: looks at a site, writes what was found, and says what that was."""
    from crawler.spiders.looking import look_at

    store = Store(place.store_url)
    try:
        delay = place.settings.delay if recipe.delay is None else recipe.delay
        found = look_at([recipe], store, now, user_agent=place.sent_as, delay=delay, name_id=False)
        kept = keep(found, recipe, Path(path), now)
        answer.send((f"inferred from its address: {in_words(found)} (kept in {place.shown(kept)})", False))
    except BroadsheetError as error:
        answer.send((error.problem, True))
    finally:
        store.close()


def keep(found: Discovery, recipe: Recipe, path: Path, now: datetime) -> Path:
    """Writes what was found; all that the recipe says itself goes before it."""
    said = recipe.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_defaults=True)
    given = {key: value for key, value in said.items() if key not in UNSAID}
    made = recipe_of(found, recipe.id, now=now, given={"url": recipe.url, **given})
    head = f"Inferred on {now.date().isoformat()} for {path.name}, which is only an address. Delete this file to have it inferred again."
    kept = inferred_path(path, recipe.id)
    write_durably(kept, (as_yaml(made, head).replace("\n", f"\n{MARK}{recipe.fingerprint()}\n", 1)).encode())
    return kept


def in_words(found: Discovery) -> str:
    """`news sitemap, 48 articles, 3 sections`."""
    best = next(way for way in found.ways if way.chosen)
    parts = [best.kind, f"{len(best.links):,} articles"]
    if found.sections:
        parts.append(f"{len(found.sections)} section{'s' if len(found.sections) > 1 else ''}")
    if found.unproved:
        parts.append(f"unproved: {found.unproved}")
    return ", ".join(parts)
