"""Store, documents, index, feeds and kept pages looked at together: what is wrong is told, and what can be mended without a person is."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from crawler.documents import Documents
from crawler.errors import DamagedStore
from crawler.files import TEMPORARY, sweep
from crawler.frontier import SourceLock
from crawler.pipelines.indexing import index_changes
from crawler.pipelines.opening import held, put_aside, rebuild_all, unread
from crawler.pipelines.renaming import under_way
from crawler.pipelines.run import documents_of
from crawler.recipes import Catalogue, find_sources
from crawler.shown import number, size
from crawler.store import Store
from crawler.upkeep.disk import LITTLE, Use, disk_use, free_room
from crawler.upkeep.documents import Surveyor
from crawler.upkeep.feeds import due_feeds, look_at_feeds
from crawler.upkeep.findings import Finding
from crawler.upkeep.index import look_at_index
from crawler.upkeep.kept import look_at_kept_pages
from crawler.workspace import Workspace

FROM_DOCUMENTS = "it is made anew from the documents"


@dataclass(slots=True)
class Diagnosis:
    """What was found."""

    findings: list[Finding] = field(default_factory=list)
    articles: int = 0
    """Documents of articles that could be read."""
    edited: int = 0
    """Of those, edited by hand."""
    others: int = 0
    """Files among the documents that are none of ours: they are left alone."""
    waiting: int = 0
    """Articles that the next crawl fetches."""
    failed: int = 0
    """Articles that could not be had so far."""
    use: list[Use] = field(default_factory=list)
    free: int = 0
    """Bytes on the documents' disk."""
    whole: bool = True
    """Whether all was looked at: what was found first may stand in the way of the rest."""

    @property
    def left(self) -> list[Finding]:
        """What a person has to do."""
        return [finding for finding in self.findings if not finding.repair]


def examine(workspace: Workspace, *, repairing: bool) -> Diagnosis:
    """Looks at all of a workspace, and mends what can be mended; without `repairing` nothing is changed.

    No document is changed: what somebody wrote there is the truth. One that was taken down for good and is there again goes. Nobody else
    may use the workspace meanwhile. A store of an older version is brought up, as by whoever opens it.
    Raises SourceBusy where a run does, StoreError, WorkspaceError, OSError.
    """
    done = Diagnosis()
    with ExitStack() as stack:
        lock = held(workspace, alone=True, patience=0.0)
        stack.callback(lock.release)
        catalogue = find_sources(workspace.sources)
        documents = documents_of(workspace)
        look_at_sources(workspace, catalogue, done)
        look_for_torn_files(workspace, done, repairing=repairing)
        store = sound_store(workspace, documents, done, repairing=repairing)
        if store is not None:
            stack.callback(store.close)
            for name in sorted({*catalogue.sources, *catalogue.shipped}) if workspace.settings.store else ():
                stack.callback(SourceLock(workspace.locks, name, store).release)  # runs on other machines
            if under_way(workspace) is None:
                look(workspace, store, documents, catalogue, done, repairing=repairing)
            else:
                done.whole = False
        look_at_disk(workspace, store, done)
    return done


def look_at_sources(workspace: Workspace, catalogue: Catalogue, done: Diagnosis) -> None:
    if names := under_way(workspace):
        old, new = names
        to_do = f"finish it: broadsheet rename {old} {new}"
        done.findings.append(Finding("sources", old, f"it was being renamed to {new}, and that was cut off", to_do=to_do))
    for error in catalogue.errors:
        subject = error.subject.removeprefix(f"{workspace.root}/")
        done.findings.append(Finding("sources", subject, error.problem, to_do="mend the recipe; its articles stay as they are"))


def look_for_torn_files(workspace: Workspace, done: Diagnosis, *, repairing: bool) -> None:
    """Temporary files that kills left behind."""
    folders = {workspace.output, workspace.documents, workspace.feeds, workspace.assets, workspace.own}
    for folder in sorted(folder for folder in folders if folders.isdisjoint(folder.parents)):
        left = [path for path in folder.rglob(f"{TEMPORARY}*") if path.is_file()] if folder.is_dir() else []
        if left:
            problem = f"has {number(len(left), 'unfinished file')} of a run that was killed"
            done.findings.append(Finding("disk", workspace.shown(folder), problem, "deleted"))
        if left and repairing:
            sweep(folder)


def sound_store(workspace: Workspace, documents: Documents, done: Diagnosis, *, repairing: bool) -> Store | None:
    """The store, as soon as it is one and knows what documents there are; None where it is not."""
    subject = "the store" if workspace.settings.store else workspace.shown(workspace.own / "store.sqlite")
    there = bool(workspace.settings.store) or (workspace.own / "store.sqlite").exists()
    if not there and next(documents.paths(), None) is None:
        return None  # nothing was crawled yet
    try:
        store = Store(workspace.store_url) if there or repairing else None
        faults = store.faults() if store is not None else []
    except DamagedStore as error:
        store, faults = None, [error.problem]
    if faults:
        done.findings.append(Finding("store", subject, f"is damaged: {faults[0]}", f"it is set aside, and {FROM_DOCUMENTS}"))
        if store is not None:
            store.close()
        if not repairing:
            done.whole = False
            return None
        put_aside(workspace)
        store = Store(workspace.store_url)
    if store is None or unread(store):
        if not faults:
            done.findings.append(Finding("store", subject, "does not know what documents there are", FROM_DOCUMENTS))
        if not repairing:
            done.whole = False
            if store is not None:
                store.close()
            return None
        assert store is not None
        rebuild_all(store, documents, workspace)
    return store


def look(workspace: Workspace, store: Store, documents: Documents, catalogue: Catalogue, done: Diagnosis, *, repairing: bool) -> None:
    unsure = frozenset(catalogue.broken)
    due = due_feeds(store)
    survey = Surveyor(store, documents, workspace, catalogue.zones, unsure, repairing).look()
    done.articles, done.edited, done.others = len(survey.paths), survey.edited, survey.others
    done.findings += survey.findings
    done.findings += look_at_index(store, workspace, survey, unsure, repairing=repairing)
    if repairing:
        index_changes(store, documents, workspace)
    done.findings += due
    done.findings += look_at_feeds(store, documents, workspace, repairing=repairing)
    done.findings += look_at_kept_pages(store, workspace, repairing=repairing)
    with store.read() as transaction:
        done.waiting, done.failed = transaction.pages.waiting_and_failed()


def look_at_disk(workspace: Workspace, store: Store | None, done: Diagnosis) -> None:
    own = sum(path.stat().st_size for path in workspace.own.glob("store.sqlite*") if ".damaged" not in path.name)
    done.use = disk_use(workspace, store.room_taken() if store is not None else own)
    done.free = free_room(workspace.documents)
    for folder in dict.fromkeys((workspace.documents, workspace.own)):
        if (free := free_room(folder)) < LITTLE:
            to_do = "make room, for example with broadsheet prune; a crawl that finds the disk full ends, and loses nothing"
            done.findings.append(Finding("disk", workspace.shown(folder), f"only {size(free)} are free there", to_do=to_do))
            break
