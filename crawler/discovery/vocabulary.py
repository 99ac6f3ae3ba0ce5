"""Words in addresses, in class names and in links that say what a link leads to. The words themselves lie in vocabulary.txt."""

from __future__ import annotations

import re
from pathlib import Path


def read_words(path: Path) -> dict[str, frozenset[str]]:
    """The sets of words in a file by their names."""
    found: dict[str, set[str]] = {}
    words: set[str] = set()
    for line in path.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            name, _, line = line.partition(":")
            words = found.setdefault(name, set())
        words.update(line.split())
    return {name: frozenset(some) for name, some in found.items()}


WORDS = read_words(Path(__file__).with_name("vocabulary.txt"))
TAGS, PEOPLE = WORDS["tags"], WORDS["people"]
FILM, GALLERY, AUDIO = WORDS["film"], WORDS["gallery"], WORDS["audio"]
SELLING_STEPS, FORMS = WORDS["selling_steps"], WORDS["forms"]
SERVICE = WORDS["service"] | FORMS | SELLING_STEPS
CALENDARS, ARCHIVES, ARTICLES = WORDS["calendars"], WORDS["archives"], WORDS["articles"]
VIEWS = WORDS["views"]
NAVIGATION, FOOTER, FILMS = WORDS["navigation"], WORDS["footer"], WORDS["films"]
SURROUNDINGS = {name: WORDS[name] for name in ("navigation", "footer", "aside", "teaser", "second", "more", "selling", "popular")}
"""What may be said of the elements around a link."""
INDEXES, LISTS, NO_NEWS = WORDS["indexes"], WORDS["lists"], WORDS["no_news"]
RELATIONS = ("author", "tag", "category", "nofollow", "bookmark", "next", "headline")
"""In `rel` and `itemprop`."""

GENERIC = re.compile(
    r"^(?:read (?:more|full|the (?:full )?(?:story|article))|more|full story|continue reading|view all|see all|all|show more|load more"
    r"|click here|here|link|permalink|comments?|share|watch|listen|video|photos|gallery|weiterlesen|mehr|alle|zum artikel|lire la suite"
    r"|plus|leer más|ver más|leggi tutto|czytaj więcej|lees meer|更多|查看全文|阅读全文|详细|详情|more ?[>»›]+|全文|評論|评论|跟贴"
    r"|続きを読む|もっと見る)[\s.…>»›:!]*$",
    re.IGNORECASE,
)
COUNT = re.compile(r"^[\d.,\s]+[kKmM万]?$|^\d[\d.,]*\s*(?:comments?|kommentare?|跟贴|评论|条评论|shares?|likes?)\b|跟贴")
SHOWN_AS_FILM = re.compile(
    r"^(?:photos?|pictures|in pictures|gallery|slideshow|videos?|podcast|bilder|bilderstrecke|fotos|fotostrecke|en images|diaporama|vidéo"
    r"|组图|图集|视频|高清)\s*[:：|｜丨]|^[\[【](?:组图|图集|视频|video|foto)[\]】]",
    re.IGNORECASE,
)
