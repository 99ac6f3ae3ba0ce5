"""A site's sections: links of its navigation that lead to further lists of its articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.discovery import vocabulary as v
from crawler.discovery.anchors import Anchor, word_count
from crawler.discovery.ranking import Ranked
from crawler.discovery.shapes import shape_of
from crawler.outcome import Link
from crawler.recipes import RESERVED_IDS
from crawler.urls import address_key

MOST = 8
"""Sections that are asked for."""
SAME = 0.9
"""Share of two lists' articles that makes them one."""
FEWEST = 3
"""Articles that make a section's list."""
LONGEST_NAME = 4.0
"""Words of a section's name."""
NOT_ONE = frozenset(
    {
        "front page",
        "this page",
        "file",
        "template",
        "view",
        "further page",
        "video",
        "gallery",
        "audio",
        "form",
        "product",
        "author",
        "service",
    }
)
ID = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class FoundSection:
    """One section."""

    id: str
    name: str
    url: str
    links: list[Link] = field(default_factory=list)
    feed: str = ""
    problem: str = ""


def section_candidates(ranked: Sequence[Ranked], url: str) -> list[FoundSection]:
    """The links that may lead to sections, the likeliest first: short ones in a navigation, those that articles lie below above all."""
    home = shape_of(url)
    articles = [urlsplit(one.url).path for one in ranked if one.is_article]
    scored: list[tuple[float, int, FoundSection]] = []
    for place, one in enumerate(ranked):
        names = [anchor for anchor in one.candidate.anchors if 0 < word_count(anchor.text) <= LONGEST_NAME]
        if one.is_article or one.kind in NOT_ONE or not names or not may_be_section(one, home.host):
            continue
        path = urlsplit(one.url).path.rstrip("/")
        below = sum(article.startswith(path + "/") for article in articles) if path else 0
        listed = v.LISTS.intersection(step.text.lower() for step in one.shape.steps[:-1])
        place_says = best_place(one)
        score = (2.0 if place_says >= 1 else 0.5) * min(below, 5) + place_says - 0.5 * len(one.shape.steps)
        score += 1.5 * bool(listed) - 1.5 * (one.kind == "tag" and not listed) - (one.shape.host != home.host) - bool(one.shape.query)
        scored.append((score, -place, FoundSection("", name_of(names), one.url)))
    scored.sort(key=lambda row: row[:2], reverse=True)
    chosen: dict[str, FoundSection] = {}
    for score, _, section in scored:
        if score > 0 and section.name not in {other.name for other in chosen.values()}:
            chosen.setdefault(address_key(section.url).partition("?")[0].rstrip("/"), section)
    return list(chosen.values())[:MOST]


def may_be_section(one: Ranked, host: str) -> bool:
    shape = one.shape
    if shape.has_date or shape.has_id or len(shape.steps) > 4 or (not shape.steps and not shape.host.endswith(host)):
        return False
    if any(step.kind in ("year", "month", "date") for step in shape.steps):
        return False
    last = shape.steps[-1].text.lower() if shape.steps else ""
    words = {word for step in shape.steps for word in re.split(r"[^a-z]+", step.text.lower())}
    return (
        last not in v.INDEXES
        and not words & v.NO_NEWS
        and not any(v.GENERIC.match(anchor.text) for anchor in one.candidate.anchors if anchor.text)
    )


def best_place(one: Ranked) -> float:
    """How much the places where it stands speak for a section: a navigation more than a footer, a footer more than a text."""
    best = -1.0
    for anchor in one.candidate.anchors:
        around = anchor.names | anchor.far_names
        if v.NAVIGATION & around:
            best = max(best, 3.0)
        elif v.FOOTER & around:
            best = max(best, 1.0)
        elif anchor.group >= 5 and anchor.group_words <= 3:
            best = max(best, 1.5)
        elif anchor.in_heading:
            best = max(best, 2.0)
    return best


def name_of(anchors: Sequence[Anchor]) -> str:
    """What a navigation calls it: the text that most links have, of several the first."""
    texts = [anchor.text.strip(" ›»>·|：:") for anchor in anchors]
    return max(texts, key=lambda text: (texts.count(text), -texts.index(text)))


def name_sections(sections: Sequence[FoundSection], taken: set[str]) -> None:
    """Gives each an id that none has yet: from its address, else from its name."""
    for section in sections:
        shape = shape_of(section.url)
        step = next((step.text for step in reversed(shape.steps) if step.kind not in ("number", "index")), "")
        label = shape.host.partition(".")[0] if not shape.steps else ""
        base = next(
            (found for text in (step, section.name, label) if (found := ID.sub("-", text.lower()).strip("-")[:40].strip("-"))), "section"
        )
        name, number = base, 2
        while name in taken or name in RESERVED_IDS:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        section.id = name


def is_new(links: Sequence[Link], before: Sequence[Sequence[Link]]) -> bool:
    """Whether a list is another one than those before: a site may answer every address with its front page."""
    keys = {address_key(link.url) for link in links}
    others = [{address_key(link.url) for link in other} for other in before]
    return all(len(keys & other) < SAME * max(len(keys), len(other), 1) for other in others)
