"""A line of a page that may name its author: which of its parts are names, and what leads them in."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from crawler.extraction.fields.names import SURNAMES, holds

LONGEST = 170
"""Characters of a line in which a byline is looked for; of a longer one its beginning and end."""
_MONTH = r"(?:jan|feb|fév|mar|mär|apr|avr|may|mai|maj|jun|jui|jul|aug|aoû|ago|sep|set|oct|okt|ott|nov|dec|déc|dez|dic)[^\W\d_]{0,7}\.?"
DATE = re.compile(
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+)?(?:19|20)\d\d|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{{1,2}}[./-]\d{{1,2}}[./-](?:(?:19|20)\d\d|\d\d\b)|(?:19|20)\d\d\s?[-./年]\s?\d{{1,2}}\s?[-./月]\s?\d{{1,2}}日?)"
    r"(?:[\s,|–-]{0,3}(?:at\s|um\s)?\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?|\s?uhr)?(?:\s[A-Z]{2,4}\b)?)?|\b\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m\b|\s?uhr\b)?",
    re.I,
)
MAY_DATE = re.compile(r"(?:19|20)\d\d|\d[./:-]\d")
"""In each date is one of these."""
MAY_PART = re.compile(r"[|•·●▪│｜–—/-]")
BETWEEN = re.compile(r"\s*[|•·●▪│｜]+\s*|\s+[–—-]+\s+|\s+//?\s+|\s*[\t\n]\s*|\s{3,}")
_LEAD = r"by|von|par|por|di|av|af|door|oleh|text|words|autor(?:in|en)?|autorin/autor|author|auteur|autore|автор|текст|συντάκτης|γράφει η|γράφει ο|tekst|yazan|opracował\w*|redazione|guest author|gastautor(?:in)?"
_BEFORE = r"an?\s\w+|ein(?:e)?\s[\w-]+|written|posted|published|post|article|story|stories|reported|words|created|submitted|erstellt|geschrieben|verfasst|eingetragen|veröffentlicht|text|kommentar|interview|analyse|gastbeitrag|foto|text und fotos?|text (?:&|und|\+) (?:fotos?|bilder|interview)|column|opinion|review|publié|escrito|scritto"
BY = re.compile(rf"^\W{{0,3}}(?:(?:{_BEFORE})\s+)?(?:(?:{_LEAD})(?:\s*[:：/|／]\s*|\s+(?=\S)|$)|[Bb][Yy](?=[A-Z])|(?:text|interview|fotos?|bericht|report|redaktion|protokoll)[^:]{{0,22}}:\s+)", re.I)  # fmt: skip
GLUED = re.compile(r"^(?:By|BY|Von)(?=[A-Z][\w.])")
BY_INSIDE = re.compile(r"(?:^|\s|[|•,–—\d-])(?:by|von|par|por)\s+(?=[A-ZÀ-ÞА-Я])([^|•·–—\d\n]{3,60})", re.I)
BY_WORDS = ("by", "von", "par", "por")
"""In ASCII one of these stands where BY_INSIDE is found."""
AT_END = re.compile(r"[(（\[]([^()（）\[\]]{3,40})[)）\]][\s.+*]*$")
_HAN_NAMES = r"([\u4e00-\u9fff·]{2,4}(?:[\s\u3000、，,／/]{1,2}[\u4e00-\u9fff·]{2,4}){0,5})"
HAN_AUTHOR = re.compile(rf"(?:作者|撰文|撰稿人?|执笔人?|文字|采写|原创)\s*[:：/／|]?\s*{_HAN_NAMES}(?![\u4e00-\u9fff])|(?:记者|記者|通讯员|通訊員|特派员)\s*[:：/／]?\s*{_HAN_NAMES}(?=\s|$|[)）\]】，,。/／]|发自|报道|報道|摄|攝|文|[:：])|(?:^|\s)文\s*[/／|:：]\s*{_HAN_NAMES}|(?:^|[\s(（]){_HAN_NAMES}\s*[/／]\s*文(?![\u4e00-\u9fff])")  # fmt: skip
HAN_MARKED = re.compile(r"(?:作者|撰文|撰稿|发帖人?|楼主|博主|作\s者)\s*[:：]\s*(\S[^\s|]{0,24})")
HAN_EDITOR = re.compile(rf"(?:责编|责任编辑|責任編輯|编辑|編輯|校对|编审)\s*[:：/／]?\s*{_HAN_NAMES}")
HAN_END = re.compile(
    rf"[(（【\[](?:[\u4e00-\u9fff]{{0,8}}(?:记者|記者|作者|通讯员|責任編輯|责任编辑|责编|编辑)\s*[:：]?\s*)?{_HAN_NAMES}\s*(?:报道|發自|发自\S*|编译)?[)）】\]]\s*$"
)
POSTED_BY = re.compile(r"^(\S{2,20})\s*(?:发表于|發表於|发布于|於|于)\s*(?:19|20)\d\d|由\s*(\S{2,16}?)\s*(?:于|发表|发布|张贴|發表)")
EDITS = re.compile(r"^\W*(?:edited|redaktion|editor|bearbeit|责任编辑|責任編輯|责编|编辑|編輯|校对)", re.I)


@lru_cache(4096)
def names_said(text: str) -> tuple[tuple[str, str], ...]:
    """(part of the line, how it is said), the clearest first; empty for a line that can be no byline."""
    return tuple(_said(text))


def _said(text: str) -> Iterator[tuple[str, str]]:
    if len(text) > LONGEST:
        foreign = not text.isascii()
        for part in (text[:90], text[-70:]) if foreign else ():
            if said := named(HAN_AUTHOR.search(part)):
                yield said, "han in text"
        if foreign and (said := named(HAN_END.search(text[-60:]))):
            yield said, "han at end"
        elif match := AT_END.search(text[-60:]):
            yield match.group(1), "at end"
        return
    if not text.isascii():
        found = False
        for pattern, how in ((POSTED_BY, "posted by"), (HAN_MARKED, "han marked")):
            if match := pattern.search(text):
                found = True
                yield first_of(match), how
        for pattern, how in ((HAN_AUTHOR, "han author"), (HAN_EDITOR, "han editor"), (HAN_END, "han at end")):
            if said := named(pattern.search(text)):
                found = True
                yield said, how
        if found:
            return
    if BY.match(text):
        yield text, "by editor" if EDITS.match(text) else "by line"
    elif (not text.isascii() or holds(text.lower(), BY_WORDS)) and (match := BY_INSIDE.search(text)):
        yield match.group(1), "by inside"
    pieces = DATE.split(text) if MAY_DATE.search(text) else [text]
    dated = len(pieces) > 1
    parts = [part for piece in pieces for part in parts_of(piece)]
    if len(parts) > 1:
        shown = [part for part in parts if 3 < len(part.strip(" ,.:;|-–—")) < 60]
        for part in shown[:5]:
            if BY.match(part):
                yield part, "by part"
            else:
                yield part, "part, dated" if dated else "part"
    if len(text) > 60 and (match := AT_END.search(text)):
        yield match.group(1), "at end"


def parts_of(text: str) -> list[str]:
    """A line cut at what stands between its parts."""
    if text.isprintable() and "   " not in text and MAY_PART.search(text) is None:
        return [text]  # no white space can be printed but a space
    return BETWEEN.split(text)


def first_of(match: re.Match[str]) -> str:
    """What the first group that took part holds."""
    return next(filter(None, match.groups()), "")


def named(match: re.Match[str] | None) -> str:
    """The people of a Chinese pattern; "" where what follows 记者 or 编辑 is no family name (记者表示)."""
    said = first_of(match) if match else ""
    return said if said[:1] in SURNAMES else ""
