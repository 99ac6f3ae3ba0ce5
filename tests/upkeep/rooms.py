"""A workspace as crawls leave it, quickly made: documents, store, index, feeds with archives, a revision, kept pages, a removal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipelines.newsroom import BASE, START, Newsroom, known, story

from crawler.files import write_durably
from crawler.page import Page
from crawler.pipelines.indexing import index_changes
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.revisions import keep_revisions
from crawler.pipelines.taking_down import take_down
from crawler.store import Store

ARTICLES = 55  # the first archive is full with fifty


def page(number: int, days: int = 0) -> Page:
    text = f"<html><body>{number} {'x' * 500}</body></html>".encode()
    url = f"https://here.example/{number}"
    return Page(text, url, headers={"content-type": "text/html"}, fetched_at=START + timedelta(days=days))


def healthy_room(folder: Path, store: str = "") -> Newsroom:
    """Nobody has it open."""
    room = Newsroom(folder, f"base_url: {BASE}\n" + (f"store: {store}\n" if store else ""))
    stories = [story(number) for number in range(ARTICLES)]
    room.settle(stories)
    with room.store.begin() as transaction:
        transaction.changes.mark_all("here")
    keep_revisions(room.documents, room.workspace.own, [stories[1].path])
    write_durably(room.documents.root / "mine.md", b"a note of somebody")
    keep(room, {number: number for number in range(4)})
    take_down(room.store, room.documents, room.workspace, known(stories[0]))
    index_changes(room.store, room.documents, room.workspace)
    room.publish()
    room.store.close()
    return room


def keep(room: Newsroom, days: dict[int, int]) -> None:
    """Keeps pages of articles, each fetched so many days after the start."""
    keeper = Keeper(room.store, room.workspace.pages)
    for number, day in days.items():
        rows = keeper.keep([(story(number).guid, "here", (page(number, day),))])
        with room.store.begin() as transaction:
            for row in rows:
                transaction.kept.put(row)


def opened(room: Newsroom) -> Store:
    return Store(room.workspace.store_url)
