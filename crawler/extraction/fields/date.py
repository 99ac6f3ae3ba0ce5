"""When it was published: every day that the page names is a candidate; sources that agree on one outvote the rest."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crawler.article import Moment
from crawler.extraction.classes import COMMENT, DATE, PROP, RELATED
from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.structured import text_in, types_of
from crawler.extraction.times import read_time

if TYPE_CHECKING:
    from crawler.extraction.view import View

METAS = (
    ("article:published_time", "meta article"), ("datepublished", "meta datepublished"), ("og:published_time", "meta og"), ("og:pubdate", "meta og"), ("pubdate", "meta pubdate"), ("publishdate", "meta pubdate"), ("publish-date", "meta pubdate"),
    ("publish_date", "meta pubdate"), ("date", "meta date"), ("dc.date", "meta dc"), ("dc.date.issued", "meta dc issued"), ("dcterms.created", "meta dc issued"), ("dcterms.date", "meta dc"), ("dc.date.created", "meta dc issued"),
    ("dcterms.issued", "meta dc issued"), ("dc.created", "meta dc issued"), ("parsely-pub-date", "meta parsely"), ("sailthru.date", "meta sailthru"), ("cxenseparse:recs:publishtime", "meta cxense"), ("article:published", "meta article"), ("displaydate", "meta display"),
    ("ptime", "meta pubdate"), ("pub_date", "meta pubdate"), ("published_time", "meta article"), ("datecreated", "meta created"), ("citation_date", "meta dc"), ("citation_publication_date", "meta dc"), ("bt:pubdate", "meta pubdate"), ("article.published", "meta article"),
    ("published-date", "meta pubdate"), ("publication_date", "meta pubdate"), ("article_date_original", "meta pubdate"), ("originalpublicationdate", "meta pubdate"), ("weibo: article:create_at", "meta weibo"), ("article:create_at", "meta weibo"), ("og:release_date", "meta og"), ("release_date", "meta pubdate"), ("last-modified", "meta modified"), ("article:modified_time", "meta modified"), ("og:updated_time", "meta modified"),
    ("datemodified", "meta modified"), ("dcterms.modified", "meta modified"), ("dc.date.modified", "meta modified"), ("revised", "meta modified"), ("lastmod", "meta modified"), ("article.updated", "meta modified"), ("modified_time", "meta modified"), ("sailthru.expire_date", ""),
)  # fmt: skip
URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])(?!\d)")
URL_SPLIT = re.compile(
    r"/((?:19|20)\d\d)(1[0-2]|0[1-9])/(3[01]|[12]\d|0[1-9])\b|/((?:19|20)\d\d)[-/](1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])\b|/((?:19|20)\d\d)/([a-z]{3})/(3[01]|[12]\d|0?[1-9])/",
    re.I,
)
URL_DAY_FIRST = re.compile(r"(?<!\d)(3[01]|[12]\d|0[1-9])-(1[0-2]|0[1-9])-((?:19|20)\d\d)(?!\d)")
LOOKS_DATED = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d\b")
UPDATED = re.compile(r"updat|modif|aktuali|geändert|stand:|mis à jour|actualiz|更新|修改|обновл|ενημέρωση", re.I)
PUBLISHED = re.compile(r"publi|post|veröffent|erstellt|created|发布|发表|опубл|δημοσ|dodano|opubl|date", re.I)
LONGEST = 130
TWO_WAYS = re.compile(r"(?<![\d./-])(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d(?!\d)")
"""A date of which nobody can say whether the day or the month stands first; with full stops it is the day."""
ANY_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])|(?:3[01]|[12]\d|0?[1-9])[-/.](?:1[0-2]|0?[1-9])[-/.](?:19|20)\d\d)(?!\d)[^<>\"'\n]{0,24}"
)
SCRIPT_DATE = re.compile(
    r"[\"'](?=[cdfp])(?:datePublished|publish(?:ed)?_?(?:at|date|time|on)?|pub_?date|publicationDate|publish_timestamp|first_?published\w*|created_?at|date_?created|ptime|pubtime)[\"']\s*:\s*[\"']([^\"']{8,40})[\"']",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    moment: Moment
    text: str


def date_candidates(view: View) -> Candidates[Moment]:
    found: Candidates[Moment] = Candidates()
    two_ways: list[tuple[Moment, Moment, str, int, tuple[str, ...]]] = []
    structured, blocks, tree = view.structured, view.blocks, view.tree

    def add(text: str, source: str, rank: int, *traits: str) -> bool:
        if not text or len(text) < 6:
            return False
        moment = read_time(text, view.zone, view.now, language=view.language, month_first=view.month_first)
        if moment is None:
            return False
        # a time of day says more than a day alone, whichever source it stands in
        rank += 0 if moment.precision != "day" else 20
        if match := TWO_WAYS.search(text):
            turned = read_time(text[match.start() :], view.zone, view.now, month_first=not view.month_first)
            if turned is not None and turned.at.date() != moment.at.date():
                two_ways.append((moment, turned, source, rank, traits))
                return True
        found.add(moment.at.date(), moment, source, rank, *traits)
        return True

    for node in structured.articles[:3]:
        add(text_in(node.get("datePublished")), "jsonld", 0)
        add(text_in(node.get("dateCreated")), "jsonld created", 3)
        add(text_in(node.get("dateModified")), "jsonld modified", 9)
        add(text_in(node.get("uploadDate")), "jsonld upload", 4)
    for node in structured.pages[:2]:
        add(text_in(node.get("datePublished")), "jsonld page", 1)
        add(text_in(node.get("dateModified")), "jsonld page modified", 9)
    if not structured.articles:
        for node in structured.nodes[:20]:
            if node.get("datePublished") and not types_of(node) & {"comment", "review"}:
                add(text_in(node["datePublished"]), "jsonld other", 3)
            elif node.get("uploadDate"):
                add(text_in(node["uploadDate"]), "jsonld upload", 5)
    for name, source in METAS:
        for value in structured.meta.get(name, ())[:1]:
            if source:
                add(value, source, 9 if source == "meta modified" else 2)
    body_at, body_ends = view.body_begins, view.body_ends

    def where(at: int) -> list[str]:
        if at > body_ends:
            return [bucket("behind end", at - body_ends, 2, 6, 20)]
        return [bucket("before body", body_at - at, -30, -6, 0, 1, 3, 6, 15)]

    first_time = True
    for place in blocks.times[:12]:
        attributes = tree.attributes(place)
        text = tree.text(place)
        at = blocks.block_before.get(place, 0)
        traits = where(at)
        inherited = view.inherited_at(place)
        if inherited & (COMMENT | RELATED):
            traits.append("in junk")
        elif first_time:
            traits.append("time first")
            first_time = False
        prop = (attributes.get("itemprop") or "").lower()
        name = (attributes.get("class") or "").lower()
        if "modified" in prop or "updated" in name or UPDATED.search(text[:30]):
            traits.append("time updated")
        if "pubdate" in attributes or "published" in prop or "published" in name:
            traits.append("time published")
        add(attributes.get("datetime") or "", "time", 4, *traits)
        add(text, "time text", 6, *traits)
    looked = 0
    for place, marks in blocks.marked:
        if not marks & DATE or tree.ends[place] - place > 24:
            continue
        attributes = tree.attributes(place)
        value = attributes.get("content") or attributes.get("datetime") or attributes.get("title") or ""
        text = tree.text(place)
        if not value and not (5 < len(text) < LONGEST and LOOKS_DATED.search(text)):
            continue
        looked += 1
        if looked > 14:
            break
        at = blocks.block_before.get(place, 0)
        traits = where(at)
        inherited = view.inherited_at(place)
        if inherited & (COMMENT | RELATED):
            traits.append("in junk")
        if marks & PROP:
            prop = (attributes.get("itemprop") or attributes.get("property") or "").lower()
            source = "prop modified" if "modified" in prop else "prop published" if "published" in prop else "prop created"
        else:
            name = (attributes.get("class") or attributes.get("id") or "").lower()
            source = (
                "class updated"
                if "updat" in name or "modif" in name
                else "class published"
                if "publi" in name or "post" in name
                else "class date"
            )
        if UPDATED.search(text[:40]):
            traits.append("says updated")
        add(value, source, 5, *traits)
        if LOOKS_DATED.search(text):
            add(text[:LONGEST], source + " text", 7, *traits)
    title_at = view.title_block
    seen = 0
    for number in sorted({*range(max(0, min(title_at, body_at) - 4), min(len(blocks.texts), max(title_at, body_at) + 10)), *range(body_ends, min(len(blocks.texts), body_ends + 5)), *range(min(6, len(blocks.texts)))}):  # fmt: skip
        text = blocks.texts[number]
        if not LOOKS_DATED.search(text[:200]):
            continue
        if len(text) > LONGEST and not (
            body_at <= number <= body_at + 1 or (body_at < number <= body_at + 5 and LOOKS_DATED.search(text[:24]))
        ):
            continue
        seen += 1
        traits = where(number)
        traits.append(bucket("from title", number - title_at, -3, 0, 1, 3, 6, 10, 20) if title_at >= 0 else "no title")
        if view.inherited_of_block(number) & (COMMENT | RELATED):
            traits.append("in junk")
        if UPDATED.search(text):
            traits.append("says updated")
        elif PUBLISHED.search(text):
            traits.append("says published")
        if seen == 1:
            traits.append("line first")
        traits.append(bucket("line size", len(text), 12, 20, 35, 60, 100, 140))
        add(text, "line" if len(text) <= LONGEST else "paragraph", 8, *traits)
    for source, address in (("url", view.page.url), ("canonical url", view.head.canonical), ("og url", structured.first("og:url"))):
        if moment := day_in_url(address, view):
            found.add(moment.at.date(), moment, source, 40)
    if moment := day_in_url(structured.first("og:image", "twitter:image"), view):
        found.add(moment.at.date(), moment, "image url", 60)
    decide_order(found, two_ways)
    if not found.groups:
        for number, text in enumerate(blocks.texts):
            if 6 <= len(text) < LONGEST and LOOKS_DATED.search(text) and add(text, "somewhere", 9, *where(number)) and len(found) >= 4:
                break
    if len(found) < 1 or not any(group.rank < 20 for group in found):
        for number, match in enumerate(SCRIPT_DATE.finditer(view.text)):
            if number >= 3:
                break
            add(match.group(1), "script first" if number == 0 else "script", 10)
    decide_order(found, two_ways)
    if not found.groups:
        for number, match in enumerate(ANY_DATE.finditer(view.text)):
            if number >= 40 or (add(match.group(), "in the source", 10) and len(found) >= 3):
                break
    decide_order(found, two_ways)
    finish(found, view)
    return found


def decide_order(found: Candidates[Moment], two_ways: list[tuple[Moment, Moment, str, int, tuple[str, ...]]]) -> None:
    """Dates of which the day or the month may stand first are read as the page's other dates say."""
    known = set(found.groups)
    for moment, turned, source, rank, traits in two_ways:
        right = turned if turned.at.date() in known and moment.at.date() not in known else moment
        found.add(right.at.date(), right, source, rank, *traits)
    two_ways.clear()


