"""What a run brought, in a few lines that a person understands."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.text import Text

from crawler.cli.terminal import err, number, out, padded, plain, show_problems, size
from crawler.frontier import in_words
from crawler.pipelines.summary import RunSummary, SourceSummary
from crawler.recipes import Recipe
from crawler.urls import host_of, path_and_query
from crawler.workspace import SETTINGS_FILE, Workspace

MOST_FAILURES = 10  # told one by one for a source
LEFT = 44  # columns before the second column of numbers and places


def show_summary(summary: RunSummary, workspace: Workspace, recipes: Mapping[str, Recipe], *, quiet: bool) -> None:
    """Writes the summary; with `quiet` only what went wrong, on stderr."""
    console = err() if quiet else out()
    names = max((len(name) for name in summary.sources), default=0)
    width = max([LEFT - names - 3, *(len(counts(source)) for source in summary.sources.values())])
    for name, source in summary.sources.items():
        if not quiet:
            time = f"{summary.seconds:.1f} s, " if len(summary.sources) == 1 else ""
            cost = f"{time}{number(source.requests, 'request')}, {size(source.bytes)}"
            console.print(Text(f"{name.ljust(names)}   {counts(source).ljust(width)}   {cost}"))
        for line in failures(source, recipes[name]):
            console.print(line)
    if not quiet:
        for note in summary.notes:
            console.print(Text(f"  {plain(note)}"))
        if len(summary.sources) > 1:
            console.print(Text(f"{number(len(summary.sources), 'source')} in {summary.seconds:.1f} s"))
        for line in places(summary, workspace):
            console.print(line)
    show_problems((*summary.problems, *summary.feed_problems), console)
    if summary.stopped:
        console.print(Text.assemble(("✗ ", "red"), f"Stopped early: {plain(summary.stopped)}. The same command goes on where it was."))


def counts(source: SourceSummary) -> str:
    if source.busy:
        return "left alone: another run holds it"
    if source.paused:
        return f"paused; broadsheet resume {source.source}"
    parts = [f"{source.listed:,} listed", f"{source.new:,} new"]
    if source.known:
        parts.append(f"{source.known:,} known")
    if source.changed:
        parts.append(f"{source.changed:,} changed")
    if source.left_out:
        parts.append(f"{source.left_out:,} left out")
    if source.gone:
        parts.append(f"{len(source.gone):,} gone")
    if source.failures:
        parts.append(f"{len(source.failures):,} failed")
    return " · ".join(parts)


def failures(source: SourceSummary, recipe: Recipe) -> list[Text]:
    """One line for each page that failed; after some the number of the others."""
    lines = []
    for url, reason in source.list_failures:
        lines.append(failure(url, f"the list can't be read: {reason}", recipe))
    told = source.failures[:MOST_FAILURES]
    for url, reason in told:
        lines.append(failure(url, reason, recipe))
    if len(source.failures) > len(told):
        lines.append(Text(f"  … and {len(source.failures) - len(told):,} more: see them all with --json"))
    for host, seconds in sorted(source.resting.items()):
        pause = f"not asked for another {in_words(seconds)}: it wants a pause, or its budget is spent"
        why = pause if seconds else "does not answer: not asked any more in this run"
        left = f"; {number(source.waiting, 'article')} left waiting" if source.waiting else ""
        lines.append(Text(f"  ? {plain(host)}   {why}{left}"))
    for conflict in source.conflicts:
        lines.append(Text.assemble(("  ✗ ", "red"), plain(conflict)))
    if source.without_lists:
        lines.append(Text.assemble(("  ✗ ", "red"), f"{recipe.id}: none of its lists could be read; nothing new is known of it"))
    return lines


def failure(url: str, reason: str, recipe: Recipe) -> Text:
    shown = path_and_query(url) if host_of(url) == host_of(recipe.url) else url
    return Text.assemble(("  ✗ ", "red"), f"{plain(shown)}   {plain(reason)}")


def places(summary: RunSummary, workspace: Workspace) -> list[Text]:
    """Where documents and feeds lie, and what to do next."""
    found = []
    for name in summary.sources:
        folder = workspace.documents / name
        found.append(f"{workspace.shown(folder)}/ ({count_files(folder, '.md'):,})")
    documents = f"Documents   {found[0] if len(found) == 1 else workspace.shown(workspace.documents) + '/'}"
    lines = [Text(f"{padded(documents, LEFT)}   {feeds_line(workspace)}".rstrip())]
    if any(source.new for source in summary.sources.values()) and (workspace.root / SETTINGS_FILE).exists():
        lines += left_out_of_feeds(workspace)
    lines.append(Text(f"Next:   {next_command(summary, workspace)}"))
    return lines


def feeds_line(workspace: Workspace) -> str:
    count = sum(count_files(workspace.feeds, suffix) for suffix in (".atom", ".rss", ".json"))
    if not count:
        return ""
    first = workspace.feeds / "all.atom"
    rest = f" and {count - 1} more" if count > 1 else ""
    return f"Feeds   {workspace.shown(first)}{rest}"


def left_out_of_feeds(workspace: Workspace) -> list[Text]:
    """What feeds lack without an absolute address of their own, in one line."""
    settings = workspace.settings
    if settings.base_url:
        return []
    hubs = ", and the hubs are not told" if settings.hubs else ""
    return [Text(f"No base_url in {SETTINGS_FILE}: feeds have no self links, archives and OPML list{hubs}", style="dim")]


def next_command(summary: RunSummary, workspace: Workspace) -> str:
    if list(summary.sources) == ["demo"] and not workspace.sources.is_dir():
        command = shlex.quote(own_command())
        return f"{command} init news   # a workspace of your own, then: {command} -C news crawl"
    return next_crawl(workspace, next(iter(summary.sources)) if len(summary.sources) == 1 else "")


def next_crawl(workspace: Workspace, source: str = "") -> str:
    """The command that crawls a source of the workspace, or all, ready to be pasted."""
    here = "" if workspace.root == Path.cwd() else f" -C {shlex.quote(str(workspace.root))}"
    return f"{shlex.quote(own_command())}{here} crawl{' ' + source if source else ''}"


def own_command() -> str:
    """How this very command was called, in a form that can be pasted."""
    path = Path(sys.argv[0])
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return "broadsheet"


def count_files(folder: Path, suffix: str) -> int:
    return sum(1 for path in folder.rglob(f"*{suffix}") if not path.name.startswith(".")) if folder.is_dir() else 0
