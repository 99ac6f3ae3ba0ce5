"""Feeds as HTML pages: one stylesheet, no script, nothing from elsewhere, the same bytes for the same items. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from crawler.article import Precision, zulu
from crawler.extraction.clean import text_of
from crawler.feeds.feed import ALL, MEDIA_TYPES, Channel, Item
from crawler.feeds.opml import SUFFIX
from crawler.feeds.pages.layout import LANGUAGE, TIME, FeedLink, Place, When, frame, joined, tongue
from crawler.feeds.pages.template import NOTHING, Template
from crawler.feeds.pages.text import placed
from crawler.identity import hash8

STYLE = "assets/broadsheet.css"
FRONT = "index.html"
LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

TITLE = Template("<h1{tongue}>{title}</h1>\n")
PAPER = Template('<p class="paper"><a href="{home}">{paper}</a></p>\n')
DAY = Template('<h2 class="day">{}</h2>\n')
HEADLINE = Template("""\
<article{pictured}{tongue}>
<h3><a href="{full}">{title}</a></h3>
<p class="by"{english}>{time}<span{name_tongue}>{source}</span></p>
{summary}{picture}</article>
""")
STORY = Template("""\
<article id="{anchor}"{pictured}{tongue}>
<h2><a href="{url}" rel="noopener">{title}</a></h2>
<p class="by"{english}>{time} · <span{name_tongue}>{source}</span>{authors}</p>
{summary}{picture}{text}<p class="links"{english}>
<a href="{url}" rel="noopener">{host}<span class="unseen">: {title}</span></a>{document}
</p>
</article>
""")
AUTHORS = Template(" · <span{}>{}</span>")
SUMMARY = Template('<p class="summary{}">{}</p>\n')
PICTURE = Template('<img class="picture" src="{}" alt="" loading="lazy">\n')
TEXT = Template("""\
<details>
<summary{english}>Full text<span class="unseen"> of {title}</span></summary>
<div class="text">{text}</div>
</details>
""")
DOCUMENT = Template('\n<a href="{}">Document<span class="unseen"> of {}</span></a>')
LIST = Template('<ul class="feeds">\n{}</ul>\n')
FEED = Template('<li class="{kind}"><a href="{href}"{tongue}>{title}</a>\n<span class="formats">{links}</span></li>\n')
FORMAT = Template('<a href="{0.href}" type="{0.type}">{0.label}<span class="unseen"> feed: {0.title}</span></a>')


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
    contents = contents_of(shown, FRONT)
    if all_feeds and len(named) > 1:
        label = f"All {sources:,} sources" if sources > len(shown) - 1 else "All feeds"
        contents.append(Place(relative(all_feeds, FRONT), label))
    links = links_of(front, FRONT)
    main = []
    before = ""
    for story in stories:
        when = date_of(story)
        if when.day != before:
            main.append(DAY.format(when.day))
            before = when.day
        main.append(headline(story, when, front.page))
    return frame(
        title=title,
        style=relative(STYLE, FRONT),
        masthead=TITLE.format(tongue=NOTHING, title=title),
        main=joined(main),
        count=number(len(stories), "article"),
        alternates=[*links, *(link for mark in named for link in links_of(mark, FRONT) if link.suffix == SUFFIX)],
        buttons=[*links, *opml_link(opml)],
        contents=contents if len(contents) > 1 else [],
        lately=lately(stories),
        front=True,
    )


def write_feed_page(title: str, mark: Shelfmark, shelf: Sequence[Shelfmark], stories: Sequence[Story]) -> bytes:
    """The page of one feed, with the full texts. `title`: the workspace's; `shelf`: the feeds that its contents list."""
    heading = name_of(mark.channel)
    paper = PAPER.format(home=relative(FRONT, mark.page), paper=title)
    links = links_of(mark, mark.page)
    return frame(
        title=f"{heading} · {title}",
        style=relative(STYLE, mark.page),
        masthead=paper + TITLE.format(tongue=tongue(mark.channel.language), title=heading),
        main=joined(whole(story, mark.page) for story in stories),
        count=number(len(stories), "article"),
        alternates=links,
        buttons=links,
        contents=contents_of(shelf, mark.page) if len(shelf) > 1 else [],
        lately=lately(stories),
    )


def write_list_page(title: str, here: str, shelf: Sequence[Shelfmark], opml: str = "") -> bytes:
    """The page that lists all feeds: a source, and below it its sections. `here`: its path under the output."""
    in_order = sorted(shelf, key=lambda mark: (mark.channel.path != ALL, *source_first(mark.channel.path)))
    return frame(
        title=f"All feeds · {title}",
        style=relative(STYLE, here),
        masthead=PAPER.format(home=relative(FRONT, here), paper=title) + TITLE.format(tongue=NOTHING, title="All feeds"),
        main=LIST.format(joined(listed(mark, here) for mark in in_order)),
        count=number(len(shelf), "feed"),
        buttons=opml_link(opml),
    )


