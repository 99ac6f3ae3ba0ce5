"""A news page written for the tests: head, menu, article, related stories, footer."""

# ruff: noqa: E501 - test pages stand on one line each

from __future__ import annotations

from datetime import UTC, datetime

from crawler.page import Page

URL = "https://www.example.com/news/harbour-bridge-reopens-4711.html"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
SENTENCES = (
    "The harbour bridge reopened on Tuesday after eleven months of repairs, the city council said in a statement.",
    "Engineers replaced forty of the steel cables, which had rusted faster than anybody expected, and renewed the road.",
    "“We have waited for this a long time,” said Ann Lee, who runs a bakery on the northern bank of the river.",
    "Traffic is expected to grow slowly, because two of the four lanes stay closed until the end of the summer.",
    "The work cost thirty million, a third more than planned; the council wants to recover a part of it in court.",
    "A second bridge, first proposed in 1998, is still being discussed, and no decision is expected before next year.",
)
MENU = "".join(f'<li><a href="/{word}/">{word.title()}</a></li>' for word in ("home", "politics", "business", "sport", "culture", "travel"))
RELATED = "".join(f'<li><a href="/news/other-{n}.html">Another story, number {n}, about something else</a></li>' for n in range(6))
HEAD = """<title>Harbour bridge reopens after repairs - The Example Times</title><meta property="og:title" content="Harbour bridge reopens after repairs">
<meta property="og:site_name" content="The Example Times"><meta property="og:image" content="/img/bridge-1200x630.jpg"><meta property="og:type" content="article">
<meta name="description" content="The bridge is open again."><link rel="canonical" href="/news/harbour-bridge-reopens-4711.html">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"The Example Times"},{"@type":"NewsArticle",
"headline":"Harbour bridge reopens after repairs","datePublished":"2024-05-21T09:30:00+02:00","dateModified":"2024-05-21T11:00:00+02:00",
"author":[{"@type":"Person","name":"Maria Gonzalez"}],"image":["/img/bridge-1200x630.jpg"]}]}</script>"""


def html(body: str = "".join(f"<p>{text}</p>" for text in SENTENCES), head: str = HEAD, lang: str = "en-GB") -> str:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body><header><nav><ul>{MENU}</ul></nav></header><main>
<article><h1>Harbour bridge reopens after repairs</h1><p class="byline">By <a href="/authors/maria">Maria Gonzalez</a></p><time datetime="2024-05-21T09:30:00+02:00">21 May 2024</time>
<div class="article-body">{body}</div></article><aside class="related"><h3>More stories</h3><ul>{RELATED}</ul></aside></main>
<footer><p>© 2024 The Example Times. All rights reserved.</p></footer></body></html>"""


def page(source: str | bytes, url: str = URL, **more: object) -> Page:
    return Page(source if isinstance(source, bytes) else source.encode(), url, fetched_at=NOW, **more)  # type: ignore[arg-type]
