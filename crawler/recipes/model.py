"""A recipe: what to crawl and how to read it. The shape that a YAML file is checked against."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ConfigDict, Field, PrivateAttr, field_validator, model_validator

from crawler.errors import did_you_mean
from crawler.recipes.article_rules import ArticleRules, Articles, Expect, Filters
from crawler.recipes.choices import Shape
from crawler.recipes.dated import in_force
from crawler.recipes.sections import ID, HtmlList, Section
from crawler.recipes.values import Address, Cookies, Duration, Headers, Language, SharedFiles, is_absolute
from crawler.urls import idna
from crawler.zones import zone_named

__all__ = ["ID", "RESERVED_IDS", "ArticleRules", "HtmlList", "Recipe", "Section", "id_of_host"]
RESERVED_IDS = frozenset({"all", "status", "index", "feeds", "assets"})


class Recipe(Shape):
    """One site."""

    model_config = ConfigDict(title="Broadsheet recipe")

    id: str = Field("", pattern=ID, max_length=64, examples=["example"])
    """Stable: part of every guid. Left out: the file's name, else the host's."""
    first_id: str = Field("", pattern=f"{ID}|^$", max_length=64, examples=["example-old"])
    """The id that it had when its first articles were read, if it was renamed: that one stays part of their guids."""
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
    use: SharedFiles = Field((), examples=["_regional.yaml"])
    """Files beside the recipe (their names begin with `_`) whose keys hold where the recipe says nothing; the first that has a key wins."""
    sections: tuple[Section, ...] = ()
    """Its lists."""
    articles: Articles = Field((ArticleRules(),), alias="article")
    """How its article pages are known and read; of several blocks all but the last one end (`until`)."""
    filters: Filters = Filters()
    """Which articles are wanted."""
    tags: tuple[str, ...] = Field((), examples=[["harbour", "north"]])
    """Keywords that each of its articles gets besides its own."""
    expect: Expect = Expect()
    """What a good run looks like."""
    look_again: tuple[Duration, ...] | None = Field(None, examples=[["1h", "6h", "24h", "7d"]])
    """When an article is looked at again for changes, counted from when it was first read; `[]`: never. None: the workspace's."""
    gone: Literal["mark", "delete"] = "mark"
    """What becomes of an article that its site removed: marked in its document, or deleted with it."""
    allow_private: bool = False
    """Whether it may lie on a private address: a site of one's own."""
    delay: float | None = Field(None, ge=0, le=3600, allow_inf_nan=False, examples=[2])
    """Seconds between two requests to a host; left out: the workspace's."""
    concurrency: int | None = Field(None, ge=1, le=32, examples=[2])
    """Requests under way to a host at the same time, at most; left out: the workspace's."""
    budget: int | None = Field(None, ge=0, examples=[500])
    """Requests to a host in 24 hours, by all sources together; left out: the workspace's; 0: any number."""
    headers: Headers = Field({}, examples=[{"Accept-Language": "en", "Authorization": "Bearer ${EXAMPLE_TOKEN}"}])
    """Sent with every request to the hosts that the recipe names; `${NAME}` is a variable of the environment."""
    cookies: Cookies = Field({}, examples=[{"session": "${EXAMPLE_SESSION}"}])
    """Sent as the headers are."""
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
    def each_id_once(cls, value: tuple[Section, ...]) -> tuple[Section, ...]:
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

    @property
    def article(self) -> ArticleRules:
        """How its article pages are known and read now."""
        return self.articles[-1]

    def at(self, moment: datetime) -> Recipe:
        """The recipe with the blocks alone that hold for what was fetched at that moment."""
        dated = len(self.articles) > 1 or any(len(section.lists) > 1 or len(section.jsons) > 1 for section in self.sections)
        return self.on(moment.astimezone(zone_named(self.zone)).date()) if dated else self

    def on(self, day: date) -> Recipe:
        """As `at`, for a day in the source's zone."""
        sections = tuple(
            section.model_copy(
                update={name: (in_force(blocks, day),) for name in ("lists", "jsons") if (blocks := getattr(section, name))},
            )
            for section in self.sections
        )
        return self.model_copy(update={"articles": (in_force(self.articles, day),), "sections": sections})

    def addresses(self) -> list[str]:
        """The addresses that it names: the site's, and where its lists begin."""
        listed = (url for one in self.sections for url in (one.feed, one.sitemap, *(block.url for block in (*one.lists, *one.jsons))))
        return list(dict.fromkeys(url for url in (self.url, *listed) if url))

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)

    def fingerprint(self) -> str:
        """SHA-256 of all that it says, and of the Python module that reads it: what was read under another one is read again."""
        said = [self.model_dump(mode="json", by_alias=True), self._code]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))  # in their own order: replacements are done one after the other
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
