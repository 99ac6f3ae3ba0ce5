"""The links of a page, each with what surrounds it: in which part of the page, heading and entry it stands, and among which other links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from crawler.bounds import bounded
from crawler.extraction.document import parse
from crawler.urls import address_key, join, same_site

MOST_LINKS = 20_000
"""Links of one page that are looked at."""
ABOVE = 8
"""Elements above a link whose names and neighbours count."""
NEAR = 3
MOST_WITHIN = 12
"""Elements within a link whose names count."""
MOST_COUNTED = 40
"""Different addresses in one element: more are counted as so many."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
WORD = re.compile(r"[^\W_]+")
NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
OF_ENTRY = frozenset(["post", "article", "entry", "card", "story", "item", "teaser"])
SILENT = ("script", "style", "noscript", "template", "svg")
TIME = re.compile(
    r"\b\d{1,2}:\d{2}\b|\b(?:19|20)\d\d[-/.年]\d{1,2}|\b\d{1,2}[-/.](?:\d{1,2}|[A-Z][a-z]{2})[-/.](?:20)?\d\d\b|\b\d+\s*(?:min(?:ute)?s?|h(?:ou)?rs?|days?|hours?|std|stunden?|tagen?)\b(?:\s+ago)?"
    r"|\d+\s*(?:分钟前|小时前|天前|時間前|分前)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+\d{1,2}\b|\b\d{1,2}\.?\s+(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(slots=True)
class Anchor:
    """One link as it stands on the page."""

    url: str
    """Absolute, without fragment."""
    text: str
    """What it shows; of one that holds a heading that heading's; of a picture its alternative text."""
    order: int
    """Its place among the page's links."""
    in_heading: bool = False
    shows_picture: bool = False
    picture_only: bool = False
    in_link: str = ""
    """`rel` and `itemprop` in one text."""
    names: frozenset[str] = frozenset()
    """Words of tags, classes and ids of the elements around it, the nearest."""
    inner_names: frozenset[str] = frozenset()
    """… and of those in it."""
    far_names: frozenset[str] = frozenset()
    """… and those farther out."""
    track: str = ""
    """The elements around it, as links of one list share them."""
    group: int = 1
    """Different addresses in the smallest element around it that has another one too."""
    group_words: float = 0.0
    """Words that a link has there on average."""
    first_in_group: bool = False
    """No link there has a longer text."""
    group_heading: bool = False
    """Another link there stands in a heading, this one doesn't."""
    entry_time: bool = False
    """A time stands beside it."""
    entry_text: int = 0
    """Words beside it that are no link's."""
    embedded: bool = False
    """It lies in JSON."""


@dataclass(slots=True)
class Candidate:
    """One address with all links that lead to it."""

    url: str
    anchors: list[Anchor] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The longest text of its links, those in headings first."""
        headed = [anchor.text for anchor in self.anchors if anchor.in_heading and anchor.text]
        return max(headed or [anchor.text for anchor in self.anchors], key=len, default="")

    @property
    def words(self) -> float:
        return max((word_count(anchor.text) for anchor in self.anchors), default=0.0)


def soup_of(text: str) -> BeautifulSoup:
    """A page as a browser reads it (lexbor's tree), for Beautiful Soup."""
    return BeautifulSoup(parse(bounded(text)).html or "", "lxml")


def base_of(soup: BeautifulSoup, url: str) -> str:
    """What relative links are resolved against (HTML, 2.4.3)."""
    base = soup.find("base", href=True)
    return join(url, str(base["href"])) or url if isinstance(base, Tag) else url


def word_count(text: str) -> float:
    """Words; two Han letters count as one."""
    han = len(HAN.findall(text))
    return len(WORD.findall(HAN.sub(" ", text))) + han / 2


def anchors_of(soup: BeautifulSoup, url: str) -> list[Anchor]:
    """The page's links to its own site, in order."""
    base = base_of(soup, url)
    found: list[Anchor] = []
    tags: list[Tag] = []
    for tag in soup.find_all("a", href=True, limit=MOST_LINKS):
        address = join(base, str(tag["href"]))
        if address and same_site(address, url):
            found.append(read_anchor(tag, address, len(found)))
            tags.append(tag)
    Neighbours(tags, found).tell()
    return found


def candidates_of(anchors: list[Anchor]) -> list[Candidate]:
    """Addresses in the order in which the page first has them."""
    found: dict[str, Candidate] = {}
    for anchor in anchors:
        found.setdefault(address_key(anchor.url), Candidate(anchor.url)).anchors.append(anchor)
    return list(found.values())


def read_anchor(tag: Tag, url: str, order: int) -> Anchor:
    inside = tag.find(HEADINGS)
    shown = text_of(inside if isinstance(inside, Tag) and text_of(inside) else tag)
    picture = tag.find(("img", "picture", "figure", "amp-img"))
    text = shown or described(tag)
    near: list[str] = []
    far: list[str] = []
    track: list[str] = []
    in_heading = isinstance(inside, Tag)
    around = list(above_of(tag))
    entry = max((place for place, above in enumerate(around) if above.name == "article"), default=-1)
    for distance, above in enumerate(around):
        in_heading = in_heading or (above.name in HEADINGS and distance <= NEAR)
        words = names_of(above)
        if distance <= entry or OF_ENTRY.intersection(words):  # the header of an entry, not of the page
            words = [word for word in words if word not in ("header", "footer")]
        (near if distance <= NEAR else far).extend(words)
        if distance < 5:
            track.append(mark_of(above))
    near += names_of(tag)
    inner = [name for within in tag.find_all(True, limit=MOST_WITHIN) for name in names_of(within)]
    return Anchor(
        url,
        text,
        order,
        in_heading=in_heading,
        shows_picture=picture is not None,
        picture_only=not shown and picture is not None,
        in_link=" ".join(str(value) for key in ("rel", "itemprop") for value in as_list(tag.get(key))).lower(),
        names=frozenset(near),
        inner_names=frozenset(inner),
        far_names=frozenset(far),
        track=">".join(track),
    )


def text_of(tag: Tag) -> str:
    return " ".join(
        " ".join(
            str(piece) for piece in tag.descendants if type(piece) is NavigableString and piece.parent and piece.parent.name not in SILENT
        ).split()
    )


def described(tag: Tag) -> str:
    """What a link without text says of itself."""
    for value in (tag.get("title"), tag.get("aria-label"), *(image.get("alt") for image in tag.find_all("img", limit=2))):
        if value and str(value).strip():
            return " ".join(str(value).split())
    return ""


def above_of(tag: Tag) -> Iterator[Tag]:
    above = tag.parent
    for _ in range(ABOVE):
        if above is None or above.name in ("body", "html", "[document]"):
            return
        yield above
        above = above.parent


def names_of(tag: Tag) -> list[str]:
    """The words in a tag's name, classes and id."""
    values = [tag.name, *as_list(tag.get("class")), *as_list(tag.get("id")), *as_list(tag.get("role"))]
    return [word for value in values for word in split_name(str(value))]


@lru_cache(8192)
def split_name(value: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in NAME.findall(value))


def mark_of(tag: Tag) -> str:
    """A tag with its classes, without the numbers in them."""
    classes = sorted(re.sub(r"\d+", "", str(name)) for name in as_list(tag.get("class")))
    return ".".join([tag.name, *classes[:3]])


def as_list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@dataclass(slots=True)
class Surroundings:
    """The links in one element."""

    keys: set[str] = field(default_factory=set)
    links: int = 0
    words: float = 0.0
    longest: float = 0.0
    heading: bool = False


class Neighbours:
    """Tells of each link among which others it stands."""

    def __init__(self, tags: list[Tag], anchors: list[Anchor]) -> None:
        self.tags, self.anchors = tags, anchors
        self.around: dict[int, Surroundings] = {}
        self.said: dict[int, tuple[bool, int]] = {}

    def tell(self) -> None:
        words = [word_count(anchor.text) for anchor in self.anchors]
        for tag, anchor, count in zip(self.tags, self.anchors, words, strict=True):
            key = address_key(anchor.url)
            for above in above_of(tag):
                around = self.around.setdefault(id(above), Surroundings())
                if len(around.keys) < MOST_COUNTED:
                    around.keys.add(key)
                around.links += 1
                around.words += count
                around.longest = max(around.longest, count)
                around.heading = around.heading or anchor.in_heading
        for tag, anchor, count in zip(self.tags, self.anchors, words, strict=True):
            self.place(tag, anchor, count)

    def place(self, tag: Tag, anchor: Anchor, count: float) -> None:
        """Which entry and which list a link stands in."""
        entry: Tag | None = None
        for above in above_of(tag):
            around = self.around[id(above)]
            if len(around.keys) > 1:
                anchor.group = len(around.keys)
                anchor.group_words = around.words / around.links
                anchor.first_in_group = count >= around.longest
                anchor.group_heading = around.heading and not anchor.in_heading
            if len(around.keys) <= 4:
                entry = above
            if len(around.keys) > 1:
                break
        if entry is not None:
            anchor.entry_time, anchor.entry_text = self.saying(entry)

    def saying(self, entry: Tag) -> tuple[bool, int]:
        """Whether an entry has a time, and how many words stand in it beside its links."""
        if id(entry) not in self.said:
            pieces, size = [], 0
            for piece in entry.strings:
                if piece.find_parent("a") is None and type(piece) is NavigableString:
                    pieces.append(str(piece))
                    size += len(piece)
                if size > 2000:
                    break
            text = " ".join(pieces)
            timed = entry.find("time") is not None or TIME.search(text) is not None
            self.said[id(entry)] = timed, int(word_count(text))
        return self.said[id(entry)]
