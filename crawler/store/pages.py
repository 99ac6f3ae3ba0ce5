"""The page table: what is queued, leased, done or failed. It keeps what it is told; when a page's turn comes is the frontier's to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    RowMapping,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from crawler.article import Moment
from crawler.outcome import PageKind
from crawler.page import NO_HINTS, Hints
from crawler.store.tables import table
from crawler.store.writes import parts


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page as the store knows it: queued → leased → done, or failed with a reason and a next try."""

    source: str
    kind: PageKind
    address: str
    """`address_key` of the address as it was listed."""
    url: str
    """What is asked: the listed address, or where it redirects."""
    host: str
    rank: int
    """Its place among the source's pages: section, list page, place in it."""
    sections: tuple[Any, ...] = ()
    """Ids; of a list: pairs of section and way in."""
    hints: tuple[tuple[int, Hints], ...] = ()
    """What each listing said of it, with its place in that listing, best place first."""
    also: tuple[str, ...] = ()
    """Other addresses that led here."""
    state: str = "queued"
    attempts: int = 0
    next_try: float = 0
    """Seconds since 1970, real clock."""
    reason: str = ""
    run: int = 0
    """That queued or leased it last."""
    depth: int = 0
    hops: int = 0
    looks: int = 0
    """How often a known article was looked at again."""
    look_at: float = 0
    """When it is looked at next, seconds since 1970, real clock; 0: never."""
    etag: str = ""
    last_modified: str = ""
    fingerprint: str = ""
    """Of recipe and extractor when it was read; validators of another one are void."""
    links: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """Of a list: address keys it held; addresses of its further pages, each as `section way url`."""
    id: int = 0


page = table(
    "page",
    PageRow,
    UniqueConstraint("source", "kind", "address"),
    Index("page_due", "source", "state", "kind", "rank", "id"),
    key="id",
)
# written out, not bound: only then do the databases see that these indexes answer
QUEUED, TO_LOOK_AT = page.c.state == literal_column("'queued'"), page.c.look_at > literal_column("0")
Index("page_try", page.c.source, page.c.kind, page.c.next_try, sqlite_where=QUEUED, postgresql_where=QUEUED)
Index("page_look", page.c.source, page.c.look_at, sqlite_where=TO_LOOK_AT, postgresql_where=TO_LOOK_AT)
OF_PAGE = "page_id"
CHANGING = update(page).where(page.c.id == bindparam(OF_PAGE))  # sets the columns that it is given
OF_IDS = select(page.c.id, page.c.sections, page.c.also).where(page.c.id.in_(bindparam("ids", expanding=True)))
LONGEST = 60 * 86400.0  # seconds; no time further away was ever meant


def come(time: Column[Any], now: float | BindParameter[float]) -> ColumnElement[bool]:
    """Whether a time has come. One that lies too far ahead was set before the clock was put back, and has come too."""
    return or_(time <= now, time > now + LONGEST)


# asked again and again while a run crawls: made once
OF_KIND = and_(page.c.source == bindparam("source"), page.c.kind == bindparam("kind"))
WAITING = (
    select(page)
    .where(OF_KIND, page.c.state == "queued", come(page.c.next_try, bindparam("now", type_=Float())))
    .order_by(page.c.rank, page.c.id)
    .limit(bindparam("most"))
)
UNSETTLED = select(func.count()).select_from(page).where(OF_KIND, page.c.state.in_(("queued", "leased")))
NEXT_TRY = select(func.min(page.c.next_try)).where(OF_KIND, QUEUED)


