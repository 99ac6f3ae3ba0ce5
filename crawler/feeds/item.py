"""An entry becomes a feed's item: text cleaned for XML, full text with its lead image, a plain summary. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import accumulate
from types import MappingProxyType
from unicodedata import east_asian_width

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Image
from crawler.entry import Entry
from crawler.extraction.clean import clean_html
from crawler.feeds.asis import paragraphs, sources, stays, without_classes
from crawler.feeds.bearable import bearable
from crawler.feeds.feed import Item, Origin, Picture
from crawler.feeds.members import seconds
from crawler.feeds.pictures import same_picture, type_of
from crawler.urls import join, tidy

# everything outside XML 1.0's Char production (2.2): feedgen raises on it, and one such article would end the feed
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SPACES = re.compile(r"\s+")
LANGUAGE = re.compile(r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$")
SUMMARY = 300
"""Letters (wide ones count twice) of a summary made from the text; a description of the page's own may have three times as many."""
TITLE = 80
"""Letters of a title made from the text, where a page has none."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture of which the workspace holds a copy."""

    url: str
    """Absolute address of the copy; without `base_url` the original's."""
    type: str
    """Media type."""
    length: int
    """Bytes."""
    asset: str = ""
    """Its path under the output."""


NOTHING_KEPT: Mapping[str, KeptPicture] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry and what a feed shows with it."""

    entry: Entry
    sections: tuple[str, ...] = ()
    """Names of its sections, as people see them."""
    origin: Origin | None = None
    """Where it comes from, in a feed that gathers several sources."""
    language: str = ""
    """BCP 47 of its source, where the article names none."""
    kept: Mapping[str, KeptPicture] = field(default_factory=dict)
    """Original address of a picture → our copy."""


def prepare(shown: FeedEntry, *, few: bool = False) -> Item:
    """The item that all three formats write.

    `few`: it is one of a few; what takes longer to begin with than to clean them, and saves time only over many, is not begun.
    Raises ValueError where the entry can't stand in a feed: it has no guid, or no http(s) address.
    """
    article = shown.entry.article
    guid = one_line(shown.entry.guid)
    if not guid:
        raise ValueError("it has no guid")
    url = tidy(one_line(article.url))
    if not url:
        raise ValueError(f"{article.url!r} is no http(s) address")
    published = seconds(shown.entry.published.at)
    updated = seconds(shown.entry.updated.at)
    # nothing is dated in the future (facts, 7): an article can't have been published after it was seen
    published = min(published, seconds(shown.entry.first_seen))
    as_it_is = not few and stays(article.body)
    body = article.body if as_it_is else bearable(readable(article.body))
    text = (joined(paragraphs(body)) if as_it_is else "") or body_text(body)
    language = one_line(article.language or shown.language)
    return Item(
        guid=guid,
        url=url,
        title=one_line(article.title) or shorten(text, TITLE) or url,
        published=published,
        updated=max(updated, published) if article.updated else published,
        summary=shorten(one_line(article.description), 3 * SUMMARY) or shorten(text, SUMMARY),
        content=(full_text_as_it_is if as_it_is else full_text)(body, url, article.image, shown.kept),
        authors=distinct(article.authors),
        categories=distinct((*shown.sections, *article.tags)),
        language=language if LANGUAGE.match(language) else "",
        image=lead_picture(article.image, shown.kept),
        origin=shown.origin,
    )


def readable(text: str) -> str:
    """Text without the characters that XML forbids, lone surrogates among them; line ends are LF."""
    return FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    if text.isprintable() and "  " not in text:
        return text.strip()
    return SPACES.sub(" ", FORBIDDEN.sub("", text)).strip()


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each name once, in order, none empty."""
    return tuple(filter(None, dict.fromkeys(map(one_line, names))))


