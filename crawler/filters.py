"""Patterns that a person gives (which addresses are articles, what a feed keeps) are RE2 alone: none can hang a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from crawler.errors import PatternError

# what people know from other engines and RE2 leaves out, so that it stays linear (github.com/google/re2/wiki/Syntax)
MISSING = {
    "(?=": "looking ahead",
    "(?!": "looking ahead",
    "(?<=": "looking behind",
    "(?<!": "looking behind",
    "(?>": "an atomic group",
    "(?P=": "a back reference",
    "(?(": "a condition",
    "(?#": "a comment",
    "(?x": "free spacing",
}
REFERENCE = re.compile(r"\\(?:(\d+)|g<(\w+)>|(.?))", re.DOTALL)
SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found."""

    found: Any

    def group(self, group: int | str = 0) -> str | None:
        """The text of a group, by number or name; None where it took no part. Raises IndexError for one the pattern hasn't."""
        text: str | None = self.found.group(group)
        return text

    def groups(self) -> tuple[str | None, ...]:
        """All groups but the whole."""
        groups: tuple[str | None, ...] = self.found.groups()
        return groups

    def groupdict(self) -> dict[str, str | None]:
        """The named groups."""
        named: dict[str, str | None] = self.found.groupdict()
        return named

    @property
    def span(self) -> tuple[int, int]:
        start, end = self.found.span()
        return start, end


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that RE2 has accepted. Made by `compile_pattern`; travels between processes as its text."""

    text: str
    case_sensitive: bool = True

    def search(self, text: str) -> Match | None:
        """The first place where the pattern is found, or None."""
        found = compiled(self.text, self.case_sensitive).search(without_surrogates(text))
        return Match(found) if found else None

    def find_all(self, text: str) -> Iterator[Match]:
        """All places, none overlapping another."""
        return (Match(found) for found in compiled(self.text, self.case_sensitive).finditer(without_surrogates(text)))

    def sub(self, replacement: str, text: str) -> str:
        r"""The text with each place replaced; `\1` and `\g<name>` stand for groups. Raises PatternError for a group there isn't."""
        check_replacement(self, replacement)
        changed: str = compiled(self.text, self.case_sensitive).sub(replacement, without_surrogates(text))
        return changed

    @property
    def group_count(self) -> int:
        count: int = compiled(self.text, self.case_sensitive).groups
        return count

    @property
    def group_names(self) -> frozenset[str]:
        return frozenset(compiled(self.text, self.case_sensitive).groupindex)


def compile_pattern(text: str, *, case_sensitive: bool = True) -> Pattern:
    """A pattern in RE2's syntax. Raises PatternError that says which part of it is wrong."""
    compiled(text, case_sensitive)
    return Pattern(text, case_sensitive)


def check_replacement(pattern: Pattern, replacement: str) -> None:
    """Raises PatternError where a replacement names a group that the pattern hasn't."""
    for number, name, other in (reference.groups() for reference in REFERENCE.finditer(replacement)):
        if number and int(number) > pattern.group_count:
            raise PatternError(replacement, f"names group {number}; the pattern {pattern.text!r} has {pattern.group_count}")
        if name and not name.isdigit() and name not in pattern.group_names:
            raise PatternError(replacement, f"names the group {name!r}, which the pattern {pattern.text!r} hasn't")
        if name and name.isdigit() and int(name) > pattern.group_count:
            raise PatternError(replacement, f"names group {name}; the pattern {pattern.text!r} has {pattern.group_count}")
        if not number and not name and other != "\\":
            raise PatternError(replacement, rf"has \{other}; a group is \1 or \g<name>, a backslash is \\")


@lru_cache(512)
def compiled(text: str, case_sensitive: bool) -> Any:
    if SURROGATES.search(text):
        raise PatternError(text.encode("utf-8", "replace").decode(), "holds half a character (a lone surrogate)")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = case_sensitive
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise PatternError(text, told(text, error)) from None


def told(text: str, error: Exception) -> str:
    """RE2's message (`missing ): (?P<id>`) in words: the kind of mistake, the part that has it."""
    message = error.args[0] if error.args else ""
    if isinstance(message, bytes):
        message = message.decode("utf-8", "replace")
    problem, _, part = message.partition(": ")
    for start, name in MISSING.items():
        if part.startswith(start):
            return f"{name}, {part}…, is not part of RE2; write the pattern without it"
    if part[:1] == "\\" and part[1:].isdigit():
        return f"a back reference, {part}, is not part of RE2; write the pattern without it"
    where = f" at {part}" if part and part != text else ""
    return f"{problem or 'is no pattern'}{where}"


def without_surrogates(text: str) -> str:
    """Text that UTF-8 can hold; half characters become U+FFFD, one for one, so that places stay."""
    return text if text.isascii() else SURROGATES.sub("\ufffd", text)
