"""Entries for the tests of feeds: one with everything, and short ones by number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from crawler.article import Article, Image, Moment
from crawler.entry import Entry
from crawler.feeds.feed import Channel, Origin
from crawler.feeds.item import FeedEntry

START = datetime(2024, 5, 1, 6, 0, tzinfo=UTC)
SITE = "http://demo.broadsheet.example"


def article(number: int, **changed: object) -> Article:
    fields: dict[str, object] = {
        "url": f"{SITE}/city/{number}.html",
        "title": f"Headline {number}",
        "published": Moment(START + timedelta(hours=number)),
        "date_from": "page",
        "language": "en",
        "body": f"<p>What happened under number {number}.</p>",
    }
    return Article(**(fields | changed))  # type: ignore[arg-type]


def entry(
    number: int,
    *,
    seen: datetime | None = None,
    guid: str = "",
    source: str = "demo",
    sections: tuple[str, ...] = ("city",),
    **changed: object,
) -> Entry:
    return Entry(
        article=article(number, **changed),
        guid=guid or f"urn:uuid:{uuid5(NAMESPACE_URL, f'broadsheet:{source}:{number}')}",
        source=source,
        sections=sections,
        also_at=(),
        first_seen=seen or START + timedelta(days=30),
        path=f"{source}/2024/05/{number:05d}.md",
        categories=("Demo", "Demo", "City"),
    )


CHANNEL = Channel("demo/city", "Demo · City", f"{SITE}/", language="en", author="Demo")
GATHERED = Channel(
    "all",
    "Broadsheet",
    "https://news.example/paper/",
    icon="https://news.example/paper/icon.png",
    author="Broadsheet",
    address="https://news.example/paper/feeds/all",
    hubs=("https://hub.example/",),
)
ORIGIN = Origin("demo", "Demo", f"{SITE}/", "https://news.example/paper/feeds/demo", f"{SITE}/icon.png")

FULL = entry(
    1,
    url=f"{SITE}/city/桥 1.html?a=1&b=2",
    title="Bridge & tunnel: <b>both</b> open ]]> “at last”",
    authors=("Ann Lee", "鲍勃"),
    published=Moment(datetime.fromisoformat("2024-05-01T16:37:35+08:00")),
    updated=Moment(datetime.fromisoformat("2024-05-02T09:00+08:00"), "minute"),
    language="zh-CN",
    description="A < B, and C & D.",
    body='<p>Text with <a href="/more">a link</a> &amp; a sign: 1 &lt; 2.</p>'
    f'<p><img src="{SITE}/pictures/river-300x200.jpg" class="bigimg" width="300" alt="River"></p>',
    image=Image(f"{SITE}/pictures/bridge.jpg", 1200, 800, 'The "new" bridge'),
    tags=("bridges", "City"),
)
SHOWN = FeedEntry(FULL, ("City", "Front page"), ORIGIN, "en")
