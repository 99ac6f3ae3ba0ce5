"""The YAML header: written in the sample's style by our own emitter behind python-frontmatter's handler, read by libyaml as strings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from crawler.documents.quick import read_quickly

Value = str | bool | Sequence[str] | Mapping[str, str]
Header = dict[str, Value]

# A plain scalar is one that begins with a letter, holds nothing that YAML gives a meaning, and is none of the words that YAML 1.1 resolves
# (https://yaml.org/type/): numbers, dates and sexagesimals all begin with a digit, a sign or a dot.
PLAIN = re.compile(r"[^\W\d_](?:[\w ./()+·・,-]|:(?=[\w/]))*")
WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"})
LONGEST_NAME = 1000

# PyYAML's emitters can't be used: neither writes `categories: ` with its space and ` - X` with one, and both fold long lines
loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Quoted(str):
    """A string that is always quoted, whatever it holds."""

    __slots__ = ()


class Verbatim(str):
    """A scalar that is written as it is: one that is meant to be a date."""

    __slots__ = ()


class Double(str):
    """A string in double quotes, as JSON writes it."""

    __slots__ = ()


class HeaderHandler(YAMLHandler):  # type: ignore[misc, unused-ignore]
    """What python-frontmatter reads and writes our documents with."""

    def load(self, fm: str, **kwargs: object) -> Any:
        """Every scalar as a string: what a person's edit makes a number or a date stays what was typed."""
        return yaml.load(fm, Loader=loader)

    def export(self, metadata: Mapping[str, object], **kwargs: object) -> str:
        return "".join(lines(key, value) for key, value in metadata.items())  # type: ignore[arg-type]

    def format(self, post: frontmatter.Post, **kwargs: object) -> str:
        return f"---\n{self.export(post.metadata)}---\n\n{post.content}\n"


HANDLER = HeaderHandler()


def write_document(header: Header, body: str) -> str:
    """The text of a document: header, an empty line, body."""
    return str(frontmatter.dumps(frontmatter.Post(body, HANDLER, **header)))


def read_document(text: str) -> tuple[dict[str, Any], str]:
    """Header and body of a document; strings, lists and mappings of strings. Raises yaml.YAMLError, and ValueError where no header is."""
    return read_quickly(text) or read_yaml(text)


def read_yaml(text: str) -> tuple[dict[str, Any], str]:
    header, _ = frontmatter.parse(text, handler=HANDLER)
    if not header:
        raise ValueError("it has no header")
    _, body = HANDLER.split(text)  # as it is: `parse` strips U+3000 too, with which a Chinese paragraph begins
    return header, body.strip(" \t\r\n")


def lines(key: str, value: Value) -> str:
    """One key of a header with its line break; lists and mappings one item a line, after the sample."""
    if isinstance(value, bool):
        return f"{key}: {'true' if value else 'false'}\n"
    if isinstance(value, str):
        return f"{key}: {scalar(value)}\n"
    if isinstance(value, Mapping):
        return f"{key}: \n" + "".join(pair(scalar(name), scalar(item)) for name, item in value.items())
    return f"{key}: \n" + "".join(f" - {scalar(item)}\n" for item in value)


def pair(name: str, item: str) -> str:
    """One line of a mapping; a long name is marked as one: YAML 1.1 (7.3) ends its search for the colon after 1,024 characters."""
    return f" ? {name}\n : {item}\n" if len(name) > LONGEST_NAME else f" {name}: {item}\n"


def scalar(text: str) -> str:
    if isinstance(text, Double):
        return double_quoted(text)
    if isinstance(text, Verbatim):
        return text
    return quoted(text) if isinstance(text, Quoted) or not is_plain(text) else text


def is_plain(text: str) -> bool:
    """Whether the text means this very string in YAML 1.1 and 1.2 without quotes."""
    return bool(PLAIN.fullmatch(text)) and not text.endswith(" ") and text.lower() not in WORDS


def quoted(text: str) -> str:
    """`'…'`; `"…"` only where it holds `'` and neither `"` nor `\\`; else `'` doubled."""
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def double_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