def full_text(body: str, url: str, image: Image | None = None, kept: Mapping[str, KeptPicture] = NOTHING_KEPT) -> str:
    """A body as readers get it: no `class`, every address absolute, kept pictures from us, the lead image in it once.

    The cleaner comes last (DESIGN, rule 7): what is put in here passes through it too.
    """
    tree = LexborHTMLParser(f"<body>{body}</body>")
    assert tree.body is not None
    for node in tree.css("[class]"):
        del node.attrs["class"]
    shown = []
    for picture in tree.css("img[src]"):
        source = picture.attrs.sget("src")
        shown.append(join(url, source))
        if source in kept:
            picture.attrs["src"] = kept[source].url
            if "srcset" in picture.attrs:
                del picture.attrs["srcset"]
    posters = [node.attrs.sget("poster") for node in tree.css("[poster]")]
    html = tree.body.inner_html or ""
    lead = tidy(image.url) if image else ""
    if image and lead and not any(same_picture(lead, other) for other in (*shown, *posters)):
        html = figure(image, kept[image.url].url if image.url in kept else lead) + html
    return clean_html(html, url)


def full_text_as_it_is(body: str, url: str, image: Image | None = None, kept: Mapping[str, KeptPicture] = NOTHING_KEPT) -> str:
    """The same of a body that stays: there is nothing for the cleaner to do but for the lead image, and pictures that come from us."""
    pictures = sources(body)
    clean = without_classes(body)
    if any(source in kept for source in pictures):
        return full_text(body, url, image, kept)
    lead = tidy(image.url) if image else ""
    if image and lead and not any(same_picture(lead, join(url, source)) for source in pictures):
        above = clean_html(figure(image, kept[image.url].url if image.url in kept else lead), url)
        return f"{above}\n{clean}" if above else clean
    return clean


def figure(image: Image, url: str) -> str:
    size = "".join(f' {name}="{value}"' for name, value in (("width", image.width), ("height", image.height)) if value)
    return f'<figure><img src="{escape(url)}" alt="{escape(one_line(image.alt))}"{size}></figure>'


def lead_picture(image: Image | None, kept: Mapping[str, KeptPicture]) -> Picture | None:
    """The lead image with the type and length that are known of it: the length only of a kept one."""
    url = tidy(image.url) if image else ""
    if image is None or not url:
        return None
    if image.url in kept:
        copy = kept[image.url]
        return Picture(copy.url, copy.type, copy.length, image.width, image.height, copy.asset)
    return Picture(url, type_of(url), None, image.width, image.height)


def body_text(body: str) -> str:
    """The running text of a body, as far as a summary needs it: paragraphs, without captions and tables."""
    tree = LexborHTMLParser(f"<body>{body}</body>")
    assert tree.body is not None
    running = (paragraph for paragraph in tree.css("p") if not paragraph.css_matches("figure p, table p, figcaption p"))
    return joined(paragraph.text(separator="") for paragraph in running) or one_line(tree.body.text(separator=" "))


def joined(texts: Iterable[str]) -> str:
    """Paragraphs as one line, as many as a summary needs."""
    whole = ""
    for text in texts:
        whole += ("" if whole and east_asian_width(whole[-1]) in "WF" else " ") + text.strip()
        if len(whole) > 4 * SUMMARY:
            break
    return one_line(whole)


def shorten(text: str, letters: int) -> str:
    """The text, or its beginning up to a word's end and an ellipsis. Where words have no spaces between them, up to any letter.

    A wide letter counts for two: Chinese says in a hundred what takes English three times as many.
    """
    if (begin := text[: letters + 1]).isascii():
        fitting = min(len(begin), letters)
    else:
        widths = accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in begin)
        fitting = sum(width <= letters for width in widths)
    if fitting == len(text):
        return text
    beginning = text[: max(fitting - 1, 1)]
    space = beginning.rfind(" ")
    return (beginning[:space] if space > len(beginning) * 2 // 3 else beginning).rstrip(" .,;:。，；：、-–—") + "…"


def without_text(item: Item) -> str:
    """What stands for a text that is too long for a feed: its summary and the way to it (facts, 19)."""
    summary = f"<p>{escape(item.summary)}</p>" if item.summary else ""
    return clean_html(f'{summary}<p><a href="{escape(item.url)}">{escape(item.title)}</a></p>', item.url)
