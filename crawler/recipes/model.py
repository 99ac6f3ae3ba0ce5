"""A recipe: what to crawl and how to read it. The shape that a YAML file is checked against."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from crawler.errors import PatternError, did_you_mean
from crawler.filters import check_replacement, compile_pattern
from crawler.outcome import Way
from crawler.recipes.values import Address, Css, Duration, Elements, Headers, Language, PatternText, Selectors, is_absolute
from crawler.urls import idna

RESERVED_IDS = frozenset({"all", "status", "index", "feeds", "assets"})
ID = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
PAGE = "{page}"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


class HtmlList(Shape):
    """An HTML list page. Its address alone may stand for it: `list: https://www.example.com/news/`."""

    url: Address = Field(min_length=1, examples=["https://www.example.com/news/", "https://www.example.com/news/list_{page}.html"])
    """Absolute; `{page}` in it stands for the page's number, from 1 on."""
    item: Elements = Field("", examples=["ul.stories > li"])
    """CSS selector of one entry; empty: the links alone are enough."""
    link: Css = Field("a[href]", min_length=1, examples=["h2 a"])
    """CSS selector of an entry's link, within `item` where that is given; an element that is no link leads to the first one in it."""
    title: Css = Field("", examples=["h2"])
    """CSS selector of the headline, within `item`; empty: the link's text."""
    published: Css = Field("", examples=["time::attr(datetime)", ".date"])
    """CSS selector of the time of publication, within `item`."""
    image: Css = Field("", examples=["img::attr(data-src)"])
    """CSS selector of the picture, within `item`."""
    pages: int = Field(1, ge=1, le=10_000, examples=[3])
    """How many pages at most: of `{page}` by number, or along `next`."""
    next: Css = Field("", examples=["a[rel=next]"])
    """CSS selector of the link to the next page."""

    @model_validator(mode="after")
    def pages_are_reachable(self) -> HtmlList:
        if re.search(r"[{}]", self.url.replace(PAGE, "")):
            raise ValueError(f"only {PAGE} may stand in braces, found {self.url!r}")
        if PAGE in self.url and self.next:
            raise ValueError(f"either {PAGE} in url or next: one of the two leads to further pages")
        if self.pages > 1 and PAGE not in self.url and not self.next:
            raise ValueError(f"pages: {self.pages} needs {PAGE} in url, or next")
        if self.next and "pages" not in self.model_fields_set:
            raise ValueError("next needs pages: how many are read in a run at most")
        if not self.item and (self.title or self.published or self.image):
            raise ValueError("title, published and image are looked for within item; give item")
        return self


def as_html_list(value: Any) -> Any:
    """A list's address may stand for it."""
    return {"url": value} if isinstance(value, str) and value else value


class Section(Shape):
    """One list of a site: the articles it shows carry this section. At least one way in: `list`, `feed`, `sitemap`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [way]} for way in ("list", "feed", "sitemap")]})

    id: str = Field(pattern=ID, max_length=64, examples=["world"])
    """Small letters, digits, - and _; part of the feed's address, so it stays."""
    name: str = Field("", examples=["World"])
    """As people read it; empty: the id."""
    list: Annotated[HtmlList | None, BeforeValidator(as_html_list, json_schema_input_type=str | HtmlList)] = None
    """An HTML list page: its address, or how it is read."""
    feed: Address = Field("", examples=["https://www.example.com/world/feed.xml"])
    """Address of an RSS or Atom feed."""
    sitemap: Address = Field("", examples=["https://www.example.com/news-sitemap.xml"])
    """Address of a sitemap, a news sitemap or a sitemap index; gzip is fine."""
    language: Language = Field("", examples=["en"])
    """BCP 47, where it is not the source's."""

    @model_validator(mode="after")
    def way_in(self) -> Section:
        if not self.ways:
            raise ValueError(f"section {self.id!r} needs a way in: list, feed or sitemap")
        return self

    @property
    def title(self) -> str:
        return self.name or self.id

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways in that it has."""
        given: dict[Way, object] = {"list": self.list, "feed": self.feed, "sitemap": self.sitemap}
        return tuple(way for way, value in given.items() if value)


class SinglePage(Shape):
    """How an article's address becomes that of its form with all parts on one page."""

    replace: PatternText = Field(min_length=1, examples=[r"\.shtml$"])
    """RE2 pattern, looked for in the address's path and query."""
    with_: str = Field(alias="with", examples=["_s.shtml"])
    r"""What stands there instead; `\1` is the pattern's first group."""

    @model_validator(mode="after")
    def replacement_fits(self) -> SinglePage:
        try:
            check_replacement(compile_pattern(self.replace), self.with_)
        except PatternError as error:
            raise ValueError(str(error)) from None
        return self


class ArticleRules(Shape):
    """How an article page is known and read. All optional: what no selector finds is found generically."""

    url: PatternText = Field("", examples=[r"/news/(?P<id>\d+)"])
    """RE2 pattern that the path and query of an article's address match; `(?P<id>…)` names its key."""
    single_page: SinglePage | None = None
    """An article in parts is asked for in the form that has all of them, where there is one; else `next_page` is followed."""
    next_page: Elements = Field("", examples=["a.next-part"])
    """CSS selector of the link to the next part."""
    title: Selectors = Field([], examples=[["h1.headline", "meta:og:title"]])
    """Selectors of the headline."""
    published: Selectors = Field([], examples=[["time::attr(datetime)", "url"]])
    """Selectors of the time of publication; `url` reads the date in the address."""
    updated: Selectors = Field([], examples=["meta:article:modified_time"])
    """Selectors of the time of the last change."""
    authors: Selectors = Field([], examples=[".byline a"])
    """Selectors of the authors: each element is one."""
    description: Selectors = Field([], examples=["meta:description"])
    """Selectors of the summary."""
    body: Selectors = Field([], examples=[["div.article-text", "auto"]])
    """Selectors of the text; `auto` finds it without one."""
    image: Selectors = Field([], examples=["meta:og:image"])
    """Selectors of the lead picture."""
    tags: Selectors = Field([], examples=[".tags a"])
    """Selectors of the keywords: each element is one."""
    remove: list[Elements] = Field([], examples=[[".share", ".related"]])
    """CSS selectors of what is taken out of the body."""


