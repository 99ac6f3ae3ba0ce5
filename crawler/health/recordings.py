"""Recorded pages: a source's pages as they came on a day, and what each must give. They lie beside its recipe."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.article import Article
from crawler.errors import BroadsheetError, RecordingError
from crawler.files import delete_durably, write_all_durably, write_durably
from crawler.outcome import Listing, Way
from crawler.page import NO_HINTS, Page
from crawler.recipes import Source
from crawler.recipes.sections import WAYS
from crawler.store.pages import hints_from_json, hints_to_json
from crawler.urls import address_key

VERSION = 1
FIELDS = ("url", "title", "authors", "published", "updated", "language", "description", "image", "tags", "body")
"""Of an Article, as a recording has them: `body` as lines of clean HTML, times as the page gave them, no time and no picture as null."""
LIST_FIELDS = ("links", "further", "lists")
"""Of a list: each link as its address, with headline and time where the list shows them; what it leads to further."""
KEPT_HEADERS = ("content-type", "content-language", "last-modified")
"""All that reading asks for. Never a cookie."""
LONGEST_NAME = 60
MOST_BYTES = 64 * 1024 * 1024
"""Of a page, unpacked: a damaged or hostile file stops there."""
NOT_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Recording:
    """The pages of one article, or a list page, and what must come of them."""

    path: Path
    """Of its `.json` file."""
    pages: tuple[Page, ...]
    """The parts of an article, in order, each with its own address, time and hints; or the list page."""
    expected: Mapping[str, Any]
    """What must come of it, by FIELDS or LIST_FIELDS. What somebody took out of the file is not compared."""
    section: str = ""
    """Of a list: the section's id."""
    way: Way = "list"

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def url(self) -> str:
        """What is asked for."""
        return self.pages[0].requested_url or self.pages[0].url

    @property
    def is_list(self) -> bool:
        return bool(self.section)


def recordings_folder(source: Source, workspace_sources: Path | None = None) -> Path:
    """Where a source's recordings lie: `sources/guancha/` beside `sources/guancha.yaml`.

    With the workspace's `sources/` folder those that a workspace has of a shipped source.
    """
    return (workspace_sources or Path(source.ref.path).parent) / source.recipe.id


def record(folder: Path, pages: Sequence[Page], article: Article) -> Path:
    """Keeps an article's pages (all its parts, in order) with the Article they must give; gives the path of its `.json` file.

    The file is named by the day of the first page's fetch and its address: recorded again on that day, it is replaced; on a later day
    another one is added, so that a dated block of a recipe keeps the pages it was written for. The pages lie beside it, gzipped, byte for
    byte as they came. Durable when this returns. Raises OSError.
    """
    return written(folder, name_of(pages[0]), pages, {"article": fields_of(article)})


def record_list(folder: Path, page: Page, section: str, way: Way, listing: Listing) -> Path:
    """Keeps a list page with the links it must give to a section, as `record` does."""
    said = {"section": section, "way": way, **list_fields_of(listing)}
    return written(folder, f"{name_of(page)}-{section}-{way}", [page], {"list": said})


def written(folder: Path, name: str, pages: Sequence[Page], said: Mapping[str, Any]) -> Path:
    files = [
        (folder / f"{name}.{number}.{suffix_of(page)}.gz", gzip.compress(page.body, 9, mtime=0)) for number, page in enumerate(pages, 1)
    ]
    about = [page_as_json(page, path.name) for page, (path, _) in zip(pages, files, strict=True)]
    path = folder / f"{name}.json"
    write_all_durably([*files, (path, as_text({"v": VERSION, "pages": about, **said}))])
    for old in set(folder.glob(f"{name}.*.gz")) - {file for file, _ in files}:  # it had more parts this morning
        delete_durably(old)
    return path


def expect(recording: Recording, found: Mapping[str, Any]) -> None:
    """From now on a recording must give this. Its pages stay as they are. Raises OSError, RecordingError."""
    said = read_json(recording.path)
    if recording.is_list:
        said["list"] = {"section": recording.section, "way": recording.way, **found}
    else:
        said["article"] = dict(found)
    write_durably(recording.path, as_text(said))


def fields_of(article: Article) -> dict[str, Any]:
    """An Article by FIELDS, as a recording has it."""
    return {
        "url": article.url,
        "title": article.title,
        "authors": list(article.authors),
        "published": str(article.published) if article.published else None,
        "updated": str(article.updated) if article.updated else None,
        "language": article.language,
        "description": article.description,
        "image": article.image.url if article.image else None,
        "tags": list(article.tags),
        "body": article.body.split("\n") if article.body else [],
    }


