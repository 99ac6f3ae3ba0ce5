"""Feeds as HTML pages: one stylesheet, no script, nothing from elsewhere, the same bytes for the same items. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crawler.article import Precision, zulu
from crawler.feeds.feed import ALL, MEDIA_TYPES, Channel, Item
from crawler.feeds.opml import SUFFIX
from crawler.feeds.pages.text import placed
from crawler.identity import hash8

HERE = Path(__file__).parent
STYLE = "assets/broadsheet.css"
FRONT = "index.html"
LANGUAGE = "en"
"""Of the words that the pages themselves say."""
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# pictures and films of an opened full text come from their sites; everything else is here
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' http: https:; media-src 'self' http: https:; base-uri 'none'; form-action 'none'"
)
LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Story:
    """An item and what a page shows with it besides."""

    item: Item
    source: str
    """Its source's name."""
    zone: str = ""
    """IANA name of the source's zone; empty: UTC."""
    precision: Precision = "second"
    document: str = ""
    """Path of its document under the output; empty where it does not lie there."""
    text: str = ""
    """Its full text, as `for_pages` makes it."""
    language: str = ""
    """BCP 47, of the source's name."""


@dataclass(frozen=True, slots=True)
class Shelfmark:
    """Where a feed stands: its channel and the path of its page under the output."""

    channel: Channel
    page: str


def write_front_page(
    title: str,
    front: Shelfmark,
    stories: Sequence[Story],
    *,
    named: Sequence[Shelfmark] = (),
    all_feeds: str = "",
    sources: int = 0,
    opml: str = "",
) -> bytes:
    """The front page: sources, latest headlines, ways to subscribe.

    `front`: the feed whose headlines these are. `named`: the feeds that it tells readers of; of them it shows people the sources.
    `all_feeds`: path under the output of the page that lists all feeds; `sources`: how many there are. `opml`: address of the list of all.
    """
    shown = [front, *(mark for mark in named if "/" not in mark.channel.path)]
    page = common(title, front, FRONT, shown, stories) | {
        "heading": title,
        "stories": [told(story, FRONT, front.page) for story in stories],
    }
    page["alternates"] = [*page["alternates"], *(link for mark in named for link in links_of(mark, FRONT) if link["suffix"] == SUFFIX)]
    if all_feeds and len(named) > 1:
        label = f"All {sources:,} sources" if sources > len(shown) - 1 else "All feeds"
        page["contents"] = [*page["contents"], {"href": relative(all_feeds, FRONT), "title": label, "language": "", "here": False}]
    if opml:
        page["buttons"] = [*page["buttons"], {"href": opml, "type": "text/x-opml", "label": "OPML", "title": "list of all feeds"}]
    return render("front.html", page)


def write_list_page(title: str, here: str, shelf: Sequence[Shelfmark], opml: str = "") -> bytes:
    """The page that lists all feeds: a source, and below it its sections. `here`: its path under the output."""
    first = [mark for mark in shelf if mark.channel.path == ALL]
    others = sorted((mark for mark in shelf if mark.channel.path != ALL), key=lambda mark: source_first(mark.channel.path))
    page = {
        "title": f"All feeds · {title}",
        "heading": "All feeds",
        "paper": title,
        "home": relative(FRONT, here),
        "style": relative(STYLE, here),
        "alternates": [],
        "buttons": [{"href": opml, "type": "text/x-opml", "label": "OPML", "title": "list of all feeds"}] if opml else [],
        "lately": None,
        "contents": [],
        "feeds": [
            {
                "href": relative(mark.page, here),
                "title": name_of(mark.channel),
                "language": mark.channel.language,
                "kind": "section" if "/" in mark.channel.path else "source",
                "links": links_of(mark, here),
            }
            for mark in (*first, *others)
        ],
    }
    return render("list.html", page)


def write_feed_page(title: str, mark: Shelfmark, shelf: Sequence[Shelfmark], stories: Sequence[Story]) -> bytes:
    """The page of one feed, with the full texts. `title`: the workspace's; `shelf`: the feeds that its contents list."""
    page = common(f"{name_of(mark.channel)} · {title}", mark, mark.page, shelf, stories) | {
        "heading": name_of(mark.channel),
        "paper": title,
        "home": relative(FRONT, mark.page),
        "stories": [told(story, mark.page, mark.page) for story in stories],
    }
    return render("feed.html", page)


