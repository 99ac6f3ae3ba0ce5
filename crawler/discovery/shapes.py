"""What an address looks like: its steps by kind (word, slug, number, date, id), so that those of one family can be told from the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.urls import TRACKING

StepKind = Literal["word", "pair", "slug", "number", "year", "month", "day", "date", "id", "index", "other"]

EXTENSION = re.compile(r"\.(s?html?|php\d?|aspx?|jspx?|cfm|cms|do|amp|action|ece|story)$", re.IGNORECASE)
INDEX = re.compile(r"^(?:index|default|home|main)(?:_\d+)?$", re.IGNORECASE)
YEAR = re.compile(r"^(?:19[89]\d|20[0-4]\d)$")
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
MONTH_NAME = re.compile(rf"^(?:{MONTHS})[a-z]{{0,6}}$", re.IGNORECASE)
# a whole date in one step: 2018-11-08, 20181108, 2018_11_08, 1108 under a year, 2018-11, nov08
DATE = re.compile(r"^(?:(?:19[89]|20[0-4])\d[-_.]?(?:0?[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?)$")
DATE_FIRST = re.compile(r"^((?:19[89]|20[0-4])\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=[-_.A-Za-z])[-_.]?")
WHOLE_DAY = re.compile(
    rf"((?:19[89]|20[0-4])\d)(?:[-_./](0?[1-9]|1[0-2]|(?:{MONTHS})[a-z]{{0,6}})[-_./](0[1-9]|[12]\d|3[01]|[1-9])|/?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01]))(?!\d)",
    re.IGNORECASE,
)
TRAILING_ID = re.compile(
    r"(?:^|[-_.])(?:[a-z]{0,4}\d{1,3}\.\d{5,}|[a-z]{0,12}\d{5,}|(?=[a-z]*\d)(?=\d*[a-z])[0-9a-f]{8,}|(?:id|art|a|n|p)?(?!(?:19|20)\d\d$)\d{4,}|id[a-z0-9]{8,})$",
    re.IGNORECASE,
)
LEADING_ID = re.compile(r"^[a-z]?\d{4,}[-_.](?=[a-z\u0080-\uffff])", re.IGNORECASE)
UUID = re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^[0-9a-f]{8}-[0-9a-f-]{20,}$", re.IGNORECASE)
MIXED_ID = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{5,}$")
WORDS = re.compile(r"[-_+ .,:~]+")
HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ID_KEY = re.compile(
    r"^(?:[a-z]*_?)?(?:id|nid|aid|pid|p|no|nr|num|artnr|docid|guid|key|article|art|story|news|content|t|tid|sn)$", re.IGNORECASE
)
PAGE_KEY = re.compile(r"^(?:page|paged|pg|offset|start|seite|pagina|cp|pn)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    text: str
    """Percent-escapes resolved, without extension."""
    kind: StepKind
    words: int = 0
    """Of a slug; two Han letters count as one."""
    with_id: bool = False
    """A slug that a number or a hash begins or ends."""
    with_date: bool = False
    """A slug or an id that a date begins."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An address by its parts."""

    host: str
    steps: tuple[Step, ...]
    extension: str
    """Lower case; empty: none."""
    slash: bool
    """The path ends in a slash."""
    query: tuple[tuple[str, str], ...]
    """Without tracking parameters."""

    @property
    def last(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def family(self) -> str:
        """What addresses of one kind share: `www.example.com/word/year/month/slug+id.html`."""
        names = "/".join(name_of(step) for step in self.steps)
        return f"{self.host}/{names}{'/' if self.slash else ''}.{self.extension}?{self.id_keys}"

    @property
    def wide_family(self) -> str:
        """The same, wider: neither the host nor the plain words before count."""
        names = [name_of(step) for step in self.steps]
        while names and names[0] == "word":
            names.pop(0)
        return f"{'/'.join(names)}.{self.extension}?{self.id_keys}"

    @property
    def loose_family(self) -> str:
        """Wider still: words, slugs and ids in the last step are one; what stands before it counts by its words."""
        names = [step.text if step.kind in ("word", "pair", "other") else step.kind for step in self.steps[:-1]]
        return f"{'/'.join(names)}/*.{self.extension}?{self.id_keys}"

    @property
    def tail_family(self) -> str:
        """The widest: the last step alone, by whether it has an id."""
        last = self.steps[-1] if self.steps else None
        name = (
            ""
            if last is None
            else "+id"
            if last.with_id or last.kind in ("id", "number")
            else "slug"
            if last.kind in ("slug", "pair")
            else "word"
        )
        return f"*{name}.{self.extension}?{self.id_keys}"

    @property
    def id_keys(self) -> str:
        """Parameters that name a thing: `id`, `c_id,objectid`."""
        return ",".join(sorted(key for key, _ in self.query if ID_KEY.match(key)))

    @property
    def has_date(self) -> bool:
        """A day, or a year and a month, stand in the path."""
        kinds = [step.kind for step in self.steps]
        return "date" in kinds or any(step.with_date for step in self.steps) or ("year" in kinds and ("month" in kinds or "day" in kinds))

    @property
    def has_id(self) -> bool:
        """A number or a hash that names one thing stands in path or query."""
        in_path = any(step.with_id or step.kind == "id" or (step.kind == "number" and len(step.text) >= 5) for step in self.steps)
        return in_path or any(ID_KEY.match(key) and any(map(str.isdigit, value)) and len(value) >= 3 for key, value in self.query)

    @property
    def has_day(self) -> bool:
        """A whole day stands in the path."""
        return any(step.kind == "day" or step.with_date or (step.kind == "date" and len(step.text) >= 8) for step in self.steps)

    @property
    def day(self) -> date | None:
        """The day that the path names."""
        texts = [step.text for step in self.steps if step.kind in ("date", "year", "month", "day") or step.with_date]
        if not texts and len(self.steps) > 1:
            return None
        found = WHOLE_DAY.search("/".join(texts))
        if found is None:
            return None
        year, month, day = (group for group in found.groups() if group)
        number = int(month) if month.isdigit() else MONTHS.split("|").index(month[:3].lower()) + 1
        try:
            return date(int(year), number, int(day))
        except ValueError:
            return None

    @property
    def longest_number(self) -> int:
        """Figures of the longest number in path and query that is no date."""
        texts = [DATE_FIRST.sub("", step.text) for step in self.steps if step.kind not in ("date", "year", "month", "day")]
        texts += [value for key, value in self.query if ID_KEY.match(key)]
        return max((len(number) for text in texts for number in re.findall(r"\d+", text)), default=0)

    @property
    def slug_words(self) -> int:
        """Words of the longest slug."""
        return max((step.words for step in self.steps if step.kind in ("slug", "pair")), default=0)

    @property
    def is_further_page(self) -> bool:
        """Page 2 of something, not a thing of its own."""
        if any(PAGE_KEY.match(key) and value.isdigit() for key, value in self.query):
            return True
        names = [step.text.lower() for step in self.steps]
        return len(names) >= 2 and names[-2] in ("page", "seite", "p", "pages") and names[-1].isdigit() and len(names[-1]) <= 4


def name_of(step: Step) -> str:
    """A step in a family's name."""
    if step.kind == "slug":
        return ("slug" if step.words >= 4 else "short") + ("+id" if step.with_id else "") + ("+date" if step.with_date else "")
    if step.kind == "number":
        return "number" if len(step.text) >= 5 else "digits"
    return step.kind


@lru_cache(65536)
def shape_of(url: str) -> Shape:
    """The shape of an absolute address."""
    parts = urlsplit(url)
    raw = [unquote(step) for step in parts.path.split("/") if step]
    extension = ""
    if raw and (match := EXTENSION.search(raw[-1])):
        extension = match.group(1).lower()
        raw[-1] = raw[-1][: match.start()]
    steps: list[Step] = []
    for place, text in enumerate(raw):
        steps.append(step_of(text, steps, last=place == len(raw) - 1))
    if steps and steps[-1].kind == "index":
        steps.pop()
    query = tuple((key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(key))
    return Shape((parts.hostname or "").removeprefix("www."), tuple(steps), extension, parts.path.endswith("/") and bool(raw), query)


def step_of(text: str, before: list[Step], *, last: bool) -> Step:
    """What kind of step a text is, after those before it."""
    previous = before[-1].kind if before else ""
    if last and INDEX.match(text):
        return Step(text, "index")
    if YEAR.match(text):
        return Step(text, "year")
    if previous == "year" and (MONTH_NAME.match(text) or (text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 12)):
        return Step(text, "month")
    if previous == "month" and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 31:
        return Step(text, "day")
    if previous == "year" and re.match(r"^(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01])$", text):
        return Step(text, "day")
    if DATE.match(text):
        return Step(text, "date")
    # 163.com: /20/0704/01/FGL….html, a year of two digits before month and day
    if previous == "number" and len(before[-1].text) == 2 and re.match(r"^(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$", text):
        return Step(text, "date")
    if text.isdigit():
        return Step(text, "number")
    if UUID.match(text):
        return Step(text, "id")
    dated = bool(DATE_FIRST.match(text))
    rest = DATE_FIRST.sub("", text)
    if is_mixed_id(rest):
        return Step(text, "id", with_id=True, with_date=dated)
    if dated and rest.isdigit():
        return Step(text, "id", with_id=True, with_date=True)
    with_id = bool(TRAILING_ID.search(rest) or LEADING_ID.search(rest) or UUID.search(rest))
    bare = TRAILING_ID.sub("", LEADING_ID.sub("", rest))
    words = count_words(bare)
    if HAN.search(rest):
        kind: StepKind = "slug" if words >= 3 else "word"
        return Step(text, kind, words, with_id, dated)
    if words >= 3 or ((with_id or dated) and words >= 1):
        return Step(text, "slug", words, with_id, dated)
    if with_id:
        return Step(text, "id", with_id=True, with_date=dated)
    if words == 2:
        return Step(text, "pair", 2)
    return Step(text, "word" if re.match(r"^[\w.~-]+$", text) else "other", words)


def is_mixed_id(text: str) -> bool:
    """Letters and figures that are no word with a number: `9k49vz`, `FGLHEVF80001899O`, `7hbYkPXyZrI`, not `section2`."""
    if not MIXED_ID.match(text) or re.match(r"^[A-Za-z]?[a-z]{4,}\d{1,2}$", text):
        return False
    both_cases = text != text.lower() and text != text.upper()
    return sum(map(str.isdigit, text)) >= 2 or len(text) <= 8 or both_cases


def count_words(text: str) -> int:
    """Words in a slug; two Han letters are one, a long run of letters without a mark is one."""
    han = len(HAN.findall(text))
    return sum(1 for word in WORDS.split(HAN.sub(" ", text)) if re.search(r"[^\W\d]", word)) + (han + 1) // 2
