"""`broadsheet import opml`, `broadsheet export opml`: from and to other readers' lists of subscriptions."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from lxml import etree
from rich.text import Text
from ruamel.yaml import YAML

from crawler.cli.app import app, workspace
from crawler.cli.report import own_command
from crawler.cli.terminal import err, number, out, plain
from crawler.errors import BroadsheetError, ListingError, RecipeError, WorkspaceError
from crawler.feeds import ALL, Listed, Planner, SourceInfo
from crawler.files import write_durably
from crawler.listings.opml import Subscription, read_opml
from crawler.outcome import Failure
from crawler.recipes import RESERVED_IDS, Catalogue, Recipe, find_sources, parse_recipe
from crawler.recipes.model import id_of_host
from crawler.urls import address_key
from crawler.workspace import Workspace

NOTHING_DONE = 1
SECTION = "latest"
LONGEST_ID = 64
LONGEST_NAME = 200
"""Letters of a name that are kept."""
GENERIC = frozenset({"feed", "feeds", "rss", "atom", "xml", "index", "www", "blog", "news", "json", "all", "posts"})
"""Parts of an address that tell no two feeds apart."""
imports = typer.Typer(help="Take over what another program knows.", no_args_is_help=True)
exports = typer.Typer(help="Give what is known to another program.")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")


@imports.command(name="opml")
def import_opml(
    what: Annotated[str, typer.Argument(metavar="FILE|URL", help="The list: a file, or its address.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be made.")] = False,
) -> None:
    """Make a source of each feed in another reader's list of subscriptions; what is a source already is left alone.

    Examples:

        broadsheet -C news import opml subscriptions.opml

        broadsheet -C news import opml https://www.example.com/blogroll.opml
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    known = {address_key(url): name for name, url in addresses_of(catalogue)}
    taken = {*catalogue.sources, *catalogue.shipped, *catalogue.broken, *RESERVED_IDS, *(path.stem for path in place.sources.glob("*"))}
    console, made, failed = out(), 0, 0
    for subscription in read_opml(content_of(what, place), what):
        shown = plain(subscription.name or subscription.given)
        if not subscription.url:
            failed += 1
            err().print(Text.assemble(("✗ ", "red"), f"{shown}: {plain(subscription.given[:200])!r} is no http:// or https:// address"))
            continue
        key = address_key(subscription.url)
        if key in known:
            console.print(Text(f"there   {known[key]}   {shown}"))
            continue
        name = free_id(subscription, taken)
        path = place.sources / f"{name}.yaml"
        try:
            text = recipe_text(subscription, name)
            parse_recipe(text, str(path))
            if not dry_run:
                write_new(path, text)
        except BroadsheetError as error:
            failed += 1
            err().print(Text.assemble(("✗ ", "red"), f"{shown}: {plain(str(error))}"))
            continue
        known[key] = name
        taken.add(name)
        made += 1
        console.print(Text(f"{'would be' if dry_run else 'made   '} {name}   {shown}   {subscription.url}"))
    console.print(Text(f"{number(made, 'source')} {'would be made' if dry_run else 'made'} in {place.shown(place.sources)}/"))
    if made and not dry_run:
        console.print(Text(f"Next:   {own_command()} -C {place.root} crawl"))
    raise typer.Exit(NOTHING_DONE if failed and not made else 0)


@exports.command(name="opml")
def export_opml(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; without it: stdout.")] = None,
) -> None:
    """Give the sources as a list of subscriptions: our feeds of them with `base_url`, else their own feeds.

    Examples:

        broadsheet -C news export opml > subscriptions.opml
    """
    place = workspace()
    catalogue = find_sources(place.sources)
    recipes = [source.recipe for source in catalogue.sources.values()]
    outlines = list(our_feeds(place, recipes) if place.settings.base_url else their_feeds(recipes))
    content = write_list(place.settings.title, outlines)
    if output is None:
        typer.echo(content.decode(), nl=False)
    else:
        write_durably(output.absolute(), content)
    if not place.settings.base_url:
        with_feed = {outline["text"] for outline in outlines}
        for recipe in recipes:
            if not any(section.feed for section in recipe.sections):
                err().print(Text(f"? {recipe.id} has no feed of its own; with base_url in broadsheet.yaml ours is given", style="dim"))
        if not with_feed:
            raise typer.Exit(NOTHING_DONE)