def day_in_url(url: str, view: View) -> Moment | None:
    """The day that an address names: `/2022_03_22_`, `/20220322/`, `/202203/22`, `/2022/mar/22/`."""
    if not url:
        return None
    match = URL_DAY.search(url)
    if match and (match.group(2) or len(match.group()) == 8):
        return read_time(f"{match.group(1)}-{match.group(3)}-{match.group(4)}", view.zone, view.now)
    if match := URL_DAY_FIRST.search(url):
        return read_time(f"{match.group(3)}-{match.group(2)}-{match.group(1)}", view.zone, view.now)
    if (match := URL_SPLIT.search(url)) is not None:
        year, month, day = (part for part in match.groups() if part)
        if month.isdigit():
            return read_time(f"{year}-{month}-{day}", view.zone, view.now)
        return read_time(f"{day} {month} {year}", view.zone, view.now)
    return None


def finish(found: Candidates[Moment], view: View) -> None:
    groups = list(found)
    days = sorted(group.key for group in groups if isinstance(group.key, date))
    structured_days = {
        group.key for group in groups if any(source.startswith(("jsonld", "meta")) and "modified" not in source for source in group.sources)
    }
    for group in groups:
        traits = group.traits
        families = {source.split(" ")[0] for source in group.sources}
        traits.add(f"families {min(len(families), 5)}")
        published = [source for source in group.sources if "modified" not in source and "updat" not in source]
        traits.add(f"votes {min(len(published), 6)}")
        if not published:
            traits.add("only modified")
        if group.key == days[0]:
            traits.add("earliest")
        if group.key == days[-1]:
            traits.add("latest")
        traits.add(f"days {min(len(days), 4)}" + (" structured" if group.key in structured_days else ""))
        if structured_days and group.key not in structured_days:
            traits.add("others structured")
        if group.key == view.now.date():
            traits.add("is the fetch")
        if len(group.sources) == 1:
            traits.add("only " + group.sources[0])
        # one day off a structured one: the same moment in another zone
        if any(isinstance(other, date) and isinstance(group.key, date) and abs((other - group.key).days) == 1 for other in structured_days):
            traits.add("beside a structured one")
