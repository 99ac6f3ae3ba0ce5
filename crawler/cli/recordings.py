"""`broadsheet record` and `test`: pages kept beside a recipe with what they must give, and whether they still do."""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from crawler.cli.app import WRONG_USE, app, workspace
from crawler.cli.report import own_command
from crawler.cli.terminal import number, out, padded, plain, say_error
from crawler.errors import BroadsheetError, ExtractionError, RecordingError, UnknownSource
from crawler.health import Checked, Difference, Recording, check, expect, judged, read_recordings, record, record_list, recordings_folder
from crawler.health.checking import Made
from crawler.outcome import Failure
from crawler.page import Page
from crawler.pipelines.contract import breach
from crawler.recipes import Catalogue, Source, find_sources
from crawler.recipes.environment import check_environment
from crawler.spiders.gathering import gather
from crawler.spiders.reading import ArticleJob, Reading, read
from crawler.urls import address_key
from crawler.workspace import Workspace

NOTHING_RECORDED = DIFFERS = 1
MOST_LINES = 12  # of a difference
WIDEST = 100  # columns of a value
FOUND = "gives no article"


@app.command(name="record")
def record_command(
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="A source by id.")],
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="Articles; none: its lists, and some on them.")] = None,
    articles: Annotated[int, typer.Option("--articles", min=0, metavar="N", help="How many from its lists.")] = 3,
    into: Annotated[Path | None, typer.Option("--into", metavar="DIR", help="Where to; left out: beside the recipe.")] = None,
) -> None:
    """Keep pages of a source, with the article that its recipe makes of each now: its tests from then on.

    Look at what was recorded; where an article came out wrong, correct it in the `.json` file, then mend the recipe until
    `broadsheet test` passes.

    Examples:

        broadsheet -C news record guancha

        broadsheet -C news record guancha https://www.example.com/news/1
    """
    place = workspace()
    source = find_sources(place.sources).get(name)
    check_environment(source.recipe)
    folder = into or recordings_folder(source, place.sources if source.ref.kind == "shipped" else None)
    from crawler.spiders.errands import Errand, do_errands

    (brought,) = do_errands(place, [Errand(source, tuple(urls or ()), articles)])
    console = out()
    count = 0
    for fetched in brought.lists:
        path = record_list(folder, fetched.page, fetched.section, fetched.way, fetched.listing)
        links = number(len(fetched.listing.links), "link")
        console.print(Text(f"recorded   {padded(place.shown(path), 64)}   {fetched.section} {fetched.way}: {links}"))
    for url, gathered in brought.articles:
        article = gathered.reading.article
        assert article is not None
        if refused := breach(article, source.recipe.at(gathered.pages[0].fetched_at)):
            brought.failures.append((url, refused.reason))
            continue
        count += 1
        path = record(folder, gathered.pages, article)
        parts = f" ({number(len(gathered.pages), 'part')})" if len(gathered.pages) > 1 else ""
        console.print(Text(f"recorded   {padded(place.shown(path), 64)}   {plain(article.title)}{parts}"))
    for url, reason in brought.failures:
        say_error(BroadsheetError(url, reason))
    if not count and (urls or articles):
        raise typer.Exit(NOTHING_RECORDED)
    console.print(Text(f"Next:      {own_command()} test {name}"))


@app.command(name="test")
def compare_recordings(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources by id; none: all of the workspace.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Fetch the recorded pages again, and compare what they give now.")] = False,
    update: Annotated[bool, typer.Option("--update", help="What comes out is from now on what must come out.")] = False,
    shipped: Annotated[bool, typer.Option("--shipped", help="The shipped sources.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON on stdout.")] = False,
) -> None:
    """Make articles of all recorded pages again, offline, and show what came out otherwise, field by field.

    Examples:

        broadsheet -C news test

        broadsheet -C news test guancha --live

        broadsheet -C news test guancha --update      after a change that was meant

    Exit codes: 0 nothing differs, 1 something does, 2 wrong use.
    """
    place = workspace()
    sources = chosen(find_sources(place.sources), names or [], shipped=shipped)
    results: dict[str, list[Checked]] = {}
    broken: list[BroadsheetError] = []
    recorded: dict[str, list[Recording]] = {}
    for source in sources:
        found, errors = recordings_of(source, place)
        recorded[source.recipe.id] = found
        broken += errors
        if not live:
            results[source.recipe.id] = [check(source, recording, made_offline) for recording in found]
    for error in broken:
        say_error(error)
    if not any(recorded.values()) and not broken:
        some = next((source.recipe.id for source in sources), "SOURCE")
        raise RecordingError("", f"nothing is recorded yet; record pages with: {own_command()} record {some}")
    if live:
        results = checked_live(place, sources, recorded)
    if update and not live:
        for one in (one for group in results.values() for one in group if one.differences):
            expect(one.recording, one.found)
    if as_json:
        typer.echo(json.dumps([about(name, one) for name, group in results.items() for one in group], ensure_ascii=False, indent=2))
    else:
        show(results, updated=update and not live)
    differs = any(not (one.passed or (update and not live and not one.problem)) for group in results.values() for one in group)
    raise typer.Exit(DIFFERS if differs or broken else 0)