def list_fields_of(listing: Listing) -> dict[str, Any]:
    """What a list gave by LIST_FIELDS, as a recording has it."""
    links = []
    for link in listing.links:
        said = {"url": link.url, "title": link.hints.title, "published": str(link.hints.published or "")}
        links.append({name: value for name, value in said.items() if value})
    return {"links": links, "further": list(listing.further), "lists": list(listing.lists)}


def read_recordings(folder: Path) -> tuple[list[Recording], list[BroadsheetError]]:
    """All recordings in a folder, by name (the oldest first), and what is wrong with those that can't be read."""
    found: list[Recording] = []
    errors: list[BroadsheetError] = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        if path.name[0] in "._":
            continue
        try:
            found.append(read_recording(path))
        except BroadsheetError as error:
            errors.append(error)
    return found, errors


def read_recording(path: Path) -> Recording:
    """One recording by its `.json` file. Raises RecordingError that names the file and what is wrong with it."""
    said = read_json(path)
    try:
        pages = tuple(page_from_json(one, path) for one in said["pages"])
        listed = said.get("list")
        fields, given = (LIST_FIELDS, listed) if listed is not None else (FIELDS, said["article"])
        expected = {name: given[name] for name in fields if name in given}
        section, way = (str(listed["section"]), listed["way"]) if listed is not None else ("", "list")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordingError(str(path), f"is no recording ({type(error).__name__}: {error})") from None
    if not pages:
        raise RecordingError(str(path), "names no page")
    if way not in WAYS:
        raise RecordingError(str(path), f"{way!r} is no way in; one of {', '.join(WAYS)} is expected")
    return Recording(path, pages, expected, section, way)


def read_json(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_bytes())
    except OSError as error:
        raise RecordingError(str(path), f"can't be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise RecordingError(str(path), f"is no recording ({error})") from None
    if not isinstance(said, dict) or said.get("v") != VERSION:
        raise RecordingError(str(path), f"is no recording of version {VERSION}")
    return said


def name_of(page: Page) -> str:
    """`2026-04-01-fog-signal-1a2b3c`: the day of the fetch (UTC), the address's last words, and a little of its hash."""
    url = page.requested_url or page.url
    steps = [step for step in unquote(urlsplit(url).path).lower().split("/") if step]
    words = NOT_NAME.sub("-", re.sub(r"\.\w{2,5}$", "", steps[-1]) if steps else "").strip("-")
    day = page.fetched_at.astimezone(UTC).date().isoformat()
    digest = hashlib.sha256(address_key(url).encode()).hexdigest()[:6]
    return "-".join(part for part in (day, words[:LONGEST_NAME].strip("-"), digest) if part)


def suffix_of(page: Page) -> str:
    """What a person's tools know a page by; nothing depends on it."""
    kind = page.headers.get("content-type", "").lower()
    return "json" if "json" in kind else "xml" if "xml" in kind and "xhtml" not in kind else "html"


def page_as_json(page: Page, file: str) -> dict[str, Any]:
    said: dict[str, Any] = {"file": file, "url": page.url}
    if page.requested_url and page.requested_url != page.url:
        said["requested_url"] = page.requested_url
    said["status"] = page.status
    said["headers"] = {name: page.headers[name] for name in KEPT_HEADERS if page.headers.get(name)}
    said["fetched_at"] = page.fetched_at.astimezone(UTC).isoformat()
    if page.hints != NO_HINTS:
        said["hints"] = hints_to_json(page.hints)
    return said


def page_from_json(said: Mapping[str, Any], path: Path) -> Page:
    page = Page(
        body=unpacked(path.with_name(Path(said["file"]).name)),
        url=said["url"],
        requested_url=said.get("requested_url", ""),
        status=said["status"],
        headers=dict(said["headers"]),
        fetched_at=datetime.fromisoformat(said["fetched_at"]),
        hints=hints_from_json(said["hints"]) if said.get("hints") else NO_HINTS,
    )
    if page.fetched_at.tzinfo is None:
        return replace(page, fetched_at=page.fetched_at.replace(tzinfo=UTC))
    return page


def unpacked(path: Path) -> bytes:
    """A page's bytes. Raises RecordingError for a file that is gone, damaged or too large."""
    try:
        with gzip.open(path) as file:
            body = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise RecordingError(str(path), "is gone; record the page again, or delete the recording that names it") from None
    except (OSError, EOFError, zlib.error) as error:
        raise RecordingError(str(path), f"can't be unpacked ({error})") from None
    if len(body) > MOST_BYTES:
        raise RecordingError(str(path), f"holds more than {MOST_BYTES:,} bytes")
    return body


def as_text(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
