"""The preview itself: the site's page at the left, what came out of it at the right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crawler.article import Article
from crawler.charset import decode
from crawler.extraction.clean import text_of
from crawler.extraction.document import parse
from crawler.health.preview.extras import pictures_among, sheets_among
from crawler.health.preview.safe import safe_page, safe_style
from crawler.health.preview.taken import mark_taken
from crawler.page import Page
from crawler.recipes import Recipe

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing is asked of any network, whatever a page smuggles in."""
FIELDS = ("title", "authors", "published", "updated", "language", "description", "image", "tags", "body")
IMAGE = re.compile(r'<img src="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Shown:
    """What a preview shows."""

    recipe: Recipe
    pages: Sequence[Page]
    """The parts of the article, in order; or the one page that is none."""
    article: Article | None = None
    failure: str = ""
    """Why there is no article, or why it is not taken."""
    document: str = ""
    """The file that a crawl would write."""
    others: Mapping[str, Page] = field(default_factory=dict)
    """Style sheets and pictures."""
    command: str = ""
    """What to try next, as it can be pasted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field: what was taken, and where from."""

    name: str
    value: str
    source: str
    on_page: bool
    """Whether it is outlined in the page."""


def preview_page(shown: Shown) -> str:
    """One HTML page that shows all of it. It holds no script and asks for nothing."""
    pictures = pictures_among(dict(shown.others))
    frames, found = [], set()
    for number, page in enumerate(shown.pages):
        following = shown.pages[number + 1].url if number + 1 < len(shown.pages) else ""
        html, taken = framed(shown, page, following, pictures)
        frames.append({"html": html, "url": page.url, "number": number + 1})
        found |= taken
    article = shown.article
    template = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    body = IMAGE.sub(lambda match: shown_picture(match.group(1), pictures), article.body) if article else ""
    return template.get_template("preview.html").render(
        policy=POLICY,
        style=Markup((HERE / "preview.css").read_text("utf-8")),
        recipe=shown.recipe,
        article=article,
        failure=shown.failure,
        frames=frames,
        rows=rows_of(article, found) if article else [],
        body=Markup(body),
        characters=len(text_of(article.body)) if article else 0,
        document=shown.document,
        command=shown.command,
    )


def shown_picture(url: str, pictures: Mapping[str, str]) -> str:
    """The beginning of a picture's element; one that was not fetched shows what it says instead."""
    kept = pictures.get(unescape(url))
    return f'<img src="{kept}"' if kept else "<img"


def framed(shown: Shown, page: Page, following: str, pictures: Mapping[str, str]) -> tuple[str, set[str]]:
    """A page as the document of a frame of its own, so that its styles stay in there; and the fields found in it."""
    text = decode(page.body, page.headers.get("content-type", ""))[0]
    parser = parse(text)
    own = [node.text() for node in parser.css("style")]
    taken = mark_taken(parser, page, shown.article, shown.recipe, following) if shown.article else set()
    html, body = parser.root, parser.body
    sheets = [*sheets_among(list(shown.others.values())), *own]
    attributes = [attributes_of(node.attributes if node is not None else {}) for node in (html, body)]
    marks = (HERE / "marks.css").read_text("utf-8")
    plain = "" if any(sheets) else (HERE / "plain.css").read_text("utf-8")
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    styles = f"<style>{plain}{safe_style(sheets)}</style><style>{marks}</style>"
    content = safe_page(parser, page.url, pictures)
    return f"<!doctype html><html{attributes[0]}><head>{head}{styles}</head><body{attributes[1]}>{content}</body></html>", taken


def attributes_of(given: Mapping[str, Any]) -> str:
    return "".join(f' {name}="{escape(str(given[name]))}"' for name in ("class", "id", "lang", "dir") if given.get(name))


def rows_of(article: Article, on_page: set[str]) -> list[Row]:
    """All fields, empty ones too: what is missing is what a person looks for."""
    text = " ".join(text_of(article.body).split())
    values = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": str(article.published or ""),
        "updated": str(article.updated or ""),
        "language": article.language,
        "description": article.description,
        "image": article.image.url if article.image else "",
        "tags": ", ".join(article.tags),
        "body": f"{len(text):,} characters",
    }
    return [Row(name, values[name], source_of(article.provenance.get(name)), name in on_page) for name in FIELDS]


def source_of(said: Any) -> str:
    """Where a value came from, as a person reads it."""
    if isinstance(said, Mapping):
        return ", ".join(str(value) if name == "from" else f"{name} {value}" for name, value in said.items())
    return str(said or "")
