"""One way to a field's value: a selector, and what is done with the text it finds. A field has several, tried in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crawler.errors import PatternError
from crawler.filters import check_replacement, compile_pattern
from crawler.recipes.values import DateText, ItemSelector, LinkSelector, PartSelector, PathText, PatternText, SelectorText

AUTO = "auto"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Transforms(Shape):
    """What is done with each text that was found, in this order."""

    capture: PatternText = Field("", examples=["来源：(.+)"])
    """RE2 pattern: its group `value`, else its first group, else all of it is taken; a text in which it is not found gives nothing."""
    replace: dict[PatternText, str] = Field({}, examples=[{r" \| Example News$": ""}])
    r"""RE2 patterns and what stands there instead, one after the other; `\1` is a pattern's first group."""
    split: PatternText = Field("", examples=[r"\s+(?:and|&)\s+|,\s*"])
    """RE2 pattern between several values in one text."""
    prefix: str = Field("", examples=["https://www.example.com/news/"])
    """Put before the text."""
    suffix: str = Field("", examples=[".html"])
    """Put behind it."""
    absolute: bool = False
    """An address is made absolute, by the page's own."""

    def __hash__(self) -> int:
        return hash((self.capture, tuple(self.replace.items()), self.split, self.prefix, self.suffix, getattr(self, "select", "")))

    @model_validator(mode="after")
    def replacements_fit(self) -> Transforms:
        for pattern, text in self.replace.items():
            try:
                check_replacement(compile_pattern(pattern), text)
            except PatternError as error:
                raise ValueError(f"replace: {error}") from None
        return self


class Choice(Transforms):
    """A selector with what is done to what it finds."""

    select: SelectorText = Field(min_length=1, examples=["h1.headline", "meta:og:title", "xpath://h1", "const:The Example"])
    """What finds the text: CSS, XPath, `meta:`, `jsonld:`, `json:`, `regex:`, `const:`, `url`, `auto`."""


class TimeChoice(Choice):
    """As of any field, and how the site writes its dates."""

    date: DateText = Field("", examples=["%d.%m.%Y %H:%M", "unix"])
    """The form of the date, with strptime's letters, or `unix`, `unix_ms`; left out: the ways that people write dates are tried."""


class ItemChoice(Transforms):
    """A selector within an entry of a list."""

    select: ItemSelector = Field(min_length=1, examples=["h2", "img::attr(data-src)", "xpath:.//h2/text()"])
    """What finds the text within the entry: CSS, XPath, `regex:`, `const:`."""


class ItemTimeChoice(ItemChoice):
    """As of any field of an entry, and how the site writes its dates."""

    date: DateText = Field("", examples=["%d.%m.%Y"])
    """The form of the date, with strptime's letters, or `unix`, `unix_ms`."""


class LinkChoice(Transforms):
    """What finds a link."""

    select: LinkSelector = Field(min_length=1, examples=["h2 a", "li::attr(data-url)"])
    """CSS selector of the link, or `::attr(name)` of what holds the address."""


class PartChoice(Transforms):
    """What finds the link to an article's next part."""

    select: PartSelector = Field(min_length=1, examples=["a.next-part", "auto"])
    """As of any link; `auto` recognises numbered parts."""


class PathChoice(Transforms):
    """A path within an item of JSON."""

    select: PathText = Field(min_length=1, examples=["title", "authors[].name", "const:The Example"])
    """The path from the item on; `const:` gives what stands behind it."""


class PathTimeChoice(PathChoice):
    """As of any field of an item, and how the site writes its dates."""

    date: DateText = Field("", examples=["unix"])
    """The form of the date, with strptime's letters, or `unix`, `unix_ms`."""


def as_choices(value: Any) -> Any:
    """One choice may stand without its list, and a selector alone for one that does nothing more."""
    if isinstance(value, (str, dict, Choice, Transforms)):
        value = [value]
    if isinstance(value, Sequence):
        return [{"select": one} if isinstance(one, str) else one for one in value]
    return value


def auto_is_last(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """What stands behind `auto` would never be asked."""
    for choice in value[:-1]:
        if getattr(choice, "select", choice) == AUTO:
            raise ValueError("auto ends a list: what stands behind it is never asked")
    return value


Choices = Annotated[
    tuple[Choice, ...],
    BeforeValidator(as_choices, json_schema_input_type=str | Choice | list[str | Choice]),
    AfterValidator(auto_is_last),
]
"""Of an article's field."""
TimeChoices = Annotated[
    tuple[TimeChoice, ...],
    BeforeValidator(as_choices, json_schema_input_type=str | TimeChoice | list[str | TimeChoice]),
    AfterValidator(auto_is_last),
]
ItemChoices = Annotated[
    tuple[ItemChoice, ...], BeforeValidator(as_choices, json_schema_input_type=str | ItemChoice | list[str | ItemChoice])
]
"""Of an entry's field in a list."""
ItemTimeChoices = Annotated[
    tuple[ItemTimeChoice, ...], BeforeValidator(as_choices, json_schema_input_type=str | ItemTimeChoice | list[str | ItemTimeChoice])
]
LinkChoices = Annotated[
    tuple[LinkChoice, ...], BeforeValidator(as_choices, json_schema_input_type=str | LinkChoice | list[str | LinkChoice])
]
PartChoices = Annotated[
    tuple[PartChoice, ...],
    BeforeValidator(as_choices, json_schema_input_type=str | PartChoice | list[str | PartChoice]),
    AfterValidator(auto_is_last),
]
PathChoices = Annotated[
    tuple[PathChoice, ...], BeforeValidator(as_choices, json_schema_input_type=str | PathChoice | list[str | PathChoice])
]
PathTimeChoices = Annotated[
    tuple[PathTimeChoice, ...], BeforeValidator(as_choices, json_schema_input_type=str | PathTimeChoice | list[str | PathTimeChoice])
]
