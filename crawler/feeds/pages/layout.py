"""How a page is laid out: its head, masthead, contents, foot. All that is put in is escaped, unless it is Markup already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from crawler.feeds.pages.template import NOTHING, Template

LANGUAGE = "en"
"""Of the words that the pages themselves say."""
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# pictures and films of an opened full text come from their sites; everything else is here
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' http: https:; media-src 'self' http: https:; base-uri 'none'; form-action 'none'"
)
FRAME = Template("""\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<meta name="generator" content="Broadsheet">
<link rel="stylesheet" href="{style}">
{alternates}</head>
<body>
<header>
{masthead}{lately}{buttons}{contents}</header>
<main{of}>
{main}</main>
<footer>
<p>{count} · made by Broadsheet</p>
</footer>
</body>
</html>
""")
ALTERNATE = Template('<link rel="alternate" type="{0.type}" title="{0.title}" href="{0.href}">\n')
LATELY = Template('<p class="lately">Newest article: {}</p>\n')
BUTTONS = Template('<ul class="subscribe" aria-label="Subscribe">\n{}</ul>\n')
BUTTON = Template('<li><a href="{0.href}" type="{0.type}">{0.label}<span class="unseen"> feed: {0.title}</span></a></li>\n')
CONTENTS = Template('<nav aria-label="Feeds">\n<ul>\n{}</ul>\n</nav>\n')
PLACE = Template('<li><a href="{href}"{here}{tongue}>{title}</a></li>\n')
TONGUE = Template(' lang="{}"')
DIRECTION = Template(' dir="{}"')
TIME = Template('<time datetime="{}">{}</time>')


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed in one format, or the list of all."""

    href: str
    type: str
    """Media type."""
    label: str
    """What stands on the button: RSS."""
    title: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the contents lead to."""

    href: str
    title: str
    language: str = ""
    here: bool = False
    """Whether it is this very page."""


@dataclass(frozen=True, slots=True)
class When:
    """A date as a person says it, and exactly."""

    day: str
    """`Monday, 30 March 2026`"""
    clock: str
    """`09:12`; empty where only the day is known."""
    exact: str
    """For machines: an instant in UTC, or a day."""

    @property
    def whole(self) -> Markup:
        return TIME.format(self.exact, f"{self.day}, {self.clock}" if self.clock else self.day)


def frame(
    *,
    title: str,
    style: str,
    masthead: Markup,
    main: Markup,
    count: str,
    alternates: Iterable[FeedLink] = (),
    buttons: Sequence[FeedLink] = (),
    contents: Sequence[Place] = (),
    lately: When | None = None,
    front: bool = False,
) -> bytes:
    """A whole page."""
    text = FRAME.format(
        language=LANGUAGE,
        policy=POLICY,
        title=title,
        style=style,
        alternates=joined(ALTERNATE.format(link) for link in alternates),
        masthead=masthead,
        lately=LATELY.format(lately.whole) if lately else NOTHING,
        buttons=BUTTONS.format(joined(BUTTON.format(link) for link in buttons)) if buttons else NOTHING,
        contents=CONTENTS.format(joined(map(place, contents))) if contents else NOTHING,
        of=Markup(' class="front"') if front else NOTHING,
        main=main,
        count=count,
    )
    return text.encode()


def place(to: Place) -> Markup:
    here = Markup(' aria-current="page"') if to.here else NOTHING
    return PLACE.format(href=to.href, here=here, tongue=tongue(to.language), title=to.title)


def joined(pieces: Iterable[Markup]) -> Markup:
    return NOTHING.join(pieces)


def tongue(language: str, around: str = LANGUAGE) -> Markup:
    """`lang` and `dir` of what is in another language than what stands around it."""
    if not language or language == around:
        return NOTHING
    turned = DIRECTION.format(direction(language)) if direction(language) != direction(around) else NOTHING
    return TONGUE.format(language) + turned


def direction(language: str) -> str:
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
