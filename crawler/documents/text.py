"""Text as a header holds it: on one line, without what YAML or XML can't hold; and the forms of it that a consumer can show."""

from __future__ import annotations

import re
from html import unescape

import regex

# what XML 1.0 (2.2) or YAML 1.1 (5.1) can't hold, half surrogate pairs, and the byte order mark
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
BREAKS = re.compile("\r\n|[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
TAG = re.compile(
    r"</?(?:a|abbr|article|aside|audio|b|big|blockquote|body|br|button|center|cite|code|dd|del|div|dl|dt|em|embed|figcaption|figure|font|footer|"
    r"form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|object|ol|option|p|picture|pre|q|rp|rt|ruby|s|samp|"
    r"script|section|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr)"
    r"(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
MARKUP = re.compile(r"[\\`*_\[\]<>~]")
BLOCK = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^()([#+-])(?=[\s#-]|$)")  # what begins a heading, a list or a rule
REFERENCE = re.compile("&#?[0-9A-Za-z]+;?")
GRAPHEME = regex.compile(r"\X")
# what every JavaScript object has: a lookup by name finds these where nobody put anything (Hexo 8's categories, Eleventy 3.1's collections)
OBJECT_NAMES = frozenset(
    [
        "constructor",
        "toString",
        "toLocaleString",
        "valueOf",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "__proto__",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
    ]
)
OPENING = re.compile(r"(^|[\s(\[{<“‘「『（《—–/-])\"")


def one_line(text: str) -> str:
    """The text on one line: every kind of line break is a space; control characters, half surrogate pairs and byte order marks are gone."""
    if text.isprintable():
        return text.strip(" ")
    return FORBIDDEN.sub("", BREAKS.sub(" ", text)).strip(" ")


def without_tags(title: str) -> str:
    """A headline without the HTML tags that some sites put into it; one that is nothing but tags stays as it is."""
    if "<" not in title:
        return title
    return one_line(TAG.sub("", title)) or title


def typographic(text: str) -> str:
    """The text without `< > " '`, and `&` that begins a reference: for themes that print a header's strings raw, inside attributes too.

    Volantis 6.8 built `<img … alt="evil " onerror="alert(1)">` from a title that was valid YAML, and showed `&#039;` of a title as a quote.
    """
    if "&" in text:
        text = REFERENCE.sub(lambda match: match.group() if unescape(match.group()) == match.group() else "＆" + match.group()[1:], text)
    return attribute_safe(text).replace("'", "’")


def attribute_safe(text: str) -> str:
    """The text without `< > "`, for templates that print it raw between double quotes or tags."""
    if '"' in text:
        text = OPENING.sub(r"\1“", text)
    return text.replace('"', "”").replace("<", "＜").replace(">", "＞")


def no_object_name(name: str) -> str:
    """The name, spelled otherwise where JavaScript takes it for something that every object has: `constructor` → `Constructor`."""
    return name.strip("_")[:1].upper() + name.strip("_")[1:] if name in OBJECT_NAMES else name


def shortened(text: str, limit: int) -> str:
    """The text, or as much of it as fits with an ellipsis into `limit` bytes."""
    return text if len(text.encode()) <= limit else cut(text, limit - 3).rstrip() + "…"


def cut(text: str, limit: int) -> str:
    """As many whole graphemes as fit into `limit` bytes; of a first one that is longer as many characters as fit."""
    if len(text.encode()) <= limit:
        return text
    kept, size = [], 0
    for match in GRAPHEME.finditer(text):
        size += len(match.group().encode())
        if size > limit:
            break
        kept.append(match.group())
    return "".join(kept) or text.encode()[:limit].decode("utf-8", "ignore")


def without_markup(text: str) -> str:
    """One line of text as Markdown that shows it (CommonMark 2.4): a backslash where a character would be markup, HTML or a reference."""
    if "&" in text:
        text = REFERENCE.sub(lambda match: match.group() if unescape(match.group()) == match.group() else "\0" + match.group()[1:], text)
    text = MARKUP.sub(r"\\\g<0>", text).replace("\0", "\\&")
    return BLOCK.sub(r"\1\\\2\4", text)


PERCENT = re.compile(r"""[\s"'{}<>\\`|^]""")


def attribute_url(url: str) -> str:
    """An address that can stand in any attribute, template and header: quotes, spaces and braces percent-encoded."""
    return PERCENT.sub(lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode()), one_line(url))