class Pages:
    """The page table within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, page_id: int) -> PageRow | None:
        return self._one(page.c.id == page_id)

    def led_to(self, page_ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        """id → sections of an article's page and its other addresses, as they stand now."""
        found = (self.connection.execute(OF_IDS, {"ids": part}) for part in parts(page_ids))
        return {number: (tuple(sections), tuple(also)) for rows in found for number, sections, also in rows}

    def at(self, source: str, kind: PageKind, address: str) -> PageRow | None:
        return self._one(and_(page.c.source == source, page.c.kind == kind, page.c.address == address))

    def at_all(self, source: str, kind: PageKind, addresses: Sequence[str]) -> dict[str, PageRow]:
        """Address key → row, for those that are there."""
        found = {}
        for part in parts(addresses):
            where = and_(page.c.source == source, page.c.kind == kind, page.c.address.in_(part))
            found.update({row["address"]: page_row(row) for row in self.connection.execute(select(page).where(where)).mappings()})
        return found

    def add(self, rows: Iterable[PageRow]) -> None:
        values = [{name: value for name, value in columns(row).items() if name != "id"} for row in rows]
        if values:
            self.connection.execute(page.insert(), values)

    def save(self, row: PageRow) -> None:
        """Writes back a row that was read."""
        values = {name: value for name, value in columns(row).items() if name != "id"}
        self.connection.execute(update(page).where(page.c.id == row.id).values(values))

    def change(self, page_id: int, **values: Any) -> None:
        self.change_all([(page_id, values)])

    def change_all(self, changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        """As `change` for many pages, each of them once."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for page_id, values in changes:
            alike.setdefault(tuple(sorted(values)), []).append({OF_PAGE: page_id, **values})
        for rows in alike.values():
            self.connection.execute(CHANGING, rows)

    def read_anew(self, page_id: int) -> None:
        """The page waits as if it had never been read."""
        fresh = {"attempts": 0, "hops": 0, "looks": 0, "look_at": 0.0, "next_try": 0.0, "etag": "", "last_modified": "", "fingerprint": ""}
        self.change(page_id, state="queued", **fresh)

    def free_leases(self, source: str) -> None:
        """Leases of a run that died are void, and no attempt: whoever holds the source's lock may say so."""
        leased = and_(page.c.source == source, page.c.state == "leased")
        self.connection.execute(update(page).where(leased).values(state="queued", attempts=page.c.attempts - 1))

    def take_over(self, source: str, runs: Sequence[int], run: int, fingerprint: str) -> None:
        """The lists that cut-off runs have read by the same recipe count as read by this run; what they failed to read waits again."""
        lists = and_(page.c.source == source, page.c.kind == "list", page.c.run.in_(runs))
        self.connection.execute(update(page).where(lists, page.c.state == "failed").values(state="queued", next_try=0.0))
        read = or_(page.c.fingerprint == fingerprint, page.c.state == "queued")
        self.connection.execute(update(page).where(lists, read, page.c.reason == "").values(run=run))

    def queue_again(self, source: str, now: float, fingerprint: str, most_attempts: int) -> None:
        """Queues failed pages whose next try has come; when recipe or extractor changed, all failed ones and those that it left out."""
        left_out = and_(page.c.source == source, page.c.kind == "article", page.c.state == "left out", page.c.fingerprint != fingerprint)
        self.connection.execute(update(page).where(left_out).values(state="queued", attempts=0, hops=0, next_try=0.0))
        failed = and_(page.c.source == source, page.c.kind == "article", page.c.state == "failed")
        due = and_(come(page.c.next_try, now), page.c.attempts < most_attempts)
        self.connection.execute(
            update(page).where(failed, page.c.fingerprint != fingerprint).values(state="queued", attempts=0, hops=0, next_try=0.0)
        )
        self.connection.execute(update(page).where(failed, due).values(state="queued", hops=0, next_try=0.0))

    def look_again(self, source: str, now: float) -> None:
        """Queues known articles that it is time to look at again."""
        due = and_(page.c.source == source, page.c.kind == "article", page.c.state == "done", TO_LOOK_AT, come(page.c.look_at, now))
        self.connection.execute(update(page).where(due).values(state="queued", looks=page.c.looks + 1, look_at=0.0, next_try=0.0, hops=0))

    def forget_looks(self, source: str, addresses: Sequence[str]) -> None:
        """Articles at these addresses are looked at no more."""
        where = and_(page.c.source == source, page.c.kind == "article", page.c.address.in_(addresses))
        self.connection.execute(update(page).where(where).values(state="done", look_at=0.0))

    def unsettled_lists(self, source: str) -> int:
        """How many lists of the source wait or are in hand: articles wait for them."""
        return self.connection.execute(UNSETTLED, {"source": source, "kind": "list"}).scalar_one()

    def lists_read(self, source: str, run: int) -> int:
        """How many lists of the source this run has read, or found read by the one that it goes on with."""
        where = and_(page.c.source == source, page.c.kind == "list", page.c.state == "done", page.c.run == run)
        return self.connection.execute(select(func.count()).select_from(page).where(where)).scalar_one()

    def waiting_articles(self, source: str) -> int:
        """How many articles of the source wait or are in hand."""
        return self.connection.execute(UNSETTLED, {"source": source, "kind": "article"}).scalar_one()

    def waiting_and_failed(self) -> tuple[int, int]:
        """How many articles of all sources wait or are in hand, and how many could not be had so far."""
        query = select(page.c.state, func.count()).where(page.c.kind == "article").group_by(page.c.state)
        states = {state: number for state, number in self.connection.execute(query)}
        return states.get("queued", 0) + states.get("leased", 0), states.get("failed", 0)

    def lists_in(self, source: str, run: int) -> int:
        """How many lists of the source a run has queued, read or not."""
        where = and_(page.c.source == source, page.c.kind == "list", page.c.run == run)
        return self.connection.execute(select(func.count()).select_from(page).where(where)).scalar_one()

    def queued(self, source: str, kind: PageKind, now: float, most: int, hosts_not: Iterable[str] = ()) -> list[PageRow]:
        """Queued pages whose time has come, in the order of their rank."""
        hosts = list(hosts_not)
        query = WAITING.where(page.c.host.not_in(hosts)) if hosts else WAITING
        values = {"source": source, "kind": kind, "now": now, "most": most}
        return [page_row(row) for row in self.connection.execute(query, values).mappings()]

    def next_try(self, source: str, kind: PageKind) -> float | None:
        """When the next queued page of this kind may be tried, seconds since 1970; None where none is queued."""
        return self.connection.execute(NEXT_TRY, {"source": source, "kind": kind}).scalar()

    def states(self, source: str) -> dict[tuple[str, str], int]:
        """(kind, state) → how many pages of the source."""
        query = select(page.c.kind, page.c.state, func.count()).where(page.c.source == source).group_by(page.c.kind, page.c.state)
        return {(kind, state): number for kind, state, number in self.connection.execute(query)}

    def lists(self, source: str, run: int) -> list[PageRow]:
        where = and_(page.c.source == source, page.c.kind == "list", page.c.run == run)
        return [page_row(row) for row in self.connection.execute(select(page).where(where).order_by(page.c.rank)).mappings()]

    def _one(self, where: Any) -> PageRow | None:
        row = self.connection.execute(select(page).where(where)).mappings().first()
        return page_row(row) if row else None


def columns(row: PageRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PageRow.__slots__} | {"hints": [[rank, hints_to_json(hints)] for rank, hints in row.hints]}


def page_row(row: RowMapping) -> PageRow:
    values = dict(row)
    values["sections"] = tuple(tuple(one) if isinstance(one, list) else one for one in values["sections"])
    values["also"] = tuple(values["also"])
    values["links"] = tuple(tuple(part) for part in values["links"])
    return PageRow(**(values | {"hints": tuple((rank, hints_from_json(found)) for rank, found in values["hints"])}))


def joined(hints: Iterable[tuple[int, Hints]]) -> Hints:
    """What all listings together say: each field from the best place that has it, whatever was read first."""
    found: dict[str, Any] = {}
    for _, one in sorted(hints, key=lambda pair: pair[0]):
        for name in Hints.__slots__:
            if name not in found and getattr(one, name):
                found[name] = getattr(one, name)
    return replace(NO_HINTS, **found)


def hints_to_json(hints: Hints) -> dict[str, Any]:
    """Only what is there; moments as [ISO time, precision]."""
    found = {name: value for name in Hints.__slots__ if (value := getattr(hints, name))}
    return {name: [value.at.isoformat(), value.precision] if isinstance(value, Moment) else value for name, value in found.items()}


def hints_from_json(values: dict[str, Any]) -> Hints:
    found = dict(values)
    for name in ("published", "updated"):
        if name in found:
            at, precision = found[name]
            found[name] = Moment(datetime.fromisoformat(at), precision)
    for name in ("authors", "tags"):
        if name in found:
            found[name] = tuple(found[name])
    return replace(NO_HINTS, **found)