def chosen(catalogue: Catalogue, names: Sequence[str], *, shipped: bool) -> list[Source]:
    """The sources to test. Raises UnknownSource, RecipeError."""
    if names:
        return [catalogue.get(name) for name in dict.fromkeys(names)]
    if shipped:
        return [catalogue.shipped[name] for name in sorted(catalogue.shipped)]
    for error in catalogue.errors:
        say_error(error)
    if catalogue.errors and not catalogue.sources:
        raise typer.Exit(WRONG_USE)
    if not catalogue.sources:
        raise UnknownSource("", "there are no sources here; name one, or test the shipped ones with --shipped")
    return list(catalogue.sources.values())


def recordings_of(source: Source, place: Workspace) -> tuple[list[Recording], list[BroadsheetError]]:
    """A source's recordings; of a shipped one those that came with it, and the workspace's."""
    folders = dict.fromkeys([recordings_folder(source), recordings_folder(source, place.sources)])
    found: list[Recording] = []
    errors: list[BroadsheetError] = []
    for folder in folders:
        some, wrong = read_recordings(folder)
        found += some
        errors += wrong
    return found, errors


def made_offline(source: Source, pages: Sequence[Page]) -> Made:
    """The article of recorded pages, its parts found among them as a crawl finds them. Raises ExtractionError."""
    at = {address_key(url): page for page in pages for url in (page.requested_url, page.url) if url}

    async def read_here(job: ArticleJob) -> Reading:
        return read(job, source)

    async def fetch(url: str) -> Page | Failure:
        return at.get(address_key(url)) or Failure("is not recorded", "later")

    found = asyncio.run(gather(source.ref, pages[0], read_here, fetch))
    reading = found.reading
    if reading.article is None:
        raise ExtractionError(pages[0].url, reading.failure.reason if reading.failure else f"only leads on to {reading.moved_to}")
    return reading.article, found.pages


def checked_live(place: Workspace, sources: Sequence[Source], recorded: dict[str, list[Recording]]) -> dict[str, list[Checked]]:
    """What the sites give now at the addresses that were recorded, the last recording of each."""
    from crawler.spiders.errands import Errand, do_errands

    errands = []
    for source in sources:
        check_environment(source.recipe)
        newest = {recording.url: recording for recording in recorded[source.recipe.id] if not recording.is_list}
        recorded[source.recipe.id] = list(newest.values())
        errands.append(Errand(source, tuple(newest)))
    results: dict[str, list[Checked]] = {}
    wanted = [errand for errand in errands if errand.urls]
    for errand, brought in zip(wanted, do_errands(place, wanted) if wanted else [], strict=True):
        recipe, reasons, found = errand.source.recipe, dict(brought.failures), dict(brought.articles)
        checked = results.setdefault(recipe.id, [])
        for recording in recorded[recipe.id]:
            gathered = found.get(recording.url)
            if gathered is None or gathered.reading.article is None:
                checked.append(Checked(recording, problem=reasons.get(recording.url, "was not fetched")))
            else:
                checked.append(judged(recipe, recording, gathered.reading.article, gathered.pages))
    return results


def about(name: str, one: Checked) -> dict[str, Any]:
    """A result as JSON."""
    differences = [{"field": each.field, "expected": each.expected, "found": each.found} for each in one.differences]
    return {"source": name, "recording": one.recording.name, "passed": one.passed, "problem": one.problem, "differences": differences}


def show(results: dict[str, list[Checked]], *, updated: bool) -> None:
    console = out()
    width = max((len(name) for name in results), default=0)
    for name, group in results.items():
        if not group:
            console.print(Text(f"{name.ljust(width)}   nothing recorded", style="dim"))
            continue
        failed = [one for one in group if not one.passed]
        word = "updated" if updated else "differ"
        counts = f"{number(len(group), 'recording')} · {len(failed)} {word}" if failed else number(len(group), "recording")
        console.print(Text.assemble(("✗ ", "red") if failed and not updated else "✓ ", f"{name.ljust(width)}   {counts}"))
        for one in failed:
            console.print(Text(f"    {one.recording.name}   {plain(one.recording.url)}"))
            if one.problem:
                console.print(Text.assemble("      ", ("✗ ", "red"), plain(one.problem)))
            for difference in one.differences:
                for line in lines_of(difference):
                    console.print(line)


def lines_of(difference: Difference) -> Iterator[Text]:
    """A difference as a person reads it: what is wanted and is not there in one line, what is there instead in the next."""
    pairs = list(changes(difference.expected, difference.found))
    for place, (mark, value) in enumerate(pairs[:MOST_LINES]):
        label = difference.field if place == 0 else ""
        yield Text.assemble(f"      {label:<12} ", (f"{mark} {shortened(value)}", "red" if mark == "-" else ""))
    if len(pairs) > MOST_LINES:
        yield Text(f"      {'':<12} … and {len(pairs) - MOST_LINES:,} lines more: see them all with --json")


def changes(expected: Any, found: Any) -> Iterator[tuple[str, str]]:
    """`-` what must come out and doesn't, `+` what does instead."""
    if isinstance(expected, list) and isinstance(found, list):
        for line in difflib.ndiff(texts(expected), texts(found)):
            if line[:1] in "-+":
                yield line[0], line[2:]
        return
    yield "-", shown(expected)
    yield "+", shown(found)


def texts(values: Iterable[Any]) -> list[str]:
    return [shown(value) for value in values]


def shown(value: Any) -> str:
    return "nothing" if value in (None, "") else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def shortened(text: str) -> str:
    return plain(text if len(text) <= WIDEST else text[: WIDEST - 1] + "…")
