"""What a preview shows besides the page itself: its style sheets and first pictures, fetched once, when it is written."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from crawler.article import Article
from crawler.charset import decode
from crawler.extraction.document import parse
from crawler.page import Page
from crawler.urls import join

MOST_SHEETS = 5
MOST_PICTURES = 3
LARGEST_PICTURE = 1_500_000
"""Bytes: a larger one is left out."""
SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))


def wanted_beside(pages: Sequence[Page], article: Article | None) -> list[str]:
    """Addresses of style sheets and pictures, the most useful first."""
    sheets: dict[str, None] = {}
    for page in pages[:1]:
        parser = parse(decode(page.body, page.headers.get("content-type", ""))[0])
        for link in parser.css("link[rel~=stylesheet][href]"):
            media = (link.attributes.get("media") or "").lower()
            if "print" not in media and (url := join(page.url, link.attributes.get("href") or "")):
                sheets[url] = None
    pictures: dict[str, None] = {}
    if article is not None:
        pictures = dict.fromkeys([*([article.image.url] if article.image else []), *(image.url for image in article.images)])
    return [*list(sheets)[:MOST_SHEETS], *list(pictures)[:MOST_PICTURES]]


def sheets_among(fetched: Sequence[Page]) -> list[str]:
    """The texts of the style sheets."""
    return [decode(page.body, page.headers.get("content-type", ""))[0] for page in fetched if "css" in page.headers.get("content-type", "")]


def pictures_among(fetched: dict[str, Page]) -> dict[str, str]:
    """Pictures as data: addresses, by the addresses that they were asked for at. What a picture is its bytes say."""
    found = {}
    for url, page in fetched.items():
        kind = kind_of(page.body)
        if kind and len(page.body) <= LARGEST_PICTURE:
            found[url] = f"data:{kind};base64,{base64.b64encode(page.body).decode()}"
    return found


def kind_of(body: bytes) -> str:
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in SIGNATURES if body.startswith(start)), "")
