"""`broadsheet doctor`: what is wrong with a workspace, told and mended."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, workspace
from crawler.cli.terminal import number, out, padded, plain, size, to_json
from crawler.upkeep.doctor import Diagnosis, examine
from crawler.upkeep.findings import Finding
from crawler.workspace import Workspace

TOLD = 10  # findings of one kind told one by one
LEFT = 1  # exit code: something is left for a person


@app.command()
def doctor(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look: change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON on stdout.")] = False,
) -> None:
    """Check store, documents, index, feeds and kept pages against each other, and mend what can be mended.

    Documents are the truth and are not changed: store, index and feeds are brought up to them. Only one that was taken down for good and is
    there again goes. What only a person can mend is told, with what to do. It also tells what takes how much of the disk. No run may use
    the workspace meanwhile.

    Examples:

        broadsheet -C news doctor

        broadsheet -C news doctor --dry-run     # look, and change nothing

    Exit codes: 0 all is well now, 1 something is left to do (with --dry-run: something is wrong), 3 a run uses the workspace.
    """
    place = workspace()
    done = examine(place, repairing=not dry_run)
    if as_json:
        typer.echo(to_json(as_values(done, place, dry_run)))
    else:
        show(done, place, dry_run)
    if done.left or (dry_run and done.findings):
        raise typer.Exit(LEFT)


def as_values(done: Diagnosis, place: Workspace, dry_run: bool) -> dict[str, object]:
    return {
        "findings": [finding.as_json() | {"repaired": bool(finding.repair) and not dry_run} for finding in done.findings],
        "looked_at_all": done.whole,
        "articles": done.articles,
        "edited": done.edited,
        "no_documents": done.others,
        "waiting": done.waiting,
        "failed": done.failed,
        "disk": [{"name": use.name, "place": place.shown(use.place), "files": use.files, "bytes": use.bytes} for use in done.use],
        "free": done.free,
    }


def show(done: Diagnosis, place: Workspace, dry_run: bool) -> None:
    console = out()
    told: Counter[tuple[str, str, str]] = Counter()
    for finding in done.findings:
        kind = (finding.part, finding.repair, finding.to_do)
        told[kind] += 1
        if told[kind] <= TOLD:
            console.print(line_of(finding, dry_run))
    more = sum(count - TOLD for count in told.values() if count > TOLD)
    if more:
        console.print(Text(f"… and {more:,} more: see them all with --json"))
    if not done.whole:
        console.print(Text("The rest was not looked at: what stands above is in its way."))
    articles = [number(done.articles, "article")]
    articles += [f"{done.edited:,} edited by hand, and kept so"] if done.edited else []
    articles += [f"{number(done.others, 'other file')} beside them"] if done.others else []
    articles += [f"{done.waiting:,} waiting"] if done.waiting else []
    articles += [f"{done.failed:,} failed so far"] if done.failed else []
    console.print(Text(f"{' · '.join(articles)}"))
    for use in done.use:
        row = f"{padded(use.name, 12)}{number(use.files, 'file') if use.files else '':>16}{size(use.bytes):>12}   {place.shown(use.place)}"
        console.print(Text(plain(row)))
    console.print(Text(f"{padded('free', 12)}{'':>16}{size(done.free):>12}"))
    console.print(Text(verdict(done, dry_run)))


def line_of(finding: Finding, dry_run: bool) -> Text:
    what = f"{plain(finding.subject)}: {plain(finding.problem)}"
    if not finding.repair:
        return Text.assemble(("✗ ", "red"), f"{what}; {plain(finding.to_do)}")
    return Text(f"{'?' if dry_run else '✓'} {what}; {plain(finding.repair)}")


def verdict(done: Diagnosis, dry_run: bool) -> str:
    left, mended = len(done.left), len(done.findings) - len(done.left)
    if not done.findings:
        return "All is well."
    if dry_run:
        return f"{number(len(done.findings), 'thing')} found. {mended:,} of them: broadsheet doctor mends."
    rest = f", {left:,} left to you (✗)." if left else ". All is well now."
    fetched = any("next crawl" in finding.repair for finding in done.findings)
    return f"{number(mended, 'thing')} mended{rest}" + (" The next crawl fetches what is missing." if fetched else "")
