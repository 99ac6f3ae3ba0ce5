"""The next part of an article, recognised without a recipe: a numbered variant of its address in a pager; and whether it is one."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from html import unescape
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.article import Article
from crawler.charset import decode
from crawler.extraction.addresses import jump_of
from crawler.extraction.clean import text_of
from crawler.extraction.document import parse
from crawler.extraction.fields.title import key_of
from crawler.extraction.view import join_base, read_head
from crawler.extraction.written import canonical_links, written_in_source
from crawler.page import Page
from crawler.urls import join, strip_tracking

MOST_ABOVE = 12
MOST_LINKS = 4_000
WORDS = r"(?:p|pg|page|pag|pagina|página|pagina|part|parte|partie|teil|seite|s|sida|side|strana|strona|sivu|str|folge|slide)"
"""What stands before a part's number in addresses."""
NAMES = re.compile(
    r"^(?:p|pg|pn|page|paged|pages|page_?(?:no|num|number|id|index)|page[-_]?n|pagenum|pagenumber|curr?ent_?page|cur_?page|pagina|pag|seite|sida|"
    r"side|part|parte|teil|strana|strona|str|sivu|pageindex|ipage|nowpage|fpage|artpage|ap|PAGEN_\d)$",
    re.IGNORECASE,
)
"""Of query parameters that number an article's parts."""
STRONG = re.compile(rf"^(?:_|[_\-.,/]?{WORDS}[_\-.,/=]?|/)$", re.IGNORECASE)
"""What may stand between address and number wherever a pager says next. A hyphen alone does only before an extension: `/weather-2/` is how
WordPress calls the second of two articles with one headline."""
BETWEEN = re.compile(rf"^(?:[_\-.,/~]|[_\-.,/]?{WORDS}[_\-.,/=]?|/(?:index|default)?[_\-]?)(?P<number>[1-9]\d?)/?$", re.IGNORECASE)
FIRST = re.compile(rf"(?:[_\-.,/~]|[_\-.,/]{WORDS}[_\-.,/=]?)[01]$", re.IGNORECASE)
EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|jhtml|do|cms|ece|xhtml|dhtml)$", re.IGNORECASE)
NEXT = re.compile(
    r"^[\s\[(（【«»‹›<>→▶▸▻|-]*(?:next(?: ?(?:page|part|slide))?|page ?suivante|suivante?|weiter(?:lesen)?|nächste(?: seite)?|vor|siguiente|"
    r"p[áa]gina siguiente|pr[óo]xim[ao](?: p[áa]gina)?|successiv[ao]|avanti|pagina successiva|volgende(?: pagina)?|nästa(?: sida)?|neste(?: side)?|næste|"
    r"seuraava|następna(?: strona)?|dalej|další|далее|дальше|следующая(?: страница)?|вперед|вперёд|επόμενη|sonraki(?: sayfa)?|continue(?: reading)?|"
    r"下一?[页頁]|后一[页頁]|後一頁|[继繼][续續][阅閱][读讀]|次へ|次の?ページ(?:へ)?|다음(?: ?페이지)?|»|›|>|>>|→)[\s\])）】»›>→▶▸|]*$",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"^[\s\[(（【«»‹›<>|-]*(?:第|page|seite|teil|part|p\.|página|pagina|страница|strona)?\s?(?P<number>\d{1,2})\s?(?:[页頁]|ページ)?[\s\])）】»›>|.-]*$",
    re.IGNORECASE,
)
COMMENTS = re.compile(
    r"comment|kommentar|coment|disqus|discuss|respond|reactie|reaction|replies|review|forum|pinglun|liuyan|评论|評論|leserbrief",
    re.IGNORECASE,
)
MARKER = re.compile(
    r"[(\[（【]\s*\d{1,2}\s*(?:/\s*\d{1,2}\s*)?[)\]）】]|第?\s*\d{1,2}\s*[页頁]|\b(?:page|seite|teil|part|p[áa]gina|страница|strona|sida|side)\s*\d{1,2}"
    r"(?:\s*(?:/|of|von|de|из|z|av|af)\s*\d{1,2})?|(?:\s[-–—|_]\s|[-_])\d{1,2}\s*$|\b\d{1,2}\s*/\s*\d{1,2}\b",
    re.IGNORECASE,
)
WHOLE_BLOCK = re.compile(r"<(p|h[1-6]|figure|pre)\b[^\n]*</\1>")
ALIKE = 0.8
"""Of two titles, how much they share at least."""
NEW_TEXT = 0.5
"""Of a part that was recognised, how much of its text must not stand in the parts before; comments' pages repeat the article."""
SOME_NEW_TEXT = 0.1
"""… of one that the recipe's own selector leads to."""
LONG_LINE = 12
"""Letters: shorter lines may stand in any part."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An address that differs from the article's own by a number."""

    number: int
    strong: bool
    """Whether the form of the address alone says that it numbers parts."""
    in_query: bool


