"""What an element's class, id, role and itemprop say of it. Read once for each distinct string: sites repeat them on every page."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extraction.document import Attributes

BYLINE, DATE, TITLE, IMAGE, META, PROP, HIDDEN, COMMENT, RELATED, SHARE, ADVERT, NAVIGATION, FOOT, TAGGED, CAPTION, BODY = (
    1 << bit for bit in range(16)
)
FIELD_MARKS = BYLINE | DATE | TITLE | IMAGE | PROP | META
JUNK = COMMENT | RELATED | SHARE | ADVERT | NAVIGATION | FOOT | TAGGED | HIDDEN

WORDS = (
    (BYLINE, r"author|autor|byline|writer|verfasser|redakt|journalist|contribut|reporter|editor|signature|zuozhe|bianji|laiyuan|creator|nickname|username|vcard|^by$"),
    (DATE, r"^date|date$|datum|^time|time$|publi[sc]|^posted|pubtime|fecha|stamp|shijian|riqi|^meta|^info|updated|created|dato"),
    (TITLE, r"title|titel|headline|heading|biaoti|topic|subject"),
    (META, r"meta|^info|source|author|dateline|byline|kicker|credit"),
    (HIDDEN, r"hidden|^sr$"),
    (COMMENT, r"comment|koment|kommentar|^coment|respon[ds]|disqus|reply|replies|discuss|pinglun|reacties|opinie|^forum"),
    (RELATED, r"relat|recommend|^more|readmore|^also|similar|promo|teaser|outbrain|taboola|popular|trending|^most|latest|sidebar|aside|^rail|widget"),
    (SHARE, r"^shar(?:e|ing)|social|facebook|twitter|whatsapp|follow|addthis|^sns|bdshare|jiathis"),
    (ADVERT, r"^ads?$|advert|sponsor|banner|newsletter|subscri|paywall|signup|cookie|consent|gdpr|onetrust|^ot$"),
    (NAVIGATION, r"^nav|navi|menu|crumb|header|toolbar|topbar|^skip|pagina|pager"),
    (FOOT, r"foot|copyright|legal|imprint|disclaimer"),
    (TAGGED, r"^tags?$|taglist|keyword|topics|categor"),
    (CAPTION, r"caption|credit|bildunter|legend"),
    (BODY, r"articlebody|entrycontent|postcontent|postbody|storybody|articlecontent|articletext|contentbody|maincontent|bodytext|richtext|^prose"),
)  # fmt: skip
PATTERNS = tuple((mark, re.compile(words)) for mark, words in WORDS)
PARTS = re.compile(r"[A-Za-z][a-z]*|[A-Z]+(?![a-z])")
SUBJECT = frozenset({"article", "entry", "post", "story", "news", "detail", "main"})
MATTER = frozenset({"body", "content", "text"})


SPEAKING = frozenset({"class", "id", "itemprop", "rel", "role", "property", "hidden", "aria-hidden", "style"})
MORE_THAN_NAMES = SPEAKING - {"class", "id"}


def marks_of(attributes: Attributes) -> int:
    """The marks of one element."""
    if SPEAKING.isdisjoint(attributes):
        return 0
    get = attributes.get
    said = 0
    if name := get("class"):
        said = marks_in(name)
    if name := get("id"):
        said |= marks_in(name)
    if MORE_THAN_NAMES.isdisjoint(attributes):
        return said
    if "itemprop" in attributes or "rel" in attributes or "role" in attributes or "property" in attributes:
        said |= marks_in_role(get("itemprop") or "", get("rel") or "", get("role") or "", get("property") or "")
    if "hidden" in attributes or get("aria-hidden") == "true":
        said |= HIDDEN
    style = get("style")
    if style and "none" in style and "display" in style:
        said |= HIDDEN
    return said


@lru_cache(20_000)
def marks_in(name: str) -> int:
    """The marks of a class or id: of its words, of the words grown together, and of `article` beside `body`."""
    said = 0
    words = [word.lower() for word in PARTS.findall(name[:200])]
    for word in words:
        said |= marks_in_word(word)
    if not MATTER.isdisjoint(words) and not SUBJECT.isdisjoint(words):
        said |= BODY
    return said


@lru_cache(20_000)
def marks_in_word(word: str) -> int:
    said = 0
    for mark, pattern in PATTERNS:
        if pattern.search(word):
            said |= mark
    return said


@lru_cache(4_000)
def marks_in_role(itemprop: str, rel: str, role: str, property_: str) -> int:
    said = 0
    for prop in f"{itemprop} {property_}".lower().split():
        prop = prop.rsplit(":", 1)[-1]
        said |= {"author": BYLINE | PROP, "creator": BYLINE | PROP, "datepublished": DATE | PROP, "datecreated": DATE | PROP, "datemodified": DATE | PROP, "headline": TITLE | PROP,
                 "name": PROP, "image": IMAGE | PROP, "articlebody": BODY, "description": PROP}.get(prop, 0)  # fmt: skip
    if "author" in rel.split():
        said |= BYLINE | PROP
    if role in ("navigation", "banner", "search", "menu"):
        said |= NAVIGATION
    elif role == "contentinfo":
        said |= FOOT
    elif role == "complementary":
        said |= RELATED
    return said
