"""The feeds against the documents: all are built as they should be now, and compared with the files that are there. Nothing is written."""

from __future__ import annotations

from crawler.documents import Documents
from crawler.feeds import PagesAt, Part, publish
from crawler.pipelines.pictures import kept_pictures
from crawler.pipelines.publishing import StoreMembership, StorePlaces, feed_settings, publish_feeds
from crawler.pipelines.remembering import KnownSources, own_feeds
from crawler.store import Store
from crawler.upkeep.findings import Finding
from crawler.workspace import Workspace

REPAIR = "it is written again from the documents"


class PlacesGiven(StorePlaces):
    """Places in archives as they were given; none is given now."""

    def give(self, feed: str, part: Part, *, whole: bool) -> None:
        return None


def due_feeds(store: Store) -> list[Finding]:
    """Feeds that a run or command had still to write when it was cut off. Raises StoreError."""
    with store.read() as transaction:
        due = {source for source, _ in transaction.entries.stale()} | transaction.publications.changed_sources()
    who = ", ".join(sorted(due - {""})) or "the list of all feeds"
    return [Finding("feeds", who, "its feeds are not written yet: a run or command was cut off", "they are written now")] if due else []


def look_at_feeds(store: Store, documents: Documents, workspace: Workspace, *, repairing: bool) -> list[Finding]:
    """What feeds and pages say otherwise than documents, recipes and settings do. What is due already is written first.

    Raises StoreError, OSError.
    """
    if repairing:
        publish_feeds(store, documents, workspace)
    elif due_feeds(store):
        return []  # what else is wrong can't be told from what is due
    wrong = compared(store, documents, workspace)
    if repairing and any(finding.repair for finding in wrong):
        publish_feeds(store, documents, workspace, everything=True)
    return wrong


def compared(store: Store, documents: Documents, workspace: Workspace) -> list[Finding]:
    with store.read() as transaction:
        held = transaction.publications.held_sources()
        names = transaction.entries.sources()
        came = transaction.entries.with_articles(names)
    sources = KnownSources(store, workspace, {}, came, set(names) - came)
    own, problems = own_feeds(workspace, sources.sections)
    report = publish(
        None,
        sources=sources,
        membership=StoreMembership(store),
        read_document=documents.read,
        folder=workspace.feeds,
        settings=feed_settings(workspace),
        custom=own,
        places=PlacesGiven(store),
        kept=kept_pictures(workspace),
        pages=PagesAt(workspace.output, workspace.documents),
        held=dict.fromkeys(held, ""),
        looking=True,
    )
    found = [Finding("feeds", one.feed, one.reason, to_do="mend it in broadsheet.yaml, under own_feeds") for one in problems]
    flood = "its known articles came back under other ids: its feeds are held back"
    found += [Finding("feeds", name, flood, to_do="if they are to be read as new ones: broadsheet feeds --force") for name in held]
    found += [
        Finding("feeds", workspace.shown(path), "is not what the documents say" if path.exists() else "is missing", REPAIR)
        for path in report.written
    ]
    found += [Finding("feeds", workspace.shown(path), "is a feed that no article is in", "it is deleted") for path in report.deleted]
    faults = [one for one in report.problems if one.reason.startswith("not published as ")]
    return found + [Finding("feeds", one.feed, one.reason, to_do="mend what it names; its last good file stays") for one in faults]
