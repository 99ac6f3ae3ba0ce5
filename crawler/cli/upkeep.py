"""`broadsheet remove`, `history`, `rebuild`: what becomes of articles after they were written."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer
from rich.text import Text

from crawler.article import zulu
from crawler.cli.app import app, opened_store, workspace
from crawler.cli.terminal import number, out, plain, show_problems
from crawler.documents import Documents
from crawler.entry import Entry
from crawler.errors import DocumentError, UnknownArticle
from crawler.extraction.clean import text_of
from crawler.feeds import PublishReport
from crawler.files import sweep
from crawler.frontier import SourceLock
from crawler.pipelines.indexing import index_changes, without_index
from crawler.pipelines.opening import rebuild_all
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.revisions import kept_revisions
from crawler.pipelines.run import documents_of
from crawler.pipelines.taking_down import take_down
from crawler.rebuild import rewrite
from crawler.store import KnownEntry, Store
from crawler.urls import address_key
from crawler.workspace import Workspace, change_settings


@app.command()
def remove(
    names: Annotated[list[str], typer.Argument(metavar="GUID|URL...", help="Articles by guid or by any of their addresses.")],
) -> None:
    """Take articles down for good: document, pictures, revisions, kept pages and feed entries go, and no later crawl brings them back.

    What stays is a line with id and addresses in `.broadsheet/removed/`.

    Example:

        broadsheet -C news remove https://www.example.com/news/1
    """
    place = workspace()
    console = out()
    with opened_store(place) as store:
        for name in names:
            for known in found(store, name):
                with SourceLock(place.locks, known.source, store):
                    take_down(store, documents_of(place), place, known)
                console.print(Text(f"removed   {plain(known.url)}"))
        show_problems(index_changes(store, documents_of(place), place).problems)
        told(publish_feeds(store, documents_of(place), place), place)


@app.command()
def history(
    name: Annotated[str, typer.Argument(metavar="GUID|URL", help="An article by guid or by any of its addresses.")],
    diff: Annotated[bool, typer.Option("--diff", help="Show what changed from one revision to the next.")] = False,
) -> None:
    """List an article's earlier revisions, oldest first.

    Example:

        broadsheet -C news history urn:uuid:0a1b2c3d-… --diff
    """
    place = workspace()
    documents = documents_of(place)
    console = out()
    with opened_store(place) as store:
        for known in found(store, name):
            before: list[str] | None = None
            for path in [*kept_revisions(place.own, known.source, known.guid), documents.place(known.path)]:
                label = "now " if path == documents.place(known.path) else path.stem
                try:
                    entry = documents.decode(path.read_bytes(), known.path)
                except (DocumentError, OSError) as error:
                    reason = error.problem if isinstance(error, DocumentError) else error.strerror
                    console.print(Text.assemble(("✗ ", "red"), f"{label}   {place.shown(path)}: {reason}"))
                    continue
                console.print(Text(f"{label}   {zulu(entry.updated.at)}   {plain(entry.article.title)}   {place.shown(path)}"))
                after = readable(entry)
                if diff and before is not None:
                    for line in list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]:
                        if not line.startswith("@@"):
                            console.print(Text(f"    {plain(line)}"))
                before = after


@app.command()
def rebuild(
    profile: Annotated[str, typer.Option("--profile", metavar="NAME", help="Write all documents again in this profile, for good.")] = "",
) -> None:
    """Make store, index and feeds again from the documents, broadsheet.yaml and sources/.

    Example:

        broadsheet -C news rebuild --profile hugo
    """
    place = workspace()
    documents = documents_of(place)
    console = out()
    with opened_store(place, alone=True) as store:
        if profile:
            changed = Workspace(place.root, place.settings.model_copy(update={"profile": profile}))
            target = documents_of(changed)
            written, problems = rewrite(documents, target)
            change_settings(place, lambda settings: settings.update(profile=profile))
            place, documents = changed, target
            console.print(Text(f"{number(written, 'document')} written for {profile}"))
            show_problems(f"{path}: {reason}" for path, reason in problems)
        for name in sources_in(documents):
            sweep(documents.root / name)
        rebuilt = rebuild_all(store, documents, place)
        console.print(Text(f"{number(rebuilt.entries, 'article')} known again, {rebuilt.removed:,} taken down earlier"))
        show_problems(f"{path}: {reason}" for path, reason in rebuilt.problems)
        without_index(place)
        show_problems(index_changes(store, documents, place).problems)
        told(publish_feeds(store, documents, place, everything=True), place)


def sources_in(documents: Documents) -> list[str]:
    """Ids of the sources that have documents."""
    return sorted({path.partition("/")[0] for path in documents.paths() if isinstance(path, str) and "/" in path})


def found(store: Store, name: str) -> list[KnownEntry]:
    """The entry of a guid, or those that an address leads to (one a source). Raises UnknownArticle."""
    with store.begin() as transaction:
        if name.startswith("urn:"):
            known = transaction.entries.by_guid(name)
            entries = [known] if known else []
        else:
            entries = transaction.entries.at_address(address_key(name)) if address_key(name) else []
    entries = [entry for entry in entries if entry.written]
    if not entries:
        raise UnknownArticle(
            name, "no article is known under this guid or address; a guid looks like urn:uuid:…, an address like https://…"
        )
    return entries


def readable(entry: Entry) -> list[str]:
    """An article as lines that can be compared."""
    article = entry.article
    pictures = [article.image.url] if article.image else []
    pictures += [image.url for image in article.images if image.url not in pictures]
    return [article.title, ", ".join(article.authors), *pictures, *text_of(article.body).splitlines()]


def told(report: PublishReport, place: Workspace) -> None:
    console = out()
    console.print(Text(f"{number(len(report.written), 'feed file')} written   {place.shown(place.feeds)}/"))
    show_problems(map(str, report.problems))