def numbered_part(pages: Sequence[Page]) -> str:
    """The absolute address of the part after these pages, which are the parts so far; "" where no pager leads to one.

    A pager's link counts when its address is the article's own with the next number put in, and its text is that number or says "next".
    What stands among comments doesn't, nor what leads to any other address (the next article).
    """
    sought = len(pages) + 1
    for page in dict.fromkeys((len(pages) - 1, 0)):
        if found := next(links_to(pages[page], pages[0], sought), ""):
            return found
    return ""


def links_to(page: Page, first: Page, sought: int) -> Iterator[str]:
    """Addresses of the part with this number that a page links to."""
    candidates = list(written_in_source(page.body, sought))
    if not candidates:
        return  # most pages: they need not be parsed
    own = addresses_of(first)
    if not any(variant_in(own, page.url, written, sought) for written in candidates):
        return
    parser = parse(decode(page.body, page.headers.get("content-type", ""))[0])
    base = join_base(page.url, read_head(parser).base)
    for link in parser.css("link[rel][href], a")[:MOST_LINKS]:
        written = jump_of(link)
        if not written or COMMENTS.search(written.partition("#")[2]):
            continue
        variant = variant_in(own, base, written, sought)
        if variant is not None and says_so(link, variant, sought) and not among_comments(link):
            yield join(base, written)


def addresses_of(page: Page) -> set[str]:
    """An article's own addresses: what was asked for, what answered, what it calls canonical."""
    given = {page.url, page.requested_url}
    for match in canonical_links(page.body[:200_000]) if b"canonical" in page.body else ():
        given.add(join(page.url, unescape((match["one"] or match["other"]).decode("utf-8", "replace"))))
    return {strip_tracking(join(url, url) or url) for url in given if url}


def variant_in(own: set[str], base: str, written: str, sought: int) -> Variant | None:
    """How an address, as a page writes it, is the article's own with the part's number put in."""
    target = join(base, written)
    found = next((found for address in own if (found := variant_of(address, target))), None)
    return found if found is not None and found.number in (sought, sought - 1) else None


def variant_of(own: str, target: str) -> Variant | None:
    """How an address is a numbered variant of the article's own; None where it is none."""
    one, other = urlsplit(own), urlsplit(target)
    if not target or one.hostname != other.hostname:
        return None
    if one.path.rstrip("/") == other.path.rstrip("/"):
        return in_query(one.query, other.query) if one.path.strip("/") or one.query else None
    if not set(other.query.split("&")) <= {*one.query.split("&"), ""}:
        return None
    return in_path(unquote(one.path), unquote(other.path))


def in_query(own: str, target: str) -> Variant | None:
    """`?page=2`, beside all that stood in the query before."""
    mine = [pair for pair in own.split("&") if pair]
    theirs = [pair for pair in target.split("&") if pair]
    added = [pair for pair in theirs if pair not in mine]
    gone = [pair for pair in mine if pair not in theirs]
    if len(added) != 1:
        return None
    name, _, value = added[0].partition("=")
    if not NAMES.match(unquote(name)) or not re.fullmatch(r"[1-9]\d?", value):
        return None
    if gone and not (len(gone) == 1 and re.fullmatch(r"[01]", gone[0].removeprefix(f"{name}="))):
        return None
    return Variant(int(value), strong=not gone, in_query=True)


def in_path(own: str, target: str) -> Variant | None:
    """`…_2.shtml`, `…/2`, `…/page/2`, `…-2.html` beside `….html`; or beside `…_1.shtml`, where the article's own is numbered too."""
    mine, their = extension_of(own), extension_of(target)
    stem, other = own.removesuffix(mine).rstrip("/"), target.removesuffix(their).rstrip("/")
    if not stem or (their and mine and their != mine):
        return None
    for start, counted in ((own.rstrip("/"), False), (stem, False), (FIRST.sub("", stem), True)):
        if start and (not counted or start != stem) and other.startswith(start) and (match := BETWEEN.match(other[len(start) :])):
            between = other[len(start) : len(start) + match.start("number")]
            strong = bool(STRONG.match(between)) or (between == "-" and bool(their))
            return Variant(int(match["number"]), strong=strong and not counted, in_query=False)
    return None


