"""A recipe's sections: the lists of a site, and the ways into each."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from crawler.outcome import Way
from crawler.recipes.choices import (
    ItemChoices,
    ItemTimeChoices,
    LinkChoice,
    LinkChoices,
    PathChoice,
    PathChoices,
    PathTimeChoices,
    Shape,
)
from crawler.recipes.dated import Dated, as_blocks, in_order
from crawler.recipes.values import Address, ElementsList, JsonPath, JsonPlaces, Language

ID = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
PAGE = "{page}"
WAYS: tuple[Way, ...] = ("list", "feed", "sitemap", "json")


class Numbered(Dated):
    """What lists and JSON have in common: an address, and further pages of it."""

    url: Address = Field(min_length=1, examples=["https://www.example.com/news/", "https://www.example.com/news/list_{page}.html"])
    """Absolute; `{page}` in it stands for the page's number."""
    pages: int = Field(1, ge=1, le=10_000, examples=[3])
    """How many pages are read in a run at most: of `{page}` by number, or along `next`."""
    first: int = Field(1, ge=0, le=1_000_000, examples=[0])
    """The number of the first page."""
    step: int = Field(1, ge=1, le=100_000, examples=[20])
    """What is added for the next page: 20 where `{page}` is an offset."""

    def further_pages_are_reachable(self, along_next: bool) -> None:
        given = self.model_fields_set
        if re.search(r"[{}]", self.url.replace(PAGE, "")):
            raise ValueError(f"only {PAGE} may stand in braces, found {self.url!r}")
        if PAGE in self.url and along_next:
            raise ValueError(f"either {PAGE} in url or next: one of the two leads to further pages")
        if self.pages > 1 and PAGE not in self.url and not along_next:
            raise ValueError(f"pages: {self.pages} needs {PAGE} in url, or next")
        if along_next and "pages" not in given:
            raise ValueError("next needs pages: how many are read in a run at most")
        if PAGE not in self.url and given & {"first", "step"}:
            raise ValueError(f"first and step number the pages of {PAGE} in url")

    def addresses(self) -> list[str]:
        """The list's page, or its pages by number."""
        numbers = range(self.first, self.first + self.pages * self.step, self.step) if PAGE in self.url else range(1)
        return [self.url.replace(PAGE, str(number)) for number in numbers]


class HtmlList(Numbered):
    """An HTML list page. Its address alone may stand for it: `list: https://www.example.com/news/`."""

    item: ElementsList = Field((), examples=["ul.stories > li"])
    """CSS selectors of one entry, the first that finds any; left out: the links alone are enough."""
    link: LinkChoices = Field((LinkChoice(select="a[href]"),), min_length=1, examples=["h2 a"])
    """CSS selectors of an entry's link, within `item` where that is given; an element that is no link leads to the first one in it."""
    title: ItemChoices = Field((), examples=["h2"])
    """Selectors of the headline, within `item`; left out: the link's text."""
    published: ItemTimeChoices = Field((), examples=["time::attr(datetime)", ".date"])
    """Selectors of the time of publication, within `item`."""
    authors: ItemChoices = Field((), examples=[".byline"])
    """Selectors of the authors, within `item`."""
    description: ItemChoices = Field((), examples=["p.teaser"])
    """Selectors of the summary, within `item`."""
    image: ItemChoices = Field((), examples=["img::attr(data-src)"])
    """Selectors of the picture, within `item`."""
    tags: ItemChoices = Field((), examples=[".topic"])
    """Selectors of the keywords, within `item`."""
    next: LinkChoices = Field((), examples=["a[rel=next]"])
    """CSS selectors of the link to the next page."""
    follow: LinkChoices = Field((), examples=["nav.topics a"])
    """CSS selectors of links on the first page that lead to further lists (topics, issues), which are read like this one."""

    @model_validator(mode="after")
    def makes_sense(self) -> HtmlList:
        self.further_pages_are_reachable(bool(self.next))
        fields = [name for name in ("title", "published", "authors", "description", "image", "tags") if getattr(self, name)]
        if fields and not self.item:
            raise ValueError(f"{', '.join(fields)}: looked for within item; give item")
        return self


