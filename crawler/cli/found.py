"""How a person sees what discovery found: the site, its ways in, its sections, and the articles that were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.text import Text

from crawler.article import Moment
from crawler.cli.terminal import number, padded, plain
from crawler.discovery.ages import age_of
from crawler.discovery.found import Discovery
from crawler.discovery.proving import Proof
from crawler.discovery.ways import WayIn
from crawler.urls import host_of, path_and_query

LEFT = 52
"""Columns before what stands on the right of a line."""
WAY, TITLE, AUTHORS = 30, 34, 18
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MOST_FAILED = 3
"""Links that gave nothing, told one by one."""


def show_found(found: Discovery, now: datetime, seconds: float) -> Iterator[Text]:
    site = " · ".join(plain(part) for part in (found.site.name or host_of(found.site.url), found.language, found.zone) if part)
    yield Text(f"{padded(site, max(LEFT, cell_len(site) + 2))} {number(found.requests, 'request')}, {seconds:.0f} s")
    for note in found.notes:
        yield Text(f"  {plain(note)}")
    yield from ways_table(found, now)
    names = ", ".join(plain(section.name) for section in found.sections)
    left = f"Sections   {names or '-'}"
    yield Text(f"{padded(left, max(40, cell_len(left) + 2))} An article is known by: {found.pattern.known_by}")
    if found.parts > 1:
        yield Text(f"Articles have up to {found.parts} parts, which are joined.")
    for proof in [one for one in found.proofs if one.article is not None]:
        yield proof_line(proof, now)
    if found.unproved:
        yield Text.assemble(("  ? ", "yellow"), f"unproved: {plain(found.unproved)}. Its links were chosen by their shape alone.")
    failed = [one for one in found.proofs if one.article is None]
    for proof in failed[:MOST_FAILED] if not found.unproved else ():
        yield Text.assemble(("  ✗ ", "red"), f"{padded(plain(path_and_query(proof.url)), TITLE)}   {plain(proof.problem)}")


def ways_table(found: Discovery, now: datetime) -> Iterator[Text]:
    """One line a way in, the chosen one marked; numbers on one edge."""
    rows = [
        (
            name_of(way, found),
            f"{len(way.links):,}",
            age_of(newest, now) if (newest := way.newest(now)) else "-",
            way.dates,
            told(way, found),
        )
        for way in found.ways
    ]
    heads = ("way in", "articles", "newest", "dates")
    widths = [max(cell_len(row[column]) for row in (heads, *(row[:4] for row in rows))) for column in range(4)]
    widths[0] = min(widths[0], WAY)
    yield Text("  " + line_of(heads, widths), style="dim")
    for way, row in zip(found.ways, rows, strict=True):
        left = ("▸ " if way.chosen else "  ") + line_of(row[:4], widths)
        yield Text.assemble(left, "   ", (row[4], "red" if way.problem else "")) if row[4] else Text(left.rstrip())


def line_of(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Text to the left, the number of articles to the right."""
    name, count, newest, dates = cells
    return f"{padded(name, widths[0])}   {count.rjust(widths[1])}   {padded(newest, widths[2])}   {padded(dates, widths[3])}"


def name_of(way: WayIn, found: Discovery) -> str:
    """`news sitemap`, `front page`; a feed or JSON by its path."""
    path = path_and_query(way.url) if host_of(way.url) == host_of(found.site.url) else way.url.partition("://")[2]
    if way.kind == "front page":
        return "front page" if path == "/" else f"list {plain(path)}"
    return way.kind if way.kind == "news sitemap" else plain(path)


def told(way: WayIn, found: Discovery) -> str:
    """What a person should know of a way."""
    if way.problem:
        return plain(way.problem)
    parts = ["chosen"] if way.chosen else ["read too"] if way.beside else []
    if way.kind == "feed":
        parts.append("full text" if way.full_text else "summaries only")
    if way.kind == "json":
        parts.append("JSON that the page holds" if way.items is not None and way.items.place else "JSON")
    if way.chosen and found.unproved:
        parts.append("unproved")
    return ", ".join(parts)


def proof_line(proof: Proof, now: datetime) -> Text:
    """`✓ Ministers agree …    10:42 +01:00   A. Smith    734 words`"""
    article = proof.article
    assert article is not None
    authors = ", ".join(plain(name) for name in article.authors) or "-"
    words = number(proof.words, "word") + (f": {proof.doubt}" if proof.doubt else "")
    mark = ("  ? ", "yellow") if proof.doubt else ("  ✓ ", "green")
    title = padded(plain(article.title) or "-", TITLE)
    return Text.assemble(mark, f"{title}   {padded(time_of(article.published, now), 19)}   {padded(authors, AUTHORS)}   {words}")


def time_of(moment: Moment | None, now: datetime) -> str:
    """`10:42 +01:00` of today, `1 Mar 10:42 +01:00` of this year, else the day: `2024-03-01`."""
    if moment is None:
        return "-"
    at = moment.at
    if moment.precision == "day" or at.year != now.astimezone(at.tzinfo).year:
        return at.date().isoformat()
    offset = at.strftime("%z")
    day = "" if at.date() == now.astimezone(at.tzinfo).date() else f"{at.day} {MONTHS[at.month - 1]} "
    return f"{day}{at.strftime('%H:%M')} {offset[:3]}:{offset[3:5]}"
