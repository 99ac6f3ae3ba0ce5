"""The forms that a family of addresses may have, from loose to strict: each a pattern in pieces, with the piece that names the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.discovery.shapes import HAN, Shape, Step

WORDS_AT_LEAST = (3, 4, 5)
ANYTHING = "[^/?]+"
TRAILING_NUMBER = re.compile(r"([a-z]{0,5})(\d{1,2}\.)?(\d{4,})$", re.IGNORECASE)
TRAILING_HASH = re.compile(r"[-_.]([0-9a-f]{8,})$")
LEADING_NUMBER = re.compile(r"^(\d{4,})[-_.]")


@dataclass(frozen=True, slots=True)
class Form:
    """A pattern over an address's path and query (RE2), in three pieces."""

    before: str
    key: str
    """What names the article; empty: nothing does, and the whole stands in `before`."""
    after: str
    key_name: str = ""
    """For a person."""
    looseness: int = 0
    """How many steps may be anything: of two that match the same the stricter is taken."""

    @property
    def pattern(self) -> str:
        return self.before + self.key + self.after


@dataclass(frozen=True, slots=True)
class Piece:
    """The pattern of one step of the path."""

    before: str
    key: str = ""
    after: str = ""
    key_name: str = ""
    cost: int = 0
    """How much looser, or narrower than it need be, it makes a form."""

    @property
    def text(self) -> str:
        return self.before + self.key + self.after


def forms_of(shapes: Sequence[Shape], steps: int = 0) -> Iterator[Form]:
    """All forms that fit the addresses of one family. They have the same kinds of steps at the end; what stands before may differ.

    `steps`: how many steps at the end matter; 0: from the first one on that is no plain word.
    """
    depth = min(len(shape.steps) for shape in shapes)
    core = min(steps, depth) if steps else strong_depth(shapes, depth)
    columns = [[shape.steps[len(shape.steps) - core + place] for shape in shapes] for place in range(core)]
    if shapes[0].id_keys:
        yield from query_forms(shapes, columns)
        return
    if not columns:
        return
    for cost, ending in enumerate(endings(shapes)):
        for pieces in step_choices(columns):
            for lead, free in leads(shapes, core):
                if free and pieces[-1].cost and pieces[-1].text == ANYTHING:
                    continue  # anything anywhere is no form
                yield assembled(lead, pieces, ending, free + cost + sum(piece.cost for piece in pieces))


def strong_depth(shapes: Sequence[Shape], depth: int) -> int:
    """How many steps at the end matter: from the first on that is no plain word in any of the addresses."""
    for core in range(depth, 0, -1):
        if any(shape.steps[len(shape.steps) - core].kind not in ("word", "pair", "other") for shape in shapes):
            return core
    return min(depth, 1)


def leads(shapes: Sequence[Shape], core: int) -> list[tuple[str, int]]:
    """What may stand before the last `core` steps: the very words, as many words, or anything; and how many of them may be any word."""
    before = [[step.text for step in shape.steps[: len(shape.steps) - core]] for shape in shapes]
    sizes = {len(some) for some in before}
    found: list[tuple[str, int]] = []
    if len(sizes) == 1 and len({tuple(some) for some in before}) == 1:
        found.append(("^/" + "".join(re.escape(text).replace(r"\-", "-") + "/" for text in before[0]), 0))
    elif len({some[0] if some else "" for some in before}) == 1 and before[0]:
        found.append((f"^/{re.escape(before[0][0])}/" + words_between(min(sizes) - 1, max(sizes) - 1), max(sizes) - 1))
    found.append(("^/" + words_between(min(sizes), max(sizes)), max(sizes)))
    if max(sizes):
        found.append(("/", max(sizes) + 1))
    return found


def words_between(least: int, most: int) -> str:
    if most == 0:
        return ""
    return "[^/]+/" if least == most == 1 else rf"(?:[^/]+/){{{least},{most}}}" if least != most else rf"(?:[^/]+/){{{most}}}"


def endings(shapes: Sequence[Shape]) -> list[str]:
    """How the addresses may end: before a query, as links have all kinds of them; where that lets in other views, without one."""
    extensions = {shape.extension for shape in shapes}
    if extensions == {""}:
        end = "/" if all(shape.slash for shape in shapes) else "/?" if any(shape.slash for shape in shapes) else ""
    else:
        end = rf"[.]{extensions.pop()}" if len(extensions) == 1 else "(?:[.][a-z]+)?/?"
    return [end + "(?:[?]|$)"] if any(shape.query for shape in shapes) else [end + "(?:[?]|$)", end + "$"]


