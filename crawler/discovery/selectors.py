"""How a recipe finds a list's links, and the way to its next page: the plainest selector that does what the ranking does."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup
from bs4.element import Tag
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.discovery import vocabulary as v
from crawler.discovery.anchors import NEAR, above_of, as_list, base_of
from crawler.discovery.found import Paging
from crawler.discovery.ranking import Ranked
from crawler.discovery.shapes import shape_of
from crawler.filters import compile_pattern
from crawler.urls import address_key, join, path_and_query, same_site

ALL = "a[href]"
GOOD = 0.97
"""Of precision and recall (F1), from which on all links, as far as they match the pattern, are good enough."""
MOST_TRIED = 40
MOST_LEFT_OUT = 6
MOST_PAGES = 10
"""Pages of a list that a run reads, at most, if nobody says otherwise."""
PLAIN_NAME = re.compile(r"^-?[A-Za-z_][\w-]*$")
NEXT_TEXT = re.compile(
    r"^\W*(?:next(?: page)?|older(?: posts| entries)?|weiter|nächste(?: seite)?|ältere(?: beiträge)?|suivant|page suivante|siguiente|successiv[ao]|następna|volgende|下一页|下页|下一頁|次へ|次のページ|»|›|>|→)\W*$",
    re.IGNORECASE,
)
PAGE_TEXT = re.compile(r"\s*\d{1,4}\s*")
NUMBER_IN_NAME = re.compile(r"(?<=[_-])1(?=\.\w+$|$)")


def link_selector(tree: LexborHTMLParser, soup: BeautifulSoup, url: str, ranked: Sequence[Ranked], pattern: str) -> str:
    """The selector of the links to articles on a list page; "" where all links do, as far as they match the recipe's pattern."""
    wanted = {address_key(one.url) for one in ranked if one.is_article}
    if not wanted:
        return ""
    best, value = ALL, score(tree, url, ALL, pattern, wanted)
    if value < GOOD:
        for selector in [*(f"{ALL}{exclusion}" for exclusion in exclusions(ranked, pattern)), *selectors_around(soup, url, wanted)]:
            found = score(tree, url, selector, pattern, wanted)
            if found > value + 0.01:
                best, value = selector, found
    return "" if best == ALL else best


def score(tree: LexborHTMLParser, url: str, selector: str, pattern: str, wanted: set[str]) -> float:
    """F1 of what a recipe would read with this selector and pattern."""
    compiled = compile_pattern(pattern) if pattern else None
    base = tree.css_first("base[href]")
    start = join(url, base.attributes.get("href") or "") if base is not None else url
    found = set()
    try:
        nodes = tree.css(selector)
    except SelectolaxError:
        return 0.0
    for node in nodes:
        address = join(start or url, node.attributes.get("href") or "")
        if address and same_site(address, url) and (compiled is None or compiled.search(path_and_query(address))):
            found.add(address_key(address))
    right = len(found & wanted)
    return 2 * right / (len(found) + len(wanted)) if right else 0.0


def exclusions(ranked: Sequence[Ranked], pattern: str) -> Iterator[str]:
    """`:not(…)` for addresses that match the pattern, but whose words say that they are videos, galleries, other views."""
    if not pattern:
        return
    compiled = compile_pattern(pattern)
    words: Counter[str] = Counter()
    for one in ranked:
        if one.kind and compiled.search(path_and_query(one.url)):
            steps = [
                step.text for step in one.shape.steps if step.text.lower() in v.FILM | v.GALLERY | v.AUDIO | v.FORMS | v.TAGS | v.PEOPLE
            ]
            words.update([f"/{step}/" for step in steps[:1]] or [f"{key}=" for key, _ in one.shape.query if key.lower() in v.VIEWS])
    chosen = [word for word, _ in words.most_common(MOST_LEFT_OUT) if '"' not in word]
    if chosen:
        yield ":not(" + ", ".join(f'[href*="{word}"]' for word in chosen) + ")"


