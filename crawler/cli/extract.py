"""`broadsheet extract`: one page to an article on stdout, or many by lines of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

import typer
from rich.text import Text

from crawler.article import Article
from crawler.cli.app import app, workspace
from crawler.cli.terminal import out, padded, plain, say_data, say_error, to_json
from crawler.errors import BroadsheetError, ExtractionError, WorkspaceError
from crawler.extraction import canonical_in, extract
from crawler.extraction.clean import text_of
from crawler.outcome import Failure
from crawler.page import Page
from crawler.recipes import Recipe, find_sources
from crawler.urls import canonical

Format = Literal["json", "html", "text", "md"]
NOTHING_READ = 1


@app.command(name="extract")
def extract_command(
    what: Annotated[list[str] | None, typer.Argument(metavar="FILE|URL...", help="Pages: files, addresses, or - for stdin.")] = None,
    url: Annotated[str, typer.Option("--url", metavar="URL", help="The address that a file was saved from.")] = "",
    shown_as: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json, html, text or md.")] = "json",
    source: Annotated[str, typer.Option("--source", metavar="ID", help="Read the page by this source's recipe.")] = "",
    kept: Annotated[bool, typer.Option("--kept", help="Make documents again from kept pages: of these sources, or of all.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show what was taken from where instead of the article.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read lines {"id","url","file"} from FILE or stdin, write one line each.')] = False,
) -> None:
    """Turn a page into an article: title, authors, dates, language, picture, clean body.

    Examples:

        broadsheet extract page.html --url https://www.example.com/news/1

        broadsheet extract https://www.example.com/news/1 --format md

        broadsheet extract page.html --explain             what was taken from where

        broadsheet -C news extract --kept guancha          after a change of its recipe

        broadsheet extract --jsonl < pages.jsonl > articles.jsonl
    """
    if kept:
        from crawler.cli.kept import extract_kept

        extract_kept(workspace(), what or [])
        return
    recipe = find_sources(workspace().sources).get(source).recipe if source else None
    if jsonl:
        for name in what or ["-"]:
            extract_lines_of(name, recipe)
        return
    if shown_as not in ("json", "html", "text", "md"):
        raise WorkspaceError("--format", f"{shown_as!r}: json, html, text or md is expected")
    if not what:
        raise WorkspaceError("extract", "name a file or an address, or give lines of JSON with --jsonl")
    failed = 0
    fetched = fetch([one for one in what if is_address(one)])
    for one in what:
        try:
            article = extract([fetched_page(one, fetched[one]) if one in fetched else saved_page(read_bytes(one), url)], recipe)
            if explain:
                show_sources(article)
            else:
                say_data(as_format(article, shown_as))
        except (BroadsheetError, OSError) as error:
            failed += 1
            say_error(error if isinstance(error, BroadsheetError) else WorkspaceError(one, (error.strerror or str(error)).lower()))
    if failed:
        raise typer.Exit(NOTHING_READ)


def is_address(what: str) -> bool:
    return what.startswith(("http://", "https://"))


def fetch(addresses: list[str]) -> dict[str, Page | Failure]:
    """Pages from the network, through the guard."""
    if not addresses:
        return {}
    from crawler.spiders.fetch_one import fetch_pages

    return fetch_pages(addresses, workspace().sent_as)


def fetched_page(address: str, page: Page | Failure) -> Page:
    """A fetched page. Raises ExtractionError, saying why there is none."""
    if isinstance(page, Failure):
        raise ExtractionError(address, page.reason)
    return page


def read_bytes(what: str) -> bytes:
    return sys.stdin.buffer.read() if what == "-" else Path(what).read_bytes()


def saved_page(body: bytes, url: str) -> Page:
    """A saved page; without a given address its own canonical one holds."""
    if url and not canonical(url):
        raise ExtractionError(url, "is no address; one that begins with http:// or https:// is expected")
    page = Page(body=body, url=url, fetched_at=datetime.now(UTC))
    return page if url else replace(page, url=canonical_in(page))


def show_sources(article: Article) -> None:
    """A table for a person: each field, what was taken, and where it was found."""
    text = text_of(article.body)
    values = {
        "url": article.url,
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": str(article.published or ""),
        "updated": str(article.updated or ""),
        "language": article.language,
        "image": article.image.url if article.image else "",
        "description": article.description,
        "tags": ", ".join(article.tags),
        "body": f"{len(text):,} characters: {' '.join(text.split())}",
    }
    console = out()
    for field in dict.fromkeys((*values, *article.provenance)):
        found = article.provenance.get(field, "")
        source = found if isinstance(found, str) else ", ".join(f"{key} {value}" for key, value in found.items())
        console.print(Text.assemble(padded(field, 12), padded(plain(values.get(field, "")) or "–", 64), "  ", (plain(source), "dim")))


def as_format(article: Article, shown_as: str) -> str:
    if shown_as == "html":
        return article.body
    if shown_as == "text":
        return text_of(article.body)
    if shown_as == "md":
        from markdownify import markdownify

        return f"# {article.title}\n\n{markdownify(article.body, heading_style='ATX').strip()}"
    return to_json(values_of(article))


def values_of(article: Article) -> dict[str, Any]:
    """An article as the JSON that `extract` writes; times as the page gave them."""
    return {
        "url": article.url,
        "title": article.title,
        "authors": list(article.authors),
        "published": str(article.published) if article.published else None,
        "updated": str(article.updated) if article.updated else None,
        "language": article.language,
        "image": article.image.url if article.image else None,
        "description": article.description,
        "tags": list(article.tags),
        "text": text_of(article.body),
        "html": article.body,
        "provenance": dict(article.provenance),
    }


def extract_lines_of(name: str, recipe: Recipe | None) -> None:
    """The lines of a file; `-`: of stdin. Raises WorkspaceError where it can't be read."""
    if name == "-":
        extract_lines(sys.stdin, recipe)
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as lines:
            extract_lines(lines, recipe)
    except OSError as error:
        raise WorkspaceError(name, f"{(error.strerror or str(error)).lower()}; a file with lines of JSON is expected") from None


def extract_lines(lines: TextIO, recipe: Recipe | None) -> None:
    """One answer a line, in the lines' order, each written before the next is read; a bad line is that line's error."""
    for answer in answers(lines, recipe):
        sys.stdout.write(to_json(answer, None) + "\n")
        sys.stdout.flush()


def answers(lines: TextIO, recipe: Recipe | None) -> Iterator[dict[str, Any]]:
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name: Any = f"line {place}"
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict) or not isinstance(asked.get("file"), str):
                raise ExtractionError(f"line {place}", 'expected {"id": …, "url": …, "file": …}')
            name = asked.get("id", name)
            page = saved_page(Path(asked["file"]).read_bytes(), str(asked.get("url") or ""))
            found = values_of(extract([page], recipe))
            keys = ("title", "authors", "published", "updated", "language", "image", "description", "text", "html", "provenance")
            yield {"id": name} | {key: found[key] for key in keys}
        except (BroadsheetError, OSError, ValueError, RecursionError) as error:
            yield {"id": name, "error": str(error)}