class JsonList(Numbered):
    """JSON that lists articles: an API's answer, or what a page holds."""

    in_: JsonPlaces = Field((), alias="in", examples=["script#__NEXT_DATA__", r"regex:window\.__DATA__\s*=\s*"])
    """Where JSON lies in an HTML page: the element that holds it, or what stands before it. Left out: the answer is JSON itself."""
    items: JsonPath = Field("", examples=["data.list", "props.pageProps.articles[]"])
    """Path to the list of items; left out: the answer is the list."""
    link: PathChoices = Field((PathChoice(select="url"),), min_length=1, examples=["url", {"select": "id", "prefix": "/news/"}])
    """Paths within an item to the article's address."""
    title: PathChoices = Field((), examples=["title"])
    """Paths to the headline."""
    published: PathTimeChoices = Field((), examples=["published_at", {"select": "ctime", "date": "unix"}])
    """Paths to the time of publication; a number of ten or thirteen digits is read as seconds or milliseconds since 1970."""
    updated: PathTimeChoices = Field((), examples=["modified_at"])
    """Paths to the time of the last change."""
    authors: PathChoices = Field((), examples=["authors[].name"])
    """Paths to the authors' names."""
    description: PathChoices = Field((), examples=["summary"])
    """Paths to the summary."""
    body: PathChoices = Field((), examples=["content"])
    """Paths to the full text as HTML."""
    image: PathChoices = Field((), examples=["cover.url"])
    """Paths to the picture's address."""
    tags: PathChoices = Field((), examples=["tags[]"])
    """Paths to the keywords."""
    next: PathChoices = Field((), examples=["links.next", {"select": "cursor", "prefix": "https://www.example.com/api?after="}])
    """Paths, from the top of the answer, to the address of the next page."""

    @model_validator(mode="after")
    def makes_sense(self) -> JsonList:
        self.further_pages_are_reachable(bool(self.next))
        return self


def as_lists(value: Any) -> Any:
    """A list's address may stand for it."""
    value = as_blocks({"url": value} if isinstance(value, str) and value else value)
    return [{"url": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value


Lists = Annotated[
    tuple[HtmlList, ...], BeforeValidator(as_lists, json_schema_input_type=str | HtmlList | list[HtmlList]), AfterValidator(in_order)
]
JsonLists = Annotated[
    tuple[JsonList, ...], BeforeValidator(as_lists, json_schema_input_type=str | JsonList | list[JsonList]), AfterValidator(in_order)
]


class Section(Shape):
    """One list of a site: the articles it shows carry this section. At least one way in: `list`, `feed`, `sitemap`, `json`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [way]} for way in WAYS]})

    id: str = Field(pattern=ID, max_length=64, examples=["world"])
    """Small letters, digits, - and _; part of the feed's address, so it stays."""
    name: str = Field("", examples=["World"])
    """As people read it; empty: the id."""
    lists: Lists = Field((), alias="list")
    """An HTML list page: its address, or how it is read."""
    feed: Address = Field("", examples=["https://www.example.com/world/feed.xml"])
    """Address of an RSS or Atom feed."""
    sitemap: Address = Field("", examples=["https://www.example.com/news-sitemap.xml"])
    """Address of a sitemap, a news sitemap or a sitemap index; gzip is fine."""
    jsons: JsonLists = Field((), alias="json")
    """JSON that lists articles: its address, or how it is read."""
    language: Language = Field("", examples=["en"])
    """BCP 47, where it is not the source's."""

    @model_validator(mode="after")
    def way_in(self) -> Section:
        if not self.ways:
            raise ValueError(f"section {self.id!r} needs a way in: {', '.join(WAYS[:-1])} or {WAYS[-1]}")
        return self

    @property
    def title(self) -> str:
        return self.name or self.id

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways in that it has."""
        given: dict[Way, object] = {"list": self.lists, "feed": self.feed, "sitemap": self.sitemap, "json": self.jsons}
        return tuple(way for way in WAYS if given[way])

    @property
    def list(self) -> HtmlList | None:
        """How its list page is read now."""
        return self.lists[-1] if self.lists else None

    @property
    def json_list(self) -> JsonList | None:
        """How its JSON is read now."""
        return self.jsons[-1] if self.jsons else None

    def paged(self, way: Way) -> Numbered | None:
        """What says how many pages a way in has."""
        return self.list if way == "list" else self.json_list if way == "json" else None
