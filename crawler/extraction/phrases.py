"""What the words of a block say: the title, a date, a set phrase of a page's furniture, something said before."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

SHORT = 160
"""Characters of a block in which dates and set phrases are looked for."""
DAY = re.compile(r"(?:19|20)\d\d|\d{1,2}[:.]\d\d")
SAYS_PHRASE, SAYS_COMMENTS, SAYS_MORE = 1, 2, 4
PHRASES = (
    (SAYS_PHRASE, "related advertisement advertising anzeige werbung photo photos image images credit copyright rights subscribe newsletter follow share comment comments click posted updated published by foto fotos quelle lesen mehr lire leer zobacz czytaj читайте фото διαβάστε source video bild von"),
    (SAYS_COMMENTS, "comment comments kommentar kommentare kommentieren komentarz komentarze комментарии комментарий комментировать комментариев σχόλια leserbrief reader readers opinie forum dodaj discuss discussion discussions yorum yorumlar responses response reply replies login log sign"),
    (SAYS_MORE, "related more read next also recommended recommend recommends see miss popular latest trending zobacz czytaj więcej także читайте также теме ещё mehr weitere weiterlesen interessant empfehlungen lire leggi leia lee διαβάστε σχετικά newsletter subscribe tags tag share topics schlagworte"),
)  # fmt: skip
SPOKEN: dict[str, int] = {}
for _mark, _words in PHRASES:
    for _word in _words.split():
        SPOKEN[_word] = SPOKEN.get(_word, 0) | _mark
SPOKEN_WORDS = frozenset(SPOKEN)
HAN_PHRASE = re.compile(r"责任编辑|相关|原标题|来源|本文|编辑|作者|记者|点击|关注|分享|转载|版权|関連")
HAN_COMMENTS = re.compile(r"评论|網友|网友|留言|跟贴|回复|コメント|댓글")
HAN_MORE = re.compile(r"相关|推荐|延伸|热点|热门|更多|精彩|上一篇|下一篇|関連|관련")


@dataclass(frozen=True, slots=True)
class Told:
    """What the page's head says that blocks are compared with."""

    title: str
    description: str


@lru_cache(16384)
def spoken_in(text: str) -> int:
    """Which kinds of set phrases stand in a short text; a site's pages repeat their furniture."""
    words = text.casefold().replace(":", " ").split()
    spoken = 0
    if not SPOKEN_WORDS.isdisjoint(words):
        for word in words:
            spoken |= SPOKEN.get(word, 0)
    if not text.isascii():
        if HAN_PHRASE.search(text):
            spoken |= SAYS_PHRASE
        if HAN_COMMENTS.search(text):
            spoken |= SAYS_COMMENTS
        if HAN_MORE.search(text):
            spoken |= SAYS_MORE
    return spoken


def said_of(texts: list[str], told: Told, numbered: list[bool]) -> tuple[tuple[list[int], list[int]], int]:
    """What is said in which block, and the first that is the title, -1 without one: is a block the title or part of it, does it hold the title,
    is it in the description, dated, a set phrase, a repetition.
    """
    title, description = told.title.casefold(), told.description
    opening = description[:60] if len(description) > 40 else ""
    rows: list[int] = []
    columns: list[int] = []
    seen: set[str] = set()
    for number, text in enumerate(texts):
        size = len(text)
        found = []
        if size < SHORT:
            if size > 8 and title:
                low = text.casefold()
                if low in title:
                    found.append(0 if size * 2 > len(title) else 1)
                elif title in low:
                    found.append(2)
            if numbered[number] and DAY.search(text):
                found.append(4)
            spoken = spoken_in(text)
            if spoken:
                if spoken & SAYS_PHRASE:
                    found.append(5)
                if size < 60:
                    if spoken & SAYS_COMMENTS:
                        found.append(7)
                    if spoken & SAYS_MORE:
                        found.append(8)
        if size > 30 and description and (text[:60] in description or (opening and opening in text)):
            found.append(3)
        if text in seen:
            found.append(6)
        if "ookie" in text:
            found.append(9)
        if text[-1] in "….]" and text.endswith(("...", "…", "[...]", "[…]")):
            found.append(10)
        seen.add(text)
        if found:
            columns += found
            rows += [number] * len(found)
    return (columns, rows), next((row for row, column in zip(rows, columns, strict=True) if not column), -1)
