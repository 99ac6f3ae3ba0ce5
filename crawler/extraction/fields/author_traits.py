"""What speaks for or against a candidate for the author: is it made like a person's name, or the site's; who else is named."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.fields.names import HAN, SURNAMES, key_of, shape_of
from crawler.extraction.structured import text_in, types_of
from crawler.urls import registrable

if TYPE_CHECKING:
    from crawler.extraction.view import View

CLEAR = frozenset(
    {
        "jsonld",
        "meta author",
        "meta article",
        "class author",
        "class byline",
        "class author link",
        "class byline link",
        "rel author",
        "by line",
        "author link",
        "by then line",
        "by inside",
        "by part",
    }
)
"""Sources that name few but authors."""


NOT_LETTER = re.compile(r"[\W_]+")
ENDS_TITLE = re.compile(r"\s+[|–—·•»:-]\s+")
OF_SITE = frozenset({"organization", "newsmediaorganization", "website", "corporation"})


@lru_cache(1024)
def label_of(host: str) -> str:
    """What stands before the public suffix: a page's host is that of the page before, mostly."""
    return registrable(host).split(".")[0]


def key_text(text: str) -> str:
    return NOT_LETTER.sub("", text.casefold())


def site_names(view: View) -> set[str]:
    """What the page calls its site: for sharing, its publisher, the last part of its title, its host."""
    if view.site_names is None:
        view.site_names = site_names_in(view)
    return view.site_names


def site_names_in(view: View) -> set[str]:
    structured = view.structured
    names = [
        structured.first(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "publisher", "dc.publisher", "copyright"
        )
    ]
    for node in structured.nodes[:40]:
        if types_of(node) & OF_SITE:
            names += [text_in(node.get("name")), text_in(node.get("alternateName"))]
        names.append(text_in(node.get("publisher")))
    names += ENDS_TITLE.split(view.head.title)[1:][-1:]
    host = view.page.url.split("/")[2] if view.page.url.count("/") > 1 else ""
    names += [host.removeprefix("www."), label_of(host) if host else ""]
    return {key for name in names if (key := key_text(name))}


def compare(found: Candidates[list[str]], view: View) -> None:
    """Adds to each candidate what can only be told once all are known."""
    sites = site_names(view)
    site = set(re.findall(r"\w+", view.structured.first("og:site_name", "application-name").casefold()))
    host = view.page.url.split("/")[2] if view.page.url.count("/") > 1 else ""
    label = label_of(host).replace("-", "") if host else ""
    publishers = {text_in(node.get("publisher")).casefold() for node in view.structured.articles[:2]}
    groups = list(found)
    page_text = " ".join(view.blocks.texts)
    title = view.head.title.casefold()
    firsts = {first for group in groups if len(first := group.value[0]) < 60}
    shown_lines = Counter([text for text in view.blocks.texts if text in firsts])
    shown_words: dict[str, bool] = {}
    keys = [frozenset(key_of(group.value)) for group in groups]
    for group, words in zip(groups, keys, strict=True):
        traits, sources = group.traits, group.sources
        structured = sum(source.startswith(("jsonld", "meta", "twitter")) for source in sources)
        shown = len(sources) - structured
        traits.add(f"structured {min(structured, 3)}")
        traits.add(f"shown {min(shown, 3)}")
        traits.add(f"both {int(structured > 0)}{int(shown > 0)}")
        traits.update(shape_of(group.value))
        first = group.value[0]
        han = HAN.search(first) is not None
        parts = [part for part in first.split() if len(part) > 2] if not han else []
        if parts:
            for part in parts:
                if part not in shown_words:
                    shown_words[part] = f" {part.lower()} " in page_text
            usual = sum([shown_words[part] for part in parts])
            traits.add("usual none" if not usual else "usual all" if usual == len(parts) else "usual some")
        if len(first) > 3 and first.casefold() in title:
            traits.add("in title")
        if (times := shown_lines[first]) > 1:
            traits.add(bucket("lines", times, 3, 5))
        if han:
            traits.add(
                "surnames all"
                if all(name[:1] in SURNAMES for name in group.value)
                else "surname first"
                if first[:1] in SURNAMES
                else "no surname"
            )
        own = key_text(" ".join(group.value))
        if own in sites:
            traits.add("is a site's name")
        elif any(len(name) > 4 and (name in own or (len(own) > 4 and own in name)) for name in sites):
            traits.add("near a site's name")
        if (words and words <= site) or (label and own == label):
            traits.add("is site")
        elif words & site:
            traits.add("with site")
        if " ".join(group.value).casefold() in publishers:
            traits.add("is publisher")
        likely = not {"person", "surnames all", "all people"}.isdisjoint(traits)
        if likely or "organisation" in traits:
            kind = " person" if likely else " organisation"
            traits.update([source + kind for source in sources])
        for other in keys:
            if other is not words:
                if words < other:
                    traits.add("part of another")
                elif other < words:
                    traits.add("holds another")
        if len(sources) == 1:
            traits.add("only " + sources[0])
    people = [
        group
        for group in groups
        if "person" in group.traits and not {"is a site's name", "is site", "in related", "in comments"} & group.traits
    ]
    named = sum(bool(CLEAR & set(group.sources)) for group in people)
    for group in groups:
        if {"is a site's name", "is site", "is publisher", "organisation"} & group.traits:
            group.traits.add(f"a site, people named {min(named, 2)}")
        elif "person" in group.traits:
            group.traits.add(f"a person, of {min(named, 3)}")
