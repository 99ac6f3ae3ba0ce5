"""What holds in every format: well-formed XML, dates, addresses, no id twice, a text that readers keep whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+\Z")
URN = re.compile(r"(urn|tag):[^\s]+\Z")
# what W3C's validator calls a security risk, and what readers drop (facts, 22)
UNWANTED = "script, style, iframe, object, embed, form, input, svg, link, meta, base, [style], [class], [onclick], [onerror], [onload]"
# what may be one of those, or an address that is not absolute: most texts hold nothing like it, and need not be parsed
UNWANTED_TAG = r"<(?:script|style|iframe|object|embed|form|input|svg|link|meta|base)"
SUSPICIOUS = re.compile(
    rf"{UNWANTED_TAG}|\b(?:style|class|on\w+)\s*="
    r"|\b(?:href|src|poster|cite)\s*=(?!\"(?:https?://|mailto:))",
    re.IGNORECASE,
)
SUSPICIOUS_TAG = re.compile(UNWANTED_TAG, re.IGNORECASE)
NO_WORD = re.compile(r"\W")
LONGEST_NAME = 20
"""Letters of an attribute's name that are looked at."""
FOLDED = ("ſ", "\u212a", "ı", "İ")
"""What a pattern that ignores case takes for s, k and i, besides the letters themselves."""
ABSOLUTE = ("http://", "https://", "mailto:")
ADDRESSES = ("href", "src", "poster", "cite")


def parse(content: bytes) -> Any:
    """The root of an XML document. Raises ValueError or XMLSyntaxError where it has a byte order mark, a DTD, or is not well-formed."""
    if content.startswith(b"\xef\xbb\xbf"):
        raise ValueError("a byte order mark")
    root: Any = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True))
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type")
    return root


def twice(names: Iterable[str | None]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"id {name} stands in it {times} times"


def content_faults(html: str, of: str) -> Iterator[str]:
    """What readers would drop or misread in a full text."""
    for fault in faults_of_text(html):
        yield f"{of}: {fault}"


@lru_cache(128)  # the three formats hold the same texts and are checked one after the other
def faults_of_text(html: str) -> tuple[str, ...]:
    if is_harmless(html) or not SUSPICIOUS.search(html):
        return ()
    tree = LexborHTMLParser(f"<body>{html}</body>")
    found = [f"its text holds <{node.tag}> or an attribute of it that readers drop" for node in tree.css(UNWANTED)[:1]]
    for name in ADDRESSES:
        addresses = [node.attrs.sget(name) for node in tree.css(f"[{name}]")]
        found += [f"{name}={address!r} in its text is not absolute" for address in addresses if not address.startswith(ABSOLUTE)][:1]
    return tuple(found)


def is_harmless(html: str) -> bool:
    """Whether SUSPICIOUS surely finds nothing: it looks at every letter, this at what stands behind `<` and before `=` alone."""
    if SUSPICIOUS_TAG.search(html) or (not html.isascii() and any(letter in html for letter in FOLDED)):
        return False
    before, *behind = html.split("=")
    for value in behind:
        end = before.rstrip()[-LONGEST_NAME:]
        name = NO_WORD.split(end)[-1].lower()
        if name in ADDRESSES:
            if not value.startswith(('"https://', '"http://', '"mailto:')):
                return False
        elif name.startswith("on") or name in ("style", "class") or len(name) == LONGEST_NAME:
            return False
        before = value
    return True


@lru_cache(1024)
def is_rfc822(text: str) -> bool:
    try:
        return parsedate_to_datetime(text).tzinfo is not None
    except ValueError:
        return False


def is_rfc3339(text: Any) -> bool:
    return isinstance(text, str) and is_instant(text)


@lru_cache(1024)
def is_instant(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
