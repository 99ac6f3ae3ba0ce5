"""The end of a page: documents durable first, then their pages done, in one transaction a group."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.documents import Documents
from crawler.fetching.answers import MOST_HOPS
from crawler.frontier import LONGEST_WAIT, Frontier, Plan
from crawler.frontier.queueing import as_remembered, in_order, placed, queue_articles, queue_further, remembered
from crawler.outcome import Failure, Lease, Outcome
from crawler.pipelines.filtering import left_out_by_list
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.marks import Marks
from crawler.pipelines.missing import Ground
from crawler.pipelines.reserve import Reserver
from crawler.pipelines.revisions import keep_revisions, note_removal
from crawler.pipelines.verdict import Verdict
from crawler.store import KnownEntry, Store, Transaction
from crawler.store.hosts import LONGEST_REST
from crawler.store.kept import KeptRow
from crawler.urls import address_key, canonical, host_of

TRIES = 3  # of one page in one run
BACKOFF = 2.0  # seconds before the second try, doubled for the third
DAY = 86400.0


@dataclass(slots=True)
class Settled:
    """What became of one verdict, for the summary."""

    source: str
    kind: str
    """`new`, `known`, `list`, `unchanged`, `moved`, `failed`, `again`, `conflict`, `left out`."""
    url: str
    reason: str = ""
    waiting: int | None = None
    """After a list: how many articles of the source wait or are in hand."""


@dataclass(slots=True)
class Settler:
    """Settles groups of verdicts. It blocks on disk and store: call it from the store's thread."""

    store: Store
    documents: Documents
    plans: dict[str, Plan]
    run: int
    started: datetime
    own: Path
    """The workspace's own folder: earlier revisions, lists of what was taken down."""
    frontier: Frontier | None = None
    """None in a foreign Scrapy project: there nothing is leased."""
    keeper: Keeper | None = None
    forget: Callable[[KnownEntry], None] = lambda known: None
    """Deletes what else is kept of an article: its pictures, pages and revisions."""
    keep_pages: bool = False
    """Of a recipe that doesn't say."""
    stopping: bool = False
    chance: random.Random = field(default_factory=random.Random)
    ground: Ground = field(init=False)

    def __post_init__(self) -> None:
        self.ground = Ground(self.documents.root)

    def settle(self, verdicts: Sequence[Verdict]) -> list[Settled]:
        """One group. Raises OSError or StoreError where nothing of it could be kept: its leases stay, and are void in the next run."""
        reserver = Reserver(self.documents, self.plans, self.run, self.started)
        # redirects last: one may lead to an article of this very group
        order = sorted(range(len(verdicts)), key=lambda place: bool(verdicts[place].outcome.moved_to))
        with self.store.begin() as transaction:
            touched = reserver.reserve_all(transaction, [verdicts[place] for place in order])
        reserved = dict(zip(order, touched, strict=True))
        kept = self._kept(verdicts, reserved, reserver)
        keep_revisions(self.documents, self.own, [reserver.touched[guid].path for guid in reserver.changed])
        sources = {entry.source for entry in reserver.drafts.values()}
        self.ground.check(sources)
        written = self.documents.write(list(reserver.drafts.values()))
        self.ground.check(sources)  # one that vanished meanwhile was made anew by the write
        for path, known in reserver.deleted.items():
            with self.store.begin() as transaction:
                places = transaction.places.of(known.guid)
            note_removal(self.own, known, places)
            self.forget(known)
            self.documents.delete(path)
        conflicts = {done.path: done.reason for done in written if done.kind == "conflict"}
        with self.store.begin() as transaction:
            marks = Marks(reserver.reserved)
            settled_at = {place: self._commit(transaction, verdicts[place], reserved[place], reserver, conflicts, marks) for place in order}
            marks.write(transaction)
            for row in kept:
                transaction.kept.put(row)
            done = [settled_at[place] for place in range(len(verdicts))]
            for settled in done:
                if settled.kind in ("list", "unchanged"):
                    settled.waiting = transaction.pages.waiting_articles(settled.source)
            return done

    def _kept(self, verdicts: Sequence[Verdict], reserved: Mapping[int, Sequence[KnownEntry]], reserver: Reserver) -> list[KeptRow]:
        """Keeps the pages of which documents are made in this group, durably, before the documents."""
        if self.keeper is None:
            return []
        fetched = []
        for place, verdict in enumerate(verdicts):
            outcome, entries = verdict.outcome, reserved[place]
            recipe = self.plans[outcome.source].recipe
            wished = self.keep_pages if recipe.keep_pages is None else recipe.keep_pages
            if not wished or verdict.failure or outcome.article is None or not outcome.pages or not entries:
                continue
            known = entries[0]
            if known.path in reserver.drafts and (outcome.lease is None or known.rank == outcome.lease.rank):
                fetched.append((known.guid, outcome.source, outcome.pages))
        return self.keeper.keep(fetched)

    def _commit(
        self,
        transaction: Transaction,
        verdict: Verdict,
        entries: Sequence[KnownEntry],
        reserver: Reserver,
        conflicts: dict[str, str],
        marks: Marks,
    ) -> Settled:
        outcome, lease = verdict.outcome, verdict.outcome.lease
        if self.frontier is not None and lease is not None:
            self.frontier.heard(host_of(outcome.url), silent=verdict.failure is not None and verdict.failure.silent)
        for known in entries:
            marks.entries.append(known if known.removed else replace(known, written=True))
            if draft := reserver.drafts.get(known.path):
                marks.pictures[known.guid] = draft.image_files.values()
        if verdict.failure is None and outcome.article is not None:
            return self._article_done(marks, verdict, entries[0], reserver, conflicts)
        marks.write(transaction)  # what follows reads what came before it
        if verdict.failure is not None and entries and lease is not None:
            self._done(transaction, lease, look_at=0.0)
            return Settled(outcome.source, "gone", outcome.url)
        if verdict.failure is not None and verdict.failure.again == "new recipe":
            return self._left_out(transaction, outcome, verdict.failure)
        if verdict.failure is not None:
            return self._failed(transaction, outcome, verdict.failure)
        if outcome.unchanged and lease is not None and lease.kind == "article":
            self._done(transaction, lease, look_at=self._look_after(transaction, lease))
            return Settled(outcome.source, "looked", outcome.url)
        if outcome.moved_to and lease is not None:
            return self._moved(transaction, outcome, lease, entries)
        assert lease is not None
        return self._list_done(transaction, outcome, lease)

    def _article_done(self, marks: Marks, verdict: Verdict, known: KnownEntry, reserver: Reserver, conflicts: dict[str, str]) -> Settled:
        outcome, lease = verdict.outcome, verdict.outcome.lease
        if lease is not None:
            validators = outcome.validators
            values = {"etag": validators.etag, "last_modified": validators.last_modified, "look_at": self._next_look(known, lease)}
            fingerprint = self.plans[outcome.source].fingerprint
            marks.pages.append((lease.page_id, self._as_done(fingerprint=fingerprint, **values)))
        if known.path in conflicts:
            reason = f"{known.path}: {conflicts[known.path]}; the new version lies in .broadsheet/conflicts"
            return Settled(outcome.source, "conflict", outcome.url, reason)
        if known.guid in reserver.changed:
            return Settled(outcome.source, "changed", outcome.url)
        if known.guid not in reserver.fresh:
            return Settled(outcome.source, "looked" if lease and lease.looks else "known", outcome.url)
        reserver.fresh.discard(known.guid)
        return Settled(outcome.source, "new", outcome.url)

    def _look_after(self, transaction: Transaction, lease: Lease) -> float:
        """When a page that brought nothing this time is looked at again."""
        guid = transaction.entries.guid_at(lease.source, [address_key(lease.url)])
        known = transaction.entries.by_guid(guid) if guid else None
        return self._next_look(known, lease) if known else 0.0

    def _next_look(self, known: KnownEntry, lease: Lease) -> float:
        """When the article is looked at again, seconds since 1970; 0: never. Only the page that it was made of is."""
        looks = self.plans[lease.source].looks
        if known.removed or known.rank != lease.rank or lease.looks >= len(looks):
            return 0.0
        earlier = looks[lease.looks - 1] if lease.looks else 0.0
        return time.time() + looks[lease.looks] - earlier

    def _list_done(self, transaction: Transaction, outcome: Outcome, lease: Lease) -> Settled:
        plan = self.plans[outcome.source]
        row = transaction.pages.get(lease.page_id)
        assert row is not None
        if outcome.unchanged:
            for one in row.links[1]:
                queue_further(transaction, lease, plan.recipe, [remembered(one)], self.run)
            self._done(transaction, lease)
            return Settled(outcome.source, "unchanged", outcome.url)
        links = [link for link in placed(lease, outcome.listings, plan.recipe) if not left_out_by_list(link, plan.recipe, self.started)]
        guids = transaction.entries.guids_at(outcome.source, [link.key for link in links])
        new = [link for link in links if link.key not in guids]
        left = queue_articles(transaction, outcome.source, new, plan.recipe, self.run)
        queue_further(transaction, lease, plan.recipe, outcome.listings, self.run)
        further = [one for read in outcome.listings for one in as_remembered(read)]
        problems = [f"{read.section}: {read.problem}" for read in outcome.listings if read.problem]
        if left:
            problems.append(f"{left:,} of its articles are left to a later run, so many wait already")
        values: dict[str, Any] = {
            "etag": outcome.validators.etag,
            "last_modified": outcome.validators.last_modified,
            "fingerprint": plan.fingerprint,
        }
        if problems:  # what could not be read whole is asked whole again
            values = {"etag": "", "last_modified": "", "fingerprint": ""}
        self._done(transaction, lease, reason="; ".join(problems), links=[[link.key for link in links], further], **values)
        return Settled(outcome.source, "list", outcome.url, "; ".join(problems))

    def _moved(self, transaction: Transaction, outcome: Outcome, lease: Lease, entries: Sequence[KnownEntry]) -> Settled:
        """A redirect: its target's turn comes; an address that is known already needs no request."""
        target = canonical(outcome.moved_to)
        key = address_key(target)
        also = tuple(dict.fromkeys((*lease.also, lease.url)))
        if lease.hops + 1 > MOST_HOPS or target in also or target == lease.url:
            return self._failed(transaction, outcome, Failure(f"redirects in a circle or more than {MOST_HOPS} times", "later"))
        if entries:
            self._done(transaction, lease)
            return Settled(outcome.source, "known", outcome.url)
        if lease.kind == "article":
            twin = transaction.pages.at(lease.source, "article", key)
            if twin is not None and twin.id != lease.page_id and twin.state != "failed":
                recipe = self.plans[lease.source].recipe
                joined_also = tuple(dict.fromkeys((*twin.also, *also)))
                transaction.pages.change(
                    twin.id, also=list(joined_also), sections=list(in_order(recipe, (*twin.sections, *lease.sections)))
                )
                self._done(transaction, lease, reason=f"leads to {target}")
                return Settled(outcome.source, "known", outcome.url)
        transaction.pages.change(
            lease.page_id,
            url=target,
            host=host_of(target),
            also=list(also),
            hops=lease.hops + 1,
            state="queued",
            attempts=lease.attempts,
            etag="",  # they are another address's, and no other host's business
            last_modified="",
        )
        return Settled(outcome.source, "moved", outcome.url)

    def _left_out(self, transaction: Transaction, outcome: Outcome, why: Failure) -> Settled:
        """An article that the recipe doesn't want: it is asked for again when the recipe has changed."""
        if outcome.lease is not None:
            fingerprint = self.plans[outcome.source].fingerprint
            self._done(transaction, outcome.lease, state="left out", reason=why.reason, fingerprint=fingerprint)
        return Settled(outcome.source, "left out", outcome.url, why.reason)

    def _failed(self, transaction: Transaction, outcome: Outcome, failure: Failure) -> Settled:
        lease = outcome.lease
        if lease is None:
            return Settled(outcome.source, "failed", outcome.url, failure.reason)
        now = time.time()
        asked_wait = failure.retry_after or 0.0
        if asked_wait:
            transaction.hosts.wait_until(host_of(outcome.url), now + min(asked_wait, LONGEST_REST), now)
        tries = self.frontier.tries[lease.page_id] if self.frontier else TRIES
        if self.stopping and failure.again == "soon":
            transaction.pages.change(lease.page_id, state="queued", attempts=lease.attempts)
            return Settled(outcome.source, "again", outcome.url, failure.reason)
        if failure.again == "soon" and tries < TRIES and asked_wait <= LONGEST_WAIT:
            wait = max(asked_wait, BACKOFF * 2 ** (tries - 1) * self.chance.uniform(0.75, 1.25))
            transaction.pages.change(lease.page_id, state="queued", next_try=now + wait, reason=failure.reason)
            return Settled(outcome.source, "again", outcome.url, failure.reason)
        if lease.looks:  # it is known already: its next look comes all the same
            self._done(transaction, lease, look_at=self._look_after(transaction, lease))
            return Settled(outcome.source, "looked", outcome.url, failure.reason)
        days = 2 ** min(lease.attempts, 5)
        later = DAY * days if failure.again == "later" else asked_wait
        told = f"tried again in {days} day{'s' if days > 1 else ''}" if failure.again == "later" else "tried again next run"
        plan = self.plans[outcome.source]
        origin = lease.also[-lease.hops] if 0 < lease.hops <= len(lease.also) else ""
        if origin:  # the next time the listed address is asked again: where it led may have been a mistake
            also = list(lease.also[: -lease.hops])
            transaction.pages.change(lease.page_id, url=origin, host=host_of(origin), also=also, hops=0)
        self._done(
            transaction,
            lease,
            state="failed",
            next_try=now + later,
            reason=failure.reason,
            fingerprint=plan.fingerprint,
            etag="",
            last_modified="",
        )
        if not origin:
            return Settled(outcome.source, "failed", outcome.url, f"{failure.reason}, {told}")
        return Settled(outcome.source, "failed", origin, f"redirects to {outcome.url}: {failure.reason}, {told}")

    def _done(self, transaction: Transaction, lease: Lease, **values: Any) -> None:
        transaction.pages.change(lease.page_id, **self._as_done(**values))

    def _as_done(self, **values: Any) -> dict[str, Any]:
        return {"state": "done", "reason": "", "run": self.run} | values
