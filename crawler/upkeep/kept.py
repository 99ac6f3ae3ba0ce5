"""Kept pages against the store: each record that it knows lies in its file, and each file is known."""

from __future__ import annotations

from crawler.pipelines.keeping import SUFFIX, Keeper
from crawler.shown import number
from crawler.store import Store
from crawler.upkeep.findings import Finding
from crawler.workspace import Workspace


def look_at_kept_pages(store: Store, workspace: Workspace, *, repairing: bool) -> list[Finding]:
    """What the store knows of kept pages otherwise than their files; these are read again then. Raises StoreError, OSError."""
    keeper = Keeper(store, workspace.pages)
    found = []
    with store.read() as transaction:
        known = {source: transaction.kept.files(source) for source in transaction.kept.sources()}
    for source in sorted({*known, *keeper.sources()}):
        wrong = False
        for file in known.get(source, []):
            path = workspace.pages / source / file
            with store.read() as transaction:
                last = transaction.kept.in_file(source, file)[-1]
            there = path.stat().st_size if path.is_file() else -1
            if there >= last.offset + last.length:
                continue
            problem = "is gone" if there < 0 else "is cut off: the store knows of more in it"
            found.append(Finding("kept pages", workspace.shown(path), problem, "the store knows what is left"))
            wrong = True
            if repairing:
                with store.begin() as transaction:
                    transaction.kept.forget_file(source, file)
        unknown = [path for path in (workspace.pages / source).glob(f"*{SUFFIX}") if path.name not in known.get(source, [])]
        count = keeper.find_again(source) if repairing and (wrong or unknown) else 0
        if unknown and (count or not repairing):
            told = f"holds {number(count, 'fetch', 'fetches')} that the store does not know" if repairing else "is not known to the store"
            found.append(Finding("kept pages", workspace.shown(unknown[0]), told, "the store learns it from the file"))
    return found
