"""`broadsheet extract --kept`: all documents again from the kept pages, by the present recipe and extractor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import typer
from rich.text import Text

from crawler.article import Article
from crawler.cli.app import opened_store
from crawler.cli.terminal import number, out, show_problems
from crawler.documents import Documents
from crawler.entry import JOINED, Entry
from crawler.errors import BroadsheetError, WorkspaceError
from crawler.frontier import SourceLock
from crawler.pipelines.contract import breach
from crawler.pipelines.indexing import index_changes
from crawler.pipelines.keeping import Keeper
from crawler.pipelines.marks import note_entries
from crawler.pipelines.pictures import wanted
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.run import documents_of
from crawler.rebuild import keys_of, known_from
from crawler.recipes import Recipe, SourceRef, find_sources
from crawler.spiders.reading import ArticleJob, read
from crawler.store import KnownEntry, Store
from crawler.workspace import Workspace

GROUP = 64  # documents written together
TOLD_FIELDS = ("title", "authors", "published", "language", "description", "body", "image", "tags")
STAYS = ("gone", "lost", JOINED)  # what provenance says and a page can't


@dataclass(slots=True)
class Again:
    """What became of the kept pages of the sources."""

    read: int = 0
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Path → fields that are another now."""
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Made:
    """A document made again."""

    known: KnownEntry
    entry: Entry
    fields: tuple[str, ...]


def extract_kept(place: Workspace, names: Sequence[str]) -> None:
    """Makes the documents of these sources (none: all) again, then index and feeds, and tells what changed.

    Raises WorkspaceError where no pages are kept, UnknownSource, SourceBusy, OSError.
    """
    keeper_folder = place.pages
    with opened_store(place) as store:
        keeper, documents, catalogue = Keeper(store, keeper_folder), documents_of(place), find_sources(place.sources)
        chosen = list(dict.fromkeys(names)) or keeper.sources()
        without = [name for name in chosen if name not in keeper.sources()]
        if without or not chosen:
            subject = ", ".join(without) or str(keeper_folder)
            raise WorkspaceError(subject, "no pages are kept; set `keep_pages: true` in broadsheet.yaml or the recipe and crawl")
        done = Again()
        for name in chosen:
            source = catalogue.get(name)
            with SourceLock(place.locks, name, store):
                source_again(store, documents, keeper, source.recipe, source.ref, done)
        done.problems += index_changes(store, documents, place).problems
        report = publish_feeds(store, documents, place)
        done.problems += map(str, report.problems)
    tell(done, len(report.written))


def source_again(store: Store, documents: Documents, keeper: Keeper, recipe: Recipe, ref: SourceRef, done: Again) -> None:
    keeper.find_again(recipe.id)  # where the store was lost, the files themselves say what they hold
    with store.begin() as transaction:
        guids = transaction.kept.guids(recipe.id)
    group: list[Made] = []
    for made in made_again(store, documents, keeper, recipe, ref, guids, done):
        group.append(made)
        if len(group) == GROUP:
            settle(store, documents, recipe, group, done)
            group = []
    settle(store, documents, recipe, group, done)


def made_again(
    store: Store, documents: Documents, keeper: Keeper, recipe: Recipe, ref: SourceRef, guids: Sequence[str], done: Again
) -> Iterator[Made]:
    """Those documents that come out otherwise than they are."""
    for guid in guids:
        with store.begin() as transaction:
            known, row = transaction.entries.by_guid(guid), transaction.kept.last(guid)
        if known is None or row is None or not known.written:
            continue
        try:
            reading = read(ArticleJob(ref, keeper.pages(row), whole=True))
            failure = reading.failure or (breach(reading.article, recipe) if reading.article else None)
            if failure or reading.article is None:
                done.problems.append(f"{known.path}: stays as it is: {failure.reason if failure else 'its page only leads to another one'}")
                continue
            old = old_entry(documents, known)
            new = with_article(old, reading.article) if old else first_entry(known, reading.article, recipe)
            done.read += 1
            shown = documents.profile.read(documents.encode(new), known.path)
            fields = tuple(name for name in TOLD_FIELDS if old is None or getattr(old.article, name) != getattr(shown.article, name))
            if old is None or shown != old:
                yield Made(known, new, fields)
        except (BroadsheetError, OSError) as error:
            done.problems.append(f"{known.path}: {error}")


def old_entry(documents: Documents, known: KnownEntry) -> Entry | None:
    """What the document holds now; None where there is none any more. Raises DocumentError where it can't be read."""
    return documents.read(known.path) if documents.place(known.path).exists() else None


def with_article(old: Entry, article: Article) -> Entry:
    """The entry with what its page says by the present recipe. Id, name, address and `updated` stay (FORMATS, "Times")."""
    before = old.article
    changed_on_site = before.updated is not None and before.updated.at != old.published.at
    said = {key: value for key, value in before.provenance.items() if key in STAYS}
    article = replace(
        article, url=before.url, updated=before.updated if changed_on_site else None, provenance={**article.provenance, **said}
    )
    pictures = set(wanted(article))
    return replace(old, article=article, image_files={url: file for url, file in old.image_files.items() if url in pictures})


def first_entry(known: KnownEntry, article: Article, recipe: Recipe) -> Entry:
    """An entry whose document is gone, from what the store knows of it."""
    return Entry(
        article=replace(article, url=known.url, updated=None),
        guid=known.guid,
        source=known.source,
        sections=known.sections,
        also_at=known.also_at,
        first_seen=datetime.fromisoformat(known.first_seen),
        path=known.path,
        categories=known.categories or tuple(name for name in (recipe.group, recipe.title) if name),
    )


def settle(store: Store, documents: Documents, recipe: Recipe, group: Sequence[Made], done: Again) -> None:
    written = {one.path: one for one in documents.write([made.entry for made in group])}
    with store.begin() as transaction:
        for made in group:
            result = written[made.known.path]
            if result.kind == "conflict":
                done.problems.append(f"{result.path}: {result.reason}; the new version lies in .broadsheet/conflicts")
                continue
            done.changed[result.path] = made.fields
            known = replace(known_from(made.entry, recipe.zone), rank=made.known.rank, run=made.known.run)
            transaction.entries.put(known, keys_of(known))
            note_entries(transaction, [known])
            transaction.images.used(known.guid, made.entry.image_files.values())


def tell(done: Again, feeds: int) -> None:
    console = out()
    for path, fields in done.changed.items():
        console.print(Text(f"{path}   {', '.join(fields) or 'header'}"))
    counts = Counter(name for fields in done.changed.values() for name in fields)
    console.print(Text(f"{number(done.read, 'article')} read again · {len(done.changed):,} changed · {number(feeds, 'feed file')} written"))
    if counts:
        console.print(Text("Changed   " + " · ".join(f"{name} {count:,}" for name, count in counts.most_common())))
    show_problems(done.problems, console)
    if done.problems:
        raise typer.Exit(1)
