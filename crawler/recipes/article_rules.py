"""How a recipe knows and reads article pages, and which articles it wants."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from crawler.errors import PatternError
from crawler.filters import check_replacement, compile_pattern
from crawler.recipes.choices import Choices, LinkChoices, PartChoice, PartChoices, Shape, TimeChoices
from crawler.recipes.dated import Dated, as_blocks, in_order
from crawler.recipes.values import Duration, Elements, PatternText, PatternTexts, as_list


class SinglePage(Shape):
    """How an article's address becomes that of its form with all parts on one page, or the link that leads there."""

    select: LinkChoices = Field((), examples=["a.view-all"])
    """CSS selectors of the link on the article's page."""
    replace: PatternText = Field("", examples=[r"\.shtml$"])
    """RE2 pattern, looked for in the address's path and query."""
    with_: str = Field("", alias="with", examples=["_s.shtml"])
    r"""What stands there instead; `\1` is the pattern's first group."""

    @model_validator(mode="after")
    def replacement_fits(self) -> SinglePage:
        if bool(self.replace) == bool(self.select):
            raise ValueError("either a selector of the link, or replace: and with: for the address, is expected")
        if ("with_" in self.model_fields_set and not self.replace) or (self.replace and "with_" not in self.model_fields_set):
            raise ValueError("replace: and with: go together")
        try:
            check_replacement(compile_pattern(self.replace), self.with_)
        except PatternError as error:
            raise ValueError(str(error)) from None
        return self


def as_single_page(value: Any) -> Any:
    """The link's selector may stand for it."""
    return {"select": value} if isinstance(value, (str, list)) and value else value


class ArticleRules(Dated):
    """How an article page is known and read. All optional: what no selector finds is found generically."""

    url: PatternText = Field("", examples=[r"/news/(?P<id>\d+)"])
    """RE2 pattern that the path and query of an article's address match; `(?P<id>…)` names its key."""
    single_page: Annotated[SinglePage | None, BeforeValidator(as_single_page, json_schema_input_type=str | SinglePage)] = None
    """An article in parts is asked for in the form that has all of them, where there is one; else `next_page` is followed."""
    next_page: PartChoices = Field((PartChoice(select="auto"),), examples=["a.next-part", ["a.next-part", "auto"]])
    """CSS selectors of the link to the next part; `auto` recognises numbered parts; `[]`: articles here have one part."""
    follow: LinkChoices = Field((), examples=["a.read-more"])
    """CSS selectors of the link to the page that has the article, where the listed page only announces it."""
    title: Choices = Field((), examples=[["h1.headline", "meta:og:title"]])
    """Selectors of the headline."""
    published: TimeChoices = Field((), examples=[["time::attr(datetime)", "url"]])
    """Selectors of the time of publication; `url` reads the date in the address."""
    updated: TimeChoices = Field((), examples=["meta:article:modified_time"])
    """Selectors of the time of the last change."""
    authors: Choices = Field((), examples=[".byline a"])
    """Selectors of the authors: each element is one."""
    description: Choices = Field((), examples=["meta:description"])
    """Selectors of the summary."""
    language: Choices = Field((), examples=["meta:language"])
    """Selectors of the language (BCP 47), for sites that have several."""
    body: Choices = Field((), examples=[["div.article-text", "auto"]])
    """Selectors of the text; `auto` finds it without one."""
    image: Choices = Field((), examples=["meta:og:image"])
    """Selectors of the lead picture."""
    tags: Choices = Field((), examples=[".tags a"])
    """Selectors of the keywords: each element is one."""
    remove: Annotated[tuple[Elements, ...], BeforeValidator(as_list, json_schema_input_type=str | list[str])] = Field(
        (), examples=[[".share", ".related"]]
    )
    """CSS selectors of what is taken out of the body."""


Articles = Annotated[
    tuple[ArticleRules, ...],
    BeforeValidator(as_blocks, json_schema_input_type=ArticleRules | list[ArticleRules]),
    Field(min_length=1),
    AfterValidator(in_order),
]


class Expect(Shape):
    """The contract: what a good run of this source looks like."""

    items: int = Field(1, ge=0, examples=[5])
    """Articles listed a run, at least."""
    body: int = Field(0, ge=0, examples=[200])
    """Characters of text in a body, at least."""
    require: tuple[Literal["title", "published", "updated", "body", "authors", "image", "language", "description"], ...] = ("title", "body")
    """A page that lacks one of these is an error, not an article."""
    newest: Duration = Field("", examples=["24h"])
    """Age of the newest article, at most: `24h`, `7d`."""


class FilterRules(Shape):
    """What an article is measured by: RE2 patterns, one or several, of which one has to be found; and its age."""

    title: PatternTexts = Field((), examples=["(?i)^live:", ["quay", "harbour"]])
    """Looked for in the headline."""
    author: PatternTexts = Field((), examples=["^Agency$"])
    """Looked for in each author's name."""
    category: PatternTexts = Field((), examples=["(?i)sport"])
    """Looked for in each section's id and name, and in each keyword."""
    text: PatternTexts = Field((), examples=["(?i)sponsored by"])
    """Looked for in the summary and the body's text."""
    age: Duration = Field("", examples=["30d"])
    """Counted from the time of publication to the run's start."""


class Filters(Shape):
    """Which articles are wanted. One that is left out is no error, and is not asked for again until the recipe changes."""

    include: FilterRules = FilterRules()
    """Only articles that fit each of these; `age`: no older."""
    exclude: FilterRules = FilterRules()
    """No articles that fit one of these; `age`: none older."""
