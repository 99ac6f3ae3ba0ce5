"""The demo newspaper's HTML pages: its front page, its lists, and its articles in three kinds of markup.

`modern` has JSON-LD, OpenGraph and a canonical link; `microdata` has itemprops, plain `meta` and a wall clock without zone; `bare` is the
Chinese page of the early 2000s: classes, a line with time and 来源, no metadata at all.
"""

from __future__ import annotations

import json
from datetime import datetime

from crawler.demo.filling import fill
from crawler.demo.masthead import ADDRESS, SECTIONS, Section
from crawler.demo.stories import Story, stories

TRACKED = "?utm_source=world"
"""What the world list adds to the address of a story of another section."""


MONTHS = ("January", "February", "March")
"""In English whatever the locale; the edition has stories of these three alone."""
PUBLISHER = {
    "@type": "NewsMediaOrganization",
    "name": "The Lanwan Packet",
    "logo": {"@type": "ImageObject", "url": f"{ADDRESS}masthead.svg"},
}


def front_page() -> str:
    """`/`: the newest of each section."""
    return fill("front", **{f"{section.id}_html": items(stories_of(section)[:6], section) for section in SECTIONS.values()})


def list_page(section: Section, number: int) -> str:
    """A section's list page, counted from 0."""
    shown, later = stories_of(section)[: section.first_page], stories_of(section)[section.first_page :]
    return fill(
        f"list_{section.id}",
        items_html=items(later if number else shown, section),
        next="" if number else section.pages[1],
        newer=section.pages[0] if number else "",
        page=str(number + 1),
    )


def stories_of(section: Section) -> list[Story]:
    """The stories a section's lists show, newest first."""
    return [story for story in stories() if section.id in story.sections]


def items(shown: list[Story], section: Section) -> str:
    """List entries, as they stand in `ul.stories`."""
    return "".join(
        fill(
            f"item_{section.id}",
            address=story.address + (TRACKED if story.sections[0] != section.id else ""),
            title=story.title,
            language=story.language,
            picture=f"/images/{story.picture}.png" if story.picture else "",
            datetime=story.published.date().isoformat() if story.dateless else story.published.isoformat(),
            date=day_in_words(story.published) if story.dateless else time_in_words(story.published),
            wall_clock=wall_clock(story.published),
            description=story.description,
        )
        for story in shown
    )


def article_page(story: Story, part: int) -> str:
    """A story's page in its own layout; `part` is counted from 0."""
    dated = not story.dateless
    updated = story.updated
    return fill(
        story.layout,
        language=story.language,
        charset=story.charset,
        title=story.title,
        part=f" ({part + 1}/{len(story.parts)})" if part else "",
        description=story.description,
        canonical=ADDRESS + (story.canonical or story.address_of(part)).removeprefix("/"),
        picture=f"{ADDRESS}images/{story.picture}.png" if story.picture else "",
        json_ld_html=json_ld(story),
        published_iso=story.published.isoformat() if dated else "",
        published=in_words(story.published, story.language) if dated else "",
        published_plain=wall_clock(story.published) if dated else "",
        updated_iso=updated.isoformat() if updated else "",
        updated=in_words(updated, story.language) if updated else "",
        updated_plain=wall_clock(updated) if updated else "",
        byline=byline(story),
        author=story.authors[0] if story.authors else "",
        section=SECTIONS[story.sections[0]].name,
        section_address=SECTIONS[story.sections[0]].pages[0],
        agency=story.agency,
        body_html=story.parts[part],
        next_part=story.address_of(part + 1) if part + 1 < len(story.parts) else "",
        part_before=story.address_of(part - 1) if part else "",
        keywords=", ".join(story.tags),
        tags_html="".join(fill("tag", tag=tag) for tag in story.tags),
        related_html="".join(fill("related", address=other.address, title=other.title) for other in related(story)),
        comments_html="".join(fill("comment", by=comment.by, text=comment.text) for comment in story.comments),
    )


def json_ld(story: Story) -> str:
    """schema.org's NewsArticle, as search engines ask for it."""
    fields = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": ADDRESS + (story.canonical or story.address).removeprefix("/"),
        "headline": story.title,
        "description": story.description,
        "inLanguage": story.language,
        "image": [f"{ADDRESS}images/{story.picture}.png"] if story.picture else None,
        "datePublished": None if story.dateless else story.published.isoformat(),
        "dateModified": None if story.dateless else (story.updated or story.published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors] or None,
        "publisher": PUBLISHER,
    }
    # `</` would end the script element (HTML, 4.12.1.3)
    return json.dumps({key: value for key, value in fields.items() if value}, ensure_ascii=False, indent=1).replace("</", "<\\/")


def byline(story: Story) -> str:
    if not story.authors:
        return ""
    return "记者 " + " ".join(story.authors) if story.language.startswith("zh") else "By " + " and ".join(story.authors)


def related(story: Story) -> list[Story]:
    """Three others of its section: those that follow it, round to the newest."""
    others = stories_of(SECTIONS[story.sections[0]])
    at = others.index(story)
    return [other for other in [*others[at + 1 :], *others[:at]] if other.status == 200][:3]


def in_words(at: datetime, language: str) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}" if language.startswith("zh") else time_in_words(at)


def time_in_words(at: datetime) -> str:
    return f"{day_in_words(at)}, {at:%H:%M}"


def day_in_words(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def wall_clock(at: datetime) -> str:
    """Without zone: the reader is taken to be in the city."""
    return f"{at:%Y-%m-%d %H:%M}"