def source_first(path: str) -> tuple[str, bool]:
    """Sorts a source before its sections, which keep their order."""
    source, slash, _ = path.partition("/")
    return source, bool(slash)


def common(title: str, mark: Shelfmark, here: str, shelf: Sequence[Shelfmark], stories: Sequence[Story]) -> dict[str, Any]:
    """What both kinds of page show."""
    newest = max(stories, key=lambda story: story.item.published, default=None)
    links = links_of(mark, here)
    contents = [
        {
            "href": relative(other.page, here),
            "title": name_of(other.channel),
            "language": other.channel.language,
            "here": other.page == here,
        }
        for other in shelf
    ]
    return {
        "title": title,
        "language": mark.channel.language,
        "style": relative(STYLE, here),
        "alternates": links,
        "buttons": links,
        "lately": date_of(newest) if newest else None,
        "contents": contents if len(contents) > 1 else [],
    }


def name_of(channel: Channel) -> str:
    """How a feed is called on a page, where the paper's own name stands above already."""
    return "All articles" if channel.path == ALL else channel.title


def links_of(mark: Shelfmark, here: str) -> list[dict[str, str]]:
    """A feed in each format: absolute where it has an address, so that it works when copied; else as the file beside the page."""
    base = mark.channel.address or relative(mark.page.removesuffix(".html"), here)
    return [
        {"href": f"{base}.{suffix}", "type": MEDIA_TYPES[suffix], "suffix": suffix, "label": label, "title": mark.channel.title}
        for suffix, label in LABELS.items()
    ]


def told(story: Story, here: str, full: str) -> dict[str, Any]:
    item = story.item
    anchor = f"a-{hash8(item.guid)}"
    picture = item.image.asset if item.image else ""
    return {
        "item": item,
        "source": story.source,
        "authors": [name for name in item.authors if name != story.source],
        "time": date_of(story),
        "anchor": anchor,
        "full": f"{relative(full, here)}#{anchor}" if full else item.url,
        "picture": relative(picture, here) if picture else "",
        "host": urlsplit(item.url).netloc.removeprefix("www."),
        "document": relative(story.document, here) if story.document else "",
        "text": Markup(placed(story.text, up(here))),  # clean since it was prepared
        "tongue": story.language,
    }


def date_of(story: Story) -> dict[str, str]:
    """A date as a person says it where the source is, and exactly."""
    local = story.item.published.astimezone(ZoneInfo(story.zone or "UTC"))
    day = f"{DAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year}"
    if story.precision == "day":
        return {"day": day, "clock": "", "exact": f"{local.year:04}-{local.month:02}-{local.day:02}"}
    return {"day": day, "clock": f"{local.hour:02}:{local.minute:02}", "exact": zulu(story.item.published)}


def relative(target: str, here: str) -> str:
    """The way from one page to another file under the output, percent-encoded: it works on a disk and under any sub-path."""
    return quote(posixpath.relpath(target, posixpath.dirname(here) or "."))


def up(here: str) -> str:
    """The way from a page to the output's folder: `../`, or nothing."""
    return "../" * here.count("/")


def tongue(language: str, around: str = LANGUAGE) -> Markup:
    """`lang` and `dir` of what is in another language than what stands around it."""
    if not language or language == around:
        return Markup("")
    turned = Markup(' dir="{}"').format(direction(language)) if direction(language) != direction(around) else Markup("")
    return Markup(' lang="{}"').format(language) + turned


def direction(language: str) -> str:
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def render(name: str, page: dict[str, Any]) -> bytes:
    text = templates().get_template(name).render(page=page)
    return (text.strip() + "\n").encode()


@cache
def templates() -> Environment:
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    environment.globals |= {"LANGUAGE": LANGUAGE, "POLICY": POLICY, "tongue": tongue}
    return environment


def style() -> bytes:
    return (HERE / "broadsheet.css").read_bytes()
