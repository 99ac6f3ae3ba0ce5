"""`broadsheet add`: an address becomes a source that works, with a recipe, recorded pages, and a table of what was found."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, debugging, workspace
from crawler.cli.contact import ask_for_contact
from crawler.cli.found import show_found
from crawler.cli.report import next_crawl
from crawler.cli.terminal import err, number, out
from crawler.clock import run_start
from crawler.discovery.as_json import as_json
from crawler.discovery.found import Discovery
from crawler.discovery.writing import as_yaml, id_for, plain_of, recipe_of
from crawler.errors import BroadsheetError, DiscoveryError
from crawler.extraction import extract
from crawler.files import write_new_durably
from crawler.health.recordings import record, recordings_folder
from crawler.recipes import Catalogue, Recipe, Source, SourceRef, find_sources, parse_recipe
from crawler.store import Store
from crawler.urls import address_key, host_of, tidy
from crawler.workspace import Workspace

RECORDED = 3
"""Pages that are kept as the recipe's tests."""
NOTHING_FOUND = 1


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, a page that lists articles, or a feed.")],
    source_id: Annotated[str, typer.Option("--id", metavar="ID", help="The source's id; without it the site's name.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, show, and write nothing.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="What was found as JSON on stdout.")] = False,
    private: Annotated[bool, typer.Option("--private", help="The site may lie on a private address (one of your own).")] = False,
) -> None:
    """Look at a site and make a source of it: its best way in, its sections, its articles' addresses, recorded pages.

    At most 40 requests are sent, in the site's pace.

    Examples:

        broadsheet -C news add https://www.example.com/

        broadsheet add example.com --dry-run          look first

        broadsheet add https://www.example.com/world/ --id example-world --json
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    address = address_of(url)
    refuse_known(address, source_id, catalogue, place)
    if not dry_run:
        place = ask_for_contact(place)
    now, began = run_start(), time.monotonic()
    addresses = [address] if "://" in url else [address, address.replace("https://", "http://", 1)]
    recipes = [Recipe(url=one, id=f"look-{at}", allow_private=private) for at, one in enumerate(addresses)]
    with store_of(place, dry_run=dry_run) as store, waiting(address, shown=sys.stderr.isatty() and not as_json_):
        delay = place.settings.delay
        found = look(recipes, store, now, place, delay)
    taken = {*catalogue.sources, *catalogue.shipped, *catalogue.broken}
    name = source_id or id_for(found.site.url, taken)
    given = {"allow_private": True} if private else {}
    made = recipe_of(found, name, now=now, name=own_name(found, catalogue), given=given)
    text = as_yaml(made, head_of(found, url, now))
    path = place.sources / f"{name}.yaml"
    recipe = parse_recipe(text, place.shown(path), default_id=name)
    recorded = 0 if dry_run else keep(path, text, Source(recipe, SourceRef("recipe", str(path.resolve()))), found)
    if as_json_:
        typer.echo(json.dumps(as_json(found, plain_of(made), now), ensure_ascii=False, indent=2))
        return
    console = out()
    for line in show_found(found, now, time.monotonic() - began):
        console.print(line)
    if dry_run:
        console.print(Text("Nothing was written (--dry-run). The recipe would be:\n"))
        console.print(Text(text))
        return
    pages = f" and {number(recorded, 'recorded page')}" if recorded else "; no page could be recorded"
    console.print(Text(f"Wrote {place.shown(path)}{pages}.   Next: {next_crawl(place, name)}"))


def address_of(url: str) -> str:
    """The address as it is asked; without a scheme https. Raises DiscoveryError."""
    given = url.strip()
    address = tidy(given if "://" in given else f"https://{given}")
    if not address or ("." not in host_of(address) and "localhost" not in host_of(address)):
        raise DiscoveryError(url, "is no address; one looks like https://www.example.com/")
    return address


def refuse_known(address: str, source_id: str, catalogue: Catalogue, place: Workspace) -> None:
    """Raises DiscoveryError where there is a source for the address, or one of that id."""
    if source_id and (source_id in catalogue.sources or source_id in catalogue.broken or (place.sources / f"{source_id}.yaml").exists()):
        raise DiscoveryError(address, f"there is a source {source_id!r} already; give another --id, or delete its recipe first")
    for name, source in catalogue.sources.items():
        if address_key(source.recipe.url) == address_key(address) and not source_id:
            where = place.shown(Path(source.ref.path))
            raise DiscoveryError(address, f"is in {where} already; delete that first, or take --id for a second source than {name!r}")


def own_name(found: Discovery, catalogue: Catalogue) -> str:
    """The site's name; where another source is called so, with its host behind it."""
    name = found.site.name or host_of(found.site.url).removeprefix("www.")
    others = {source.recipe.title.casefold() for source in catalogue.sources.values()}
    return f"{name} ({host_of(found.site.url).removeprefix('www.')})" if name.casefold() in others else name


def look(recipes: list[Recipe], store: Store, now: datetime, place: Workspace, delay: float) -> Discovery:
    from crawler.spiders.looking import look_at

    return look_at(recipes, store, now, user_agent=place.sent_as, delay=delay, log_level="DEBUG" if debugging() else "ERROR")


@contextmanager
def store_of(place: Workspace, *, dry_run: bool) -> Iterator[Store]:
    """The workspace's store, where the pace of each host is kept; one that is thrown away where nothing may be written."""
    if dry_run and not place.settings.store and not (place.own / "store.sqlite").exists():
        with tempfile.TemporaryDirectory() as folder:
            store = Store(f"sqlite:///{folder}/store.sqlite")
            try:
                yield store
            finally:
                store.close()
        return
    place.own.mkdir(parents=True, exist_ok=True)
    store = Store(place.store_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def waiting(address: str, *, shown: bool) -> Iterator[None]:
    """Says on a terminal that something goes on: a polite look takes some seconds."""
    if not shown:
        yield
        return
    with err().status(Text(f"Looking at {address} …")):
        yield


def head_of(found: Discovery, url: str, now: datetime) -> str:
    lines = [
        f"Made by `broadsheet add {url}` on {now.date().isoformat()}, in {number(found.requests, 'request')}.",
        "What stands behind a # was found out: change what is wrong.",
    ]
    if found.unproved:
        lines.append(f"Unproved: {found.unproved}. The links were chosen by their shape alone; look at the first crawl.")
    return "\n".join(lines)


def keep(path: Path, text: str, source: Source, found: Discovery) -> int:
    """Writes the recipe, and records pages beside it; gives how many."""
    try:
        write_new_durably(path, text.encode())
    except FileExistsError:
        raise DiscoveryError(str(path), "was written by somebody else meanwhile, and is left as it is; nothing was changed") from None
    recorded = 0
    for proof in [one for one in found.proofs if one.is_sound] + [one for one in found.proofs if one.article and not one.is_sound]:
        if recorded == RECORDED:
            break
        try:
            article = source.article(proof.pages, lambda pages: extract(pages, source.recipe))
        except BroadsheetError:
            continue
        record(recordings_folder(source), proof.pages, article)
        recorded += 1
    return recorded