def step_choices(columns: Sequence[Sequence[Step]]) -> Iterator[list[Piece]]:
    """The steps' patterns; those of the last in several strictnesses."""
    *middle, last = columns
    fixed = [Piece(middle_step(column)) for column in middle]
    strong = any(column[0].kind in ("month", "day", "date", "id", "number") for column in middle)
    for piece in last_steps(last, alone=not middle, strong=strong):
        yield [*fixed, piece]
    # below a whole day any depth is an article's: /2018/10/27/us/politics/slug.html
    kinds = [column[0].kind for column in columns]
    if "day" in kinds[:-1] or "date" in kinds[:-1]:
        at = max(place for place, kind in enumerate(kinds[:-1]) if kind in ("day", "date"))
        for piece in last_steps(last, alone=False, strong=True):
            yield [*fixed[: at + 1], Piece("(?:[^/]+/){0,4}" + piece.before, piece.key, piece.after, piece.key_name, piece.cost)]


def assembled(lead: str, pieces: Sequence[Piece], ending: str, looseness: int) -> Form:
    """A whole form of its steps; the last step that has a key names the article."""
    keyed = max((place for place, piece in enumerate(pieces) if piece.key), default=-1)
    if keyed < 0:
        return Form(lead + glue(pieces) + ending, "", "", looseness=looseness)
    piece = pieces[keyed]
    before = lead + "".join(one.text + ("" if one.text.endswith("/") else "/") for one in pieces[:keyed]) + piece.before
    rest = glue(pieces[keyed + 1 :])
    return Form(before, piece.key, piece.after + (f"/{rest}" if rest else "") + ending, piece.key_name, looseness)


def glue(pieces: Sequence[Piece]) -> str:
    return "/".join(piece.text for piece in pieces)


def middle_step(column: Sequence[Step]) -> str:
    """The pattern of a step that others follow."""
    texts = {step.text for step in column}
    kinds = {step.kind for step in column}
    if len(texts) == 1 and len(column) > 2 and kinds <= {"word", "pair", "other"}:
        return re.escape(next(iter(texts))).replace(r"\-", "-")
    if kinds == {"year"}:
        return r"\d{4}"
    if kinds <= {"month", "day"} and all(step.text.isdigit() for step in column):
        return r"\d{1,2}"
    if kinds == {"number"} and min(map(len, texts)) > 4:
        return number_from(min(map(len, texts)))
    if all(re.fullmatch(r"[\d._-]+", step.text) for step in column):
        return figures([step.text for step in column])
    if kinds <= {"id", "number"}:
        return shared_form([step.text for step in column])
    return "[^/]+"


def last_steps(column: Sequence[Step], *, alone: bool, strong: bool) -> Iterator[Piece]:
    """The patterns that a last step may have. `strong`: a date or an id stands before it, so that it may be anything."""
    texts = [step.text for step in column]
    kinds = {step.kind for step in column}
    if kinds == {"number"}:
        yield from (Piece("", number, "", "the number in its address") for number in numbers_like(min(map(len, texts))))
    elif kinds <= {"id", "number", "date"}:
        yield Piece("", shared_form(texts), "", "the id in its address")
    if "slug" in kinds or "pair" in kinds:
        yield from numbered(texts)
    if not strong and kinds <= {"slug", "pair"} and all("-" in text or "_" in text for text in texts):
        for cost, least in enumerate(WORDS_AT_LEAST):
            yield Piece(rf"[^/?_-]+(?:[_-]+[^/?_-]+){{{least - 1},}}", cost=cost)
    if not alone or len(set(texts)) > 2 or any(HAN.search(text) for text in texts):
        yield Piece(ANYTHING, cost=0 if strong else 1)


