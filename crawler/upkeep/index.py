"""The index against the documents: each has its line, once, in the file of its month, and there is no other line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from crawler.documents.index_files import BrokenIndex, in_order, lines_of
from crawler.files import delete_durably
from crawler.pipelines.missing import entries_of
from crawler.shown import number
from crawler.store import Store
from crawler.upkeep.documents import Line, Survey, digest_of
from crawler.upkeep.findings import Finding
from crawler.workspace import Workspace

REPAIR = "the file is made again from its documents"


def look_at_index(store: Store, workspace: Workspace, survey: Survey, unsure: frozenset[str], *, repairing: bool) -> list[Finding]:
    """What the index says otherwise than the documents. Files that are wrong are deleted and marked: `index_changes` writes them again.

    `unsure`: sources that are left out, for their recipes are broken. Raises StoreError, OSError.
    """
    found: list[Finding] = []
    there = {path.name for path in workspace.index.glob("*") if path.is_dir()}
    for source in sorted((there | survey.lines.keys()) - unsure):
        lines = survey.lines.get(source, {})
        passed_over = unreadable_guids(store, source, survey)
        wrong = wrong_files(workspace, source, lines, passed_over)
        found += [Finding("index", workspace.shown(workspace.index / file), problem, REPAIR) for file, problem in wrong.items()]
        behind = behind_the_documents(store, source, lines, passed_over)
        if behind and not wrong:
            subject = workspace.shown(workspace.index / source)
            problem = f"the store remembers other lines of {number(len(behind), 'article')} than the index has"
            found.append(Finding("index", subject, problem, "it is told again which there are"))
        if repairing and (wrong or behind):
            for file in wrong:
                delete_durably(workspace.index / file)
            with store.begin() as transaction:
                in_wrong = {guid for guid, line in lines.items() if line.file in wrong}
                transaction.changes.mark(source, sorted(behind | in_wrong))
    return found


def wrong_files(workspace: Workspace, source: str, lines: Mapping[str, Line], passed_over: set[str]) -> dict[str, str]:
    """Index file → what is wrong with it. `passed_over`: guids whose documents can't be read, so that nobody knows their lines."""
    expected: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    for guid, line in lines.items():
        expected[line.file][guid] = line.digest
    files = {f"{source}/{path.name}" for path in (workspace.index / source).glob("*.ndjson")}
    wrong = {}
    for file in sorted(files | expected.keys()):
        if problem := what_is_wrong(workspace, file, expected[file], passed_over):
            wrong[file] = problem
    return wrong


def what_is_wrong(workspace: Workspace, file: str, expected: Mapping[str, bytes], passed_over: set[str]) -> str:
    try:
        content = (workspace.index / file).read_bytes()
    except FileNotFoundError:
        return f"is missing: it lists {number(len(expected), 'article')}"
    except OSError as error:
        return f"can't be read ({error.strerror})"
    try:
        lines = lines_of(content)
    except BrokenIndex as error:
        return f"is broken: {error}"
    digests = {guid: digest_of(line) for guid, line in lines.items() if guid not in passed_over}
    lacks, beyond = len(expected.keys() - digests.keys()), len(digests.keys() - expected.keys())
    others = sum(1 for guid, digest in digests.items() if expected.get(guid, digest) != digest)
    told = [f"lacks {number(lacks, 'article')}"] if lacks else []
    told += [f"has {number(beyond, 'line')} that no document stands for"] if beyond else []
    told += [f"says of {number(others, 'article')} something else than the document"] if others else []
    if not told and in_order(lines.values()) != content:
        told.append("is not in its order")
    return "; ".join(told)


def unreadable_guids(store: Store, source: str, survey: Survey) -> set[str]:
    """Articles of the source whose documents can't be read: their lines stay as they are."""
    if not any(path.startswith(f"{source}/") for path in survey.unreadable):
        return set()
    return {known.guid for known in entries_of(store, source) if known.path in survey.unreadable}


def behind_the_documents(store: Store, source: str, lines: Mapping[str, Line], passed_over: set[str]) -> set[str]:
    """Articles of which the store remembers another line than their documents have: whoever follows the index was not told."""
    with store.read() as transaction:
        told = transaction.changes.lines(source)
    behind = {guid for guid, line in lines.items() if told.get(guid) != (line.file, line.content_hash)}
    return behind | {guid for guid in told if guid not in lines and guid not in passed_over}