def headline(story: Story, when: When, full: str) -> Markup:
    """A story on the front page; its headline leads to the full text on this page."""
    item = story.item
    return HEADLINE.format(
        **common(story, FRONT),
        full=f"{relative(full, FRONT)}#{anchor_of(item)}",
        time=TIME.format(when.exact, when.clock) + " · " if when.clock else NOTHING,
        summary=SUMMARY.format("", item.summary) if item.summary else NOTHING,
    )


def whole(story: Story, here: str) -> Markup:
    """A story on its feed's page, with its full text."""
    item = story.item
    authors = [name for name in item.authors if name != story.source]
    shared = common(story, here)
    english, title = shared["english"], item.title
    # clean since it was prepared; the way to kept pictures is our own
    text = Markup(placed(story.text, up(here)))
    return STORY.format(
        **shared,
        anchor=anchor_of(item),
        url=item.url,
        host=urlsplit(item.url).netloc.removeprefix("www."),
        time=date_of(story).whole,
        authors=AUTHORS.format(tongue(item.language), ", ".join(authors)) if authors else NOTHING,
        summary=SUMMARY.format(" repeated" if repeated(item) else "", item.summary) if item.summary else NOTHING,
        text=TEXT.format(english=english, title=title, text=text) if text else NOTHING,
        document=DOCUMENT.format(relative(story.document, here), title) if story.document else NOTHING,
    )


def common(story: Story, here: str) -> dict[str, str | Markup]:
    """What both kinds of page show of a story."""
    item = story.item
    picture = item.image.asset if item.image else ""
    return {
        "title": item.title,
        "tongue": tongue(item.language),
        "english": tongue(LANGUAGE, item.language),
        "source": story.source,
        "name_tongue": tongue(story.language),
        "pictured": Markup(' class="pictured"') if picture else NOTHING,
        "picture": PICTURE.format(relative(picture, here)) if picture else NOTHING,
    }


def listed(mark: Shelfmark, here: str) -> Markup:
    channel = mark.channel
    return FEED.format(
        kind="section" if "/" in channel.path else "source",
        href=relative(mark.page, here),
        tongue=tongue(channel.language),
        title=name_of(channel),
        links=joined(FORMAT.format(link) for link in links_of(mark, here)),
    )


def anchor_of(item: Item) -> str:
    return f"a-{hash8(item.guid)}"


def lately(stories: Sequence[Story]) -> When | None:
    newest = max(stories, key=lambda story: story.item.published, default=None)
    return date_of(newest) if newest else None


def contents_of(shelf: Sequence[Shelfmark], here: str) -> list[Place]:
    return [Place(relative(mark.page, here), name_of(mark.channel), mark.channel.language, mark.page == here) for mark in shelf]


def name_of(channel: Channel) -> str:
    """How a feed is called on a page, where the paper's own name stands above already."""
    return "All articles" if channel.path == ALL else channel.title


def links_of(mark: Shelfmark, here: str) -> list[FeedLink]:
    """A feed in each format: absolute where it has an address, so that it works when copied; else as the file beside the page."""
    base = mark.channel.address or relative(mark.page.removesuffix(".html"), here)
    return [FeedLink(f"{base}.{suffix}", MEDIA_TYPES[suffix], label, mark.channel.title, suffix) for suffix, label in LABELS.items()]


def opml_link(address: str) -> list[FeedLink]:
    return [FeedLink(address, "text/x-opml", "OPML", "list of all feeds")] if address else []


def source_first(path: str) -> tuple[str, bool]:
    """Sorts a source before its sections, which keep their order."""
    source, slash, _ = path.partition("/")
    return source, bool(slash)


def repeated(item: Item) -> bool:
    """Whether the summary is how the full text begins: then it need not stand above it."""
    beginning = "".join(item.summary.rstrip("…").split())
    return bool(beginning) and "".join(text_of(item.content[: 2 * len(item.summary) + 200]).split()).startswith(beginning)


def date_of(story: Story) -> When:
    """A date where the source is."""
    local = story.item.published.astimezone(ZoneInfo(story.zone or "UTC"))
    day = f"{DAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year}"
    if story.precision == "day":
        return When(day, "", f"{local.year:04}-{local.month:02}-{local.day:02}")
    return When(day, f"{local.hour:02}:{local.minute:02}", zulu(story.item.published))


def number(count: int, name: str) -> str:
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def relative(target: str, here: str) -> str:
    """The way from one page to another file under the output, percent-encoded: it works on a disk and under any sub-path."""
    folders, names = here.split("/")[:-1], target.split("/")
    common = 0
    while common < min(len(folders), len(names) - 1) and folders[common] == names[common]:
        common += 1
    return "../" * (len(folders) - common) + quote("/".join(names[common:]))


def up(here: str) -> str:
    """The way from a page to the output's folder: `../`, or nothing."""
    return "../" * here.count("/")


def style() -> bytes:
    return Path(__file__).with_name("broadsheet.css").read_bytes()
