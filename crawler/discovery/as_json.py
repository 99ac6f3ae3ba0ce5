"""What discovery found, for programs: the recipe, the ways in, the lists with the addresses they take for articles, the articles read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.discovery.found import Discovery
from crawler.discovery.ways import WayIn

MOST_LINKS = 2_000
"""Addresses of one list."""


def as_json(found: Discovery, recipe: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """`{"recipe", "ways", "lists", "articles"}`; `lists` begins with the given address; its `links` are in the page's order."""
    return {
        "recipe": dict(recipe),
        "ways": [way_as_json(way, now) for way in found.ways],
        "lists": [{"url": one.url, "section": one.section, "links": [link.url for link in one.links[:MOST_LINKS]]} for one in found.lists],
        "articles": [
            {
                "url": proof.article.url,
                "title": proof.article.title,
                "published": str(proof.article.published) if proof.article.published else None,
                "authors": list(proof.article.authors),
                "language": proof.article.language,
                "words": proof.words,
                "parts": len(proof.pages),
                "doubt": proof.doubt,
            }
            for proof in found.proofs
            if proof.article is not None
        ],
    }


def way_as_json(way: WayIn, now: datetime) -> dict[str, Any]:
    newest = way.newest(now)
    return {
        "kind": way.kind,
        "url": way.url,
        "articles": len(way.links),
        "newest": str(newest) if newest else None,
        "dates": way.dates,
        "full_text": way.full_text,
        "proved": way.proved,
        "failed": way.failed,
        "chosen": way.chosen,
        "beside": way.beside,
        "problem": way.problem,
    }
