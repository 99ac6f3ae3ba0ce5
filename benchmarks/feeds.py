"""How fast feeds are built, beside feedgen alone, and served, beside nginx. Run: python benchmarks/feeds.py [ENTRIES…]

Built: 100, 1,000 and 10,000 entries. Both write the same articles as RSS and Atom; ours cleans texts again, puts lead images in, checks
what it wrote, and writes JSON, too. Served: benchmarks/serving.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter

import serving
from feedgen.feed import FeedGenerator

from crawler.article import Article, Image, Moment
from crawler.entry import Entry
from crawler.feeds.build import FORMATS
from crawler.feeds.checks import faults
from crawler.feeds.feed import Channel, Feed, Item
from crawler.feeds.item import FeedEntry, prepare

SITE = "https://www.example.com"
START = datetime(2024, 5, 1, 6, 0, tzinfo=UTC)
PARAGRAPH = "The council met on Tuesday evening and voted by a narrow margin to open the old bridge again, after eleven years of repairs. "
BODY = "\n".join(f'<p>{PARAGRAPH * 3}<a href="{SITE}/more/{n}">More</a></p>' for n in range(8))
"""Some 3,400 letters of text: a news article of medium length."""


def entries(count: int) -> list[Entry]:
    made = []
    for n in range(count):
        article = Article(
            f"{SITE}/city/{n}.html",
            f"Headline {n} & more",
            ("Ann Lee",),
            Moment(START + timedelta(minutes=n)),
            "page",
            language="en",
            body=BODY,
            image=Image(f"{SITE}/pictures/{n}.jpg", 1200, 800, "The bridge"),
            tags=("bridges", "city"),
        )
        made.append(
            Entry(
                article, f"urn:uuid:00000000-0000-5000-8000-{n:012}", "demo", ("city",), (), START + timedelta(days=30), f"demo/{n:08}.md"
            )
        )
    return made


def feedgen_alone(items: Sequence[Item], suffix: str) -> bytes:
    generator = FeedGenerator()
    generator.id("urn:uuid:00000000-0000-5000-8000-000000000000")
    generator.title("Demo")
    generator.link(href=SITE, rel="alternate")
    generator.description("Demo")
    for item in items:
        made = generator.add_entry(order="append")
        made.id(item.guid)
        made.title(item.title)
        made.link(href=item.url)
        made.summary(item.summary)
        made.content(item.content, type="html")
        made.published(item.published)
        made.updated(item.updated)
        for category in item.categories:
            made.category(term=category)
        for name in item.authors:
            made.author(name=name)
    return bytes(generator.rss_str() if suffix == "rss" else generator.atom_str())


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of some runs: what disturbs a run can only make it slower."""

    def once() -> float:
        begun = perf_counter()
        work()
        return perf_counter() - begun

    return min(once() for _ in range(times))


def whole_feeds(counts: Sequence[int]) -> None:
    print("Seconds for one feed of so many entries (the best of three)\n")
    heads = f"{'RSS':>7} {'feedgen':>8}  {'Atom':>7} {'feedgen':>8}  {'JSON':>7}  {'checks':>7}  {'RSS bytes':>12}"
    print(f"{'entries':>8}  {'prepare':>8}  {heads}")
    for count in counts:
        held = entries(count)
        prepared = seconds(lambda: [prepare(FeedEntry(entry, ("City",))) for entry in held], 1)  # noqa: B023
        items = tuple(prepare(FeedEntry(entry, ("City",))) for entry in held)
        feed = Feed(Channel("demo", "Demo", f"{SITE}/", language="en"), items)
        times = 3 if count <= 1000 else 1
        ours = {suffix: seconds(lambda: write(feed), times) for suffix, write in FORMATS.items()}  # noqa: B023
        alone = {suffix: seconds(lambda: feedgen_alone(items, suffix), times) for suffix in ("rss", "atom")}  # noqa: B023
        written = {suffix: write(feed) for suffix, write in FORMATS.items()}
        checked = seconds(lambda: [faults(suffix, content) for suffix, content in written.items()], times)  # noqa: B023
        print(
            f"{count:>8,}  {prepared:>8.3f}  {ours['rss']:>7.3f} {alone['rss']:>8.3f}  {ours['atom']:>7.3f} {alone['atom']:>8.3f}"
            f"  {ours['json']:>7.3f}  {checked:>7.3f}  {len(written['rss']):>12,}"
        )


if __name__ == "__main__":
    whole_feeds([int(argument) for argument in sys.argv[1:]] or [100, 1_000, 10_000])
    print()
    serving.measure_all(3.0)
