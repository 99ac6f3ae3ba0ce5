"""What speaks for and against a link's leading to an article, as yes/no traits: of its address, and of its text and what surrounds it."""

from __future__ import annotations

from crawler.discovery import vocabulary as v
from crawler.discovery.anchors import Candidate, word_count
from crawler.discovery.shapes import Shape


def bucket(name: str, value: float, *limits: float) -> str:
    """A number as one of a few traits."""
    return f"{name}<{next((f'{limit:g}' for limit in limits if value < limit), 'inf')}"


def address_traits(shape: Shape) -> list[str]:
    """What an address alone says."""
    last = shape.last
    steps = [step.text.lower() for step in shape.steps]
    labels = set(shape.host.split(".")[:-2])
    traits = [
        bucket("steps", len(steps), 1, 2, 3, 4, 6),
        f"last {last.kind if last else 'none'}{'+id' if last and last.with_id else ''}",
        bucket("slug", shape.slug_words, 1, 2, 3, 4, 5, 7),
        f"ext {'html' if shape.extension in ('html', 'htm', 'shtml') else 'script' if shape.extension else 'none'}",
        f"date {shape.has_date} id {shape.has_id}",
    ]
    traits.append(bucket("number", shape.longest_number, 1, 4, 6, 8, 10))
    if shape.has_day:
        traits.append("day")
    if last is not None and last.kind == "slug":
        traits.append("has slug")
    if shape.slug_words >= 4 and (shape.has_date or shape.has_id):
        traits.append("slug and date or id")
    if shape.slash:
        traits.append("slash")
    if shape.query and not shape.id_keys:
        traits.append("idle query")
    if shape.id_keys:
        traits.append("id in query")
    for name, words in (("tags", v.TAGS), ("people", v.PEOPLE), ("service", v.SERVICE), ("articles", v.ARTICLES)):
        if words.intersection(steps):
            traits.append(f"step {name}")
        if words & labels:
            traits.append(f"host {name}")
    return traits


def place_traits(candidate: Candidate) -> list[str]:
    """What its texts and surroundings say. A trait holds where it holds for one of its links, unless it says `all`."""
    anchors = candidate.anchors
    return [
        *text_traits(candidate),
        *surrounding_traits(candidate),
        *(f"rel {word}" for word in v.RELATIONS if any(word in a.in_link for a in anchors)),
    ]


def text_traits(candidate: Candidate) -> list[str]:
    text, words = candidate.text, candidate.words
    headline = word_count(text)
    limits = (0.5, 1.5, 2.5, 3.5, 4.5, 6, 8, 11, 16, 30)
    traits = [bucket("words", words, *limits), bucket("headline", headline, *limits)]
    texts = [anchor.text for anchor in candidate.anchors if anchor.text]
    if texts and all(v.GENERIC.match(one) for one in texts):
        traits.append("generic text")
    if texts and all(v.COUNT.search(one) for one in texts):
        traits.append("count")
    if any(one.rstrip().endswith(("…", "...")) for one in texts):
        traits.append("cut text")
    if headline >= 4 and any(mark in text for mark in '?!:：，。？！；“”‘’"'):
        traits.append("marks")
    if headline >= 1 and text == text.upper() != text.lower():
        traits.append("capitals")
    return traits


def surrounding_traits(candidate: Candidate) -> list[str]:
    anchors = candidate.anchors
    traits: list[str] = []
    for name, words in v.SURROUNDINGS.items():
        near = [bool(words & anchor.names) for anchor in anchors]
        if any(near):
            traits.append(f"all near {name}" if all(near) else f"near {name}")
        if all(words & (anchor.far_names | anchor.names) for anchor in anchors):
            traits.append(f"all in {name}")
    best = max(anchors, key=lambda anchor: (anchor.in_heading, word_count(anchor.text)))
    traits += [
        bucket("group", best.group, 2, 3, 4, 6, 10, 20),
        bucket("group words", best.group_words, 1.5, 2.5, 3.5, 5, 7, 10),
        bucket("entry text", best.entry_text, 1, 5, 15, 40),
    ]
    told = {
        "heading": any(anchor.in_heading for anchor in anchors),
        "all beside a heading": all(anchor.group_heading for anchor in anchors),
        "first in entry": any(anchor.first_in_group and 1 < anchor.group <= 5 for anchor in anchors),
        "picture": any(anchor.shows_picture for anchor in anchors),
        "only pictures": all(anchor.picture_only for anchor in anchors),
        "time": any(anchor.entry_time for anchor in anchors),
        "several links": len(anchors) > 1,
    }
    return traits + [trait for trait, holds in told.items() if holds]