def content_of(what: str, place: Workspace) -> bytes:
    """The list's bytes. An address is asked through the same guard as pages. Raises ListingError, WorkspaceError."""
    if re.match(r"^https?://", what, re.IGNORECASE):
        from crawler.spiders.fetch_one import fetch_pages

        page = fetch_pages([what], place.sent_as, allow_private=place.settings.allow_private)[what]
        if isinstance(page, Failure):
            raise ListingError(what, page.reason)
        return page.body
    try:
        return Path(what).read_bytes()
    except OSError as error:
        raise WorkspaceError(what, f"can't be read ({error.strerror})") from None


def addresses_of(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The feeds that the workspace's sources read already."""
    for name, source in catalogue.sources.items():
        for section in source.recipe.sections:
            if section.feed:
                yield name, section.feed


def free_id(subscription: Subscription, taken: Collection[str]) -> str:
    """An id that no source has: the site's host, where that is taken with the name or the address's path, at last with a number."""
    home = id_of_host(subscription.site or subscription.url) or "feed"
    parts = [part for part in re.split(r"[^a-z0-9]+", urlsplit(subscription.url).path.lower()) if part and part not in GENERIC]
    candidates = [home, *(f"{home}-{more}" for more in (slug(subscription.name), "-".join(parts)) if more and more != home)]
    for candidate in [one[:LONGEST_ID].strip("-") for one in candidates]:
        if candidate not in taken:
            return candidate
    numbered = (f"{home[: LONGEST_ID - 6]}-{count}" for count in range(2, 100_000))
    return next(name for name in numbered if name not in taken)


def slug(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:40].strip("-")


def recipe_text(subscription: Subscription, name: str) -> str:
    """The recipe of a source that reads one feed."""
    parts = urlsplit(subscription.url)
    values: dict[str, Any] = {
        "id": name,
        "url": subscription.site or f"{parts.scheme}://{parts.netloc}/",
        "name": subscription.name[:LONGEST_NAME].strip(),
        "group": subscription.folder[:LONGEST_NAME].strip(),
        "language": subscription.language,
        "sections": [{"id": SECTION, "name": "Latest", "feed": subscription.url}],
    }
    yaml = YAML()
    yaml.width = 10_000
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = io.StringIO()
    yaml.dump({key: value for key, value in values.items() if value}, written)
    return written.getvalue()


def write_new(path: Path, text: str) -> None:
    """Writes a recipe where none is. Raises RecipeError where one is after all."""
    if path.exists() or path.is_symlink():
        raise RecipeError(str(path), "is there already")
    write_durably(path, text.encode())


def our_feeds(place: Workspace, recipes: Iterable[Recipe]) -> Iterator[dict[str, str]]:
    """Our feeds of the sources, as `feeds.opml` lists them, those that are not built yet too."""
    from crawler.pipelines.publishing import feed_settings

    planner = Planner(Listed([SourceInfo.of(recipe) for recipe in recipes]), feed_settings(place))
    groups = {recipe.id: recipe.group for recipe in recipes}
    for path in sorted(planner.paths(), key=lambda path: (path != ALL, path)):
        channel = planner.channel(path)
        if channel is None:
            continue
        yield outline(channel.title, f"{channel.address}.atom", channel.link, channel.language, groups.get(path.partition("/")[0], ""))


def their_feeds(recipes: Iterable[Recipe]) -> Iterator[dict[str, str]]:
    """The sources' own feeds."""
    for recipe in recipes:
        feeds = [section for section in recipe.sections if section.feed]
        for section in feeds:
            title = recipe.title if len(feeds) == 1 else f"{recipe.title} · {section.title}"
            yield outline(title, section.feed, recipe.url, section.language or recipe.language, recipe.group)


def outline(title: str, feed: str, site: str, language: str, folder: str) -> dict[str, str]:
    return {"type": "rss", "text": title, "title": title, "xmlUrl": feed, "htmlUrl": site, "language": language, "folder": folder}


def write_list(title: str, outlines: Iterable[dict[str, str]]) -> bytes:
    """OPML 2.0: a folder for each group, what has none beside them."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {"": body}
    for one in outlines:
        folder = one["folder"]
        if folder not in folders:
            folders[folder] = etree.SubElement(body, "outline", text=folder)
        attributes = {name: value for name, value in one.items() if value and name != "folder"}
        etree.SubElement(folders[folder], "outline", attributes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
