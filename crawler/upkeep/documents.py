"""Store and documents against each other: every document is read once, and what it says is what the store has to know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from crawler.documents import Documents
from crawler.documents.index import index_line, index_path
from crawler.documents.sealing import present_hash
from crawler.entry import Entry
from crawler.errors import DocumentError
from crawler.pipelines.marks import note_entries
from crawler.pipelines.missing import entries_of, fetch_again, page_of, row_of
from crawler.pipelines.revisions import Removal, note_removal
from crawler.pipelines.taking_down import all_removals, take_down
from crawler.rebuild import keys_of, known_from
from crawler.store import KnownEntry, Store
from crawler.upkeep.findings import Finding
from crawler.workspace import Workspace

MEND = "mend it; or delete it and run doctor again, then its page is fetched anew"
GROUP = 200  # documents that are compared with one look into the store
END = b"</div>"
# what the store has of an entry that its document says too, and how a person calls it
SAID = {
    "path": "path",
    "source": "source",
    "url": "address",
    "also_at": "other addresses",
    "first_seen": "first_seen",
    "published": "date",
    "title_key": "headline",
    "day": "day",
    "sections": "sections",
    "categories": "categories",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Where a document stands in the index."""

    file: str
    digest: bytes
    """Of its line."""
    content_hash: str


@dataclass(slots=True)
class Survey:
    """What all documents say, as far as the later checks need it."""

    findings: list[Finding] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    """guid → path."""
    lines: dict[str, dict[str, Line]] = field(default_factory=dict)
    """Source → guid → the line that the index should have."""
    unreadable: set[str] = field(default_factory=set)
    """Paths."""
    edited: int = 0
    """Documents that somebody edited by hand."""
    others: int = 0
    """Files among them that are no documents of ours."""
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """A document that could be read."""

    path: str
    entry: Entry


