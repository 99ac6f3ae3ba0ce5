"""Addresses that are certainly no article's, and what they are instead: told by words that mean the same on every site."""

from __future__ import annotations

from crawler.discovery import vocabulary as v
from crawler.discovery.shapes import Shape
from crawler.listings.links import NO_PAGE


def other_kind(shape: Shape, home: str = "") -> str:
    """What an address leads to instead of an article: `video`, `gallery`, `tag`, `author` …; "" where its words leave it open.

    `home`: the host (without `www.`) of the page it stands on, whose own name says nothing of its links.
    """
    steps = [step.text.lower() for step in shape.steps]
    labels = shape.host.split(".")[:-2] if shape.host != home else []
    given = {*steps, *labels}
    if not steps and not shape.query:
        return "front page"
    if steps and NO_PAGE.search(steps[-1]):
        return "file"
    if any("{{" in step or step in ("undefined", "null", "%s") for step in steps):
        return "template"
    if any(key.lower() in v.VIEWS and value.lower() not in ("", "0", "no", "false") for key, value in shape.query):
        return "view"
    if shape.is_further_page:
        return "further page"
    # a section may have the word in its name: /sports-videos/, /life-video/
    sections = given | {word for step in shape.steps[:-1] if step.kind == "pair" for word in step.text.lower().split("-")}
    for kind, words in (("video", v.FILM), ("gallery", v.GALLERY), ("audio", v.AUDIO)):
        if words & sections:
            return kind
    if is_archive(shape):
        return "archive"
    if v.CALENDARS.intersection(steps) and shape.slug_words < 4:
        return "calendar"
    if shape.has_date:  # what lies under a day's address is a piece, whatever the section is called
        return ""
    if not (shape.slug_words >= 4 and shape.has_id):
        for kind, words in (("form", v.FORMS), ("product", v.SELLING_STEPS)):
            if words & given:
                return kind
        for kind, words in (("tag", v.TAGS), ("author", v.PEOPLE)):
            if words.intersection(steps):
                return kind
    if steps and (steps[-1] in v.SERVICE or (steps[0] in v.SERVICE and shape.slug_words < 4 and not shape.has_id)):
        return "service"
    return ""


def is_archive(shape: Shape) -> bool:
    """A year, a month or a day, and nothing that happened on it."""
    kinds = [step.kind for step in shape.steps]
    if not kinds or kinds[-1] not in ("year", "month", "day", "date") or shape.extension:
        return False
    words = {step.text.lower() for step in shape.steps if step.kind not in ("year", "month", "day", "date")}
    return kinds[-1] in ("year", "month") or words <= v.ARCHIVES
