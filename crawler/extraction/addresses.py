"""The addresses that a page gives of itself: its canonical one, where it only sends its reader on, and the article's next part."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.charset import decode
from crawler.extraction.document import parse
from crawler.extraction.structured import Structured
from crawler.extraction.transforms import Surroundings, transformed
from crawler.extraction.view import Head, join_base, read_head
from crawler.page import Page
from crawler.recipes.choices import LinkChoice, PartChoice
from crawler.recipes.model import Recipe
from crawler.recipes.selectors import parse_css
from crawler.urls import join, same_site, strip_tracking
from crawler.zones import zone_named

REFRESH = re.compile(r"^\s*(\d{1,3})(?:\.\d*)?\s*[;,]\s*(?:url\s*=)?\s*[\"']?\s*([^\"']+?)\s*[\"']?\s*$", re.I)
JUMP = re.compile(r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\()\s*[\"']([^\"'\s<>]{1,2000})[\"']")
LONGEST_WAIT = 5
"""Seconds: what refreshes later is a page that renews itself, not a way on."""
MOST_TEXT = 200
"""Characters beside the script of a page that only jumps."""
INDEX = re.compile(r"^/(?:(?:index|default|home|list(?:_\d+)?)\.[a-z]{3,5})?$", re.I)


def canonical_in(page: Page) -> str:
    """The absolute canonical address that the page itself gives (link rel=canonical, else og:url); "" where it gives none."""
    parser = parse(decode(page.body, page.headers.get("content-type", ""))[0])
    return canonical_of(parser, page.url)


def canonical_of(parser: LexborHTMLParser, url: str, head: Head | None = None, structured: Structured | None = None) -> str:
    """The canonical address in a parsed page's head. `head`, `structured`: where they were read already."""
    head = head or read_head(parser)
    if head.canonical and (address := join(join_base(url, head.base), head.canonical)):
        return address
    if structured is not None and not structured.has_own_address:
        return ""
    for meta in parser.css('meta[property="og:url"], meta[name="og:url"]'):
        if address := join(url, meta.attributes.get("content") or ""):
            return address
    return ""


def believed_canonical(given: str, url: str) -> tuple[str, str]:
    """The article's address, and the canonical that was refused: one on another site, the root, a list."""
    own = strip_tracking(join(url, url) or url)
    if not given:
        return own, ""
    if not own:
        return strip_tracking(given), ""
    path = re.sub(r"^https?://[^/]*", "", given)
    if not same_site(given, own) or (INDEX.match(path.split("?")[0]) and "?" not in path):
        return own, given
    # a canonical that leads up, to the list that the article stands in
    own_path = re.sub(r"^https?://[^/]*", "", own)
    if (
        own_path.split("?")[0].startswith(path.rstrip("/") + "/")
        and len(own_path) > len(path) + 8
        and not re.search(r"/(?:amp|\d{1,2}|page/\d+)/?(?:\?.*)?$", own_path)
    ):
        return own, given
    return strip_tracking(given), ""


def redirect_in(page: Page) -> str:
    """Where a page only sends its reader: the absolute target of a meta refresh of five seconds at most, or of a script that does nothing else; "" else."""
    text = decode(page.body[:300_000], page.headers.get("content-type", ""))[0]
    if "refresh" not in text.lower() and "location" not in text:
        return ""
    parser = parse(text)
    head = read_head(parser)
    base = join_base(page.url, head.base)
    if (match := REFRESH.match(head.refresh)) and int(match.group(1)) <= LONGEST_WAIT:
        target = join(base, match.group(2))
        return target if target and target != join(page.url, page.url) else ""
    if "location" not in text:
        return ""
    scripts = [script.text() for script in parser.css("script")]
    parser.strip_tags(["script", "style", "noscript", "title"])
    shown = " ".join((parser.root.text() if parser.root is not None else "").split())
    if len(shown) > MOST_TEXT:
        return ""
    for script in scripts:
        if len(script) < 2000 and (jump := JUMP.search(script)):
            target = join(base, jump.group(1))
            if target and target != join(page.url, page.url):
                return target
    return ""


def next_part(page: Page, recipe: Recipe | None) -> str:
    """The absolute address of the article's next part by the recipe's `next_page`; "" when there is none. Sees `onclick="location.href='…'"` too."""
    return link_in(page, recipe.at(page.fetched_at).article.next_page, recipe) if recipe is not None else ""


def link_in(page: Page, choices: Sequence[LinkChoice | PartChoice], recipe: Recipe) -> str:
    """The first address on the site, another than the page's own, that the first choice leads to that leads anywhere; "" without one."""
    chosen = [choice for choice in choices if choice.select != "auto"]
    if not chosen:
        return ""
    parser = parse(decode(page.body, page.headers.get("content-type", ""))[0])
    base = join_base(page.url, read_head(parser).base)
    own = join(page.url, page.url)
    around = Surroundings(base, zone_named(recipe.zone), page.fetched_at, recipe.language)
    for choice in chosen:
        selector = parse_css(choice.select)
        for element in parser.css(selector.value)[:20]:
            for written in written_in(element, selector.attribute):
                target = join(base, next(iter(transformed([written], choice, around)), ""))
                if target and target != own and same_site(target, own):
                    return target
    return ""


def written_in(element: LexborNode, attribute: str) -> Iterator[str]:
    """The addresses that an element, or a link in it, names: in the attribute that is asked for, else in href or onclick."""
    if attribute:
        yield element.attributes.get(attribute) or ""
        return
    for link in (element, *element.css("a")[:5]):
        if written := jump_of(link):
            yield written


def jump_of(link: LexborNode) -> str:
    """Where a click on a link leads, as written: its script's target, else its href; "" where it leads nowhere."""
    attributes = link.attributes
    href = (attributes.get("href") or "").strip()
    jump = JUMP.search(attributes.get("onclick") or "") or JUMP.search(href)
    return jump.group(1) if jump else "" if href.lower().startswith(("javascript:", "#")) else href