@dataclass(slots=True)
class Surveyor:
    """Reads all documents of a workspace and compares them with its store. Nobody else may use the workspace meanwhile."""

    store: Store
    documents: Documents
    workspace: Workspace
    zones: Mapping[str, str]
    """Source → its IANA zone."""
    unsure: frozenset[str]
    """Sources whose zone is not known: their recipes are broken."""
    repairing: bool
    survey: Survey = field(default_factory=Survey)
    removed: dict[str, Removal] = field(init=False)

    def __post_init__(self) -> None:
        broken: list[str] = []
        self.removed = {one.guid: one for one in all_removals(self.workspace, broken)}
        for line in broken:
            subject, _, problem = line.partition(": ")
            self.find(subject.removeprefix(f"{self.workspace.root}/"), problem, to_do="mend the line, or take the article down again")

    def look(self) -> Survey:
        """All of it. Raises StoreError, OSError."""
        reading = self.read_all()
        while group := list(islice(reading, GROUP)):
            self.compare(group)
            self.look_for_pictures(group)
        self.look_for_lost()
        return self.survey

    def find(self, subject: str, problem: str, *, repair: str = "", to_do: str = "") -> None:
        self.survey.findings.append(Finding("documents", subject, problem, repair, to_do))

    def shown(self, path: str) -> str:
        return self.workspace.shown(self.documents.root / path)

    def read_all(self) -> Iterator[Read]:
        for found in self.documents.paths():
            if isinstance(found, DocumentError):
                self.find(found.subject, found.problem, to_do="give it to the user who runs this, or a name that is UTF-8")
                continue
            try:
                content = self.documents.content(found)
                self.survey.bytes += len(content)
                entry = self.documents.decode(content, found)
            except DocumentError as error:
                self.not_read(found, error)
                continue
            if not self.documents.intact(content):
                self.survey.edited += 1
                if is_cut_off(content, self.documents.encode(entry)):
                    self.find(self.shown(found), "ends before its body does: it was cut off", to_do=MEND)
            if self.is_new(found, entry):
                self.survey.paths[entry.guid] = found
                if entry.source not in self.unsure:
                    line = self.line(entry, content)
                    self.survey.lines.setdefault(entry.source, {})[entry.guid] = line
                yield Read(found, entry)

    def not_read(self, path: str, error: DocumentError) -> None:
        self.survey.unreadable.add(path)
        with self.store.read() as transaction:
            known = transaction.entries.at_path(path)
        if known or self.documents.is_ours(path):
            self.find(self.shown(path), f"can't be read: {error.problem}", to_do=MEND)
        else:
            self.survey.others += 1

    def is_new(self, path: str, entry: Entry) -> bool:
        """Whether this is the first document of its article, and lies where it belongs."""
        twin = self.survey.paths.get(entry.guid)
        if twin is not None:
            self.find(self.shown(path), f"is the same article as {self.shown(twin)}: both have {entry.guid}", to_do="delete one of the two")
        elif path.partition("/")[0] != entry.source:
            to_do = f"move it to {self.shown(entry.source)}/; a source is renamed with: broadsheet rename"
            self.find(self.shown(path), f"is a document of {entry.source}, in the folder of another source", to_do=to_do)
        return twin is None

    def line(self, entry: Entry, content: bytes) -> Line:
        hashed = present_hash(content)
        text = index_line(entry, hashed)
        return Line(index_path(entry, self.zones.get(entry.source, "")), digest_of(text), hashed)

    def compare(self, group: Sequence[Read]) -> None:
        with self.store.read() as transaction:
            known = {read.entry.guid: transaction.entries.by_guid(read.entry.guid) for read in group}
        learnt: list[tuple[Entry, KnownEntry | None]] = []
        for read in group:
            entry, there = read.entry, known[read.entry.guid]
            if read.entry.guid in self.removed:
                self.find(self.shown(read.path), "was taken down, and is there all the same", repair="taken down again")
                if self.repairing:
                    gone = there or self.said(entry)
                    take_down(self.store, self.documents, self.workspace, replace(gone, path=read.path))
                self.survey.lines.get(entry.source, {}).pop(entry.guid, None)
                continue
            if difference := self.difference(read, there):
                self.find(self.shown(read.path), difference, repair="the store learns it from the document")
                learnt.append((entry, there))
        if learnt and self.repairing:
            self.learn(learnt)

    def said(self, entry: Entry) -> KnownEntry:
        """What the store has to know of a document."""
        return known_from(entry, self.zones.get(entry.source, ""))

    def difference(self, read: Read, there: KnownEntry | None) -> str:
        """What the store knows otherwise than the document says, in plain words; "" where that is nothing."""
        if there is None:
            return "is a document that the store does not know"
        if not there.written:
            return "is a document that the store takes for one that is not there"
        said = self.said(read.entry)
        unsure = {"day"} if read.entry.source in self.unsure else set()
        others = [word for name, word in SAID.items() if name not in unsure and getattr(said, name) != getattr(there, name)]
        return f"the store has another {', '.join(others)} than the document" if others else ""

    def learn(self, learnt: Sequence[tuple[Entry, KnownEntry | None]]) -> None:
        with self.store.begin() as transaction:
            for entry, there in learnt:
                said = self.said(entry)
                known = replace(said, rank=there.rank, run=there.run) if there else said
                if there and there.source != known.source:
                    transaction.entries.mark_stale(there.source, there.sections)
                transaction.entries.put(known, keys_of(known))
                transaction.entries.mark_stale(known.source, there.sections if there else ())
                note_entries(transaction, [known])
                transaction.images.used(known.guid, entry.image_files.values())

    def look_for_lost(self) -> None:
        """What the store knows and no document says."""
        with self.store.read() as transaction:
            sources = transaction.entries.sources(with_removed=True)
        for source in sources:
            lost = []
            for known in entries_of(self.store, source):
                if known.removed and known.guid not in self.removed:
                    self.note_again(known)
                if known.written and known.guid not in self.survey.paths and known.path not in self.survey.unreadable:
                    repair = "its page is fetched again by the next crawl; to have it gone for good: broadsheet remove"
                    self.find(self.shown(known.path), f"is gone: the document of {known.url}", repair=repair)
                    lost.append(known)
            if lost and self.repairing:
                fetch_again(self.store, lost)

    def note_again(self, known: KnownEntry) -> None:
        """An article that the store alone keeps away: after a rebuild nobody would."""
        if known.guid in self.survey.paths:
            return  # its line was deleted so that it comes back
        where = self.workspace.shown(self.workspace.own / "removed" / f"{known.source}.ndjson")
        self.find(where, f"lacks {known.url}, which was taken down", repair="its line is written again")
        if self.repairing:
            with self.store.read() as transaction:
                places = transaction.places.of(known.guid)
            note_removal(self.workspace.own, known, places)

    def look_for_pictures(self, group: Sequence[Read]) -> None:
        """Kept pictures that documents show and the disk does not have."""
        for read in group:
            missing = sorted({name for name in read.entry.image_files.values() if not (self.workspace.assets / name).is_file()})
            if not missing or read.entry.guid in self.removed:
                continue
            more = f", as {len(missing) - 1} more are" if len(missing) > 1 else ""
            problem = f"is gone{more}; {self.shown(read.path)} shows it"
            repair = "its page is read again by the next crawl, which keeps it anew"
            self.survey.findings.append(Finding("pictures", self.workspace.shown(self.workspace.assets / missing[0]), problem, repair))
            if self.repairing:
                look_again(self.store, self.said(read.entry))


def digest_of(line: str) -> bytes:
    """What stands for an index line while all are compared: a million lines would fill the memory."""
    return hashlib.sha256(line.encode()).digest()[:16]


def is_cut_off(content: bytes, whole: bytes) -> bool:
    """Whether a document that is not as it was written lacks the end that the body of every document has in its profile."""
    return whole.rstrip().endswith(END) and not content.rstrip().endswith(END)


def look_again(store: Store, known: KnownEntry) -> None:
    """The article is looked at by the next crawl, whatever its site says of changes."""
    anew = {"next_try": 0.0, "hops": 0, "attempts": 0, "look_at": 0.0, "etag": "", "last_modified": "", "fingerprint": ""}
    with store.begin() as transaction:
        if row := row_of(transaction, known):
            transaction.pages.change(row.id, state="queued", looks=max(row.looks, 1), **anew)
        else:
            transaction.pages.add([replace(page_of(known), looks=1)])
