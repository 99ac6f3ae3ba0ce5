"""Before a document is written its guid, path and first_seen stand in the store: a kill in between changes none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.article import Moment, zulu
from crawler.documents import Documents, content_hash, document_path
from crawler.entry import JOINED, Entry
from crawler.errors import DocumentError
from crawler.frontier import Plan
from crawler.frontier.queueing import in_order, placed
from crawler.outcome import Failure, Lease, Outcome
from crawler.pipelines.finding import Found, find_articles
from crawler.pipelines.identify import Sighting, merged
from crawler.pipelines.marks import note_entries
from crawler.pipelines.pictures import wanted
from crawler.pipelines.verdict import Verdict
from crawler.rebuild import keys_of, known_from
from crawler.recipes import Recipe
from crawler.store import KnownEntry, Transaction
from crawler.urls import address_key, canonical
from crawler.zones import day_in


@dataclass(slots=True)
class Reserver:
    """Reserves the entries of one group, and drafts the documents that have to be written for them."""

    documents: Documents
    plans: Mapping[str, Plan]
    run: int
    started: datetime
    drafts: dict[str, Entry] = field(default_factory=dict)
    """Path → what its document will hold."""
    touched: dict[str, KnownEntry] = field(default_factory=dict)
    """guid → the entry as it will be once its document is durable."""
    keys: dict[str, str] = field(default_factory=dict)
    """Address key → guid, of what this group adds."""
    fresh: set[str] = field(default_factory=set)
    """guids of articles that no document holds yet."""
    changed: set[str] = field(default_factory=set)
    """guids of articles that their site changed."""
    deleted: dict[str, KnownEntry] = field(default_factory=dict)
    """Path → entry of documents that go, since their site removed the article."""
    reserved: dict[str, tuple[KnownEntry, tuple[str, ...]]] = field(default_factory=dict)
    """guid → the entry with its address keys, as it is reserved in the store."""

    def reserve_all(self, transaction: Transaction, verdicts: Sequence[Verdict]) -> list[list[KnownEntry]]:
        """Reserves a group in the order in which it is given; for each verdict the entries that it touches."""
        found = find_articles(transaction, verdicts, self.plans)
        touched = [self.reserve(transaction, verdict, found.get(place)) for place, verdict in enumerate(verdicts)]
        transaction.entries.put_all(self.reserved.values())
        return touched

    def reserve(self, transaction: Transaction, verdict: Verdict, found: Found | None) -> list[KnownEntry]:
        """What is to stand in the store before the document is written. Gives the entries that the verdict touches."""
        outcome = verdict.outcome
        if found is not None:
            return [self._reserve_article(transaction, verdict, found)]
        if outcome.moved_to:
            return self._reserve_move(transaction, outcome)
        if outcome.unchanged and outcome.lease and verdict.image_files:
            return self._reserve_pictures(transaction, outcome.lease, dict(verdict.image_files))
        if outcome.lease and outcome.lease.looks and is_gone(verdict.failure):
            return self._reserve_gone(transaction, outcome.lease)
        return self._reserve_sections(transaction, outcome) if outcome.listings else []

    def _reserve_article(self, transaction: Transaction, verdict: Verdict, found: Found) -> KnownEntry:
        lease, seen, sections = verdict.outcome.lease, found.seen, found.sections
        recipe = self.plans[verdict.outcome.source].recipe
        rank = lease.rank if lease else 0
        known = self._known(verdict.guid, found) or self._on_disk(transaction, seen, recipe)
        if known is not None:
            sections = in_order(recipe, (*known.sections, *sections))
        if known is not None and known.removed:
            return known
        if known is not None and known.written and lease and lease.looks and rank == known.rank:
            return self._revise(known, seen, merged(known, seen, sections), lease)
        if known is not None and not self._speaks(known, rank):
            return self._with_what_is_new(known, merged(known, seen, sections))
        entry = self._entry(known, seen, sections, recipe)
        reserved = KnownEntry(
            guid=entry.guid,
            source=entry.source,
            path=entry.path,
            url=entry.article.url,
            first_seen=zulu(entry.first_seen),
            published=entry.published.zulu(),
            title_key=seen.title_key,
            day=seen.day,
            sections=entry.sections,
            also_at=entry.also_at,
            categories=entry.categories,
            written=False,
            rank=rank,
            run=self.run,
        )
        if known is None or not known.written:
            self.fresh.add(reserved.guid)
            earlier = self.reserved[reserved.guid][1] if reserved.guid in self.reserved else ()
            self.reserved[reserved.guid] = reserved, (*earlier, *seen.keys)
        self.drafts[entry.path] = entry
        return self._touch(reserved, seen.keys)

    def _known(self, guid: str, found: Found) -> KnownEntry | None:
        """The entry as this group leaves it so far, else as the store has it."""
        here = guid or next((self.keys[key] for key in found.seen.keys if key in self.keys), "")
        if here in self.touched:
            return self.touched[here]
        return self.touched.get(found.known.guid, found.known) if found.known else self.touched.get(found.seen.guid)

    def _on_disk(self, transaction: Transaction, seen: Sighting, recipe: Recipe) -> KnownEntry | None:
        """An article that the store does not know though its document is there: an older store was put back. It is learnt from there."""
        path = self._entry(None, seen, (), recipe).path
        if not self.documents.place(path).exists():
            return None
        try:
            there = self.documents.read(path)
        except DocumentError:
            return None
        if there.guid != seen.guid:
            return None
        known = known_from(there, recipe.zone)
        transaction.entries.put(known, keys_of(known))
        note_entries(transaction, [known])
        transaction.images.used(known.guid, there.image_files.values())
        return known

    def _touch(self, entry: KnownEntry, keys: Iterable[str]) -> KnownEntry:
        self.touched[entry.guid] = entry
        self.keys.update(dict.fromkeys(keys, entry.guid))
        return entry

    def _speaks(self, known: KnownEntry, rank: int) -> bool:
        """Whether this page is what the document is made of: of two pages of one article that one run reads, the one listed first.

        A run that was killed and begun again with the same `BROADSHEET_NOW` counts as one.
        """
        earlier = known.first_seen == zulu(self.started) and rank < known.rank
        return earlier if known.guid in self.touched else earlier or not known.written

    def _entry(self, known: KnownEntry | None, seen: Sighting, sections: tuple[str, ...], recipe: Recipe) -> Entry:
        also = {address for address in seen.addresses if address != seen.article.url} | set(known.also_at if known else ())
        names = [section.title for name in sections[:1] if (section := recipe.section(name))]
        moment = seen.article.published.at if seen.article.published else self.started
        return Entry(
            article=seen.article,
            guid=known.guid if known else seen.guid,
            source=seen.source,
            sections=sections,
            also_at=tuple(sorted(also - {seen.article.url})),
            first_seen=datetime.fromisoformat(known.first_seen) if known else self.started,
            path=known.path if known else document_path(seen.source, seen.article.title, seen.guid, day_in(Moment(moment), recipe.zone)),
            categories=tuple(name for name in (recipe.group, recipe.title, *names) if name),
            image_files=dict(seen.image_files),
        )

    def _revise(self, known: KnownEntry, seen: Sighting, more: KnownEntry, lease: Lease) -> KnownEntry:
        """A known article that was looked at again: where it changed, its document changes in place and the earlier one is kept."""
        touched = self._with_what_is_new(known, more)
        try:
            old = self.drafts.get(known.path) or self.documents.read(known.path)
        except (DocumentError, OSError):
            return touched
        article = replace(seen.article, url=old.article.url, published=old.article.published, date_from=old.article.date_from)
        files = {url: file for url, file in old.image_files.items() if url in wanted(article)} | dict(seen.image_files)
        article = replace(article, provenance=with_joined(replace(old, article=article), old.joined).article.provenance)
        new = replace(old, article=replace(article, updated=old.article.updated), image_files=files)
        if reread(self.documents, new) == reread(self.documents, old):
            self._with_pictures(known.path, old, files)
            return touched
        if self._was_written_so(new):
            return touched
        if lease.same_reader:  # else recipe or extractor changed, not the site: `updated` stays (FORMATS, "Times")
            page_says = article.updated if article.updated and article.updated.at > old.updated.at else Moment(self.started)
            new = replace(new, article=replace(article, updated=page_says))
        self.drafts[known.path] = new
        self.changed.add(known.guid)
        return self._touch(touched, keys_of(touched))

    def _with_pictures(self, path: str, entry: Entry, files: Mapping[str, str]) -> bool:
        """Drafts the document with pictures that could be had only now; nothing else of it moves. Gives whether there are any."""
        if set(files) <= set(entry.image_files):
            return False
        self.drafts[path] = replace(entry, image_files={**entry.image_files, **files})
        return True

    def _reserve_pictures(self, transaction: Transaction, lease: Lease, files: Mapping[str, str]) -> list[KnownEntry]:
        """An unchanged article of which pictures could be had only now."""
        guid = transaction.entries.guid_at(lease.source, [address_key(lease.url)]) or ""
        known = self.touched.get(guid) or (transaction.entries.by_guid(guid) if guid else None)
        if known is None or not known.written:
            return []
        try:
            entry = self.drafts.get(known.path) or self.documents.read(known.path)
        except DocumentError:
            return []
        return [self._touch(known, ())] if self._with_pictures(known.path, entry, files) else []

    def _was_written_so(self, entry: Entry) -> bool:
        """Whether a document that somebody edited held this before: then the site changed nothing."""
        try:
            content = self.documents.content(entry.path)
        except DocumentError:
            return False
        return not self.documents.intact(content) and content_hash(content) == content_hash(self.documents.encode(entry))

    def _reserve_gone(self, transaction: Transaction, lease: Lease) -> list[KnownEntry]:
        """An article that its site removed: marked in its document, or taken away with it, as the recipe says."""
        guid = transaction.entries.guid_at(lease.source, [address_key(lease.url), *map(address_key, lease.also)]) or ""
        known = self.touched.get(guid) or (transaction.entries.by_guid(guid) if guid else None)
        if known is None or not known.written:
            return []
        if self.plans[lease.source].recipe.gone == "delete":
            self.deleted[known.path] = known
            return [self._touch(replace(known, removed=True, written=False), keys_of(known))]
        try:
            entry = self.drafts.get(known.path) or self.documents.read(known.path)
        except (DocumentError, OSError):
            return [known]
        if "gone" not in entry.article.provenance:
            marked = {**entry.article.provenance, "gone": zulu(self.started)}
            self.drafts[known.path] = replace(entry, article=replace(entry.article, provenance=marked))
        return [self._touch(known, ())]

    def _reserve_move(self, transaction: Transaction, outcome: Outcome) -> list[KnownEntry]:
        """An address that redirects to a known article is one more address of it, and needs no further request."""
        lease = outcome.lease
        if lease is None or lease.kind != "article":
            return []
        key = address_key(outcome.moved_to)
        guid = self.keys.get(key) or transaction.entries.guid_at(lease.source, [key]) or ""
        known = self.touched.get(guid) or (transaction.entries.by_guid(guid) if guid else None)
        if known is None or not (known.written or guid in self.touched):
            return []
        recipe = self.plans[lease.source].recipe
        also = {canonical(address) for address in (*lease.also, lease.url)} - {known.url}
        sections = in_order(recipe, (*known.sections, *lease.sections))
        return [self._with_what_is_new(known, replace(known, sections=sections, also_at=tuple(sorted({*known.also_at, *also}))))]

    def _reserve_sections(self, transaction: Transaction, outcome: Outcome) -> list[KnownEntry]:
        """Known articles that a list shows in a section where they were not: their documents say so."""
        if outcome.lease is None:
            return []
        recipe = self.plans[outcome.source].recipe
        links = placed(outcome.lease, outcome.listings, recipe)
        guids = transaction.entries.guids_at(outcome.source, [link.key for link in links])
        changed = []
        for link in links:
            guid = guids.get(link.key) or self.keys.get(link.key, "")
            known = self.touched.get(guid) or (transaction.entries.by_guid(guid) if guid else None)
            if known is not None and known.written and not set(link.sections) <= set(known.sections):
                more = replace(known, sections=in_order(recipe, (*known.sections, *link.sections)))
                changed.append(self._with_what_is_new(known, more))
        return changed

    def _with_what_is_new(self, known: KnownEntry, more: KnownEntry) -> KnownEntry:
        """A known entry's document with more sections or addresses: nothing else of it is touched."""
        if more == known:
            return known
        try:
            entry = self.drafts.get(known.path) or self.documents.read(known.path)
        except (DocumentError, OSError):  # gone, or edited beyond reading: the store alone knows until the document is made again
            return self._touch(more, keys_of(more))
        late = {} if zulu(self.started) <= known.first_seen else dict.fromkeys(set(more.sections) - set(known.sections), zulu(self.started))
        entry = replace(entry, sections=more.sections, also_at=more.also_at)
        self.drafts[known.path] = with_joined(entry, {**entry.joined, **late})
        return self._touch(more, keys_of(more))


def with_joined(entry: Entry, joined: Mapping[str, str]) -> Entry:
    """The entry with when it joined sections later on: archives give places in that order, also after the store was lost."""
    if not joined:
        return entry
    return replace(entry, article=replace(entry.article, provenance={**entry.article.provenance, JOINED: dict(sorted(joined.items()))}))


def reread(documents: Documents, entry: Entry) -> tuple[object, ...]:
    """What makes an article another one when it changes (FORMATS, "Times"), as a document gives it back."""
    article = documents.profile.read(documents.profile.write(entry), entry.path).article
    return article.title, article.authors, article.body, article.image and article.image.url


def is_gone(failure: Failure | None) -> bool:
    """Whether the site says that it has the page no longer."""
    return failure is not None and failure.reason.startswith(("HTTP 404", "HTTP 410"))
