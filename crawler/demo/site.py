"""What the demo newspaper answers: every address it has, and the bytes behind it, made from nothing but the files that ship with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from itertools import chain
from pathlib import Path

from crawler.demo import syndication
from crawler.demo.filling import TEMPLATES, fill
from crawler.demo.layouts import article_page, front_page, list_page
from crawler.demo.masthead import HOST, SECTIONS
from crawler.demo.pictures import BLANK, draw
from crawler.demo.stories import Story, stories

HTML = "text/html; charset=utf-8"
OTHER_PAGES = {"/about.html": "about", "/404.html": "not_found", "/private/": "private", "/player/spring-race.html": "player"}
COMPRESSED = ("text/", "application/xml", "application/rss+xml", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is behind an address."""

    body: bytes
    content_type: str = HTML
    status: int = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def compresses(self) -> bool:
        return self.content_type.startswith(COMPRESSED)


def answer(path: str) -> Answer:
    """The answer to a GET of `path`, percent-decoded and without its query, which nothing here depends on."""
    if found := edition().get(path):
        return found
    if path.startswith("/images/") and (scene := scenes().get(path.removeprefix("/images/").removesuffix(".png"))) is not None:
        return picture(path, scene)
    if f"{path}/" in edition():
        return Answer(b"", status=HTTPStatus.MOVED_PERMANENTLY, headers=(("Location", f"{path}/"),))
    return replace(edition()["/404.html"], status=HTTPStatus.NOT_FOUND)


def refused(target: str) -> Answer:
    """For a request that takes this server for a proxy to the world."""
    told = f"This is the demo newspaper. It answers for {HOST} alone and passes nothing on: not {target[:200]}\n"
    return Answer(told.encode("utf-8", "replace"), "text/plain; charset=utf-8", HTTPStatus.FORBIDDEN)


def not_allowed(method: str) -> Answer:
    told = f"{method} is not something a newspaper does. GET and HEAD are.\n"
    return Answer(told.encode(), "text/plain; charset=utf-8", HTTPStatus.METHOD_NOT_ALLOWED, (("Allow", "GET, HEAD"),))


@cache
def edition() -> dict[str, Answer]:
    """Every address but the pictures'."""
    return dict(chain(article_pages(), list_pages(), machine_lists(), other_pages()))


def article_pages() -> Iterator[tuple[str, Answer]]:
    for story in stories():
        for part in range(len(story.parts)):
            page = Answer(article_page(story, part).encode(story.charset), content_type(story), story.status)
            yield story.address_of(part), page
            if part == 0 and story.canonical:
                yield story.canonical, page


def content_type(story: Story) -> str:
    """A page that is not in UTF-8 tells so in its `meta` alone, as such sites do."""
    return HTML if story.charset == "utf-8" else "text/html"


def list_pages() -> Iterator[tuple[str, Answer]]:
    yield "/", Answer(front_page().encode())
    for section in SECTIONS.values():
        for number, address in enumerate(section.pages):
            yield address, Answer(list_page(section, number).encode())


def machine_lists() -> Iterator[tuple[str, Answer]]:
    yield "/feed.xml", Answer(syndication.feed().encode(), "application/rss+xml; charset=utf-8")
    yield "/news-sitemap.xml", Answer(syndication.news_sitemap().encode(), "application/xml")
    yield "/sitemap.xml", Answer(syndication.sitemap_index().encode(), "application/xml")
    yield "/robots.txt", Answer(syndication.robots().encode(), "text/plain; charset=utf-8")


def other_pages() -> Iterator[tuple[str, Answer]]:
    for path, name in OTHER_PAGES.items():
        yield path, Answer(fill(name).encode())
    for name, kind in (("paper.css", "text/css; charset=utf-8"), ("masthead.svg", "image/svg+xml")):
        yield f"/{name}", Answer(Path(TEMPLATES, name).read_bytes(), kind)
    yield "/images/blank.png", Answer(BLANK, "image/png")


@cache
def scenes() -> dict[str, str]:
    """What each picture of the newspaper shows, by its name."""
    return dict(chain.from_iterable(story.pictures for story in stories()))


@cache
def picture(path: str, scene: str) -> Answer:
    return Answer(draw(path, scene), "image/png")