def numbered(texts: Sequence[str]) -> Iterator[Piece]:
    """A slug with its number or hash before or behind it."""
    if leading := all_matches(LEADING_NUMBER, texts):
        for number in numbers_like(shortest(match.group(1) for match in leading)):
            yield Piece("", number, "[-_.][^/?]+", "the number in its address")
    trailing = all_matches(TRAILING_NUMBER, texts)
    if trailing and all(match.start() > 0 for match in trailing):
        letters = {match.group(1) for match in trailing}
        dotted = {match.group(2) or "" for match in trailing}
        before = next(iter(letters)) if len(letters) == 1 else f"(?:{'|'.join(sorted(letters))})" if len(letters) <= 3 else "[a-z]*"
        dot = re.escape(dotted.pop()) if len(dotted) == 1 else r"(?:\d+[.])?"
        head = f"[^/?]*[^/?a-z0-9]{before}{dot}" if before or dot else "[^/?]*[^/?0-9]"
        for number in numbers_like(shortest(match.group(3) for match in trailing)):
            yield Piece(head, number, "", "the number in its address")
    hashed = all_matches(TRAILING_HASH, texts)
    if any(not match.group(1).isdigit() for match in hashed):
        yield Piece("[^/?]+[-_.]", f"[0-9a-f]{{{shortest(match.group(1) for match in hashed)},}}", "", "the id in its address")


def all_matches(pattern: re.Pattern[str], texts: Sequence[str]) -> list[re.Match[str]]:
    """A match for each text; none where one of them has none."""
    found = [match for text in texts if (match := pattern.search(text))]
    return found if len(found) == len(texts) else []


def shortest(texts: Iterator[str]) -> int:
    return min(len(text) for text in texts)


def numbers_like(figures: int) -> list[str]:
    """Any number, where that is enough to tell an article; else one that is not much shorter than those seen."""
    return [r"\d+", number_from(figures)] if figures > 4 else [r"\d+"]


def number_from(figures: int) -> str:
    """A number that has so many figures at least; one fewer, as older articles may."""
    return rf"\d{{{figures - 1},}}" if figures > 4 else r"\d+"


def query_forms(shapes: Sequence[Shape], columns: Sequence[Sequence[Step]]) -> Iterator[Form]:
    """Addresses whose parameter names the article: the one that differs most."""
    values = {key: Counter(dict(shape.query).get(key, "") for shape in shapes) for key in shapes[0].id_keys.split(",")}
    name = max(values, key=lambda key: (len(values[key]), key.lower().endswith("id"), key))
    given = list(values[name])
    kind = r"\d+" if all(value.isdigit() for value in given) else r"[\w-]+"
    steps = {tuple(step.text for step in shape.steps) for shape in shapes}
    extension = rf"[.]{shapes[0].extension}" if shapes[0].extension else "/?"
    lasts = {some[-1] for some in steps if some}
    paths = ["^/" + "/".join(map(re.escape, next(iter(steps)))) + extension] if len(steps) == 1 and lasts else []
    if len(lasts) == 1:
        paths.append("/" + re.escape(lasts.pop()) + extension)
    paths.append("/[^?]*" if columns else "^/")
    for looseness, path in enumerate(paths):
        yield Form(rf"{path}[?](?:[^#]*&)?{re.escape(name)}=", kind, "", f"{name}= in its address", looseness)


def figures(texts: Sequence[str]) -> str:
    """Figures of the same length with the same marks between them; else any."""
    forms = {re.sub(r"\d", "0", text) for text in texts}
    if len(forms) == 1:
        return re.sub(r"0+", lambda match: rf"\d{{{len(match.group())}}}", next(iter(forms)).replace(".", "[.]"))
    return r"[\d._-]+"


def shared_form(texts: Sequence[str]) -> str:
    """What ids have in common: their figures and marks, or their length and their letters."""
    if all(re.fullmatch(r"[\d_.-]+", text) for text in texts):
        parts = [re.split(r"([_.-])", text) for text in texts]
        if len({len(part) for part in parts}) == 1 and len({tuple(part[1::2]) for part in parts}) == 1:
            return "".join(mark if at % 2 else number_like([part[at] for part in parts]) for at, mark in enumerate(parts[0])).replace(
                ".", "[.]"
            )
        return r"[\d_.-]+"
    letters = (
        "0-9A-Z"
        if all(text == text.upper() for text in texts)
        else "0-9a-z"
        if all(text == text.lower() for text in texts)
        else "0-9A-Za-z"
    )
    marks = "".join(mark for mark in "_." if any(mark in text for text in texts)) + ("-" if any("-" in text for text in texts) else "")
    sizes = {len(text) for text in texts}
    return f"[{letters}{marks}]{{{min(sizes)}}}" if len(sizes) == 1 else f"[{letters}{marks}]{{{min(sizes)},}}"


def number_like(numbers: Sequence[str]) -> str:
    sizes = {len(number) for number in numbers}
    return rf"\d{{{min(sizes)}}}" if len(sizes) == 1 and min(sizes) <= 4 else r"\d+"
