"""Bodies that the cleaner gives back as they are: most that it cleaned before. Told by their letters, whoever wrote them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crawler.extraction.repair import PLACEHOLDER, TRACKER

LONGEST = 200_000
"""Characters; what the parser and the cleaner bear at most is more."""
# each piece as the cleaner writes it; what may stand in it besides (tables, lists in lists, players) is left to the cleaner
GAP = r"(?: |&nbsp;)"
TEXT = r"(?:[^<>&\n]++|&(?:amp|lt|gt|nbsp);)++"
VALUE = r"(?! )(?:[^<>&\"\n]++|&amp;)++(?<! )"
ADDRESS = r"https?://[a-zA-Z0-9.-]++(?::\d{1,5})?+(?:[/?#](?:[!#$%'()*+,\-./0-9:;=?@A-Z_a-z~]++|&amp;)*+)?+"
SIZE = r"(?:[3-9]|[1-9]\d{1,4})"
IMAGE = (
    rf'<img src="{ADDRESS}"(?: alt="{VALUE}")?+(?: title="{VALUE}")?+(?: class="{VALUE}")?+(?: width="{SIZE}")?+(?: height="{SIZE}")?+'
    r' referrerpolicy="no-referrer">'
)
LINK = rf'<a href="{ADDRESS}">'
NAMES = "strong|em|b|i|u|s|sub|sup|small|mark|q|cite|code"
BREAK = r"(?<=[^ >;\n])<br>(?=[^ <&\n])"
AT_THE_END = rf"(?:</(?:a|{NAMES})>)*</(?:p|li|figcaption|h[1-6])>"
CLOSE = rf"(?:(?<! )(?<!&nbsp;)|(?!{AT_THE_END}))"
"""What may stand before the end of an inline element: no space where the line ends with it."""
FILLED = rf"(?!{GAP}*+</)"
PIECE = rf"{TEXT}|{IMAGE}"
DEEPEST = 2
"""Inline elements in each other."""


def inline(depth: int, around: tuple[str, ...] = (), of: str = "n") -> str:
    """A link, or another inline element; in it texts, pictures and others, none within one of its own name.

    `around`: groups of the names that are open, `a` for a link; `of`: the group of this one's name.
    """
    closed = "".join("(?!<a )" if name == "a" else f"(?!<(?P={name})>)" for name in around)
    in_link = f"|{inline(depth - 1, (*around, 'a'), of + 'a')}" if depth > 1 else ""
    in_other = f"|{inline(depth - 1, (*around, of), of + 'b')}" if depth > 1 else ""
    link = rf"{LINK}{FILLED}(?:{PIECE}{in_link})++{CLOSE}</a>"
    return rf"{closed}(?:{link}|<(?P<{of}>{NAMES})>{FILLED}(?:{PIECE}{in_other})++{CLOSE}</(?P={of})>)"


@cache
def leaf_pattern() -> re.Pattern[str]:
    """A line of text. Made when the first is asked for, being a long one."""
    run = rf"(?!(?:<(?!img)[^<>]*>)*{GAP})(?:{PIECE}|{BREAK}|{inline(DEEPEST)})++(?<! )(?<!&nbsp;)"
    return re.compile(rf'<(?P<leaf>p|h[1-6]|li|figcaption)(?: dir="rtl")?+>{run}</(?P=leaf)>')


PICTURE = re.compile(rf"{IMAGE}|{LINK}{IMAGE}</a>")
LEAVES = {
    "": ("p", "h1", "h2", "h3", "h4", "h5", "h6"),
    "<ul>": ("li",),
    "<ol>": ("li",),
    "<blockquote>": ("p",),
    "<figure>": ("figcaption",),
}
"""What may stand directly in a body, and in what it holds."""
TWO_GAPS = (" &nbsp;", "&nbsp; ", "&nbsp;&nbsp;")
CLASS = re.compile(r'(<img [^>]*?) class="[^"]*"')
SOURCE = re.compile(r'<img src="([^"]*)"')
LINE = re.compile(r"<p(?: [^>]*)?>([^\n]*)</p>")
TAG = re.compile("<[^>]*>")


def stays(body: str) -> bool:
    """Whether the cleaner surely gives the body back as it is, to whatever page its addresses may be relative."""
    if not body or len(body) > LONGEST or not body.replace("\n", "").isprintable():
        return False
    if "  " in body or ("&nbsp;" in body and any(gaps in body for gaps in TWO_GAPS)):
        return False
    return all_fit(body.split("\n")) and not any(PLACEHOLDER.search(address) or TRACKER.search(address) for address in sources(body))


def all_fit(lines: list[str]) -> bool:
    """Whether each line is one that the cleaner writes, and stands where it writes it."""
    fullmatch = leaf_pattern().fullmatch
    within, held = "", 0
    for line in lines:
        leaf = fullmatch(line)
        if leaf:
            name = leaf["leaf"]
            fits = name in LEAVES[within] and (within != "<figure>" or held == 1) and not (name[0] == "h" and "<br>" in line)
        elif line and line in LEAVES and not within:
            within, held = line, -1
            fits = True
        elif within and line == f"</{within[1:]}":
            fits = held >= (2 if within == "<figure>" else 1)
            within = ""
        elif within == "<figure>":
            fits = held == 0 and bool(PICTURE.fullmatch(line))
        else:
            fits = not within and line.startswith("<figure>") and bool(PICTURE.fullmatch(line[8:].removesuffix("</figure>")))
            fits = fits and line.endswith("</figure>")
        if not fits:
            return False
        held += 1
    return not within


def without_classes(body: str) -> str:
    """A body that stays, without the classes that tell a page how large its pictures are."""
    return CLASS.sub(r"\1", body) if ' class="' in body else body


def sources(body: str) -> list[str]:
    """The addresses of the pictures of a body that stays."""
    return [address.replace("&amp;", "&") for address in SOURCE.findall(body)] if "<img" in body else []


def paragraphs(body: str) -> Iterator[str]:
    """The texts of the paragraphs of a body that stays."""
    for line in LINE.finditer(body):
        text = TAG.sub("", line[1])
        if "&" in text:
            text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        yield text