def extension_of(path: str) -> str:
    match = EXTENSION.search(path)
    return match.group() if match else ""


def says_so(link: LexborNode, variant: Variant, sought: int) -> bool:
    """Whether a link's own words make it the one to that part."""
    text = " ".join((link.text() or "").split())
    alone = ALONE.match(text)
    number = int(alone["number"]) if alone else 0
    if number == sought:  # some count from nought: `_1.shtml`, `?page=1` is the second part there
        counted_so = variant.number == sought or variant.in_query
        return (variant.strong and counted_so) or beside_the_first(link)
    if variant.number != sought or not variant.strong or number:
        return False
    attributes = link.attributes
    rel = (attributes.get("rel") or "").lower().split()
    words = (text, attributes.get("title") or "", attributes.get("aria-label") or "")
    return "next" in rel or any(NEXT.match(word) for word in words if word)


def beside_the_first(link: LexborNode) -> bool:
    """Whether the number of the first part stands beside a link: then it is one of a pager's."""
    above = link.parent
    for _ in range(3):
        if above is None:
            return False
        words = (above.text(separator=" ") or "")[:400].split()
        if any(word.strip("[]()（）|·.") == "1" for word in words):
            return True
        above = above.parent
    return False


def among_comments(link: LexborNode) -> bool:
    above: LexborNode | None = link
    for _ in range(MOST_ABOVE):
        if above is None or above.tag == "body":
            return False
        attributes = above.attributes
        if COMMENTS.search(f"{attributes.get('id') or ''} {attributes.get('class') or ''}"):
            return True
        above = above.parent
    return False


def joined(parts: Sequence[str]) -> str:
    """The bodies of an article's parts as one. What stands at the head of each (a picture, a standfirst) stays at the first alone, what stands
    at the foot of each (a notice) at the last.
    """
    lines = [part.split("\n") for part in parts if part]
    for later in lines[1:]:
        del later[: alike_from_here(lines[0], later)]
    for earlier in lines[:-1]:
        same = alike_from_here(earlier[::-1], lines[-1][::-1])
        del earlier[len(earlier) - same :]
    return "\n".join(line for part in lines for line in part)


def alike_from_here(one: Sequence[str], other: Sequence[str]) -> int:
    """How many whole blocks two bodies have in common from their beginning on."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count] and WHOLE_BLOCK.fullmatch(one[count]):
        count += 1
    return count


def continues(parts: Sequence[Article], last: Article, *, asked_for: bool = False) -> bool:
    """Whether a page is the next part of these: its text is new, and its title is theirs.

    `asked_for`: the recipe's own selector led there, so that it only must not repeat what was there before.
    """
    before = {key for part in parts for key, _ in lines_of(part)}
    lines = lines_of(last)
    size = sum(length for _, length in lines)
    new = sum(length for key, length in lines if key not in before)
    if not size:
        return bool(last.images) and not {image.url for image in last.images} <= {image.url for part in parts for image in part.images}
    if new < size * (SOME_NEW_TEXT if asked_for else NEW_TEXT):
        return False
    return asked_for or (alike(parts[0].title, last.title) and not another_day(parts[0], last))


def lines_of(article: Article) -> list[tuple[str, int]]:
    """Each line of a body that says something of its own, as a key, and its length."""
    lines = ((key_of(line), len(line)) for line in text_of(article.body).split("\n"))
    return [(key, length) for key, length in lines if len(key.encode()) >= LONG_LINE]


def alike(one: str, other: str) -> bool:
    """Whether two titles are one, but for what numbers the parts."""
    first, second = (key_of(MARKER.sub(" ", title)) for title in (one, other))
    if not first or not second or first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if len(shorter.encode()) >= LONG_LINE and shorter in longer:
        return True
    return SequenceMatcher(None, first[:200], second[:200], autojunk=False).ratio() >= ALIKE


def another_day(one: Article, other: Article) -> bool:
    """Whether two pages say of themselves, in the same place, that they are of different days."""
    if one.published is None or other.published is None or one.provenance.get("published") != other.provenance.get("published"):
        return False
    return abs(one.published.at - other.published.at) > timedelta(days=1)