class Expect(Shape):
    """The contract: what a good run of this source looks like."""

    items: int = Field(1, ge=0, examples=[5])
    """Articles listed a run, at least."""
    body: int = Field(0, ge=0, examples=[200])
    """Characters of text in a body, at least."""
    require: list[Literal["title", "published", "updated", "body", "authors", "image", "language", "description"]] = ["title", "body"]
    """A page that lacks one of these is an error, not an article."""
    newest: Duration = Field("", examples=["24h"])
    """Age of the newest article, at most: `24h`, `7d`."""


class Recipe(Shape):
    """One site."""

    model_config = ConfigDict(title="Broadsheet recipe")

    id: str = Field("", pattern=ID, max_length=64, examples=["example"])
    """Stable: part of every guid. Left out: the file's name, else the host's."""
    url: Address = Field(min_length=1, examples=["https://www.example.com/"])
    """The site's address."""
    name: str = Field("", examples=["Example News"])
    """As people read it; empty: the id."""
    group: str = Field("", examples=["Newspapers"])
    """Comes first in the categories of its articles."""
    zone: str = Field("", examples=["Asia/Shanghai"])
    """IANA name, `Asia/Shanghai`; empty: unknown, wall clocks are read as UTC and marked so."""
    language: Language = Field("", examples=["zh-CN"])
    """BCP 47."""
    every: Duration = Field("", examples=["15m"])
    """How often it should be crawled."""
    sections: list[Section] = []
    """Its lists."""
    article: ArticleRules = ArticleRules()
    """How its article pages are known and read."""
    expect: Expect = Expect()
    """What a good run looks like."""
    look_again: list[Duration] | None = Field(None, examples=[["1h", "6h", "24h", "7d"]])
    """When an article is looked at again for changes, counted from when it was first read; `[]`: never. None: the workspace's."""
    gone: Literal["mark", "delete"] = "mark"
    """What becomes of an article that its site removed: marked in its document, or deleted with it."""
    allow_private: bool = False
    """Whether it may lie on a private address: a site of one's own."""
    delay: float | None = Field(None, ge=0, le=3600, allow_inf_nan=False, examples=[2])
    """Seconds between two requests to a host; left out: the workspace's."""
    concurrency: int | None = Field(None, ge=1, le=32, examples=[2])
    """Requests under way to a host at the same time, at most; left out: the workspace's."""
    headers: Headers = Field({}, examples=[{"Accept-Language": "en"}])
    """Sent with every request to the site."""
    robots: bool = True
    """Whether robots.txt is obeyed."""
    keep_pages: bool | None = None
    """Whether its article pages are kept; left out: as the workspace says."""
    images: Literal["", "keep", "remote"] = ""
    """Whether its pictures are downloaded (`keep`); left out: as the workspace says."""
    icon: Address = Field("", examples=["https://www.example.com/icon.png"])
    """Address of the picture that stands for its feeds."""
    _code: str = PrivateAttr("")
    """SHA-256 of the Python module that reads it, where one does."""

    @model_validator(mode="before")
    @classmethod
    def id_from_host(cls, given: Any) -> Any:
        if isinstance(given, dict) and not given.get("id") and isinstance(given.get("url"), str):
            return {
                **given,
                "id": id_of_host(given["url"]) if is_absolute(given["url"]) else "none",
            }  # a wrong address is one mistake, not two
        return given

    @field_validator("id")
    @classmethod
    def not_reserved(cls, value: str) -> str:
        if value in RESERVED_IDS:
            raise ValueError(f"{value!r} is reserved; give another id")
        return value

    @field_validator("zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                hint = did_you_mean(value, zone_names())
                raise ValueError(f"{value!r} is no IANA time zone (one looks like Asia/Shanghai){hint}") from None
        return value

    @field_validator("sections")
    @classmethod
    def each_id_once(cls, value: list[Section]) -> list[Section]:
        seen: set[str] = set()
        for section in value:
            if section.id in seen:
                raise ValueError(f"two sections have the id {section.id!r}")
            seen.add(section.id)
        return value

    @property
    def title(self) -> str:
        """The source's name as people see it."""
        return self.name or self.id

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)

    def fingerprint(self) -> str:
        """SHA-256 of all that it says, and of the Python module that reads it: what was read under another one is read again."""
        said = [self.model_dump(mode="json", by_alias=True), self._code]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def read_by(self, code: bytes) -> Recipe:
        """The same recipe, as a Python module with this text reads it."""
        copy = self.model_copy()
        copy._code = hashlib.sha256(code).hexdigest()
        return copy


def id_of_host(url: str) -> str:
    """The id that an address gives: `https://www.example.com/` → `example-com`; "" where it has no host."""
    try:
        parts = urlsplit(url)
        host, port = idna(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    name = host.removeprefix("www.") + (f"-{port}" if port else "")
    return re.sub(r"[^a-z0-9]+", "-", name)[:64].strip("-")


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
