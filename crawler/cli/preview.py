"""`broadsheet preview`: what a recipe takes from a page, to look at."""

from __future__ import annotations

import os
import sys
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.text import Text

from crawler.cli.app import app, workspace
from crawler.cli.extract import is_address, read_bytes, saved_page
from crawler.cli.recordings import made_offline
from crawler.cli.report import own_command
from crawler.cli.terminal import err, out
from crawler.clock import run_start
from crawler.documents import document_path
from crawler.entry import Entry
from crawler.errors import BroadsheetError, ExtractionError, UnknownSource
from crawler.files import write_durably
from crawler.filters import compile_pattern
from crawler.health.preview import Shown, preview_page, wanted_beside
from crawler.health.recordings import read_recording
from crawler.outcome import Outcome
from crawler.page import Page
from crawler.pipelines.contract import breach
from crawler.pipelines.filtering import left_out_by
from crawler.pipelines.identify import sighting
from crawler.pipelines.run import documents_of
from crawler.recipes import Catalogue, Recipe, Source, SourceRef, find_sources
from crawler.recipes.environment import check_environment
from crawler.spiders.gathering import Gathered
from crawler.urls import path_and_query, same_site
from crawler.workspace import Workspace
from crawler.zones import day_in

FILE = "preview.html"


@app.command()
def preview(
    what: Annotated[str, typer.Argument(metavar="SOURCE|URL|FILE", help="A source, an article's address, a recording, a saved page.")],
    source: Annotated[str, typer.Option("--source", metavar="ID", help="Read the page by this source's recipe.")] = "",
    url: Annotated[str, typer.Option("--url", metavar="URL", help="The address that a file was saved from.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; it is not opened then.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Fetch no style sheets and pictures.")] = False,
) -> None:
    """Show a page with the parts outlined that were taken, beside the document that came out, and where each field came from.

    It is one HTML file without scripts that asks for nothing; it opens in the browser where there is one.

    Examples:

        broadsheet -C news preview guancha                          the first article on its lists

        broadsheet preview https://www.example.com/news/1 -o look.html

        broadsheet -C news preview news/sources/guancha/2026-03-23-….json      a recorded page
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    shown = shown_of(place, catalogue, what, source, url, plain=plain)
    path = (output or place.own / FILE).resolve()
    write_durably(path, preview_page(shown).encode("utf-8", "replace"))
    out().print(Text(f"wrote   {place.shown(path)}"))
    if output is None and can_open():
        webbrowser.open(path.as_uri())


def shown_of(place: Workspace, catalogue: Catalogue, what: str, source: str, url: str, *, plain: bool) -> Shown:
    """What there is to show of a page. Raises BroadsheetError where there is none."""
    named = catalogue.get(source) if source else None
    if is_address(what):
        return fetched(place, named or source_for(catalogue, what), what, plain=plain)
    if Path(what).is_file():
        if what.endswith(".json"):
            recording = read_recording(Path(what))
            chosen = named or catalogue.get(Path(what).resolve().parent.name)
            return offline(place, chosen, recording.pages)
        page = saved_page(read_bytes(what), url)
        if not page.url:
            raise ExtractionError(what, "the page doesn't say its own address; give it with --url")
        return offline(place, named or source_for(catalogue, page.url), (page,))
    try:
        chosen = catalogue.get(what)
    except UnknownSource as error:
        raise UnknownSource(what, f"{error.problem}; a page is named by its address or a file") from None
    return fetched(place, chosen, "", plain=plain)


def source_for(catalogue: Catalogue, url: str) -> Source:
    """The source whose site an address is on; of several the one whose pattern it matches. Of none a bare one."""
    everything = [*catalogue.sources.values(), *catalogue.shipped.values()]
    on_site = [one for one in everything if same_site(one.recipe.url, url)]
    for one in on_site:
        pattern = one.recipe.article.url
        if pattern and compile_pattern(pattern).search(path_and_query(url)):
            return one
    if on_site:
        return on_site[0]
    parts = urlsplit(url)
    recipe = Recipe(url=f"{parts.scheme}://{parts.netloc}/")
    return Source(recipe, SourceRef("recipe", ""))


def fetched(place: Workspace, source: Source, url: str, *, plain: bool) -> Shown:
    """An article from its site: the one at an address, else the first on the source's lists."""
    from crawler.spiders.errands import Errand, do_errands

    check_environment(source.recipe)
    if sys.stderr.isatty():
        err().print(Text("fetching …", style="dim"))

    def others(found: Gathered) -> list[str]:
        return [] if plain else wanted_beside(found.pages, found.reading.article)

    (brought,) = do_errands(place, [Errand(source, (url,) if url else (), 1, others)])
    if brought.articles:
        gathered = brought.articles[0][1]
        return replace(shown(place, source, gathered), others=brought.others)
    address, reason = (brought.failures or [(source.recipe.url, "its lists show no article")])[-1]
    page = brought.refused.get(address)
    if page is None:
        raise ExtractionError(address, reason)
    return Shown(source.recipe, (page,), failure=reason, others=brought.others, command=next_command(source, address))


def offline(place: Workspace, source: Source, pages: tuple[Page, ...]) -> Shown:
    """An article of pages that are at hand."""
    try:
        article, used = made_offline(source, pages)
    except BroadsheetError as error:
        return Shown(source.recipe, pages, failure=error.problem, command=next_command(source, pages[0].url))
    from crawler.spiders.reading import Reading

    return shown(place, source, Gathered(Reading(article=article), tuple(used)))


def shown(place: Workspace, source: Source, gathered: Gathered) -> Shown:
    recipe, article, pages = source.recipe, gathered.reading.article, gathered.pages
    assert article is not None
    now = run_start()
    refused = breach(article, recipe.at(pages[0].fetched_at))
    failure = f"No article by the recipe's contract: {refused.reason}." if refused else left_out_by(article, (), recipe, now)
    entry = entry_of(gathered, recipe, place)
    document = documents_of(place).encode(entry).decode("utf-8", "replace")
    return Shown(recipe, pages, article, failure, document, command=next_command(source, pages[0].requested_url or pages[0].url))


def entry_of(gathered: Gathered, recipe: Recipe, place: Workspace) -> Entry:
    """The entry that a crawl would make of the article, were nothing known of it."""
    article = gathered.reading.article
    assert article is not None
    now = run_start()
    seen = sighting(Outcome(recipe.id, gathered.pages[0].url, article=article, pages=gathered.pages), recipe)
    made = Entry(
        article=article,
        guid=seen.guid,
        source=recipe.id,
        sections=(),
        also_at=tuple(sorted(set(seen.addresses) - {article.url})),
        first_seen=now,
        path="",
        categories=tuple(name for name in (recipe.group, recipe.title) if name),
    )
    return replace(made, path=document_path(recipe.id, article.title, seen.guid, day_in(made.published, recipe.zone)))


def next_command(source: Source, url: str) -> str:
    """What to do when it looks right: keep the page as a test."""
    return f"{own_command()} record {source.recipe.id} {url}" if source.ref.path else ""


def can_open() -> bool:
    """Whether there is somebody to look, and a screen."""
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.stdout.isatty() and bool(screen)