def selectors_around(soup: BeautifulSoup, url: str, wanted: set[str]) -> list[str]:
    """Selectors made of what stands around the links to articles, those of most links first."""
    base = base_of(soup, url)
    counts: Counter[str] = Counter()
    for tag in soup.find_all("a", href=True):
        if address_key(join(base, str(tag["href"]))) in wanted:
            counts.update(set(selectors_of(tag)))
    plain = ["h2 a[href]", "h3 a[href]", "h1 a[href], h2 a[href], h3 a[href], h4 a[href]", "article a[href]"]
    return plain + [selector for selector, count in counts.most_common(MOST_TRIED) if count >= max(3, len(wanted) // 10)]


def selectors_of(tag: Tag) -> Iterator[str]:
    own = classes_of(tag)
    if own:
        yield f"a{own}[href]"
    above = list(above_of(tag))[: NEAR + 1]
    for element in above:
        if name := classes_of(element) or (f"#{element['id']}" if PLAIN_NAME.match(str(element.get("id") or "")) else ""):
            yield f"{element.name}{name} a[href]"
            if above[0].name in ("h1", "h2", "h3", "h4") and element is not above[0]:
                yield f"{element.name}{name} {above[0].name} a[href]"


def classes_of(tag: Tag) -> str:
    """`.title.big`; "" for none that a selector can name."""
    names = [name for name in as_list(tag.get("class")) if PLAIN_NAME.match(name) and not re.search(r"\d{3,}", name)]
    return "".join(f".{name}" for name in names[:2])


def paging_of(soup: BeautifulSoup, url: str) -> Paging:
    """How a list goes on: by a link to the next page, or by numbers in its address; one page where it shows neither."""
    base = base_of(soup, url)
    tags = [tag for tag in soup.find_all("a", href=True) if isinstance(tag, Tag)]
    numbered = [tag for tag in tags if PAGE_TEXT.fullmatch(tag.get_text())]
    numbers = [number for tag in numbered if (number := page_number(join(base, str(tag["href"])), url))]
    last = max(numbers, default=1)
    for tag in tags:
        selector = next_selector(tag)
        address = join(base, str(tag["href"])) if selector else ""
        if not address or not same_site(address, url) or address_key(address) == address_key(url):
            continue
        if page_number(address, url) == 2 or "rel" in selector:
            return Paging(min(max(last, 2), MOST_PAGES), next=selector)
    if last > 1 and (match := NUMBER_IN_NAME.search(url)):
        return Paging(min(last, MOST_PAGES), numbered=f"{url[: match.start()]}{{page}}{url[match.end() :]}")
    return Paging()


def next_selector(tag: Tag) -> str:
    """A selector for a link to the next page; "" for any other link."""
    if "next" in [one.lower() for one in as_list(tag.get("rel"))]:
        return 'a[rel~="next"]'
    if "next" in [one.lower() for one in as_list(tag.get("class"))]:
        return "a.next"
    parent = tag.parent
    if parent is not None and "next" in [one.lower() for one in as_list(parent.get("class"))]:
        return f"{parent.name}.next a"
    text = " ".join(tag.get_text(" ").split())
    named = classes_of(tag)
    return f"a{named}" if named and NEXT_TEXT.match(text) else ""


def page_number(address: str, url: str) -> int:
    """Which page of the list at `url` an address is; 0: none."""
    if not address or not same_site(address, url):
        return 0
    shape, own = shape_of(address), shape_of(url)
    if shape.is_further_page:
        texts = [step.text for step in shape.steps if step.text.isdigit()] or [value for key, value in shape.query if value.isdigit()]
        inside = [step.text for step in shape.steps][: len(own.steps)] == [step.text for step in own.steps]
        return int(texts[-1]) if inside and texts and len(texts[-1]) <= 4 else 0
    if NUMBER_IN_NAME.search(url):
        match = re.fullmatch(re.escape(NUMBER_IN_NAME.sub("#", url)).replace(r"\#", r"(\d{1,4})").replace("#", r"(\d{1,4})"), address)
        return int(match.group(1)) if match else 0
    return 0
