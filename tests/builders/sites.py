"""Site builders as a blog runs them: which are here, and what their pages show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.documents import DocumentOptions, Documents, FrontMatter, normalise, profile_named
from crawler.entry import Entry
from crawler.extraction.clean import clean_html

CLASS = re.compile(' class="[^"]*"')
NODE = Path(__file__).parent / "node"
MODULES = NODE / "node_modules"


def marks(program: str) -> list[pytest.MarkDecorator]:
    """The marks of a test that runs a site builder; it skips where the builder is missing."""
    from_npm = program in ("hexo", "@11ty/eleventy", "gray-matter")
    there = (MODULES / program / "package.json").exists() and shutil.which("node") if from_npm else shutil.which(program)
    how = "npm ci --ignore-scripts in tests/builders/node" if from_npm else f"apt-get install {program}"
    return [pytest.mark.needs(program), pytest.mark.skipif(not there, reason=f"{program} is not here ({how})")]


def needs(program: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks a test that runs a site builder."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        for one in marks(program):
            test = one(test)
        return test

    return mark


def run(command: Sequence[str | Path], folder: Path, **environ: str) -> str:
    """Runs a builder; its output goes into the failure."""
    path = f"{folder / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}"
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "JEKYLL", "HUGO", "NODE_"))}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=plain | {"PATH": path, "TZ": "UTC", "LC_ALL": "C.UTF-8", "CI": "true"} | environ,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def write_documents(folder: Path, name: str, entries: Sequence[Entry], **options: object) -> dict[str, Entry]:
    """Writes the entries' documents into a folder; gives them by guid in the form in which they are read back."""
    profile = profile_named(name, DocumentOptions(**options))  # type: ignore[arg-type]
    written = Documents(folder, profile).write(entries)
    assert [one.kind for one in written] == ["written"] * len(entries)
    return {entry.guid: normalise(entry, profile) for entry in entries}


def shown(name: str) -> FrontMatter:
    profile = profile_named(name)
    assert isinstance(profile, FrontMatter)
    return profile


def page(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text("utf-8"))


def page_at(folder: Path, address: str) -> LexborHTMLParser:
    """The page that a site serves at this path."""
    return page(folder / unquote(address).strip("/") / "index.html")


def page_text(folder: Path, address: str) -> str:
    return (folder / unquote(address).strip("/") / "index.html").read_text("utf-8")


def main_part(folder: Path, address: str) -> str:
    """What stands in the page's `<main>`, as it is in the file: parsed and written again a `<pre>` would lose its first line break."""
    return page_text(folder, address).partition("<main>")[2].rpartition("</main>")[0]


def only(tree: LexborHTMLParser, selector: str) -> LexborNode:
    found = tree.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def words(text: str) -> list[str]:
    return text.split()


def assert_same_body(rendered: str, entry: Entry) -> None:
    """What a builder made of a body: the same elements, text, code and pictures."""
    expected = entry.article.body
    assert words(text_of(rendered)) == words(text_of(expected)), entry.article.title
    assert [code.text() for code in parsed(rendered).css("pre")] == [code.text() for code in parsed(expected).css("pre")], (
        entry.article.title
    )
    assert sources(rendered) == sources(expected), entry.article.title
    assert structure(inner(rendered)) == structure(expected), entry.article.title


def structure(html: str) -> list[str]:
    """Elements, attributes and words; without the classes that a theme gives pictures to load them late."""
    return CLASS.sub("", clean_html(html)).replace(' lazyload"', '"').split()


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!DOCTYPE html><body>{html}")


def text_of(html: str) -> str:
    body = parsed(html).body
    return body.text() if body else ""


def sources(html: str) -> list[tuple[str, str, str]]:
    found = [[image.attributes.get(name) or "" for name in ("src", "alt", "title")] for image in parsed(html).css("img")]
    # volantis loads pictures late by a class; where a picture's text equals its class, it adds that to the text
    return [(source, alt.removesuffix(" lazyload"), title) for source, alt, title in found]


def inner(html: str) -> str:
    """The content of the `<div>` that a document's body stands in."""
    html = html.strip()
    assert html.startswith("<div>"), html[:80]
    assert html.endswith("</div>"), html[-80:]
    return html[5:-6]


def assert_nothing_came_alive(folder: Path) -> None:
    """No page has an element or attribute that a header's string made."""
    pages = list(folder.rglob("*.html"))
    assert pages
    for path in pages:
        tree = page(path)
        assert not tree.css("evil-tag"), path
        assert not tree.css("[data-evil], [onerror], [onmouseover]"), path
        assert not any(
            "window.evil" in script.text() or "alert(1)" in script.text() for script in tree.css("script:not([type='application/ld+json'])")
        ), path
